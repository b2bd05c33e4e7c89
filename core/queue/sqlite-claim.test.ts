/** Pins: a claim, a cancellation or a look for what follows that reads the whole table. */
import type { Kysely, RawBuilder } from 'kysely'
import { expect, test } from 'vitest'
import { aQueue } from '#test/programs/queue-bed.ts'
import { cancelStatements, firstDueStatement, takeFairly, takeUnhindered } from './sqlite-claim.ts'
import { freeStatements, runsStatement } from './sqlite-followers.ts'

async function planner(): Promise<(statement: RawBuilder<unknown>) => Promise<string[]>> {
  const { db } = await aQueue('sqlite')
  return async (statement) => {
    const compiled = statement.compile(db.maintenance as unknown as Kysely<unknown>)
    const { rows } = await db.maintenance.executeQuery<{ detail: string }>({
      ...compiled,
      sql: `explain query plan ${compiled.sql}`,
    })
    return rows.map((row) => row.detail).filter((detail) => /\b(job|before)\b/.test(detail))
  }
}

test('what waits is cancelled by the key it was written under', async () => {
  const plan = await planner()
  const steps = []
  for (const statement of cancelStatements({ queue: 'work', dedupeKey: 'a' }))
    steps.push(...(await plan(statement)))
  expect(steps).toEqual([
    'SEARCH job USING INDEX job_once (queue=? AND dedupe_key=?)',
    'SEARCH job USING INDEX job_following (queue=? AND dedupe_key=?)',
  ])
})

test('what follows a job is found by the indexes of what waits, runs and follows', async () => {
  const plan = await planner()
  expect(await plan(runsStatement('work', 'a'))).toEqual([
    'SEARCH job USING INDEX job_once (queue=? AND dedupe_key=?)',
  ])
  for (const statement of freeStatements) {
    expect(await plan(statement)).toEqual([
      'SEARCH job USING INDEX job_ended (state=?)',
      'SEARCH before USING INDEX job_once (queue=? AND dedupe_key=?)',
    ])
  }
})

test('every step of a claim is answered by an index', async () => {
  const plan = await planner()
  const claim = { queue: 'work', priority: 0, now: 1, worker: 'w', leaseMs: 1 }
  const steps = [
    ...(await plan(firstDueStatement(['work', 'other.work'], 1))),
    ...(await plan(takeUnhindered(claim))),
    ...(await plan(takeFairly(claim))),
  ]
  expect(steps).not.toEqual([])
  // The jobs that run are few, and have an index of their own to be listed by.
  const whole = steps.filter((step) => !/^(SEARCH job USING|SCAN job USING INDEX job_leased)/.test(step))
  expect(whole).toEqual([])
})
