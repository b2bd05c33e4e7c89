/**
 * Pins: lines that do not add up to the balance, within a page or from one page to the next; a video that shows twice,
 * when it was set aside and when it was paid; somebody else's line; a link to a video that is gone.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { aGeneration } from '#app/console/testing.ts'
import { cancelGeneration, removeGeneration } from '#app/studio/generations/removal.ts'
import type { Db } from '#core/db/schema/schema.ts'
import { newId, type SubjectId } from '#core/ids/ids.ts'
import { aHouse, aPerson } from '#test/factories/house.ts'
import { aDatabase, onBothGrounds } from '#test/grounds.ts'
import { balanceOf, capture, grant, hold, openAccount, release } from './ledger.ts'
import { type StatementLine, statementOf } from './statement.ts'

async function wholeStatement(db: Db, subject: SubjectId, limit: number): Promise<StatementLine[]> {
  const lines: StatementLine[] = []
  let before: string | undefined
  do {
    const page = await statementOf(db.read, subject, { limit, ...(before ? { before } : {}) })
    lines.push(...page.lines)
    before = page.older
  } while (before)
  return lines
}

onBothGrounds('a statement of credits', (ground) => {
  test('whatever happened, the lines add up to what can be spent, on pages of any size', async () => {
    const db = await aDatabase(ground)
    const act = fc.record({ kind: fc.constantFrom('grant', 'hold'), amount: fc.integer({ min: 1, max: 9 }) })
    const ends = fc.constantFrom('capture', 'release', 'stay')
    let clock = 1_000_000
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(act, ends), { maxLength: 12 }),
        fc.integer({ min: 1, max: 5 }),
        async (acts, size) => {
          const subject = newId('subject', clock)
          await db.transaction((tx) => openAccount(tx, subject))
          await db.transaction((tx) =>
            grant(tx, { subject, amount: 500, key: `welcome:${subject}`, actor: 'test', now: clock++ }),
          )
          for (const [{ kind, amount }, end] of acts)
            await db.transaction(async (tx) => {
              clock += 1
              if (kind === 'grant')
                return void (await grant(tx, {
                  subject,
                  amount,
                  key: `${subject}:${clock}`,
                  actor: 'x',
                  now: clock,
                }))
              const generation = newId('generation', clock)
              const id = await hold(tx, { subject, generation, amount, now: clock })
              clock += 1
              if (end === 'capture') await capture(tx, id, clock)
              if (end === 'release') await release(tx, id, clock)
            })
          const lines = await wholeStatement(db, subject, size)
          expect(lines).toHaveLength(acts.length + 1)
          expect(lines[0]?.left).toBe((await balanceOf(db.read, subject)).available)
          lines.forEach((line, at) => {
            expect(line.left).toBe((lines[at + 1]?.left ?? 0) + line.effect)
          })
          expect(lines.at(-1)).toMatchObject({ what: 'welcome', amount: 500, effect: 500, left: 500 })
          expect(new Set(lines.map(({ place }) => place)).size).toBe(lines.length)
        },
      ),
      { numRuns: ground === 'sqlite' ? 40 : 12 },
    )
  })

  test('a video is one line that leads to it while it can be opened, and says what became of its credits', async () => {
    const house = await aHouse(ground)
    const anna = await aPerson(house, { credits: 100 })
    const ben = await aPerson(house, { credits: 7 })
    const made: string[] = []
    for (let n = 0; n < 3; n += 1) {
      house.clock.advance(10)
      made.push(await aGeneration(house, anna.id))
    }
    const [paid, stopped, removed] = made as [never, never, never]
    const paidHold = await house.db.read
      .selectFrom('credit_hold')
      .select('id')
      .where('generation_id', '=', paid)
      .executeTakeFirstOrThrow()
    await house.db.transaction((tx) => capture(tx, paidHold.id, house.clock.now()))
    await cancelGeneration(house, anna.id, stopped)
    await removeGeneration(house, anna.id, removed)
    house.clock.advance(10)
    const running = await aGeneration(house, anna.id)
    const { lines } = await statementOf(house.db.read, anna.id, { limit: 30 })
    expect(lines).toMatchObject([
      { what: 'open', generation: running, effect: -1, left: 98 },
      { what: 'released', generation: null, amount: 1, effect: 0, left: 99 },
      { what: 'released', generation: stopped, effect: 0, left: 99 },
      { what: 'captured', generation: paid, effect: -1, left: 99 },
      { what: 'welcome', generation: null, effect: 100, left: 100 },
    ])
    expect((await statementOf(house.db.read, ben.id, { limit: 30 })).lines).toMatchObject([
      { what: 'welcome', left: 7 },
    ])
    for (const before of ["'", 'x'.repeat(26), '', null])
      expect((await statementOf(house.db.read, anna.id, { limit: 2, before })).lines).toMatchObject([
        { left: 98 },
        { left: 99 },
      ])
  })
})
