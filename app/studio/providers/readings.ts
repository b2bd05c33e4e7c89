import type { House } from '#app/house.ts'
import * as attempts from '#app/studio/generations/attempts.queries.ts'
import { watchOffers } from './offers-watch.ts'
import type { Provider } from './provider.ts'
import { isProviderError } from './provider-errors.ts'

/** Told and counted may differ by this much before it is an alarm: prices are rounded, and failures are paid back late. */
const ALARM_MICRO_USD = 1_000_000
const ALARM_SHARE = 0.05

/** Once a day: what each provider's account still holds against what we counted, and what it lists now. */
export async function readProviders(house: House, signal: AbortSignal): Promise<void> {
  const connections = await house.db.read
    .selectFrom('provider_connection')
    .selectAll()
    .where('is_on', '=', 1)
    .execute()
  for (const row of connections) {
    const provider = await house.providers.get(row.id)
    if (!provider) continue
    for (const read of [readBalance, watchOffers])
      await read(house, row.id, provider, signal).catch((error: unknown) => {
        if (signal.aborted) throw error
        // One that does not answer today is read tomorrow; its health shows elsewhere.
        house.log.warn('A provider could not be read', {
          provider: row.id,
          ...(isProviderError(error) ? { code: error.errorClass } : { error }),
        })
      })
  }
}

/** Writes down the balance with what our record says was spent since the last one. Nothing where the provider is silent. */
export async function readBalance(
  { db, clock, log }: House,
  id: string,
  provider: Provider,
  signal: AbortSignal,
): Promise<void> {
  const told = await provider.balance?.(signal)
  if (!told) return
  const now = clock.now()
  const before = await db.read
    .selectFrom('provider_reading')
    .selectAll()
    .where('provider', '=', id)
    .orderBy('at', 'desc')
    .limit(1)
    .executeTakeFirst()
  const counted = before ? await attempts.spentSince(db.read, id, before.at) : 0
  const spent = before ? before.balance_micro_usd - told.microUsd : 0
  // More than before: money was paid in, and what was spent besides cannot be told from it.
  const drift = before && spent >= 0 ? spent - counted : null
  await db.transaction(async (tx) => {
    await tx
      .insertInto('provider_reading')
      .values({
        provider: id,
        at: now,
        balance_micro_usd: told.microUsd,
        counted_micro_usd: counted,
        drift_micro_usd: drift,
      })
      .execute()
    await tx
      .updateTable('provider_connection')
      .set({ balance_micro_usd: told.microUsd, balance_at: now })
      .where('id', '=', id)
      .execute()
  })
  if (drift !== null && isAlarming(drift, counted))
    log.warn('A provider took another sum than was counted', { provider: id, drift, counted })
}

/** Past one dollar and past a twentieth of what was counted. */
export function isAlarming(drift: number, counted: number): boolean {
  return Math.abs(drift) > Math.max(ALARM_MICRO_USD, counted * ALARM_SHARE)
}

/** The last reading of each provider whose drift is an alarm, for the console. */
export async function driftAlarms({ db }: Pick<House, 'db'>) {
  const rows = await db.read
    .selectFrom('provider_reading as r')
    .selectAll('r')
    .where((e) =>
      e(
        'r.at',
        '=',
        e
          .selectFrom('provider_reading as n')
          .select((f) => f.fn.max('n.at').as('at'))
          .whereRef('n.provider', '=', 'r.provider'),
      ),
    )
    .execute()
  return rows.filter(
    (row) => row.drift_micro_usd !== null && isAlarming(row.drift_micro_usd, row.counted_micro_usd),
  )
}
