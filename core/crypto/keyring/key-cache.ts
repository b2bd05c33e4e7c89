import type { Clock } from '#core/clock/clock.ts'
import { SECOND } from '#core/clock/clock.ts'
import type { KeyId, SubjectId } from '#core/ids/ids.ts'

/** How long an opened key stays in memory: also how long another process may still open what was destroyed here. */
export const CACHE_MS = 30 * SECOND
const MOST = 4096

export interface OpenedKey {
  readonly bytes: Uint8Array
  readonly subject: SubjectId | null
}

/** Opened keys, for at most 30 seconds, the oldest going first when there are too many. Dropped keys are wiped. */
export class KeyCache {
  readonly #clock: Clock
  readonly #held = new Map<KeyId, OpenedKey & { since: number }>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get(id: KeyId): OpenedKey | undefined {
    const held = this.#held.get(id)
    if (!held || this.#fresh(held)) return held
    this.drop([id])
    return undefined
  }

  keep(id: KeyId, opened: OpenedKey): void {
    this.drop([id])
    this.#held.set(id, { ...opened, since: this.#clock.now() })
    for (const oldest of this.#held.keys()) {
      if (this.#held.size <= MOST) break
      this.drop([oldest])
    }
  }

  drop(ids: Iterable<KeyId>): void {
    for (const id of ids) {
      this.#held.get(id)?.bytes.fill(0)
      this.#held.delete(id)
    }
  }

  /** Drops what nobody asked for again; otherwise it would stay in memory until pushed out. */
  sweep(): void {
    for (const [id, held] of this.#held) if (!this.#fresh(held)) this.drop([id])
  }

  clear(): void {
    this.drop([...this.#held.keys()])
  }

  /** A clock that was set back must not prolong anything. */
  #fresh({ since }: { since: number }): boolean {
    const age = this.#clock.now() - since
    return age >= 0 && age < CACHE_MS
  }
}
