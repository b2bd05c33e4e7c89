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
import { type Known, KnownHeaders } from './known-headers.ts'
import { LENT_BYTES } from './lent-buffers.ts'
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
  /**
   * Opens an object for one answer, with one read of the store when it was read lately. `key` is the one on record for it.
   * What comes back has begun: its first bytes are verified, and it holds a file or a connection until it ends or is left
   * (`return`). Throws `ObjectMissing`, `RangeOutside`, and `SealBroken`, also for an object sealed under another key.
   */
  read(
    objectKey: string,
    key: SealingKey,
    opts?: OpenOptions & { readonly range?: ByteRange },
  ): Promise<AsyncIterableIterator<Uint8Array, undefined>>
  delete(objectKey: string): Promise<void>
}

/** What the first read of an object finds. */
interface Start extends Known {
  /** All of it as stored, when it is that small. */
  readonly whole?: Buffer
}

export function sealedStore(store: ObjectStore): SealedStore {
  type PutOptions<D extends boolean> = Abortable & { digest?: D }
  type Source = AsyncIterable<Uint8Array>
  const headers = new KnownHeaders()

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
    headers.forget(objectKey)
    await store.put(objectKey, sealStream(key, measured(), { context: objectKey }), { signal: opts?.signal })
    return hash ? { size, sha256: hash.digest('hex') } : { size }
  }

  async function read(
    objectKey: string,
    key: SealingKey,
    { range, expectedSize, signal }: OpenOptions & { range?: ByteRange } = {},
  ): Promise<AsyncIterableIterator<Uint8Array, undefined>> {
    const begin = async ({ header, sealedSize, whole }: Start) => {
      if (header.keyId !== key.id) throw new SealBroken()
      if (expectedSize !== undefined && plainSize(sealedSize, header) !== expectedSize) throw new SealBroken()
      const fetch = (part: ByteRange, stride: number) =>
        fetched(objectKey, { sealedSize, whole }, part, stride, signal)
      const bytes = openRange({ header, key: key.bytes, sealedSize, context: objectKey, fetch }, range)
      return begun(bytes, await bytes.next())
    }
    const known = headers.get(objectKey)
    if (known) {
      try {
        return await begin(known)
      } catch (error) {
        headers.forget(objectKey)
        // Another process may have put something else in its place, which is then read from its beginning.
        if (!isAppError(error) || !(error.code === 'seal_broken' || error.code === 'range_outside'))
          throw error
      }
    }
    const start = await firstRead(objectKey, signal)
    const reading = await begin(start)
    headers.keep(objectKey, { header: start.header, sealedSize: start.sealedSize })
    return reading
  }

  async function open(
    objectKey: string,
    keyOf: (keyId: string) => Promise<Uint8Array>,
    { expectedSize, signal }: OpenOptions = {},
  ): Promise<OpenedObject> {
    const { header, sealedSize, whole } = await firstRead(objectKey, signal)
    const size = plainSize(sealedSize, header)
    if (expectedSize !== undefined && size !== expectedSize) throw new SealBroken()
    const key = await keyOf(header.keyId)
    return {
      size,
      keyId: header.keyId,
      read: (range, abort) => {
        const fetch = (part: ByteRange, stride: number) =>
          fetched(objectKey, { sealedSize, whole }, part, stride, abort)
        return openRange({ header, key, sealedSize, context: objectKey, fetch }, range)
      },
    }
  }

  /** Part of the sealed bytes. What the first read held is not read again. */
  async function fetched(
    objectKey: string,
    { sealedSize, whole }: Pick<Start, 'sealedSize' | 'whole'>,
    part: ByteRange,
    stride: number,
    signal: AbortSignal | undefined,
  ): Promise<AsyncIterable<Uint8Array> & { lent?: boolean }> {
    if (whole) return only(whole.subarray(part.start, part.end + 1))
    const lend = stride * Math.max(1, Math.floor(LENT_BYTES / stride))
    const body = await store.get(objectKey, part, { signal, lend })
    if (body.size === sealedSize) return body
    // It was replaced since its beginning was read. Begun and left, for only then the store lets go of it.
    for await (const _ of body) break
    throw new SealBroken()
  }

  async function firstRead(objectKey: string, signal?: AbortSignal): Promise<Start> {
    try {
      const body = await store.get(objectKey, { start: 0, end: FIRST_READ - 1 }, { signal })
      const pieces: Uint8Array[] = []
      for await (const piece of body) pieces.push(piece)
      const bytes = Buffer.concat(pieces)
      const whole = bytes.length === body.size ? bytes : undefined
      return { header: readSealedHeader(bytes), sealedSize: body.size, whole }
    } catch (error) {
      // No sealed object is empty.
      if (isAppError(error) && error.code === 'range_outside') throw new SealBroken(error)
      throw error
    }
  }

  return {
    put,
    open,
    read,
    delete(objectKey) {
      headers.forget(objectKey)
      return store.delete(objectKey)
    },
  }
}

/** `bytes` with what was already taken of them. */
function begun(
  bytes: AsyncGenerator<Uint8Array, void, undefined>,
  first: IteratorResult<Uint8Array, void>,
): AsyncIterableIterator<Uint8Array, undefined> {
  let waiting: typeof first | undefined = first
  return {
    [Symbol.asyncIterator]() {
      return this
    },
    async next() {
      const next = waiting ?? (await bytes.next())
      waiting = undefined
      return next.done ? { done: true, value: undefined } : next
    },
    async return() {
      waiting = undefined
      await bytes.return()
      return { done: true, value: undefined }
    },
  }
}

async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  yield bytes
}
