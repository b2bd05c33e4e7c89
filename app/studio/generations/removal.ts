import type { House } from '#app/house.ts'
import { intendDestruction } from '#core/crypto/keyring/destruction.ts'
import type { Tx } from '#core/db/schema/schema.ts'
import type { GenerationTable } from '#core/db/schema/studio.ts'
import { AppError } from '#core/errors/errors.ts'
import { say } from '#core/i18n/say.ts'
import type { GenerationId, SubjectId } from '#core/ids/ids.ts'
import { advance, goesAt } from './advance.ts'
import * as attempts from './attempts.queries.ts'
import { endIn, stopJobs, tidy } from './end.ts'
import * as queries from './generations.queries.ts'
import { isLive } from './states.ts'

/**
 * What the owner does with a creation: keep it, let it go, stop it. Removing destroys its key first, so it is unreadable
 * at once and in every backup; the sealed files follow. The row stays a while without content, to answer `removed`.
 */
export async function removeGeneration(house: House, subject: SubjectId, id: GenerationId): Promise<void> {
  const row = await queries.ownGeneration(house.db.read, subject, id)
  if (!row || row.state === 'removed' || row.state === 'expired') throw unknownGeneration()
  if (isLive(row.state)) await stopFirst(house, subject, id)
  // The journal comes before the change: a restore may hide what still exists, but not bring back what is gone.
  await house.keyring.record({ kind: 'deletion', thing: id })
  const done = await house.db.transaction((tx) => letGo(house, tx, row, 'remove', house.clock.now()))
  if (!done) throw unknownGeneration()
}

/** It may have become ready since it was looked at: then there is nothing to stop, and it can go. */
async function stopFirst(house: House, subject: SubjectId, id: GenerationId): Promise<void> {
  try {
    await cancelGeneration(house, subject, id)
  } catch (error) {
    const now = await queries.ownGeneration(house.db.read, subject, id)
    if (!now || isLive(now.state)) throw error
  }
}

/** Ends a generation's content in the caller's transaction. False when it had gone already. */
export async function letGo(
  house: Pick<House, 'queue'>,
  tx: Tx,
  row: Pick<GenerationTable, 'id' | 'key_id'>,
  event: 'remove' | 'expire',
  now: number,
): Promise<boolean> {
  if (!(await advance(tx, row.id, event, now, { prompt_sealed: '', texts_sealed: null }))) return false
  await intendDestruction(tx, [row.key_id], `generation.${event}`, now)
  await tx.deleteFrom('stamp').where('generation_id', '=', row.id).execute()
  await tx.deleteFrom('asset').where('generation_id', '=', row.id).execute()
  for (const attempt of await attempts.attemptsOf(tx, row.id))
    if (attempt.provider_job !== null) await tidy(house.queue, tx, attempt.id, 'forget')
  await house.queue.enqueue(tx, { queue: 'keys.destroy', payload: {}, dedupeKey: 'keys.destroy' })
  await house.queue.enqueue(tx, {
    queue: 'objects.delete',
    payload: { prefix: `generations/${row.id}/` },
    dedupeKey: row.id,
  })
  return true
}

/** Stops it and gives the credits back. Throws when there is nothing left to stop. */
export async function cancelGeneration(house: House, subject: SubjectId, id: GenerationId): Promise<void> {
  const { db } = house
  const row = await queries.ownGeneration(db.read, subject, id)
  if (!row) throw unknownGeneration()
  const done = await db.transaction(async (tx) => {
    await stopJobs(house, tx, id)
    return endIn(house, tx, id, 'cancel', 'cancelled')
  })
  if (!done)
    throw new AppError('not_cancellable', say('It is too late to stop this: it is done or nearly done.'), {
      status: 409,
    })
}

/** Saved creations stay until their owner lets them go; unsaved ones go after their time. */
export async function saveGeneration(
  { db, clock, config }: Pick<House, 'db' | 'clock' | 'config'>,
  subject: SubjectId,
  id: GenerationId,
  saved: boolean,
): Promise<void> {
  const now = clock.now()
  const row = await db.transaction((tx) =>
    tx
      .updateTable('generation')
      .set({
        saved_at: saved ? now : null,
        expires_at: saved ? null : goesAt({ clock, config }),
        expiry_told: 0,
        updated_at: now,
      })
      .where('id', '=', id)
      .where('subject_id', '=', subject)
      .where('state', '=', 'ready')
      .returning('id')
      .executeTakeFirst(),
  )
  if (!row) throw unknownGeneration()
}

export function unknownGeneration(): AppError {
  return new AppError('not_found', say('There is no such video.'), { status: 404 })
}
