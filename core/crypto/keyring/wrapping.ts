/**
 * Keys at rest: version (1 byte) · nonce (12) · AES-256-GCM ciphertext (32) · tag (16), under the installation key. Whose
 * key it is stands in the authenticated data, so a wrapped key that was put into another row does not open there.
 * Random nonces allow 2^32 wraps under one installation key (NIST SP 800-38D, 8.3).
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { AppError } from '#core/errors/errors.ts'
import { say } from '#core/i18n/say.ts'
import type { InstallationKey, InstallationKeys } from '../installation-key.ts'
import type { SecretTable, ThingKeyTable } from './schema.ts'

const VERSION = 1
const NONCE_BYTES = 12
const TAG_BYTES = 16
const KEY_BYTES = 32

/** A wrapped key was changed, or moved to another row. */
export class WrapBroken extends Error {
  constructor(owner: string, cause?: unknown) {
    super(`A wrapped key was changed or moved: ${owner}`, { cause })
    this.name = 'WrapBroken'
  }
}

export const ownerOfKey = (row: Pick<ThingKeyTable, 'id' | 'class' | 'subject'>): string =>
  JSON.stringify(['key', row.id, row.class, row.subject])

export const ownerOfSecret = (row: Pick<SecretTable, 'name'>): string => JSON.stringify(['secret', row.name])

/** The installation keys at hand: one wraps, all open. */
export class InstallationRing {
  #current: InstallationKey
  readonly #all = new Map<string, InstallationKey>()

  constructor({ current, previous }: InstallationKeys) {
    if (previous) this.#all.set(previous.id, previous)
    this.#all.set(current.id, current)
    this.#current = current
  }

  get currentId(): string {
    return this.#current.id
  }

  /** From now on `key` wraps; those before it still open. */
  turnTo(key: InstallationKey): void {
    this.#all.set(key.id, key)
    this.#current = key
  }

  has(id: string): boolean {
    return this.#all.has(id)
  }

  wrap(owner: string, secret: Uint8Array): { wrapped: Uint8Array; wrapped_by: string } {
    const nonce = randomBytes(NONCE_BYTES)
    const options = { authTagLength: TAG_BYTES }
    const cipher = createCipheriv('aes-256-gcm', this.#current.wrapping, nonce, options).setAAD(
      Buffer.from(owner),
    )
    const sealed = [Uint8Array.of(VERSION), nonce, cipher.update(secret), cipher.final(), cipher.getAuthTag()]
    return { wrapped: Buffer.concat(sealed), wrapped_by: this.#current.id }
  }

  /** Throws `WrapBroken`, or an AppError when the installation key it needs is not at hand. */
  unwrap(owner: string, { wrapped, wrapped_by }: { wrapped: Uint8Array; wrapped_by: string }): Uint8Array {
    const key = this.#all.get(wrapped_by)
    if (!key) throw installationKeyMissing(wrapped_by)
    const expected = 1 + NONCE_BYTES + KEY_BYTES + TAG_BYTES
    if (wrapped[0] !== VERSION || wrapped.length !== expected) throw new WrapBroken(owner)
    const nonce = wrapped.subarray(1, 1 + NONCE_BYTES)
    const decipher = createDecipheriv('aes-256-gcm', key.wrapping, nonce, { authTagLength: TAG_BYTES })
    decipher.setAAD(Buffer.from(owner)).setAuthTag(wrapped.subarray(-TAG_BYTES))
    const secret = decipher.update(wrapped.subarray(1 + NONCE_BYTES, -TAG_BYTES))
    try {
      decipher.final()
    } catch (cause) {
      throw new WrapBroken(owner, cause)
    }
    return secret
  }
}

export function installationKeyMissing(id: string): AppError {
  const text =
    'The keyring has keys under the installation key {id}, which is not the one given. Give that one back as MASTER_KEY, or as MASTER_KEY_PREVIOUS while keys are being changed.'
  return new AppError('installation_key_missing', say(text, { id }), { status: 500 })
}
