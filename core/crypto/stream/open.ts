/** Opening a sealed object, whole or by a range of its plain bytes. The format is described in `format.ts`. */
import { createDecipheriv } from 'node:crypto'
import type { ByteRange } from '#core/storage/byte-range.ts'
import { clampRange } from '#core/storage/byte-range.ts'
import {
  nonceOf,
  type ObjectKey,
  objectKey,
  plainSize,
  SealBroken,
  type SealedHeader,
  TAG_BYTES,
} from './format.ts'
import { Pieces } from './pieces.ts'

export interface SealedSource {
  readonly header: SealedHeader
  /** The thing's key, which `header.keyId` names: 32 bytes. */
  readonly key: Uint8Array
  /** Bytes of the whole sealed object, header included. */
  readonly sealedSize: number
  /** The context it was sealed with. */
  readonly context?: string
  /**
   * Reads exactly this range of the sealed bytes. Called once, unless nothing is to be read. Pieces of `stride` bytes, or a
   * multiple, are chunks whole. With `lent` a piece may be overwritten as soon as the next is asked for.
   */
  fetch(range: ByteRange, stride: number): Promise<AsyncIterable<Uint8Array> & { readonly lent?: boolean }>
}

/**
 * The plain bytes of `range` (all without one), reading only the chunks they lie in. Every byte given out has been
 * verified, at its place. A range that stops before the last chunk does not prove where the object ends; one that reaches
 * it does. Throws `RangeOutside` when the range begins at or beyond the end, `SealBroken` when what is stored is not what
 * was sealed.
 */
export async function* openRange(
  sealed: SealedSource,
  range?: ByteRange,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { header } = sealed
  const size = plainSize(sealed.sealedSize, header)
  const wanted = range ? clampRange(range, size) : { start: 0, end: size - 1 }
  const last = Math.max(0, Math.ceil(size / header.chunkSize) - 1)
  const final = Math.max(0, Math.floor(wanted.end / header.chunkSize))
  let chunk = Math.floor(wanted.start / header.chunkSize)

  const stride = header.chunkSize + TAG_BYTES
  const stop = Math.min(header.length + (final + 1) * stride, sealed.sealedSize)
  const lengthOf = (index: number) =>
    index === last ? sealed.sealedSize - header.length - last * stride : stride

  let skip = wanted.start - chunk * header.chunkSize
  let left = wanted.end - wanted.start + 1
  const own = objectKey(sealed.key, header, sealed.context ?? '')
  const waiting = new Pieces()
  const stored = await sealed.fetch({ start: header.length + chunk * stride, end: stop - 1 }, stride)
  for await (const piece of stored) {
    waiting.push(piece)
    while (chunk <= final && waiting.size >= lengthOf(chunk)) {
      const plain = openChunk(own, chunk, chunk === last, waiting.take(lengthOf(chunk)))
      plain.take(skip)
      const part = plain.take(Math.min(left, plain.size))
      skip = 0
      left -= part.reduce((sum, bytes) => sum + bytes.length, 0)
      chunk += 1
      for (const bytes of part) yield bytes
    }
    if (stored.lent) waiting.own()
  }
  if (chunk <= final || waiting.size > 0) throw new SealBroken()
}

/** The plain bytes of one chunk, all of them verified before any is given out. */
function openChunk(own: ObjectKey, chunk: number, last: boolean, sealed: Uint8Array[]): Pieces {
  const all = new Pieces()
  for (const piece of sealed.length > 32 ? [Buffer.concat(sealed)] : sealed) all.push(piece)
  const decipher = createDecipheriv('aes-256-gcm', own.secret, nonceOf(own.prefix, chunk, last), {
    authTagLength: TAG_BYTES,
  })
  const plain = new Pieces()
  for (const piece of all.take(all.size - TAG_BYTES)) plain.push(decipher.update(piece))
  decipher.setAuthTag(Buffer.concat(all.take(TAG_BYTES)))
  try {
    decipher.final()
  } catch (cause) {
    throw new SealBroken(cause)
  }
  return plain
}
