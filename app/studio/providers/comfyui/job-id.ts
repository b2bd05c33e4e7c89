/**
 * ComfyUI lets the client choose a job's id, a UUID in its canonical form. Ours is the attempt's own: the suffix of a TypeID
 * is a UUIDv7 in base32 (github.com/jetify-com/typeid, spec 0.3), so an attempt's job can be found again without an answer.
 */
import type { IdOf } from '#core/ids/ids.ts'

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'

export function jobIdOf(attempt: IdOf<'attempt'>): string {
  let value = 0n
  for (const letter of attempt.slice(attempt.lastIndexOf('_') + 1))
    value = (value << 5n) | BigInt(alphabet.indexOf(letter))
  const hex = value.toString(16).padStart(32, '0')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

/** When the attempt was made, in ms: the first 48 bits of a UUIDv7 (RFC 9562, 5.7). */
export function timeOf(jobId: string): number {
  return Number.parseInt(jobId.replaceAll('-', '').slice(0, 12), 16)
}
