import { capture, release } from '#app/billing/ledger/ledger.ts'
import { DAY } from '#core/clock/clock.ts'
import type { Tx } from '#core/db/schema/schema.ts'
import type { GenerationTable } from '#core/db/schema/studio.ts'
import type { Ground } from '#core/house.ts'
import type { GenerationId } from '#core/ids/ids.ts'
import * as queries from './generations.queries.ts'
import { type GenerationEvent, transitionFor } from './states.ts'

/**
 * The one way a generation changes its state: with its event row and with its credits, in the caller's transaction.
 * False when it was no longer in a state that this event may follow; then nothing changed and the caller has lost the race.
 */
export async function advance(
  tx: Tx,
  id: GenerationId,
  event: GenerationEvent,
  now: number,
  change: Partial<
    Pick<
      GenerationTable,
      'error_code' | 'expires_at' | 'started_at' | 'prompt_sealed' | 'texts_sealed' | 'attempts'
    >
  > & { phase?: string } = {},
): Promise<boolean> {
  const { from, to, credits } = transitionFor(event)
  const { phase, ...columns } = change
  const moved = await queries.moveOn(tx, id, from, {
    ...columns,
    state: to,
    updated_at: now,
    ...(credits !== 'stay' ? { ended_at: now } : {}),
    ...(event === 'expire' || event === 'remove' ? { expires_at: null } : {}),
  })
  if (!moved) return false
  await queries.insertEvent(tx, {
    generation_id: id,
    seq: moved.seq,
    subject_id: moved.subject_id,
    state: to,
    phase: phase ?? to,
    at: now,
  })
  if (moved.credit_hold_id && credits === 'capture') await capture(tx, moved.credit_hold_id, now)
  if (moved.credit_hold_id && credits === 'release') await release(tx, moved.credit_hold_id, now)
  return true
}

/** When what is made or has ended now goes, unless its owner saves it. */
export function goesAt({ clock, config }: Pick<Ground, 'clock' | 'config'>): number {
  return clock.now() + config.keepUnsavedDays * DAY
}

/** A finer step within a state, for whoever watches. False when the generation has moved on. */
export async function notePhase(
  tx: Tx,
  id: GenerationId,
  state: GenerationTable['state'],
  phase: string,
  now: number,
): Promise<boolean> {
  const moved = await queries.moveOn(tx, id, [state], { state, updated_at: now })
  if (!moved) return false
  await queries.insertEvent(tx, {
    generation_id: id,
    seq: moved.seq,
    subject_id: moved.subject_id,
    state,
    phase,
    at: now,
  })
  return true
}
