/**
 * Listening on a WebSocket for a short while (RFC 6455), as `node:http` opens it. Node's own client would do but for one thing:
 * it leaves the connection open when the server does not answer its closing, and a job is asked about for hours. Nothing is
 * compressed, nothing redirected, nothing kept but text of a bounded size, and what fails ends the listening and no more.
 */
import { createHash, randomBytes } from 'node:crypto'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { Duplex } from 'node:stream'

export interface Listening {
  headers: Readonly<Record<string, string>>
  /** For everything, the opening too, in ms. */
  forMs: number
  signal: AbortSignal
  /** Given every whole message of text; what returns true has heard enough. */
  hear(text: string): boolean
}

/** Larger messages are passed over. The state of some hundred nodes has 50 kB. */
const MAX_TEXT = 1024 * 1024

const TEXT = 1
const CLOSE = 8
const PING = 9
const PONG = 10

/** Ends when enough was heard, the time is over, or the other side does not speak as it should. Throws `signal`'s reason only. */
export async function listen(url: string, listening: Listening): Promise<void> {
  const { signal, forMs, hear } = listening
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(), forMs)
  try {
    const over = AbortSignal.any([signal, late.signal])
    const opened = await open(url, listening.headers, over)
    if (opened) await hearAll(opened, hear, over)
  } finally {
    clearTimeout(timer)
  }
  signal.throwIfAborted()
}

interface Opened {
  socket: Duplex
  /** What came together with the answer to the handshake. */
  first: Buffer
}

function open(
  url: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Opened | undefined> {
  return new Promise((resolve) => {
    const key = randomBytes(16).toString('base64')
    const ask = url.startsWith('https:') ? httpsRequest : httpRequest
    const request = ask(url, {
      agent: false,
      signal,
      headers: {
        ...headers,
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': key,
      },
    })
    request.once('upgrade', (answer, socket, first) => {
      socket.on('error', () => {})
      if (answer.headers['sec-websocket-accept'] === acceptOf(key)) return resolve({ socket, first })
      socket.destroy()
      resolve(undefined)
    })
    // A refusal, or a redirect: no other address is asked.
    request.once('response', (answer) => void answer.destroy())
    request.on('error', () => {})
    request.once('close', () => resolve(undefined))
    request.end()
  })
}

/** RFC 6455, 4.2.2: shows that the other side speaks this protocol. */
export function acceptOf(key: string): string {
  return createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
}

function hearAll({ socket, first }: Opened, hear: Listening['hear'], over: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (socket.destroyed) return resolve()
    socket.once('close', () => resolve())
    if (over.aborted) return void socket.destroy()
    over.addEventListener('abort', () => socket.destroy(), { once: true })
    const leave = () => {
      socket.off('data', take)
      socket.end(clientFrame(CLOSE, Buffer.from([3, 232])), () => socket.destroy())
    }
    const take = frameReader((opcode, payload) => {
      if (opcode === PING) socket.write(clientFrame(PONG, payload))
      const enough = opcode === CLOSE || (opcode === TEXT && hear(payload.toString('utf8')))
      if (enough) leave()
      return !enough
    }, leave)
    socket.on('data', take)
    take(first)
  })
}

/**
 * Cuts a stream into frames (RFC 6455, 5.2) and hands out texts and control frames, until `onFrame` returns false or the
 * stream makes no sense. Binary frames, messages in parts and texts beyond the bound are passed over without being kept.
 */
function frameReader(onFrame: (opcode: number, payload: Buffer) => boolean, onNonsense: () => void) {
  let rest: Buffer = Buffer.alloc(0)
  let skip = 0
  let over = false
  return (chunk: Buffer): void => {
    rest = Buffer.concat([rest, chunk])
    while (!over) {
      const skipped = Math.min(skip, rest.length)
      rest = rest.subarray(skipped)
      skip -= skipped
      const head = skip > 0 ? undefined : headOf(rest)
      if (!head) return
      const { opcode, start, length } = head
      if (head.nonsense) {
        over = true
        onNonsense()
        return
      }
      if (opcode < CLOSE && !(opcode === TEXT && head.whole && length <= MAX_TEXT)) {
        rest = rest.subarray(start)
        skip = length
        continue
      }
      if (rest.length < start + length) return
      const payload = rest.subarray(start, start + length)
      rest = rest.subarray(start + length)
      over = !onFrame(opcode, payload)
    }
  }
}

/** Undefined while the head of the next frame is not there. A server masks nothing, and no extension was agreed on. */
function headOf(bytes: Buffer) {
  const [one, two] = bytes
  if (one === undefined || two === undefined) return undefined
  const short = two & 127
  const start = short === 127 ? 10 : short === 126 ? 4 : 2
  if (bytes.length < start) return undefined
  const length =
    short === 127 ? Number(bytes.readBigUInt64BE(2)) : short === 126 ? bytes.readUInt16BE(2) : short
  const [whole, opcode] = [one >= 128, one & 15]
  const nonsense = (one & 0x70) !== 0 || two >= 128 || (opcode >= CLOSE && (!whole || short > 125))
  return { whole, opcode, start, length, nonsense }
}

/** At most 125 bytes, masked as a client must (RFC 6455, 5.3). */
function clientFrame(opcode: number, payload: Buffer): Buffer {
  const mask = randomBytes(4)
  const masked = payload.map((byte, i) => byte ^ (mask[i % 4] ?? 0))
  return Buffer.concat([Buffer.from([128 | opcode, 128 | payload.length]), mask, masked])
}
