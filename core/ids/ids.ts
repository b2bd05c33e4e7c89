import { randomFillSync } from 'node:crypto'

/**
 * Ids are TypeIDs (github.com/jetify-com/typeid, spec 0.3): a prefix that names the kind of thing, and a UUIDv7
 * (RFC 9562) in Crockford's base32. They sort by time of creation, and 74 random bits make them unguessable,
 * so the same id serves as primary key and in public addresses.
 */
export type Id<Prefix extends string> = string & { readonly __id: Prefix }

export const prefixes = {
  subject: 'sub',
  session: 'ses',
  generation: 'gen',
  attempt: 'att',
  reference: 'ref',
  asset: 'ast',
  key: 'key',
  apiKey: 'apk',
  job: 'job',
  mail: 'mai',
  entry: 'ent',
  transfer: 'tra',
  handover: 'hov',
  creditHold: 'hld',
  screening: 'scr',
  audit: 'aud',
  run: 'run',
  token: 'tok',
  event: 'evt',
} as const

export type Kind = keyof typeof prefixes
export type IdOf<K extends Kind> = Id<(typeof prefixes)[K]>
export type SubjectId = IdOf<'subject'>
export type GenerationId = IdOf<'generation'>
export type ReferenceId = IdOf<'reference'>
export type AssetId = IdOf<'asset'>
export type KeyId = IdOf<'key'>
export type JobId = IdOf<'job'>

/** No id of this kind that was made at `time` (ms) or later is smaller: the bound for a search by time over ids. */
export function firstIdAt<K extends Kind>(kind: K, time: number): IdOf<K> {
  const bytes = Buffer.alloc(16)
  bytes.writeUIntBE(Math.max(0, time), 0, 6)
  return `${prefixes[kind]}_${base32(bytes)}` as IdOf<K>
}

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'

/** A new id of the given kind. `now` is the clock's time in ms, so that ids made in tests follow the test's clock. */
export function newId<K extends Kind>(kind: K, now: number): IdOf<K> {
  const bytes = sixteenBytes()
  bytes.writeUIntBE(now, 0, 6)
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x70
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80
  return `${prefixes[kind]}_${base32(bytes)}` as IdOf<K>
}

const stock = Buffer.alloc(4096)
let used = stock.length

/** Random ones, drawn for many ids at once: asking takes as long for sixteen bytes as for thousands. None is used twice. */
function sixteenBytes(): Buffer {
  if (used === stock.length) {
    randomFillSync(stock)
    used = 0
  }
  used += 16
  return stock.subarray(used - 16, used)
}

/** Does `text` have the shape of an id of this kind? Says nothing of whether the thing exists. */
export function isId<K extends Kind>(kind: K, text: unknown): text is IdOf<K> {
  return typeof text === 'string' && text.startsWith(`${prefixes[kind]}_`) && tail.test(text)
}

/** What follows the prefix, which has three letters. */
const tail = /^.{4}[0-7][0-9a-hjkmnp-tv-z]{25}$/

/** 128 bits as 26 characters, most significant first; the two spare bits lead, as the TypeID spec says. */
function base32(bytes: Uint8Array): string {
  let text = ''
  let held = 0
  // The two spare bits.
  let bits = 2
  for (const byte of bytes) {
    held = (held << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += alphabet[(held >> bits) & 31]
    }
    held &= 31
  }
  return text
}
