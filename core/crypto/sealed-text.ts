/**
 * Short texts (a prompt, a name, a mail address) sealed for one cell of one table: `v1.` and base64url of
 * nonce (12 bytes) · AES-256-GCM ciphertext · tag (16). Table, column, row and key id are authenticated, so a sealed
 * text that was put into another cell, or under another key, does not open.
 */
import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto'
import { AppError } from '#core/errors/errors.ts'
import { say } from '#core/i18n/say.ts'
import type { ThingKey } from './thing-key.ts'

/** The cell that a sealed text belongs to. `row` is the row's id; a row with several key columns joins them itself. */
export interface Place {
  readonly table: string
  readonly column: string
  readonly row: string
}

const VERSION = 'v1'
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** What stands in a cell is not what was sealed for it: changed, moved, or under another key. */
export class SealBroken extends AppError {
  readonly place: Place

  constructor(place: Place, cause?: unknown) {
    super('seal_broken', say('Something stored here cannot be opened: it was changed or damaged.'), {
      status: 500,
      cause,
    })
    this.name = 'SealBroken'
    this.message += ` (${place.table}.${place.column} of ${place.row})`
    this.place = place
  }
}

/** Seals `text`. Every call gives another result. Lone surrogates become U+FFFD, for they are no Unicode text. */
export function sealText(key: ThingKey, place: Place, text: string): string {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', textKey(key), nonce, { authTagLength: TAG_BYTES })
  cipher.setAAD(associated(key, place))
  const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
  return `${VERSION}.${sealed.toString('base64url')}`
}

/** Throws `SealBroken` unless `sealed` was made by `sealText` with this key for this place. */
export function unsealText(key: ThingKey, place: Place, sealed: string): string {
  const body = sealed.slice(VERSION.length + 1)
  const bytes = Buffer.from(body, 'base64url')
  // Node's decoder forgives stray characters and spare bits; one text has one sealed spelling only.
  const spelledRight = sealed.startsWith(`${VERSION}.`) && bytes.toString('base64url') === body
  if (!spelledRight || bytes.length < NONCE_BYTES + TAG_BYTES) throw new SealBroken(place)
  try {
    const nonce = bytes.subarray(0, NONCE_BYTES)
    const decipher = createDecipheriv('aes-256-gcm', textKey(key), nonce, { authTagLength: TAG_BYTES })
    decipher.setAAD(associated(key, place))
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES))
    const plain = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES))
    decipher.final()
    return plain.toString('utf8')
  } catch (cause) {
    throw new SealBroken(place, cause)
  }
}

export function sealJson(key: ThingKey, place: Place, value: unknown): string {
  return sealText(key, place, JSON.stringify(value))
}

/** The value as it was sealed; its shape is for the caller's schema to check. Throws `SealBroken`. */
export function unsealJson(key: ThingKey, place: Place, sealed: string): unknown {
  return JSON.parse(unsealText(key, place, sealed))
}

/** A JSON list of strings reads in one way only, so the parts cannot be shifted against each other. */
function associated(key: ThingKey, place: Place): Buffer {
  return Buffer.from(JSON.stringify([VERSION, place.table, place.column, place.row, key.id]))
}

const textKeys = new WeakMap<ThingKey, KeyObject>()

/** Texts have a sub-key of their own (HKDF, RFC 5869), so that their random nonces never meet the nonces of files. */
function textKey(key: ThingKey): KeyObject {
  let own = textKeys.get(key)
  if (!own) {
    own = createSecretKey(Buffer.from(hkdfSync('sha256', key.bytes, '', 'fairframe sealed text v1', 32)))
    textKeys.set(key, own)
  }
  return own
}
