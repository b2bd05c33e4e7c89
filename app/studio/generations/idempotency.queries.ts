import type { ReadOrTx, Tx } from '#core/db/schema/schema.ts'
import type { IdempotencyTable } from '#core/db/schema/studio.ts'
import { AppError } from '#core/errors/errors.ts'
import { say } from '#core/i18n/say.ts'
import type { GenerationId } from '#core/ids/ids.ts'
import type { Repeat } from './idempotency.ts'

/** The generation that this request made before. Throws when the key was used for another body. */
export async function answered(read: ReadOrTx, repeat: Repeat): Promise<GenerationId | undefined> {
  const row = await read
    .selectFrom('idempotency')
    .select(['generation_id', 'body_hash'])
    .where('subject_id', '=', repeat.subject_id)
    .where('key_hash', '=', repeat.key_hash)
    .executeTakeFirst()
  if (!row) return undefined
  if (row.body_hash !== repeat.body_hash) throw reused()
  return row.generation_id
}

/** Throws when another request with this key came first; the transaction then leaves nothing. */
export async function remember(tx: Tx, row: IdempotencyTable): Promise<void> {
  const made = await tx
    .insertInto('idempotency')
    .values(row)
    .onConflict((c) => c.columns(['subject_id', 'key_hash']).doNothing())
    .returning('key_hash')
    .executeTakeFirst()
  if (!made) throw new AlreadyAnswered()
}

/** Two requests with one key at the same time: this one gives way. */
class AlreadyAnswered extends Error {}

function reused(): AppError {
  return new AppError(
    'idempotency_key_reused',
    say('This Idempotency-Key was used for another request. Use a new key for a new request.'),
    { status: 409 },
  )
}
