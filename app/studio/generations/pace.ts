import { sql } from 'kysely'
import type { ProviderPaceTable } from '#core/db/schema/providers.ts'
import type { Tx } from '#core/db/schema/schema.ts'

/**
 * Reserves the next moment at which a provider may be asked, over all processes: GCRA (ITU-T I.371) without a burst, kept
 * as one row for each lane. Answers that moment in ms, `now` at the earliest. Only for who is due: a
 * turn reserved for a later time would hold up everybody who comes in between.
 */
export async function reserve(
  tx: Tx,
  provider: string,
  lane: ProviderPaceTable['lane'],
  now: number,
  everyMs: number,
): Promise<number> {
  const step = Math.max(1, Math.ceil(everyMs))
  const row = await tx
    .insertInto('provider_pace')
    .values({ provider, lane, next_at: now + step })
    .onConflict((conflict) =>
      conflict.columns(['provider', 'lane']).doUpdateSet({
        next_at: sql<number>`case when provider_pace.next_at > ${now} then provider_pace.next_at else ${now} end + ${step}`,
      }),
    )
    .returning('next_at')
    .executeTakeFirstOrThrow()
  return Number(row.next_at) - step
}
