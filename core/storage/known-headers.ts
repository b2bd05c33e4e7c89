/**
 * The beginnings of sealed objects that were read lately, so that the next range of a video need not begin by reading its header
 * again. Nothing secret is in them, and none of them opens anything: the key is asked for each time, and the store for the bytes.
 */
import type { SealedHeader } from '#core/crypto/stream/format.ts'

export interface Known {
  readonly header: SealedHeader
  /** Bytes of the whole object as stored, header included. */
  readonly sealedSize: number
}

/** ms: a video that is being watched asks again much sooner. The ids of what was deleted do not stay for long. */
const LIFETIME = 60_000
const MOST = 1000

export class KnownHeaders {
  /** By the object's key, in the order they were read in. */
  readonly #known = new Map<string, Known & { since: number }>()
  readonly #now: () => number

  /** @param now ms, of any clock that does not go back */
  constructor(now = () => performance.now()) {
    this.#now = now
  }

  get size(): number {
    return this.#known.size
  }

  get(objectKey: string): Known | undefined {
    const known = this.#known.get(objectKey)
    return known && this.#now() - known.since < LIFETIME ? known : undefined
  }

  keep(objectKey: string, known: Known): void {
    const now = this.#now()
    this.#known.delete(objectKey)
    this.#known.set(objectKey, { ...known, since: now })
    for (const [oldest, { since }] of this.#known) {
      if (this.#known.size <= MOST && now - since < LIFETIME) break
      this.#known.delete(oldest)
    }
  }

  forget(objectKey: string): void {
    this.#known.delete(objectKey)
  }
}
