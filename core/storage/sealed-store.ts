/**
 * Files sealed under the key of the thing they belong to, in any object store. Nothing that a person made is stored otherwise. A
 * sealed file is bound to its name in the store: renamed or exchanged files do not open.
 */
import { createHash } from 'node:crypto'
import { plainSize, readSealedHeader, SealBroken } from '#core/crypto/stream/format.ts'
import { openRange } from '#core/crypto/stream/open.ts'
import { type SealingKey, sealStream } from '#core/crypto/stream/seal.ts'
import { isAppError } from '#core/errors/errors.ts'
import type { ByteRange } from './byte-range.ts'
import type { Abortable, ObjectStore } from './object-store.ts'

/** The first read of an object: its header, and all of it when it is as small as a poster. */
const FIRST_READ = 64 * 1024

export interface Stored {
  /** Plain bytes. */
  readonly size: number
}

export interface StoredWithDigest extends Stored {
  /** SHA-256 of the plain bytes, in hex. */
  readonly sha256: string
}

export interface OpenedObject {
  /**
   * Plain bytes, by the length of what is stored. A store that cut the object is found out by reading to the end, or by
   * `expectedSize`.
   */
  readonly size: number
  readonly keyId: string
  /**
   * The plain bytes of `range`, all without one; may be called any number of times. Throws `RangeOutside`, and
   * `SealBroken` before any byte that is not what was sealed.
   */
  read(range?: ByteRange, signal?: AbortSignal): AsyncIterable<Uint8Array>
}

export interface OpenOptions extends Abortable {
  /** The plain size that `put` gave, where the caller has it on record: an object that was cut is then refused here. */
  readonly expectedSize?: number
}

export interface SealedStore {
  /** Seals and stores `source`, hashing it on the way; errors as for `ObjectStore.put`. */
  put(
    objectKey: string,
    key: SealingKey,
    source: AsyncIterable<Uint8Array>,
    opts?: Abortable & { digest?: true },
  ): Promise<StoredWithDigest>
  /** Without the hash, which takes longer than the sealing. */
  put(
    objectKey: string,
    key: SealingKey,
    source: AsyncIterable<Uint8Array>,
    opts: Abortable & { digest: false },
  ): Promise<Stored>
  /** Throws `ObjectMissing`, `SealBroken`, and what `keyOf` throws for a key that is gone. */
  open(
    objectKey: string,
    keyOf: (keyId: string) => Promise<Uint8Array>,
    opts?: OpenOptions,
  ): Promise<OpenedObject>
  delete(objectKey: string): Promise<void>
}

export function sealedStore(store: ObjectStore): SealedStore {
  type PutOptions<D extends boolean> = Abortable & { digest?: D }
  type Source = AsyncIterable<Uint8Array>
  function put(
    objectKey: string,
    key: SealingKey,
    source: Source,
    opts?: PutOptions<true>,
  ): Promise<StoredWithDigest>
  function put(objectKey: string, key: SealingKey, source: Source, opts: PutOptions<false>): Promise<Stored>
  async function put(objectKey: string, key: SealingKey, source: Source, opts?: PutOptions<boolean>) {
    const hash = opts?.digest === false ? undefined : createHash('sha256')
    let size = 0
    async function* measured() {
      for await (const piece of source) {
        size += piece.length
        hash?.update(piece)
        yield piece
      }
    }
    await store.put(objectKey, sealStream(key, measured(), { context: objectKey }), { signal: opts?.signal })
    return hash ? { size, sha256: hash.digest('hex') } : { size }
  }

  async function open(
    objectKey: string,
    keyOf: (keyId: string) => Promise<Uint8Array>,
    { expectedSize, signal }: OpenOptions = {},
  ): Promise<OpenedObject> {
    const start = await firstRead(objectKey, signal)
    const header = readSealedHeader(start.bytes)
    const size = plainSize(start.objectSize, header)
    if (expectedSize !== undefined && size !== expectedSize) throw new SealBroken()
    const key = await keyOf(header.keyId)
    // What the first read held is not read again; else only the header of it is kept.
    const whole = start.bytes.length === start.objectSize ? start.bytes : undefined
    return {
      size,
      keyId: header.keyId,
      read: (range, abort) =>
        openRange(
          {
            header,
            key,
            sealedSize: start.objectSize,
            context: objectKey,
            fetch: async (part) =>
              whole
                ? only(whole.subarray(part.start, part.end + 1))
                : store.get(objectKey, part, { signal: abort }),
          },
          range,
        ),
    }
  }

  async function firstRead(
    objectKey: string,
    signal?: AbortSignal,
  ): Promise<{ bytes: Buffer; objectSize: number }> {
    try {
      const body = await store.get(objectKey, { start: 0, end: FIRST_READ - 1 }, { signal })
      const pieces: Uint8Array[] = []
      for await (const piece of body) pieces.push(piece)
      return { bytes: Buffer.concat(pieces), objectSize: body.size }
    } catch (error) {
      // No sealed object is empty.
      if (isAppError(error) && error.code === 'range_outside') throw new SealBroken(error)
      throw error
    }
  }

  return { put, open, delete: (objectKey) => store.delete(objectKey) }
}

async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  yield bytes
}
