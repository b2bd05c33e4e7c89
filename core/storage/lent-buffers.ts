/**
 * Memory that reads share. A new half megabyte for every step of every reader costs page faults and garbage collection, together
 * more than the read itself.
 */

/** Bytes of each: two sealed chunks of the usual size with their tags, in whole pages. */
export const LENT_BYTES = 129 * 4096
/** So many wait for the next reader at most, 8 MiB; what comes back beyond that is let go. */
const MOST_IDLE = 16

export class LentBuffers {
  readonly #idle: Buffer[] = []

  /** `LENT_BYTES` of whatever was in it before. */
  take(): Buffer {
    return this.#idle.pop() ?? Buffer.allocUnsafeSlow(LENT_BYTES)
  }

  /** Nobody may look into it any longer, nor may a read into it be on its way. */
  giveBack(buffer: Buffer): void {
    if (this.#idle.length < MOST_IDLE) this.#idle.push(buffer)
  }
}
