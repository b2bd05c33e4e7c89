/**
 * Requests to URLs that came from a person or from a provider's answer. Such a URL may point into our own network (SSRF,
 * ASVS 5.0 1.3.6), so its scheme, host, port, every address it resolves to and every redirect are checked, and the answer is
 * bounded in time and size. Requests to addresses the operator configured himself do not need this.
 */
import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { isIP } from 'node:net'
import { AppError } from '#core/errors/errors.ts'
import { say } from '#core/i18n/say.ts'
import {
  AddressRefused,
  guardedLookup,
  mayReach,
  type Reach,
  type Resolve,
  systemResolve,
} from './public-address.ts'

export interface SafeFetchOptions {
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
  /**
   * Exact hosts, `name` or `name:port`, that the operator allows beyond the rule: over http, on that port, inside the house.
   * Link-local addresses stay out of reach unless they are listed themselves.
   */
  readonly allowHosts?: readonly string[]
  /** When given, no other host is asked, redirects included: exact names, or `*.example.org` for all below. */
  readonly onlyHosts?: readonly string[]
  /** Plain http to public hosts too. Default false. */
  readonly allowHttp?: boolean
  /** Of the answer's body. Default 1 MiB. */
  readonly maxBytes?: number
  /** For everything: names, redirects, the last byte. Default 10 s. */
  readonly timeoutMs?: number
  /** For GET and HEAD; nothing else is ever sent on. Default 3. */
  readonly maxRedirects?: number
  readonly signal?: AbortSignal
  readonly resolve?: Resolve
  /** PEM of a private authority, for hosts of the house. */
  readonly ca?: string
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  /** Where the answer came from, after redirects. Holds what the URL held: not for a log. */
  readonly url: string
}

const refusals = {
  url_invalid: say('This is not a web address that can be used.'),
  url_scheme: say('The address has to start with https://.'),
  url_credentials: say('The address must not contain a user name or password.'),
  url_port: say('The address uses a port that is not allowed here.'),
  url_host: say('The address lies on a server that is not allowed here.'),
  // One sentence for a name that does not exist and one that leads inside: the difference would map our network.
  address_refused: say('This address cannot be reached from here. It has to be on the public internet.'),
  redirect_refused: say('The address leads on to another one, which is not followed here.'),
  answer_too_large: say('What is at this address is too large.'),
  answer_encoded: say('The other server sent its answer compressed although it was asked not to.'),
  answer_late: say('The other server took too long to answer.'),
  unreachable: say('The other server could not be reached. Please try again later.'),
} as const

export type Refusal = keyof typeof refusals

function refuse(code: Refusal, cause?: unknown): AppError {
  const status = code.startsWith('url_') ? 400 : code === 'answer_late' ? 504 : 502
  return new AppError(code, refusals[code], { status, cause })
}

/**
 * Fetches the whole answer into memory, at most `maxBytes`. Any HTTP status is an answer; a redirect that is not followed is
 * not. Throws an AppError whose code is a `Refusal`, or the reason of the caller's own `signal`.
 */
export async function safeFetch(
  url: string,
  options: SafeFetchOptions = {},
): Promise<Answer & { body: Buffer }> {
  const chunks: Buffer[] = []
  const { bytes: _, ...answer } = await safeDownload(url, (chunk) => void chunks.push(chunk), options)
  return { ...answer, body: Buffer.concat(chunks) }
}

/** The same for what is too large for memory: `write` takes each chunk, and the other side waits until it is done. */
export async function safeDownload(
  url: string,
  write: (chunk: Buffer) => void | Promise<void>,
  options: SafeFetchOptions = {},
): Promise<Answer & { bytes: number }> {
  const deadline = AbortSignal.timeout(options.timeoutMs ?? 10_000)
  const signal = options.signal ? AbortSignal.any([options.signal, deadline]) : deadline
  const writing = { failed: false }
  try {
    const { response, hop } = await follow(url, options, signal)
    try {
      const bytes = await drain(response, options, async (chunk) => {
        try {
          await write(chunk)
        } catch (error) {
          writing.failed = true
          throw error
        }
      })
      return { status: response.statusCode ?? 0, headers: headersOf(response), url: hop.href, bytes }
    } finally {
      response.destroy()
    }
  } catch (error) {
    // What the caller's own writing threw is the caller's.
    if (writing.failed || (error instanceof AppError && error.code in refusals)) throw error
    if (options.signal?.aborted) throw options.signal.reason
    if (deadline.aborted) throw refuse('answer_late')
    const { code } = error as { code?: unknown }
    // Node's words name the host and its addresses, which are the person's and ours: the code is enough.
    const cause =
      error instanceof AddressRefused ? error : Object.assign(new Error('request failed'), { code })
    const inside = error instanceof AddressRefused || code === 'ENOTFOUND' || code === 'EAI_AGAIN'
    throw refuse(inside ? 'address_refused' : 'unreachable', cause)
  }
}

async function follow(
  url: string,
  options: SafeFetchOptions,
  signal: AbortSignal,
): Promise<{ response: IncomingMessage; hop: URL }> {
  const method = options.method ?? 'GET'
  const left = method === 'GET' || method === 'HEAD' ? (options.maxRedirects ?? 3) : 0
  let hop = parse(url)
  let headers = options.headers ?? {}
  for (let redirects = 0; ; redirects++) {
    signal.throwIfAborted()
    const reach = check(hop, options)
    const response = await ask(hop, method, headers, reach, options, signal)
    const { location } = response.headers
    if (![301, 302, 303, 307, 308].includes(response.statusCode ?? 0) || location === undefined)
      return { response, hop }
    response.destroy()
    if (redirects >= left) throw refuse('redirect_refused')
    const next = parse(location, hop)
    if (hop.protocol === 'https:' && next.protocol === 'http:') throw refuse('redirect_refused')
    // Providers put keys into headers of any name, so another origin gets none but these.
    if (next.origin !== hop.origin)
      headers = only(headers, ['accept', 'accept-language', 'range', 'user-agent'])
    hop = next
  }
}

function parse(url: string, base?: URL): URL {
  // The parser also writes 2130706433, 0x7f.1 and 0177.0.0.1 as what they are, 127.0.0.1.
  const parsed = URL.parse(url, base?.href)
  if (!parsed?.hostname) throw refuse('url_invalid')
  return parsed
}

/** Refuses what the URL itself shows, and says how far its socket may reach. */
function check(url: URL, { allowHosts = [], allowHttp = false, onlyHosts }: SafeFetchOptions): Reach {
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw refuse('url_scheme')
  if (url.username !== '' || url.password !== '') throw refuse('url_credentials')
  if (onlyHosts && !onlyHosts.some((host) => covers(host, url.hostname))) throw refuse('url_host')
  const port = url.port || (url.protocol === 'https:' ? '443' : '80')
  const usualPort = port === '443' || port === '80'
  const withPort = allowHosts.includes(`${url.hostname}:${port}`)
  const listed = withPort || (usualPort && allowHosts.includes(url.hostname))
  if (!listed && url.protocol === 'http:' && !allowHttp) throw refuse('url_scheme')
  if (!listed && !usualPort) throw refuse('url_port')
  const reach: Reach = listed ? 'listed' : 'public'
  // A socket asks `lookup` for names only; a literal address is checked here. A listed literal was meant as it stands.
  const literal = url.hostname.replace(/^\[|\]$/g, '')
  if (isIP(literal) && !listed && !mayReach(literal, reach)) throw refuse('address_refused')
  return reach
}

function covers(pattern: string, hostname: string): boolean {
  return pattern.startsWith('*.') ? hostname.endsWith(pattern.slice(1)) : hostname === pattern
}

function ask(
  url: URL,
  method: string,
  headers: Readonly<Record<string, string>>,
  reach: Reach,
  { body, resolve = systemResolve, ca }: SafeFetchOptions,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  return new Promise((resolved, rejected) => {
    const options = {
      method,
      headers: {
        ...only(headers, undefined),
        'accept-encoding': 'identity',
        ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
      },
      lookup: guardedLookup(resolve, reach),
      // A socket of its own: a pooled one was checked for another name's answer.
      agent: false as const,
      signal,
    }
    const request: ClientRequest =
      url.protocol === 'https:'
        ? httpsRequest(url, { ...options, ...(ca ? { ca } : {}) })
        : httpRequest(url, options)
    request.once('response', resolved)
    request.on('error', rejected)
    // An answer that changes the protocol is neither a response nor an error, and would leave us waiting for ever.
    request.once('close', () => rejected(new Error('the connection ended without an answer')))
    request.end(body)
  })
}

/** Lower-cased, without what frames the message: those headers decide where a request ends and whom it is for. */
function only(
  headers: Readonly<Record<string, string>>,
  names: readonly string[] | undefined,
): Record<string, string> {
  const framing = [
    'host',
    'connection',
    'content-length',
    'transfer-encoding',
    'upgrade',
    'expect',
    'te',
    'trailer',
  ]
  const entries = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const)
  return Object.fromEntries(
    entries.filter(([name]) => (names ? names.includes(name) : !framing.includes(name))),
  )
}

/** Hands on the body as it comes, never unpacked: a few kilobytes of gzip hold a gigabyte. */
async function drain(
  response: IncomingMessage,
  { maxBytes = 1024 * 1024, method }: SafeFetchOptions,
  write: (chunk: Buffer) => Promise<void>,
): Promise<number> {
  if (method === 'HEAD') return 0
  const encoding = response.headers['content-encoding'] ?? 'identity'
  if (encoding.toLowerCase() !== 'identity') throw refuse('answer_encoded')
  if (Number(response.headers['content-length'] ?? 0) > maxBytes) throw refuse('answer_too_large')
  let bytes = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > maxBytes) throw refuse('answer_too_large')
    await write(chunk)
  }
  return bytes
}

function headersOf(response: IncomingMessage): Headers {
  const headers = new Headers()
  for (const [name, values] of Object.entries(response.headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value)
  }
  return headers
}
