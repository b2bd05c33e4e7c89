/**
 * The WebSocket of a ComfyUI server (`server.py`, `main.py`, `comfy_execution/progress.py`): on the way in the length of the
 * queue, the running node for the client whose prompt it is, then what a sampler in its tenth of twenty steps tells, with a
 * preview, a ping, and the state of somebody else's nodes, which old versions send to everybody.
 */
import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Reply } from './harness.ts'

/** What it does, by a tag in the prompt: `[[socket:silent]]`. */
const kinds = [
  'usual',
  // No answer to the opening.
  'mute',
  // By a proxy that knows no sockets, with a page that does not end.
  'refused',
  'redirected',
  // The answer to another key.
  'stranger',
  // Opened, and no word.
  'silent',
  // Reset in the middle of a message.
  'breaks',
  // Bytes that are no frames.
  'noise',
  // As only a client may.
  'masked',
  // As was not agreed on.
  'compressed',
  // Messages that are none of ComfyUI's, then it closes.
  'nonsense',
  // Other prompts only, then it closes.
  'others',
  // The node that runs and no steps, then it closes.
  'waking',
  // A server that knows no `progress_state`.
  'old',
  // A message beyond all measure, then as usual.
  'huge',
  // A message in parts, then as usual.
  'parts',
  // What is said comes with the answer to the opening.
  'joined',
  // Byte by byte.
  'drip',
] as const
export type SocketKind = (typeof kinds)[number]

export interface SocketJob {
  id: string
  clientId: string
  prompt: string
  graph: Record<string, { class_type: string; inputs: Record<string, unknown> }>
}

export interface Sockets {
  upgrade(request: IncomingMessage, socket: Duplex): void
  /** Path and headers of everyone who came. */
  came: { path: string; headers: IncomingMessage['headers'] }[]
  /** Connections that are not closed. */
  open: number
  /** Opcodes of the frames that clients sent; those that are not masked as theirs must be (RFC 6455, 5.1) are negative. */
  heard: number[]
  /** Replaces what the tag says. */
  kind?: SocketKind
}

interface Surroundings {
  running(): SocketJob | undefined
  waiting(): number
  guard(headers: IncomingMessage['headers']): Reply | undefined
}

export function comfySockets({ running, waiting, guard }: Surroundings): Sockets {
  const sockets: Sockets = { came: [], open: 0, heard: [], upgrade }

  function upgrade({ url = '', headers }: IncomingMessage, socket: Duplex): void {
    sockets.came.push({ path: url, headers })
    sockets.open++
    socket.once('close', () => sockets.open--)
    socket.on('data', (bytes: Buffer) => sockets.heard.push(...opcodes(bytes)))
    socket.once('end', () => socket.end())
    const { pathname, searchParams } = new URL(url, 'http://double')
    const clientId = searchParams.get('clientId') ?? ''
    const job = running()
    const mine = job?.clientId === clientId ? job : undefined
    const kind = sockets.kind ?? kindOf(mine?.prompt ?? '')
    const refusal = guard(headers)?.status ?? (pathname === '/ws' ? undefined : 404)
    if (refusal !== undefined) return void socket.end(`HTTP/1.1 ${refusal} No\r\nContent-Length: 0\r\n\r\n`)
    if (kind === 'refused')
      return void socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5000\r\n\r\n')
    if (kind === 'redirected')
      return void socket.end(`HTTP/1.1 302 Found\r\nLocation: ${url}\r\nContent-Length: 0\r\n\r\n`)
    if (kind === 'mute') return
    const key = kind === 'stranger' ? 'another' : String(headers['sec-websocket-key'])
    const hello = Buffer.from(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: upgrade\r\nSec-WebSocket-Accept: ${acceptOf(key)}\r\n\r\n`,
    )
    if (kind === 'joined') return void socket.write(Buffer.concat([hello, ...says(kind, clientId, mine)]))
    socket.write(hello)
    if (kind === 'drip') return void drip(socket, Buffer.concat(says(kind, clientId, mine)))
    for (const bytes of says(kind, clientId, mine)) socket.write(bytes)
    if (['nonsense', 'others', 'waking'].includes(kind)) socket.write(frame(CLOSE, Buffer.from([3, 232])))
    if (kind === 'breaks')
      socket.write(text('progress_state', {}).subarray(0, 9), () => (socket as Socket).resetAndDestroy())
  }

  function says(kind: SocketKind, sid: string, job: SocketJob | undefined): Buffer[] {
    if (kind === 'silent' || kind === 'breaks') return []
    const status = text('status', { status: { exec_info: { queue_remaining: waiting() + 1 } }, sid })
    if (!job) return [status]
    // Without the prompt's id, as a client that comes back is told.
    const waking = text('executing', { node: samplerOf(job) })
    const atStart = { prompt_id: job.id, nodes: {} }
    const usual = [status, waking, preview, ping, others, state(job), step(job)]
    switch (kind) {
      case 'waking':
        return [status, waking, ping]
      case 'drip':
        return [status, waking, ping, others, state(job)]
      case 'others':
        return [status, preview, others]
      case 'old':
        return [
          status,
          waking,
          text('execution_cached', { nodes: ['39', '38'], prompt_id: job.id }),
          step(job),
        ]
      case 'noise':
        return [Buffer.from('HTTP/1.1 500 Internal Server Error\r\n\r\n'), ...usual]
      case 'masked':
        return [withBit(state(job), 1, 128), ...usual]
      case 'compressed':
        return [withBit(state(job), 0, 64), ...usual]
      case 'nonsense':
        return nonsense(job)
      case 'huge':
        return [text('progress_state', { ...atStart, padding: 'x'.repeat(3 * 1024 * 1024) }), ...usual]
      case 'parts':
        return [...inParts({ type: 'progress_state', data: atStart }), ...usual]
      default:
        return usual
    }
  }

  return sockets
}

function drip(socket: Duplex, bytes: Buffer): void {
  if (bytes.length === 0 || socket.destroyed) return
  socket.write(bytes.subarray(0, 1), () => setImmediate(() => drip(socket, bytes.subarray(1))))
}

function kindOf(prompt: string): SocketKind {
  const wanted = /\[\[socket:(\w+)\]\]/.exec(prompt)?.[1] ?? 'usual'
  const kind = kinds.find((one) => one === wanted)
  if (!kind) throw new Error(`No such socket: ${wanted}`)
  return kind
}

const CONTINUED = 0
const TEXT = 1
const BINARY = 2
const CLOSE = 8
const PING = 9

/** Unmasked and whole, as servers send (RFC 6455, 5.2). */
function frame(opcode: number, payload: Buffer): Buffer {
  const { length } = payload
  const head = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10)
  head[0] = 128 | opcode
  head[1] = length < 126 ? length : length < 65_536 ? 126 : 127
  if (head.length === 4) head.writeUInt16BE(length, 2)
  if (head.length === 10) head.writeBigUInt64BE(BigInt(length), 2)
  return Buffer.concat([head, payload])
}

function text(type: string, data: unknown): Buffer {
  return frame(TEXT, Buffer.from(JSON.stringify({ type, data })))
}

/** RFC 6455, 1.3. */
function acceptOf(key: string): string {
  return createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
}

function withBit(bytes: Buffer, at: number, bit: number): Buffer {
  const changed = Buffer.from(bytes)
  changed[at] = (changed[at] ?? 0) | bit
  return changed
}

/** A text cut in two (RFC 6455, 5.4), of which the first half makes sense alone. */
function inParts(said: unknown): Buffer[] {
  const [first, last] = [frame(TEXT, Buffer.from(JSON.stringify(said))), frame(CONTINUED, Buffer.from(' '))]
  first[0] = TEXT
  return [first, last]
}

/** A binary message: an event (1, a preview), a format (1, JPEG), and the picture. */
const preview = frame(
  BINARY,
  Buffer.concat([Buffer.from([0, 0, 0, 1, 0, 0, 0, 1]), Buffer.alloc(70_000, 0xff)]),
)

const ping = frame(PING, Buffer.from('p'))

/** Of whole frames of at most 125 bytes. */
function opcodes(bytes: Buffer): number[] {
  const [one, two] = bytes
  if (one === undefined || two === undefined) return []
  const masked = two >= 128
  const rest = bytes.subarray(2 + (masked ? 4 : 0) + (two & 127))
  return [(one & 15) * (masked ? 1 : -1), ...opcodes(rest)]
}

const node = (id: string, state: string, value: number, max: number, prompt_id: string) => ({
  value,
  max,
  state,
  node_id: id,
  prompt_id,
  display_node_id: id,
  parent_node_id: null,
  real_node_id: id,
})

const others = text('progress_state', {
  prompt_id: '01890a5d-ac96-774b-bcce-b302099a8057',
  nodes: { '61': node('61', 'finished', 1, 1, '01890a5d-ac96-774b-bcce-b302099a8057') },
})

function samplerOf({ graph }: SocketJob): string {
  return Object.keys(graph).find((id) => graph[id]?.class_type.startsWith('KSampler')) ?? ''
}

/** The loaders and texts have ended, the first sampler is in its tenth step, and a node that it made is as well. */
function state(job: SocketJob): Buffer {
  const sampler = samplerOf(job)
  const ended = ['38', '37', '54', '6', '7', '59'].map((id) => [id, node(id, 'finished', 1, 1, job.id)])
  return text('progress_state', {
    prompt_id: job.id,
    nodes: {
      ...Object.fromEntries(ended),
      [sampler]: node(sampler, 'running', 10, 20, job.id),
      [`${sampler}.0.0.1`]: node(`${sampler}.0.0.1`, 'finished', 1, 1, job.id),
    },
  })
}

function step(job: SocketJob): Buffer {
  return text('progress', { value: 10, max: 20, prompt_id: job.id, node: samplerOf(job) })
}

function nonsense({ id: prompt_id }: SocketJob): Buffer[] {
  return [
    frame(TEXT, Buffer.from('<!doctype html>')),
    frame(TEXT, Buffer.from([0xff, 0xfe, 0x00])),
    frame(TEXT, Buffer.alloc(0)),
    frame(TEXT, Buffer.from('null')),
    frame(TEXT, Buffer.from('[["progress"]]')),
    text('progress_state', { prompt_id, nodes: { '57': 'running' } }),
    text('progress_state', { prompt_id, nodes: null }),
    text('progress', { prompt_id, node: '57', value: 'half', max: null }),
    text('progress', { prompt_id, node: 'constructor', value: 1, max: 2 }),
    text('executing', { prompt_id, node: null }),
    text('executing', { prompt_id, node: '__proto__' }),
    text('execution_cached', { prompt_id, nodes: { length: 1 } }),
    text('crystools.monitor', { cpu_utilization: 3 }),
    text('progress', 'prompt_id'),
  ]
}
