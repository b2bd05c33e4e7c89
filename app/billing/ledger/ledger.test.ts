/** Pins: two holds on the same last credits; a refund that races a capture; a grant that a repeated request doubles. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Db } from '#core/db/schema/schema.ts'
import { newId, type SubjectId } from '#core/ids/ids.ts'
import { aDatabase, onBothGrounds } from '#test/grounds.ts'
import { discrepancies } from './ledger.queries.ts'
import { balanceOf, capture, grant, type HoldId, hold, openAccount, release } from './ledger.ts'

const inOrder = { sumOfEntries: 0, wrongBalances: 0, wrongHolds: 0 }

async function aPersonWith(db: Db, credits: number): Promise<SubjectId> {
  const subject = newId('subject', 1)
  await db.transaction(async (tx) => {
    await openAccount(tx, subject)
    if (credits) await grant(tx, { subject, amount: credits, key: `start:${subject}`, actor: 'test', now: 1 })
  })
  return subject
}

const holdFor = (db: Db, subject: SubjectId, amount: number) =>
  db.transaction((tx) => hold(tx, { subject, generation: newId('generation', 1), amount, now: 1 }))

onBothGrounds('credits', (ground) => {
  test('a captured hold takes its credits, a released one gives them back, each once', async () => {
    const db = await aDatabase(ground)
    const subject = await aPersonWith(db, 100)
    const first = await holdFor(db, subject, 30)
    const second = await holdFor(db, subject, 20)
    expect(await balanceOf(db.read, subject)).toEqual({ balance: 100, held: 50, available: 50 })
    const ends = await Promise.all([
      db.transaction((tx) => capture(tx, first, 2)),
      db.transaction((tx) => release(tx, first, 2)),
      db.transaction((tx) => capture(tx, first, 2)),
    ])
    expect(ends.filter(Boolean)).toHaveLength(1)
    await db.transaction((tx) => release(tx, second, 2))
    expect(await balanceOf(db.read, subject)).toEqual(
      ends[1] ? { balance: 100, held: 0, available: 100 } : { balance: 70, held: 0, available: 70 },
    )
    expect(await discrepancies(db.read)).toEqual(inOrder)
  })

  test('too few credits: a sentence with both numbers, and nothing changes', async () => {
    const db = await aDatabase(ground)
    const subject = await aPersonWith(db, 10)
    await expect(holdFor(db, subject, 11)).rejects.toMatchObject({
      code: 'insufficient_credits',
      status: 402,
      sentence: { values: { price: 11, available: 10 } },
    })
    expect(await balanceOf(db.read, subject)).toEqual({ balance: 10, held: 0, available: 10 })
  })

  test('of two holds on the last credits, one wins', async () => {
    const db = await aDatabase(ground)
    const subject = await aPersonWith(db, 10)
    const tries = await Promise.allSettled(Array.from({ length: 5 }, () => holdFor(db, subject, 10)))
    expect(tries.filter((t) => t.status === 'fulfilled')).toHaveLength(1)
  })

  test('the same grant twice counts once', async () => {
    const db = await aDatabase(ground)
    const subject = await aPersonWith(db, 0)
    const give = () =>
      db.transaction((tx) => grant(tx, { subject, amount: 50, key: 'welcome', actor: 'test', now: 1 }))
    expect((await Promise.all([give(), give(), give()])).filter(Boolean)).toHaveLength(1)
    expect((await balanceOf(db.read, subject)).balance).toBe(50)
  })

  test('nobody can write an amount that is no whole number', async () => {
    const db = await aDatabase(ground)
    const subject = await aPersonWith(db, 10)
    for (const amount of [0, -5, 1.5, Number.NaN, 2 ** 60])
      await expect(holdFor(db, subject, amount)).rejects.toMatchObject({ code: 'bad_amount' })
  })

  test('after any interleaving the books are in order and each hold ended at most once', async () => {
    const db = await aDatabase(ground)
    const step = fc.record({
      act: fc.constantFrom('grant', 'hold', 'capture', 'release', 'throw'),
      who: fc.nat(1),
      amount: fc.integer({ min: 1, max: 40 }),
      pick: fc.nat(20),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(step, { maxLength: 4 }), { maxLength: 8 }), async (rounds) => {
        const people = [await aPersonWith(db, 50), await aPersonWith(db, 50)]
        const holds: HoldId[] = []
        const ended = new Map<HoldId, number>()
        for (const round of rounds) {
          await Promise.allSettled(
            round.map(async ({ act, who, amount, pick }, i) => {
              const subject = people[who] as SubjectId
              const chosen = holds[pick % Math.max(1, holds.length)]
              if (act === 'grant')
                await db.transaction((tx) =>
                  grant(tx, { subject, amount, key: `${subject}:${pick}`, actor: 'test', now: i }),
                )
              if (act === 'hold') holds.push(await holdFor(db, subject, amount))
              if (act === 'throw')
                await db.transaction(async (tx) => {
                  await hold(tx, { subject, generation: newId('generation', i), amount, now: i })
                  throw new Error('the process died')
                })
              if (!chosen || (act !== 'capture' && act !== 'release')) return
              const did = await db.transaction((tx) => (act === 'capture' ? capture : release)(tx, chosen, i))
              if (did) ended.set(chosen, (ended.get(chosen) ?? 0) + 1)
            }),
          )
        }
        expect(await discrepancies(db.read)).toEqual(inOrder)
        expect([...ended.values()].every((times) => times === 1)).toBe(true)
        for (const subject of people) {
          const { balance, held } = await balanceOf(db.read, subject)
          expect(held).toBeGreaterThanOrEqual(0)
          expect(balance).toBeGreaterThanOrEqual(held)
        }
      }),
      { numRuns: ground === 'sqlite' ? 60 : 15 },
    )
  })
})
