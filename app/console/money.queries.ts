import { sql } from 'kysely'
import { liveAttempts } from '#app/studio/generations/attempts.queries.ts'
import type { ReadOrTx } from '#core/db/schema/schema.ts'
import { firstIdAt } from '#core/ids/ids.ts'

/** Days are counted in UTC; `day` is the first ms of one. Ids begin with their time, so the primary keys find the newest. */
const dayOf = (column: string) => sql<number>`${sql.ref(column)} / 86400000`

/** What providers took, or will have taken, by the day on which the job began. */
export async function spentByDay(
  read: ReadOrTx,
  since: number,
): Promise<{ day: number; microUsd: number }[]> {
  const rows = await read
    .selectFrom('attempt')
    .select([
      dayOf('started_at').as('day'),
      (e) => e.fn.sum<number>(e.fn.coalesce('cost_charged', 'cost_expected')).as('spent'),
    ])
    .where('id', '>=', firstIdAt('attempt', since))
    .where((e) => e.or([e('state', 'in', [...liveAttempts, 'succeeded']), e('cost_charged', 'is not', null)]))
    .groupBy(dayOf('started_at'))
    .execute()
  return rows.map(({ day, spent }) => ({ day: Number(day) * 86_400_000, microUsd: Number(spent ?? 0) }))
}

/** Credits of holds that were captured, by the day of their capture. */
export async function capturedByDay(
  read: ReadOrTx,
  since: number,
): Promise<{ day: number; credits: number }[]> {
  const rows = await read
    .selectFrom('credit_hold')
    .select([dayOf('ended_at').as('day'), (e) => e.fn.sum<number>('amount').as('credits')])
    .where('state', '=', 'captured')
    // No generation lives longer than a day past its hold.
    .where('id', '>=', firstIdAt('creditHold', since - 2 * 86_400_000))
    .where('ended_at', '>=', since)
    .groupBy(dayOf('ended_at'))
    .execute()
  return rows.map(({ day, credits }) => ({ day: Number(day) * 86_400_000, credits: Number(credits) }))
}

/** Attempts that failed, by the day on which they began and by class. */
export async function failuresByDay(
  read: ReadOrTx,
  since: number,
): Promise<{ day: number; errorClass: string; count: number }[]> {
  const rows = await read
    .selectFrom('attempt')
    .select([dayOf('started_at').as('day'), 'error_class', (e) => e.fn.countAll<number>().as('n')])
    .where('id', '>=', firstIdAt('attempt', since))
    .where('error_class', 'is not', null)
    .groupBy([dayOf('started_at'), 'error_class'])
    .execute()
  return rows.map(({ day, error_class, n }) => ({
    day: Number(day) * 86_400_000,
    errorClass: String(error_class),
    count: Number(n),
  }))
}
