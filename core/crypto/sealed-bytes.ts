import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

/** Without it a shorter tag would be taken for one, and a short tag can be guessed. */
const tagLength = { authTagLength: 16 }

/**
 * A few bytes for a file of our own (the signing keys), under a named secret of the keyring: nonce (12) · AES-256-GCM ·
 * tag (16), with `label` as associated data. Files that people own go through `stream/`.
 */
export function sealBytes(secret: Uint8Array, label: string, plain: Uint8Array): Uint8Array {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', secret, nonce, tagLength)
  cipher.setAAD(Buffer.from(label))
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

/** Throws when the bytes were changed, or sealed under another secret or label. */
export function unsealBytes(secret: Uint8Array, label: string, sealed: Uint8Array): Uint8Array {
  const decipher = createDecipheriv('aes-256-gcm', secret, sealed.subarray(0, 12), tagLength)
  decipher.setAAD(Buffer.from(label))
  decipher.setAuthTag(sealed.subarray(-16))
  return Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()])
}
