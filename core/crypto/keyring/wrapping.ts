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
  readonly #again: InstallationKeys['again']

  constructor(keys: InstallationKeys) {
    this.#add(keys)
    this.#current = keys.current
    this.#again = keys.again
  }

  get currentId(): string {
    return this.#current.id
  }

  /** From now on the key with this id wraps; those before it still open. Throws when it is not to be had. */
  async turnTo(id: string): Promise<void> {
    await this.find([id])
    const key = this.#all.get(id)
    if (!key) throw installationKeyChanged(id)
    this.#current = key
  }

  /** Takes the keys from their file again when one of these is not at hand: the file changes under a running process. */
  async find(ids: Iterable<string>): Promise<void> {
    if (!this.#again || [...ids].every((id) => this.#all.has(id))) return
    const keys = await this.#again()
    if (keys) this.#add(keys)
  }

  has(id: string): boolean {
    return this.#all.has(id)
  }

  add(key: InstallationKey): void {
    this.#all.set(key.id, key)
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

  #add({ current, previous }: Pick<InstallationKeys, 'current' | 'previous'>): void {
    if (previous) this.add(previous)
    this.add(current)
  }
}

export function installationKeyMissing(id: string): AppError {
  const text =
    'The keyring has keys under the installation key {id}, which is not the one given. Give that one back as MASTER_KEY, or as MASTER_KEY_PREVIOUS while keys are being changed.'
  return new AppError('installation_key_missing', say(text, { id }), { status: 500 })
}

/** What a process meets that knows only the key before, and cannot take the new one from a file. */
export function installationKeyChanged(id: string): AppError {
  const text =
    'The installation key was changed to {id} while this ran. Start Fairframe again, all its processes, with that key.'
  return new AppError('installation_key_changed', say(text, { id }), { status: 500 })
}
