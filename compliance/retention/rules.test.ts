/**
 * Pins: a table of which the data map says that its rows go after some days, and nothing lets them go; a rule that takes
 * what is not yet past its time.
 */
import { expect, test } from 'vitest'
import { dataMap } from '#compliance/data-map/map.ts'
import type { TableRule } from '#compliance/data-map/rules.ts'
import { DAY } from '#core/clock/clock.ts'
import { toJson } from '#core/db/columns.ts'
import { newId } from '#core/ids/ids.ts'
import { aHouse, aPerson } from '#test/factories/house.ts'
import { onBothGrounds } from '#test/grounds.ts'
import { houseRules } from './rules.ts'
import { runRule } from './run.ts'

/** What goes by another way than a rule of its own. */
const elsewhere = {
  audit: 'whole segments behind a signed checkpoint (jobs/audit.ts)',
  job: 'by the queue itself (jobs/retention.ts)',
}

test('every table that the data map gives days has a rule that counts them', async () => {
  const rules = houseRules(await aHouse()).map(({ name }) => name.split('.')[0])
  const timed = Object.entries(dataMap as Record<string, TableRule<never>>)
    .filter(([table, { keep }]) => 'days' in keep && !(table in elsewhere))
    .map(([table]) => table)
  expect(timed.filter((table) => !rules.includes(table))).toEqual([])
})

onBothGrounds('what is remembered of providers', (ground) => {
  test('goes after its time, and not before', async () => {
    const house = await aHouse(ground)
    const { id: subject } = await aPerson(house)
    const now = house.clock.now()
    const ages = { webhook_delivery: 7, provider_reading: 1095, offer_change: 365, transfer: 1095 }
    for (const days of Object.values(ages))
      for (const [name, at] of Object.entries({ old: now - days * DAY - 1, new: now - days * DAY + 1000 }))
        await house.db.transaction(async (tx) => {
          const key = `${name}-${days}`
          await tx
            .insertInto('webhook_delivery')
            .values({ provider: 'one', delivery: key, at })
            .onConflict((c) => c.columns(['provider', 'delivery']).doNothing())
            .execute()
          const sums = { balance_micro_usd: 1, counted_micro_usd: 0, drift_micro_usd: null }
          await tx
            .insertInto('provider_reading')
            .values({ provider: 'one', at, ...sums })
            .onConflict((c) => c.columns(['provider', 'at']).doNothing())
            .execute()
          const change = { provider: 'one', offer: key, kind: 'new', was: null, is_now: null } as const
          await tx
            .insertInto('offer_change')
            .values({ id: newId('event', at), ...change, at, dismissed_at: null })
            .execute()
          const receiver = { processor_id: 'one', processor: 'One', country: 'SG', safeguard: 'adequacy' }
          await tx
            .insertInto('transfer')
            .values({
              id: newId('handover', at),
              subject_id: subject,
              generation_id: newId('generation', at),
              attempt_id: newId('attempt', at),
              ...receiver,
              categories: toJson(['prompt']),
              at,
              deletion: null,
              deletion_at: null,
            })
            .execute()
        })
    for (const rule of houseRules(house)) await runRule(house, rule, new AbortController().signal)
    for (const [table, days] of Object.entries(ages)) {
      const left = await house.db.read
        .selectFrom(table as 'transfer')
        .select('at')
        .orderBy('at')
        .execute()
      expect(left[0]?.at, table).toBe(now - days * DAY + 1000)
    }
  })
})
