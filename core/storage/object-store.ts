/**
 * Where files lie: one small interface, on local disk (`local-store.ts`) or S3 (`s3-store.ts`). `object-store.contract.ts`
 * says by tests what every store does. Bytes are stored as given; sealing is `sealed-store.ts`.
 */
import { AppError, isAppError } from '#core/errors/errors.ts'
import { type Sentence, say } from '#core/i18n/say.ts'
import type { ByteRange } from './byte-range.ts'

/**
 * The bytes asked for. Iterate it, at least begin and leave: until then it holds a file or a connection open. Once only.
 * Fewer bytes than asked for is an error, never a quiet end.
 */
export interface ObjectBody extends AsyncIterable<Uint8Array> {
  /** Bytes of the whole object, also when a range was asked for. */
  readonly size: number
  /** Each piece is the reader's only until it asks for the next: the store reads into the same memory again. */
  readonly lent?: boolean
}

export interface ObjectEntry {
  readonly key: string
  /** Bytes. */
  readonly size: number
  /** ms since 1970; stores keep seconds or finer. */
  readonly modifiedAt: number
}

export interface Abortable {
  readonly signal?: AbortSignal
}

export interface GetOptions extends Abortable {
  /**
   * The reader is done with a piece when it asks for the next, and likes pieces of so many bytes: a store may then lend its
   * memory, and says so by `lent`.
   */
  readonly lend?: number
}

/**
 * Keys are ours and pass `checkKey`. No key may be a folder of another (`a` and `a/b`): disks cannot hold both. All methods
 * throw `StoreUnusable` when the store cannot be reached or refuses, `StoreFull` when it has no room.
 */
export interface ObjectStore {
  /**
   * Stores all of `body` durably under `key`, replacing what was there. An object is either wholly there or not at all: when
   * the body fails or the signal aborts, its error is thrown and nothing was changed. The pieces must not be overwritten after
   * they were given.
   */
  put(key: string, body: AsyncIterable<Uint8Array>, opts?: Abortable): Promise<{ size: number }>
  /** Throws `ObjectMissing`; `RangeOutside` when the object holds nothing of the range. */
  get(key: string, range?: ByteRange, opts?: GetOptions): Promise<ObjectBody>
  head(key: string): Promise<{ size: number; modifiedAt: number } | undefined>
  /** Deleting what is not there is fine. */
  delete(key: string): Promise<void>
  /** Every object whose key begins with `prefix` (of a key, or empty), in the order of the keys' bytes. */
  list(prefix: string): AsyncIterable<ObjectEntry>
  /** Writes, reads and removes a probe. Throws an `AppError` that says what is wrong, for readiness and the doctor. */
  check(): Promise<void>
  /** Removes what puts left behind when their process was killed, if untouched for this long (ms). Says how many. */
  sweepTemporary(olderThanMs: number): Promise<number>
}

export class ObjectMissing extends AppError {
  readonly key: string

  constructor(key: string, cause?: unknown) {
    super('object_missing', say('This file does not exist.'), { status: 404, cause })
    this.name = 'ObjectMissing'
    this.key = key
  }
}

/** By code: see `core/errors/errors.ts` on why not by class. */
export function isObjectMissing(error: unknown): error is ObjectMissing {
  return isAppError(error) && error.code === 'object_missing'
}

export class StoreUnusable extends AppError {
  constructor(sentence: Sentence, cause?: unknown) {
    super('storage_unusable', sentence, { status: 503, cause })
    this.name = 'StoreUnusable'
  }
}

export class StoreFull extends AppError {
  constructor(cause?: unknown) {
    super('storage_full', say('There is no room left where files are stored.'), { status: 507, cause })
    this.name = 'StoreFull'
  }
}

const LONGEST_KEY = 512
const LONGEST_SEGMENT = 200

/**
 * Throws RangeError unless `key` is one of ours: segments of a-z, 0-9, `_`, `-`, `.` between slashes, none beginning with a
 * dot (so no `..`, and the stores' own files beside ours have names no key can have).
 */
export function checkKey(key: string): void {
  if (!isKey(key)) throw new RangeError('Not a key of the object store')
}

export function isKey(key: string): boolean {
  if (key.length > LONGEST_KEY || !/^[a-z0-9_-][a-z0-9_.-]*(?:\/[a-z0-9_-][a-z0-9_.-]*)*$/.test(key))
    return false
  return key.split('/').every((segment) => segment.length <= LONGEST_SEGMENT)
}

/** Throws RangeError unless `prefix` is empty or the beginning of a possible key. */
export function checkPrefix(prefix: string): void {
  if (prefix !== '' && !isKey(prefix) && !isKey(`${prefix}x`)) throw new RangeError('Not a prefix of keys')
}
