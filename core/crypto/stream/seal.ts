/** Sealing a stream of bytes of any length with flat memory. The format is described in `format.ts`. */
import { createCipheriv, randomBytes } from 'node:crypto'
import { CHUNK_LOG2, newHeader, nonceOf, type ObjectKey, objectKey, TAG_BYTES } from './format.ts'
import { Pieces } from './pieces.ts'

export interface SealingKey {
  readonly id: string
  /** 32 random bytes. */
  readonly bytes: Uint8Array
}

export interface SealOptions {
  /** What the object is for; opening needs the same. At most 512 bytes of UTF-8; none by default. */
  readonly context?: string
  /** log2 of the chunk size, 10 to 24. */
  readonly chunkLog2?: number
}

/**
 * The sealed bytes of `source`, pulled as fast as they are consumed. One chunk is held, for a chunk can be sealed only when
 * it is known whether another follows; so `source` must not overwrite a piece it has given. The result may be consumed once.
 */
export async function* sealStream(
  key: SealingKey,
  source: AsyncIterable<Uint8Array>,
  options: SealOptions = {},
): AsyncGenerator<Uint8Array, void, undefined> {
  const header = newHeader(key.id, randomBytes(32), options.chunkLog2 ?? CHUNK_LOG2)
  const own = objectKey(key.bytes, header, options.context ?? '')
  yield header.bytes
  const waiting = new Pieces()
  let chunk = 0
  for await (const piece of source) {
    waiting.push(piece)
    // Strictly more: a chunk that may be the last must wait, so that an object never ends in an empty one.
    while (waiting.size > header.chunkSize) {
      for (const part of sealChunk(own, chunk, false, waiting.take(header.chunkSize))) yield part
      chunk += 1
    }
  }
  for (const part of sealChunk(own, chunk, true, waiting.take(waiting.size))) yield part
}

function* sealChunk(
  own: ObjectKey,
  chunk: number,
  last: boolean,
  plain: Uint8Array[],
): Generator<Uint8Array> {
  const cipher = createCipheriv('aes-256-gcm', own.secret, nonceOf(own.prefix, chunk, last), {
    authTagLength: TAG_BYTES,
  })
  // Each call costs about as much as copying some kilobytes.
  for (const piece of plain.length > 32 ? [Buffer.concat(plain)] : plain) yield cipher.update(piece)
  cipher.final()
  yield cipher.getAuthTag()
}
