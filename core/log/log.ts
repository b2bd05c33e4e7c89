/**
 * The log: one JSON object a line (pino), in UTC, without secrets and without anything personal. A message is a constant
 * sentence; what varies goes into fields. Every field, binding and error passes `scrub` before pino sees it.
 */
import { pino } from 'pino'
import { type Clock, systemClock } from '#core/clock/clock.ts'
import { scrub, scrubText } from './scrub.ts'

export type Level = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent'

/** An Error among them, by custom under `error`, is written as type, code, message and stack. */
export type Fields = Readonly<Record<string, unknown>>

export interface Log {
  trace(message: string, fields?: Fields): void
  debug(message: string, fields?: Fields): void
  info(message: string, fields?: Fields): void
  warn(message: string, fields?: Fields): void
  error(message: string, fields?: Fields): void
  fatal(message: string, fields?: Fields): void
  /** The same log, with these fields on each of its lines. */
  child(bindings: Fields): Log
}

/** Where lines go: standard output, or a file of `logFile`. A line comes whole, with its newline. */
export interface Destination {
  write(line: string): void
}

export interface LogOptions {
  readonly level: Level
  readonly destination?: Destination
  /** Fields of every line: which process, which version. */
  readonly base?: Fields
  readonly clock?: Clock
}

export function createLog({ level, destination, base = {}, clock = systemClock }: LogOptions): Log {
  const options: pino.LoggerOptions = {
    level,
    base: clean(base),
    timestamp: () => `,"time":"${new Date(clock.now()).toISOString()}"`,
    formatters: { level: (label) => ({ level: label }) },
  }
  return wrap(destination ? pino(options, destination) : pino(options))
}

function wrap(inner: pino.Logger): Log {
  const at = (level: Exclude<Level, 'silent'>) => (message: string, fields?: Fields) => {
    if (!inner.isLevelEnabled(level)) return
    inner[level](fields ? clean(fields) : {}, scrubText(message))
  }
  return {
    trace: at('trace'),
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    fatal: at('fatal'),
    child: (bindings) => wrap(inner.child(clean(bindings))),
  }
}

/** A field of one of these names would stand in the line twice, and a reader would believe the second. */
const taken = new Set(['level', 'time', 'msg'])

function clean(fields: Fields): Record<string, unknown> {
  const scrubbed = scrub(fields)
  if (typeof scrubbed !== 'object' || scrubbed === null) return { fields: scrubbed }
  return Object.fromEntries(
    Object.entries(scrubbed).map(([key, value]) => [taken.has(key) ? `${key}_` : key, value]),
  )
}

export interface RequestLine {
  readonly method: string
  /** The route's pattern, `/account/keys/:id`: a real URL holds ids and, in its query, signatures. */
  readonly route: string
  readonly status: number
  readonly ms: number
  readonly bytes: number
  /** The id of the API key that asked (`apk_…`), never the key. */
  readonly keyId?: string
  readonly traceId: string
}

/** One line for each request. A 5xx is an error of ours; a 4xx is not, and alerts nobody. */
export function requestLine(log: Log, line: RequestLine): void {
  const fields: Fields = {
    method: /^[A-Z]{3,10}$/.test(line.method) ? line.method : 'other',
    route: line.route.replace(/[?#].*$/s, ''),
    status: line.status,
    ms: Math.round(line.ms),
    bytes: line.bytes,
    ...(line.keyId === undefined ? {} : { keyId: line.keyId }),
    traceId: line.traceId,
  }
  if (line.status >= 500) log.error('request', fields)
  else log.info('request', fields)
}
