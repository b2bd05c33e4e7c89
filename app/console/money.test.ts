/** Pins: a sum on the wrong day or counted twice; a failure that cost nothing among what was spent; a value of credits that is stale. */
import { expect, test } from 'vitest'
import * as ledger from '#app/billing/ledger/ledger.ts'
import { aHouse, aPerson } from '#test/factories/house.ts'
import { onBothGrounds } from '#test/grounds.ts'
import { generationFacts } from './generations.ts'
import { money } from './money.ts'
import { changeCredit } from './settings.ts'
import { actsOf, aGeneration, anAttempt, asStaff } from './testing.ts'

const at = { provider: 'one', route: 'a' }

onBothGrounds('money of the house', (ground) => {
  test('thirty days of money: spent, earned and failed on their own days', async () => {
    const house = await aHouse(ground)
    house.clock.set(Date.UTC(2026, 10, 20, 12))
    const owner = asStaff((await aPerson(house, { role: 'owner' })).id, 'owner')
    const anna = await aPerson(house)
    await anAttempt(house, anna.id, at, { state: 'succeeded', cost_expected: 500, cost_charged: 300 })
    await anAttempt(house, anna.id, at, { state: 'failed', error_class: 'timeout', cost_expected: 700 })
    const id = await aGeneration(house, anna.id)
    house.clock.set(Date.UTC(2026, 10, 21, 0, 5))
    await anAttempt(house, anna.id, at, { state: 'accepted', cost_expected: 200 })
    const row = await house.db.read
      .selectFrom('generation')
      .select('credit_hold_id')
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    await house.db.transaction((tx) => ledger.capture(tx, row.credit_hold_id as never, house.clock.now()))
    expect(await changeCredit(house, owner, 20_000)).toBe(true)
    expect(await changeCredit(house, owner, 20_000)).toBe(false)
    const { days, failures } = await money(house)
    expect(days).toHaveLength(30)
    expect(days.slice(-2)).toEqual([
      {
        day: Date.UTC(2026, 10, 20),
        spentMicroUsd: 300,
        credits: 0,
        worthMicroUsd: 0,
        failures: { timeout: 1 },
      },
      { day: Date.UTC(2026, 10, 21), spentMicroUsd: 200, credits: 1, worthMicroUsd: 20_000, failures: {} },
    ])
    expect(failures).toEqual([{ errorClass: 'timeout', count: 1 }])
    expect(await actsOf(house, owner.id)).toEqual(['setting.changed'])
  })

  test('each try says what it cost, and whether the provider said so', async () => {
    const house = await aHouse(ground)
    const anna = await aPerson(house)
    const costs = []
    for (const changes of [
      { state: 'succeeded', cost_expected: 500, cost_charged: 300 },
      { state: 'accepted', cost_expected: 500 },
      { state: 'failed', cost_expected: 500 },
      { state: 'failed', cost_expected: 500, cost_charged: 100 },
      { state: 'succeeded', cost_expected: 0 },
    ] as const) {
      const attempt = await anAttempt(house, anna.id, at, changes)
      const row = await house.db.read
        .selectFrom('attempt')
        .select('generation_id')
        .where('id', '=', attempt)
        .executeTakeFirstOrThrow()
      costs.push((await generationFacts(house, row.generation_id)).attempts.map(({ cost }) => cost))
    }
    expect(costs.flat()).toEqual([
      { microUsd: 300, told: true },
      { microUsd: 500, told: false },
      null,
      { microUsd: 100, told: true },
      null,
    ])
  })
})
