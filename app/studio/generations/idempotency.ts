import { createHash } from 'node:crypto'
import type { House } from '#app/house.ts'
import type { IdempotencyTable } from '#core/db/schema/studio.ts'
import { AppError } from '#core/errors/errors.ts'
import { say } from '#core/i18n/say.ts'
import type { GenerationId, SubjectId } from '#core/ids/ids.ts'
import * as queries from './idempotency.queries.ts'

/**
 * The same request sent again, told by its key and by what it said (draft-ietf-httpapi-idempotency-key-header). Of what it
 * said as it came: with the standards of a model filled in, the operator's next change would make another request of it.
 */
export type Repeat = Pick<IdempotencyTable, 'subject_id' | 'key_hash' | 'body_hash'>

/** Requests nest four deep; whatever nests deeper is none that anything here takes. */
const MOST_DEPTH = 20

/** @param said the request, as it was read of JSON or of a form. Throws `invalid_input` for what nests without end. */
export function repeatOf(subject: SubjectId, key: string, said: unknown): Repeat {
  return { subject_id: subject, key_hash: hash(key), body_hash: hash(JSON.stringify(canonical(said)) ?? '') }
}

/** What this request made before, as long as its key is kept (a day). Throws when the key was used for another request. */
export async function answeredBefore(
  { db }: Pick<House, 'db'>,
  repeat: Repeat | undefined,
): Promise<GenerationId | undefined> {
  return repeat && queries.answered(db.read, repeat)
}

/** The order of an object's fields says nothing. */
function canonical(value: unknown, depth = 0): unknown {
  if (depth > MOST_DEPTH)
    throw new AppError('invalid_input', say('The request is nested too deeply.'), { status: 422 })
  if (value instanceof Uint8Array) return hash(value)
  if (Array.isArray(value)) return value.map((one) => canonical(one, depth + 1))
  if (typeof value !== 'object' || value === null) return value
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(fields.map(([name, one]) => [name, canonical(one, depth + 1)]))
}

function hash(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64url')
}
