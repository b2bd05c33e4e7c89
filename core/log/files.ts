/**
 * Log files: one a UTC day, readable by their owner alone, and gone when their time is over (promise T3). A file is
 * removed when its first possible line is too old, not its last, so that no line outlives the time that was promised.
 */
import {
  closeSync,
  constants,
  existsSync,
  fchmodSync,
  mkdirSync,
  openSync,
  readdirSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { type Clock, DAY } from '#core/clock/clock.ts'
import type { Destination } from './log.ts'

/** Also matches what an operator packed by hand: `fairframe-2026-11-21.log.gz`. */
const ours = /^fairframe-(\d{4}-\d{2}-\d{2})\.log(\.[a-z0-9]+)?$/

export interface LogFile extends Destination {
  close(): void
}

/**
 * A destination for `createLog` that appends to today's file in `dir`; web and worker may share the folder, for each
 * line is one appending write. Prunes whenever a new day begins. Where the disk refuses, the line goes to standard error:
 * a full disk must not stop the service, nor swallow what would explain it.
 */
export function logFile(dir: string, retentionDays: number, clock: Clock): LogFile {
  if (!Number.isInteger(retentionDays) || retentionDays < 1)
    throw new RangeError('retentionDays is a whole number of at least 1')
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  let open: { day: string; fd: number } | undefined

  function today(): number {
    const day = new Date(clock.now()).toISOString().slice(0, 10)
    if (open?.day === day) return open.fd
    close()
    const { O_APPEND, O_CREAT, O_WRONLY, O_NOFOLLOW } = constants
    const fd = openSync(join(dir, `fairframe-${day}.log`), O_APPEND | O_CREAT | O_WRONLY | O_NOFOLLOW, 0o600)
    fchmodSync(fd, 0o600)
    open = { day, fd }
    pruneLogs(dir, retentionDays * DAY, clock)
    return fd
  }

  function close(): void {
    if (open) closeSync(open.fd)
    open = undefined
  }

  return {
    write(line) {
      try {
        writeSync(today(), line)
      } catch {
        process.stderr.write(line)
      }
    },
    close,
  }
}

/** Removes the log files that may hold a line older than `olderThanMs` (at least one day) and says how many went. */
export function pruneLogs(dir: string, olderThanMs: number, clock: Clock): { removed: number } {
  if (!(olderThanMs >= DAY)) throw new RangeError('logs are kept for at least one day')
  let removed = 0
  for (const { file, day } of logFiles(dir)) {
    if (day >= clock.now() - olderThanMs) continue
    try {
      unlinkSync(join(dir, file))
      removed++
    } catch (error) {
      // Another process swept at the same moment.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
  }
  return { removed }
}

/** The start (ms) of the oldest day that has a log file, for the check of promise T3; undefined where there is none. */
export function oldestLog(dir: string): number | undefined {
  const days = logFiles(dir).map((file) => file.day)
  return days.length > 0 ? Math.min(...days) : undefined
}

function logFiles(dir: string): { file: string; day: number }[] {
  // Before the first line there is no folder.
  if (!existsSync(dir)) return []
  return readdirSync(dir).flatMap((file) => {
    const date = ours.exec(file)?.[1]
    const day = date === undefined ? Number.NaN : Date.parse(date)
    return Number.isNaN(day) ? [] : [{ file, day }]
  })
}
