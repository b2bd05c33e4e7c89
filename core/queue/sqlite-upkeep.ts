/** What keeps the job table in order: leases of the dead, jobs that wait too long, and rows nobody needs. */
import type { Db, Tx } from '#core/db/schema/schema.ts'
import { LEASE_EXPIRED, ONCE, ONCE_KEPT_MS, TOO_LONG_MS, URGENT } from './queue.ts'
import { freeFollowers } from './sqlite-followers.ts'

/** Rows that one transaction changes: a longer one would make every writer wait. */
const BATCH = 500

/** A job that no worker holds. */
export const nobody = { worker: null, lease_until: null } as const

export async function sweep(tx: Tx, now: number): Promise<{ expired: number }> {
  const buried = await tx
    .updateTable('job')
    .set({ state: 'dead', ended_at: now, failure: LEASE_EXPIRED, ...nobody })
    .where('state', '=', 'active')
    .where('lease_until', '<', now)
    .whereRef('attempt', '>=', 'max_attempts')
    .executeTakeFirst()
  const returned = await tx
    .updateTable('job')
    .set({ state: 'waiting', failure: LEASE_EXPIRED, ...nobody })
    .where('state', '=', 'active')
    .where('lease_until', '<', now)
    .executeTakeFirst()
  const expired = Number(buried.numUpdatedRows) + Number(returned.numUpdatedRows)
  if (expired > 0) await freeFollowers(tx)
  const late = tx
    .selectFrom('job')
    .select('id')
    .where('state', '=', 'waiting')
    .where('priority', '>', URGENT)
    .where('run_at', '<', now - TOO_LONG_MS)
    .limit(BATCH)
  await tx.updateTable('job').set({ priority: URGENT }).where('id', 'in', late).execute()
  return { expired }
}

/** Both times in ms since 1970. Answers how many rows went. */
export async function prune(db: Db, olderThan: number, now: number): Promise<number> {
  const forgotten = now - ONCE_KEPT_MS
  let pruned = 0
  for (let last = BATCH; last === BATCH; pruned += last) {
    last = await db.transaction(async (tx) => {
      const old = tx
        .selectFrom('job')
        .select('id')
        .where('state', 'in', ['done', 'dead'])
        .where('ended_at', '<', olderThan)
        .where(({ or, eb }) =>
          or([
            eb('dedupe_key', 'is', null),
            eb('dedupe_key', 'not like', `${ONCE}%`),
            eb('ended_at', '<', forgotten),
          ]),
        )
        .limit(BATCH)
      const result = await tx.deleteFrom('job').where('id', 'in', old).executeTakeFirst()
      return Number(result.numDeletedRows)
    })
  }
  return pruned
}
