/**
 * Fetches ranges of one file over many connections and looks at nothing but the head and the length of each answer, so that the
 * client costs little beside the server it measures.
 */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

export interface Ranges {
  url: string
  connections: number
  /** How many ranges in all. */
  count: number
  /** Bytes in each. */
  length: number
  /** Bytes of the whole file. */
  size: number
}

const HEAD_END = '\r\n\r\n'

/** Bytes of content a second, from the first request to the last byte. Throws unless each answer is the whole range. */
export async function fetchRanges(wanted: Ranges): Promise<number> {
  const { hostname, port } = new URL(wanted.url)
  const sockets = Array.from({ length: wanted.connections }, () => connect(Number(port), hostname))
  try {
    await Promise.all(sockets.map((socket) => once(socket, 'connect')))
    let left = wanted.count
    const started = performance.now()
    await Promise.all(
      sockets.map(async (socket) => {
        while (left-- > 0) await fetchOne(socket, wanted)
      }),
    )
    return (wanted.count * wanted.length) / ((performance.now() - started) / 1000)
  } finally {
    for (const socket of sockets) socket.destroy()
  }
}

function fetchOne(socket: Socket, { url, length, size }: Ranges): Promise<void> {
  const { pathname, search, host } = new URL(url)
  const start = Math.floor(Math.random() * (size - length))
  return new Promise((resolve, reject) => {
    let head = ''
    let missing = -1
    const settle = (error?: Error) => {
      socket.off('data', onData).off('error', settle).off('close', onClose)
      if (error) reject(error)
      else resolve()
    }
    const onClose = () => settle(new Error('the connection was closed within an answer'))
    const onData = (chunk: Buffer) => {
      if (missing >= 0) missing -= chunk.length
      else {
        head += chunk.toString('latin1')
        const end = head.indexOf(HEAD_END)
        if (end < 0) return
        const text = head.slice(0, end)
        if (!text.startsWith('HTTP/1.1 206 ') || !text.toLowerCase().includes(`content-length: ${length}`))
          return settle(new Error(`not the range that was asked for: ${text.split('\r\n', 1)}`))
        missing = length - (head.length - end - HEAD_END.length)
      }
      if (missing === 0) settle()
      else if (missing < 0) settle(new Error('more came than was asked for'))
    }
    socket.on('data', onData).on('error', settle).on('close', onClose)
    socket.write(
      `GET ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\nRange: bytes=${start}-${start + length - 1}\r\n\r\n`,
    )
  })
}
