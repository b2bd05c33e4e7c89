/**
 * Pins: a table of which the data map says that its rows go after some days, and nothing lets them go; a rule that takes
 * what is not yet past its time, or what was prolonged while the rule waited for it; one that takes everything at once, so
 * that nobody else can write meanwhile; a long run in which this process does nothing else.
 */
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { dataMap } from '#compliance/data-map/map.ts'
import type { TableRule } from '#compliance/data-map/rules.ts'
import { DAY } from '#core/clock/clock.ts'
import { toJson } from '#core/db/columns.ts'
import type { Db } from '#core/db/schema/schema.ts'
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

onBothGrounds('what goes by its age alone', (ground) => {
  test('goes in small batches, whatever tells its rows apart', async () => {
    const house = await aHouse(ground)
    const { db } = house
    await db.transaction(async (tx) => {
      for (const n of [1, 2, 3, 4, 5]) {
        await tx
          .insertInto('webhook_delivery')
          .values({ provider: 'one', delivery: `${n}`, at: n })
          .execute()
        await tx
          .insertInto('provider_reading')
          .values({
            provider: 'one',
            at: n,
            balance_micro_usd: 1,
            counted_micro_usd: 0,
            drift_micro_usd: null,
          })
          .execute()
        await tx
          .insertInto('rate_counter')
          .values({ key: `${n}`, used: 1, resets_at: n })
          .execute()
      }
    })
    for (const [name, table] of [
      ['webhook_delivery.age', 'webhook_delivery'],
      ['provider_reading.age', 'provider_reading'],
      ['rate_counter.window', 'rate_counter'],
    ] as const) {
      const rule = houseRules(house).find((one) => one.name === name)
      const batches = [await rule?.batch(2), await rule?.batch(2), await rule?.batch(2), await rule?.batch(2)]
      expect(
        batches.map((batch) => batch?.deleted),
        table,
      ).toEqual([2, 2, 1, 0])
      expect(await db.read.selectFrom(table).selectAll().execute()).toEqual([])
    }
  })

  test('stays when it was prolonged while a rule waited for it', async () => {
    const house = await aHouse(ground)
    const { db, clock } = house
    const { id: subject } = await aPerson(house)
    const now = clock.now()
    const session = newId('session', now)
    await db.transaction(async (tx) => {
      await tx
        .insertInto('rate_counter')
        .values(['begins anew', 'ended'].map((key) => ({ key, used: 9, resets_at: now - 1 })))
        .execute()
      await tx
        .insertInto('session')
        .values({
          id: session,
          subject_id: subject,
          auth_method: 'password',
          device_class: 'computer',
          created_at: now,
          last_seen_at: now,
          expires_at: now - 1,
        })
        .execute()
    })
    const changed = Promise.withResolvers<void>()
    const mayCommit = Promise.withResolvers<void>()
    const prolonging = db.transaction(async (tx) => {
      await tx
        .updateTable('rate_counter')
        .set({ used: 1, resets_at: now + DAY })
        .where('key', '=', 'begins anew')
        .execute()
      await tx
        .updateTable('session')
        .set({ expires_at: now + DAY })
        .where('id', '=', session)
        .execute()
      changed.resolve()
      await mayCommit.promise
    })
    await changed.promise
    const rules = houseRules(house).filter(({ name }) => /^(rate_counter|session)/.test(name))
    const running = Promise.all(rules.map((rule) => rule.batch(100)))
    if (ground === 'postgres') await waitingForLocks(db, 2)
    mayCommit.resolve()
    await prolonging
    const deleted = Object.fromEntries((await running).map((batch, i) => [rules[i]?.name, batch.deleted]))
    expect(deleted).toEqual({ 'session.ended': 0, 'session.oldest': 0, 'rate_counter.window': 1 })
    const counters = await db.read.selectFrom('rate_counter').selectAll().execute()
    expect(counters).toEqual([{ key: 'begins anew', used: 1, resets_at: now + DAY }])
    expect(await db.read.selectFrom('session').selectAll().execute()).toHaveLength(1)
  })
})

test('a long run lets timers and other work have their turn after each batch', async () => {
  const house = await aHouse()
  let turns = 0
  const count = () => {
    turns += 1
    turning = setImmediate(count)
  }
  let turning = setImmediate(count)
  const seen: number[] = []
  const rule = {
    name: 'test.turns',
    async batch() {
      seen.push(turns)
      return { considered: 100, deleted: seen.length < 4 ? 100 : 0 }
    },
  }
  await runRule(house, rule, new AbortController().signal)
  clearImmediate(turning)
  expect(new Set(seen).size).toBe(4)
})

/** Until so many statements wait for what another transaction has changed. */
async function waitingForLocks(db: Db, statements: number): Promise<void> {
  const waiting = sql<{ pid: number }>`select pid from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`
  while ((await waiting.execute(db.maintenance)).rows.length < statements) {}
}
