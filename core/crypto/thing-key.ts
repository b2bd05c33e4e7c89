import type { KeyId } from '#core/ids/ids.ts'

/**
 * The key of one thing (a generation, an account, a case). Made and opened by the keyring only; never stored with what
 * it seals, never logged. Texts (`sealed-text.ts`) and files (`stream/`) are sealed under sub-keys of it.
 */
export interface ThingKey {
  readonly id: KeyId
  /** 32 random bytes. */
  readonly bytes: Uint8Array
}
