import { open } from 'node:fs/promises'

/** Media types that both signing engines can carry a manifest in, told from the first bytes, never from a file name. */
export type MediaFormat =
  | 'video/mp4'
  | 'video/quicktime'
  | 'image/png'
  | 'image/jpeg'
  | 'image/webp'
  | 'image/gif'

/** The format of the file at `path`, or undefined when it is none we can stamp or read. Throws the system's error when the file cannot be opened. */
export async function formatOf(path: string): Promise<MediaFormat | undefined> {
  const file = await open(path, 'r')
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(16), 0, 16, 0)
    return formatOfHead(buffer.subarray(0, bytesRead))
  } finally {
    await file.close()
  }
}

function formatOfHead(head: Buffer): MediaFormat | undefined {
  const text = (from: number, to: number) => head.toString('latin1', from, to)
  if (text(4, 8) === 'ftyp') return text(8, 12) === 'qt  ' ? 'video/quicktime' : 'video/mp4'
  if (text(0, 8) === '\x89PNG\r\n\x1a\n') return 'image/png'
  if (text(0, 3) === '\xff\xd8\xff') return 'image/jpeg'
  if (text(0, 4) === 'RIFF' && text(8, 12) === 'WEBP') return 'image/webp'
  if (text(0, 4) === 'GIF8') return 'image/gif'
  return undefined
}
