import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Ground } from '#core/house.ts'
import { newId } from '#core/ids/ids.ts'

/** One rule of how long something is kept. A batch is small: on SQLite nobody else can write while it runs. */
export interface RetentionRule {
  /** `<table>.<why>`, as the proof row names it. */
  name: string
  /** Lets up to `limit` go and says how many it looked at and how many went. */
  batch(limit: number): Promise<{ considered: number; deleted: number }>
}

const BATCH = 100
/** A run ends after so many batches; the next one, ten minutes later, goes on. */
const MOST_BATCHES = 200

/** Runs a rule until it finds nothing more, and writes the proof row if it did anything. */
export async function runRule(
  { db, clock, log }: Pick<Ground, 'db' | 'clock' | 'log'>,
  rule: RetentionRule,
  signal: AbortSignal,
): Promise<{ considered: number; deleted: number }> {
  const started = clock.now()
  const total = { considered: 0, deleted: 0 }
  let failed = 0
  for (let i = 0; i < MOST_BATCHES && !signal.aborted; i++) {
    try {
      const { considered, deleted } = await rule.batch(BATCH)
      total.considered += considered
      total.deleted += deleted
      if (considered < BATCH || deleted === 0) break
      // SQLite answers without the event loop turning once; this process has leases to renew meanwhile.
      await nextTurn()
    } catch (error) {
      failed = 1
      log.error('A retention rule failed; it is tried again at the next sweep', { rule: rule.name, error })
      break
    }
  }
  if (total.considered === 0 && failed === 0) return total
  await db.transaction((tx) =>
    tx
      .insertInto('retention_run')
      .values({
        id: newId('run', started),
        rule: rule.name,
        started_at: started,
        ended_at: clock.now(),
        ...total,
        failed,
      })
      .execute(),
  )
  return total
}
