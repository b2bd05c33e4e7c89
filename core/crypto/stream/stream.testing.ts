/** What the tests of sealed streams share. */
import { randomBytes } from 'node:crypto'
import type { ByteRange } from '#core/storage/byte-range.ts'
import { LONGEST_HEADER, readSealedHeader } from './format.ts'
import { openRange } from './open.ts'
import { sealStream } from './seal.ts'

export const key = { id: 'key_01', bytes: randomBytes(32) }
export const LOG2 = 10
export const CHUNK = 1 << LOG2
export const STRIDE = CHUNK + 16

export async function* inPieces(bytes: Uint8Array, size = bytes.length || 1): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

export async function join(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = []
  for await (const part of stream) parts.push(part)
  return Buffer.concat(parts)
}

export function seal(
  plain: Uint8Array,
  { pieceSize = undefined as number | undefined, context = '', own = key } = {},
) {
  return join(sealStream(own, inPieces(plain, pieceSize), { chunkLog2: LOG2, context }))
}

/** Opens what is stored, counting what was read. */
export function source(
  sealed: Buffer,
  { pieceSize = undefined as number | undefined, context = '', own = key.bytes as Uint8Array } = {},
) {
  const fetched: ByteRange[] = []
  return {
    fetched,
    header: readSealedHeader(sealed.subarray(0, LONGEST_HEADER)),
    key: own,
    sealedSize: sealed.length,
    context,
    fetch: async (range: ByteRange) => {
      fetched.push(range)
      return inPieces(sealed.subarray(range.start, range.end + 1), pieceSize)
    },
  }
}

export async function open(sealed: Buffer, range?: ByteRange, options = {}): Promise<Buffer> {
  return join(openRange(source(sealed, options), range))
}
