import type { House } from '#app/house.ts'
import { isErrorClass } from '#app/studio/providers/provider-errors.ts'
import { fromJson } from '#core/db/columns.ts'
import type { Tx } from '#core/db/schema/schema.ts'
import type { AttemptTable } from '#core/db/schema/studio.ts'
import type { GenerationId } from '#core/ids/ids.ts'
import { advance, goesAt } from './advance.ts'
import * as attempts from './attempts.queries.ts'
import type { GenerationEvent } from './states.ts'

export type Ending = Pick<House, 'db' | 'clock' | 'config' | 'queue'>

/** Ends it as failed, with its credits back, unless it has ended already. */
export async function endFailed(house: Ending, id: GenerationId, code: string): Promise<boolean> {
  return house.db.transaction((tx) => endIn(house, tx, id, 'fail', code))
}

/**
 * Ends a generation without a video, in the caller's transaction: the credits go back, the provider is told to stop what it
 * may be doing, and what was stored goes. False when it had ended already.
 */
export async function endIn(
  house: Ending,
  tx: Tx,
  id: GenerationId,
  event: Extract<GenerationEvent, 'fail' | 'block' | 'cancel'>,
  code: string,
): Promise<boolean> {
  const now = house.clock.now()
  if (!(await advance(tx, id, event, now, { error_code: code, expires_at: goesAt(house) }))) return false
  const attempt = await attempts.newestAttempt(tx, id)
  if (attempt) await abandon(house, tx, attempt, isErrorClass(code) ? code : null)
  if (attempt && fromJson(attempt.route).driver !== 'builtin') await letOthersIn(house, tx, id)
  // What was stored before it failed belongs to nothing that anybody will see.
  await house.queue.enqueue(tx, {
    queue: 'objects.delete',
    payload: { prefix: `generations/${id}/` },
    dedupeKey: id,
  })
  return true
}

/** Takes back the jobs that wait for it; one that runs notices by itself that there is nothing left to do. */
export async function stopJobs({ queue }: Pick<House, 'queue'>, tx: Tx, id: GenerationId): Promise<void> {
  for (const name of ['generation.run', 'generation.watch', 'generation.admit'] as const)
    await queue.cancel(tx, { queue: name, dedupeKey: id })
}

/** A place at a provider may be free now. */
export async function letOthersIn({ queue }: Pick<House, 'queue'>, tx: Tx, id: GenerationId): Promise<void> {
  await queue.enqueue(tx, { queue: 'generation.admit', payload: { generation_id: id }, dedupeKey: id })
}

async function abandon(
  { clock, queue }: Ending,
  tx: Tx,
  { id, provider_job }: AttemptTable,
  errorClass: string | null,
): Promise<void> {
  const ended = await attempts.moveAttempt(tx, id, attempts.liveAttempts, {
    state: 'failed',
    ...(errorClass ? { error_class: errorClass } : {}),
    ended_at: clock.now(),
  })
  // Whether it still runs there is the provider's to know; stopping what has ended does no harm.
  if (ended && provider_job !== null) await tidy(queue, tx, id, 'cancel')
}

/** Has the provider stop a job (`cancel`), or delete what it holds of one (`forget`), as far as it offers to. */
export async function tidy(
  queue: House['queue'],
  tx: Tx,
  attempt: AttemptTable['id'],
  act: 'cancel' | 'forget',
): Promise<void> {
  await queue.enqueue(tx, {
    queue: 'provider.tidy',
    payload: { attempt_id: attempt, act },
    dedupeKey: `${attempt} ${act}`,
  })
}
