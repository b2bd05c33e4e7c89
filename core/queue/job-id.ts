/**
 * Job ids in both their spellings: ours (TypeID, `job_…`) and the UUID inside, by which PostgreSQL's engine knows them.
 */
import { createHash } from 'node:crypto'
import { type JobId, prefixes } from '#core/ids/ids.ts'

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'
const prefix = `${prefixes.job}_`

export function jobIdOf(uuid: string): JobId {
  let value = BigInt(`0x${uuid.replaceAll('-', '')}`)
  let text = ''
  for (let i = 0; i < 26; i++) {
    text = alphabet[Number(value & 31n)] + text
    value >>= 5n
  }
  return `${prefix}${text}` as JobId
}

export function uuidOf(id: JobId): string {
  let value = 0n
  for (const digit of id.slice(prefix.length)) value = (value << 5n) | BigInt(alphabet.indexOf(digit))
  const hex = value.toString(16).padStart(32, '0')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

/**
 * The id of work that must be enqueued once and never again, made from its name (a UUIDv8, RFC 9562 section 5.8). Two
 * processes that make it meet at the table's primary key, whether or not the first job has ended.
 */
export function onceId(queue: string, once: string): JobId {
  const bytes = createHash('sha256').update(`${queue}\n${once}`).digest().subarray(0, 16)
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x80
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80
  return jobIdOf(bytes.toString('hex'))
}
