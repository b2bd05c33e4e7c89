/**
 * What the doubles of all providers share: a server on loopback that records every request, reads bodies, serves a small
 * real video with ranges, breaks off on demand, and understands the tags by which a test scripts a job in its prompt.
 */
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'

/**
 * Tags in a prompt, each spoken by every double in its provider's own words. Without one a job is running when it is
 * asked about first, and done when asked again.
 *
 * At the submit: `[[policy]]` refused by the provider's rules, as it refuses (some only after accepting) · `[[face]]` a real
 * face in a picture, where the provider knows that · `[[invalid]]` settings refused · `[[429]]` too many requests, with
 * Retry-After where it sends one · `[[credit]]` the account is empty · `[[retired]]` no such model any more · `[[down]]` a
 * server error before anything was taken · `[[html]]` a web page with status 200 instead of JSON · `[[lost]]` the job is
 * taken, and the connection breaks before the answer.
 * Later: `[[slow:5]]` running for five polls · `[[stuck]]` running for ever · `[[fail]]` the provider fails it ·
 * `[[pollhtml]]` the first poll answers a web page · `[[poll500]]` the first poll answers 500 · `[[gone]]` the job is forgotten.
 * The result: `[[expired]]` its address is dead · `[[truncated]]` the file breaks off · `[[htmlresult]]` a web page with status
 * 200 and a video's type.
 * Callbacks: `[[drop-callback]]`, `[[dup-callback]]` (twice), `[[forge-callback]]` (a wrong signature, then none).
 */
export type Tag =
  | 'policy'
  | 'face'
  | 'invalid'
  | '429'
  | 'credit'
  | 'retired'
  | 'down'
  | 'html'
  | 'lost'
  | 'stuck'
  | 'fail'
  | 'pollhtml'
  | 'poll500'
  | 'gone'
  | 'expired'
  | 'truncated'
  | 'htmlresult'
  | 'drop-callback'
  | 'dup-callback'
  | 'forge-callback'

export function has(prompt: string, tag: Tag): boolean {
  return prompt.includes(`[[${tag}]]`)
}

/** How many polls find it running before it ends. */
export function runningPolls(prompt: string): number {
  if (has(prompt, 'stuck')) return Number.POSITIVE_INFINITY
  const slow = /\[\[slow:(\d+)\]\]/.exec(prompt)?.[1]
  return slow === undefined ? 1 : Number(slow)
}

export interface Recorded {
  method: string
  /** Path and query. */
  path: string
  headers: IncomingMessage['headers']
  /** The body as it came. */
  raw: Buffer
  /** The parsed body, when it was JSON. */
  json: unknown
}

export interface Reply {
  status?: number
  headers?: Record<string, string>
  /** Sent as JSON. */
  json?: unknown
  body?: string | Buffer
  /** The connection breaks instead of an answer. */
  breakOff?: true
  /** This many bytes of the body are sent, then the connection breaks. */
  cutAt?: number
}

export interface Harness {
  /** `http://127.0.0.1:port` */
  origin: string
  requests: Recorded[]
  close(): Promise<void>
}

/**
 * Serves `answer` on a free port of loopback. What it throws is answered as 599, so that a test sees it. `upgrade` is given
 * the sockets of those who want to speak another protocol; they are not among the requests.
 */
export async function harness(
  answer: (request: Recorded) => Reply | Promise<Reply>,
  upgrade?: (request: IncomingMessage, socket: Duplex) => void,
): Promise<Harness> {
  const requests: Recorded[] = []
  const server = createServer(async (incoming, response) => {
    try {
      const request = await record(incoming)
      requests.push(request)
      send(response, await answer(request))
    } catch (error) {
      response.writeHead(599).end(String(error))
    }
  })
  // The server lets go of a socket that it upgraded, and would wait for it for ever when it closes.
  const upgraded = new Set<Duplex>()
  if (upgrade)
    server.on('upgrade', (request, socket) => {
      upgraded.add(socket)
      socket.on('error', () => {}).once('close', () => upgraded.delete(socket))
      upgrade(request, socket)
    })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    requests,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed())
        server.closeAllConnections()
        for (const socket of upgraded) socket.destroy()
      }),
  }
}

async function record(incoming: IncomingMessage): Promise<Recorded> {
  const pieces: Buffer[] = []
  for await (const piece of incoming) pieces.push(piece as Buffer)
  const raw = Buffer.concat(pieces)
  const { method = '', url = '', headers } = incoming
  return { method, path: url, headers, raw, json: jsonOf(raw) }
}

function jsonOf(raw: Buffer): unknown {
  try {
    return JSON.parse(raw.toString('utf8'))
  } catch {
    return undefined
  }
}

function send(response: ServerResponse, reply: Reply): void {
  if (reply.breakOff) return void response.socket?.destroy()
  const body = reply.json === undefined ? (reply.body ?? '') : JSON.stringify(reply.json)
  const bytes = Buffer.from(body)
  response.writeHead(reply.status ?? 200, {
    ...(reply.json === undefined ? {} : { 'content-type': 'application/json;charset=UTF-8' }),
    'content-length': String(bytes.length),
    // A client that keeps a socket learns too late that a closed server is gone, and could not tell whether it was asked.
    connection: 'close',
    ...reply.headers,
  })
  if (reply.cutAt === undefined) return void response.end(bytes)
  response.write(bytes.subarray(0, reply.cutAt), () => response.socket?.destroy())
}

/** The web page that a proxy in front of a provider answers with on a bad day. */
export const htmlPage: Reply = {
  headers: { 'content-type': 'text/html' },
  body: '<!doctype html><title>Just a moment…</title><p>Checking your browser.',
}

/** The finished file as this prompt's script wants it, with ranges (RFC 9110, 14). */
export async function resultReply(fixture: string, prompt: string, request: Recorded): Promise<Reply> {
  if (has(prompt, 'expired')) return { status: 404, json: { error: 'not found' } }
  if (has(prompt, 'htmlresult')) return { ...htmlPage, headers: { 'content-type': 'video/mp4' } }
  const bytes = await readFile(fixture)
  const headers = { 'content-type': 'video/mp4', 'accept-ranges': 'bytes' }
  if (has(prompt, 'truncated')) return { headers, body: bytes, cutAt: Math.floor(bytes.length / 2) }
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '')
  if (!range) return { headers, body: bytes }
  const start = Number(range[1])
  const end = range[2] ? Math.min(Number(range[2]), bytes.length - 1) : bytes.length - 1
  return {
    status: 206,
    headers: { ...headers, 'content-range': `bytes ${start}-${end}/${bytes.length}` },
    body: bytes.subarray(start, end + 1),
  }
}

/** A multipart body's parts by name (RFC 7578). */
export async function partsOf(request: Recorded): Promise<FormData> {
  const type = request.headers['content-type'] ?? ''
  return new Response(new Uint8Array(request.raw), { headers: { 'content-type': type } }).formData()
}

/** What every provider's double offers to the contract suite and to the engine's tests. */
export interface ProviderDouble {
  /** For `Connection.addresses`. */
  addresses: Record<string, string>
  /** The key it accepts. */
  key: string
  webhookSecret?: string
  requests: Recorded[]
  /** The provider's ids of all jobs it took, in order, lost answers included. */
  taken: string[]
  /** Ids it was told to cancel and did. */
  cancelled: string[]
  /**
   * A webhook as this provider would send it about a job: `true` signed rightly; `forged` by another key; `unsigned`;
   * `stale` rightly signed, an hour ago by `now`.
   */
  webhook?(
    providerJob: string,
    how: 'true' | 'forged' | 'unsigned' | 'stale',
    now: number,
  ): { headers: Record<string, string>; rawBody: Uint8Array }
  close(): Promise<void>
}
