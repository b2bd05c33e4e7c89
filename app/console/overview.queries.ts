import { sql } from 'kysely'
import { liveStates } from '#app/studio/generations/states.ts'
import { ofCanary } from '#compliance/promises/canary.ts'
import type { ReadOrTx } from '#core/db/schema/schema.ts'
import type { GenerationState } from '#core/db/schema/studio.ts'
import { firstIdAt } from '#core/ids/ids.ts'

export async function mailCounts(read: ReadOrTx): Promise<{ failed: number; held: number }> {
  const rows = await read
    .selectFrom('mail')
    .select(['status', (e) => e.fn.countAll<number>().as('n')])
    .where('status', 'in', ['failed', 'held'])
    .where('kind', '<>', ofCanary)
    .groupBy('status')
    .execute()
  const of = (status: string) => Number(rows.find((row) => row.status === status)?.n ?? 0)
  return { failed: of('failed'), held: of('held') }
}

export async function pastDeadline(read: ReadOrTx, now: number): Promise<number> {
  const row = await read
    .selectFrom('generation')
    .select((e) => e.fn.countAll<number>().as('n'))
    .where('state', 'in', liveStates)
    .where('deadline_at', '<', now)
    .executeTakeFirstOrThrow()
  return Number(row.n)
}

/** Ids begin with the time they were made, so the primary key finds the newest without an index on time. */
export async function statesSince(
  read: ReadOrTx,
  since: number,
): Promise<{ state: GenerationState; count: number }[]> {
  const rows = await read
    .selectFrom('generation')
    .select(['state', (e) => e.fn.countAll<number>().as('n')])
    .where('id', '>=', firstIdAt('generation', since))
    .where('model', '<>', ofCanary)
    .groupBy('state')
    .execute()
  return rows.map(({ state, n }) => ({ state, count: Number(n) }))
}

/**
 * How many were asked for on each day (UTC) since then, by how they stand. `day` is the first ms of it; `wrong` tells
 * those that ended without a video, also after their row was emptied.
 */
export async function statesByDay(read: ReadOrTx, since: number) {
  const rows = await read
    .selectFrom('generation')
    .select([
      sql<number>`created_at / 86400000`.as('day'),
      'state',
      sql<number>`case when error_code is null then 0 else 1 end`.as('wrong'),
      (e) => e.fn.countAll<number>().as('n'),
    ])
    .where('id', '>=', firstIdAt('generation', since))
    .where('model', '<>', ofCanary)
    .groupBy([sql`created_at / 86400000`, 'state', sql`case when error_code is null then 0 else 1 end`])
    .execute()
  return rows.map(({ day, state, wrong, n }) => ({
    day: Number(day) * 86_400_000,
    state,
    wrong: Number(wrong) === 1,
    count: Number(n),
  }))
}

/** How long the newest that ended well took, at most `limit` of them; ms. */
export async function durationsSince(read: ReadOrTx, since: number, limit: number): Promise<number[]> {
  const rows = await read
    .selectFrom('generation')
    .select(['started_at', 'ended_at'])
    .where('state', '=', 'ready')
    .where('id', '>=', firstIdAt('generation', since))
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  return rows.flatMap((row) =>
    row.started_at === null || row.ended_at === null ? [] : [row.ended_at - row.started_at],
  )
}

/** Credits that were given and that were used up since then. */
export async function creditsSince(
  read: ReadOrTx,
  since: number,
): Promise<{ granted: number; used: number }> {
  const rows = await read
    .selectFrom('ledger_transfer as t')
    .innerJoin('ledger_entry as e', 'e.transfer_id', 't.id')
    .select(['t.kind', (e) => e.fn.sum<number>('e.amount').as('sum')])
    .where('t.id', '>=', firstIdAt('transfer', since))
    .where('e.amount', '>', 0)
    .groupBy('t.kind')
    .execute()
  const of = (kind: string) => Number(rows.find((row) => row.kind === kind)?.sum ?? 0)
  return { granted: of('grant'), used: of('capture') }
}

/** When somebody last said that they keep a copy of the installation key. */
export async function keyBackedUpAt(read: ReadOrTx): Promise<number | undefined> {
  const row = await read
    .selectFrom('audit')
    .select('at')
    .where('target_id', '=', 'installation_key')
    .where('act', '=', 'installation.key_backed_up')
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.at
}
