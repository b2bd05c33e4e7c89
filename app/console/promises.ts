import type { House } from '#app/house.ts'
import { type Standing, standingsOf } from '#compliance/promises/run.ts'
import { appendAudit, prepareEntry } from '#compliance/records/audit.ts'
import { MINUTE } from '#core/clock/clock.ts'
import type { Staff } from './staff.ts'

/** What the service promises people, and whether the newest check over live data found it kept. */
export type PromiseState = Standing['state']

const worstFirst: readonly PromiseState[] = ['broken', 'unknown', 'kept', 'not_made']

/** The broken ones first; otherwise in the order of the policy. */
export async function promiseRows({ db, clock }: Pick<House, 'db' | 'clock'>): Promise<Standing[]> {
  const rows = await standingsOf(db.read, clock.now())
  return rows.toSorted((a, b) => worstFirst.indexOf(a.state) - worstFirst.indexOf(b.state))
}

export async function promiseCounts(
  house: Pick<House, 'db' | 'clock'>,
): Promise<Record<PromiseState, number>> {
  const counts = { kept: 0, broken: 0, unknown: 0, not_made: 0 }
  for (const { state } of await promiseRows(house)) counts[state] += 1
  return counts
}

/** Has every promise checked soon; however often it is asked for meanwhile, one check waits and one runs. */
export async function checkPromises(house: House, actor: Staff): Promise<void> {
  const slot = new Date(house.clock.now() - (house.clock.now() % MINUTE)).toISOString()
  const entry = await prepareEntry(house, { actor, act: 'promises.check_asked' })
  await house.db.transaction(async (tx) => {
    await house.queue.enqueue(tx, {
      queue: 'promises.check',
      payload: { slot },
      dedupeKey: 'asked-in-console',
    })
    await appendAudit(tx, entry)
  })
}
