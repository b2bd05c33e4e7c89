import { sql } from 'kysely'
import type { ReadOrTx, Tx } from '#core/db/schema/schema.ts'
import type { AttemptState, AttemptTable } from '#core/db/schema/studio.ts'
import type { GenerationId, IdOf, SubjectId } from '#core/ids/ids.ts'

export type AttemptId = IdOf<'attempt'>

/** Those that a provider may be working on, or that are about to be sent. */
export const liveAttempts = ['started', 'submitting', 'unknown', 'accepted'] as const satisfies AttemptState[]

export async function insertAttempt(tx: Tx, row: AttemptTable): Promise<void> {
  await tx.insertInto('attempt').values(row).execute()
}

export async function newestAttempt(read: ReadOrTx, id: GenerationId): Promise<AttemptTable | undefined> {
  return read
    .selectFrom('attempt')
    .selectAll()
    .where('generation_id', '=', id)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst()
}

export async function attemptsOf(read: ReadOrTx, id: GenerationId): Promise<AttemptTable[]> {
  return read.selectFrom('attempt').selectAll().where('generation_id', '=', id).orderBy('number').execute()
}

export async function attempt(read: ReadOrTx, id: AttemptId): Promise<AttemptTable | undefined> {
  return read.selectFrom('attempt').selectAll().where('id', '=', id).executeTakeFirst()
}

/** By what the provider calls it, for a webhook. */
export async function attemptOfJob(
  read: ReadOrTx,
  provider: string,
  providerJob: string,
): Promise<AttemptTable | undefined> {
  return read
    .selectFrom('attempt')
    .selectAll()
    .where('provider', '=', provider)
    .where('provider_job', '=', providerJob)
    .limit(1)
    .executeTakeFirst()
}

/** Its reserved turn to ask the provider, or that it has none. */
export async function noteTurn(tx: Tx, id: AttemptId, poll_at: number | null): Promise<void> {
  await tx.updateTable('attempt').set({ poll_at }).where('id', '=', id).execute()
}

/** Changes it if it is in one of the states `from`. False when it is not: somebody else was quicker. */
export async function moveAttempt(
  tx: Tx,
  id: AttemptId,
  from: readonly AttemptState[],
  change: Partial<Omit<AttemptTable, 'id' | 'generation_id' | 'subject_id' | 'number' | 'provider'>>,
): Promise<boolean> {
  const done = await tx
    .updateTable('attempt')
    .set(change)
    .where('id', '=', id)
    .where('state', 'in', from)
    .executeTakeFirst()
  return done.numUpdatedRows > 0n
}

/** Notes a knock, later than every one before it, so that a poll that began before can tell. False when it is not asked about. */
export async function wakeAttempt(tx: Tx, id: AttemptId, now: number): Promise<boolean> {
  const done = await tx
    .updateTable('attempt')
    .set({ woken_at: sql<number>`case when woken_at >= ${now} then woken_at + 1 else ${now} end` })
    .where('id', '=', id)
    .where('state', '=', 'accepted')
    .executeTakeFirst()
  return done.numUpdatedRows > 0n
}

/** How many jobs each person has at each provider. */
export async function inFlight(
  read: ReadOrTx,
): Promise<{ provider: string; subject_id: SubjectId; jobs: number }[]> {
  const rows = await read
    .selectFrom('attempt')
    .select(['provider', 'subject_id'])
    .select((e) => e.fn.countAll<number>().as('jobs'))
    .where('state', 'in', liveAttempts)
    .groupBy(['provider', 'subject_id'])
    .execute()
  return rows.map((row) => ({ ...row, jobs: Number(row.jobs) }))
}

export async function jobsAt(read: ReadOrTx, provider: string): Promise<number> {
  const row = await read
    .selectFrom('attempt')
    .select((e) => e.fn.countAll<number>().as('jobs'))
    .where('provider', '=', provider)
    .where('state', 'in', liveAttempts)
    .executeTakeFirstOrThrow()
  return Number(row.jobs)
}

/** What a provider took since then, or will have taken; millionths of a US dollar. Refused attempts cost nothing. */
export async function spentSince(read: ReadOrTx, provider: string, since: number): Promise<number> {
  const row = await read
    .selectFrom('attempt')
    .select((e) => e.fn.sum<number>(e.fn.coalesce('cost_charged', 'cost_expected')).as('spent'))
    .where('provider', '=', provider)
    .where('started_at', '>=', since)
    .where((e) => e.or([e('state', 'in', [...liveAttempts, 'succeeded']), e('cost_charged', 'is not', null)]))
    .executeTakeFirstOrThrow()
  return Number(row.spent ?? 0)
}
