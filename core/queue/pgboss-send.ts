/** How jobs get into pg-boss: at once, or behind one of their key that runs. */
import { fromKysely, type PgBoss } from 'pg-boss'
import type { Tx } from '#core/db/schema/schema.ts'
import { type JobId, newId } from '#core/ids/ids.ts'
import { onceId, uuidOf } from './job-id.ts'
import type { Payload } from './payloads.ts'
import * as statements from './pgboss-sql.ts'
import { type AnyPayloads, keyOf, MAX_ATTEMPTS, type NewJob, priorityOf } from './queue.ts'

/** Writes the job in the caller's transaction. Undefined for a duplicate. */
export async function send(
  boss: PgBoss,
  tx: Tx,
  job: NewJob<AnyPayloads>,
  now: number,
): Promise<JobId | undefined> {
  const id = job.once === undefined ? newId('job', now) : onceId(job.queue, job.once)
  const delay = (job.runAt ?? now) - now
  const db = fromKysely(tx)
  const insert = async (singletonKey: string) => {
    const sent = await boss.send(job.queue, job.payload, {
      db,
      id: uuidOf(id),
      singletonKey,
      // Here the greater number goes first.
      priority: -priorityOf(job),
      retryLimit: (job.maxAttempts ?? MAX_ATTEMPTS) - 1,
      ...(delay > 0 && { startAfter: inMs(delay) }),
      ...(job.subject && { group: { id: job.subject } }),
    })
    return sent !== null
  }
  for (;;) {
    // Every queue is `exclusive`: one job a key. A job without a key is its own.
    if (await insert(keyOf(job) ?? id)) return id
    if (job.dedupeKey === undefined) return undefined
    const { rows } = await db.executeSql(statements.hold, [job.queue, job.dedupeKey])
    const state = rows[0]?.state
    // It ended just now, so there is room for this one.
    if (state === undefined) continue
    if (state !== 'active' || !(await insert(`${statements.FOLLOWING}${job.dedupeKey}`))) return undefined
    await db.executeSql(statements.block, [job.queue, uuidOf(id)])
    return id
  }
}

interface Follower {
  id: string
  name: string
  data: Payload
  group_id: string | null
  priority: number
  retry_limit: number
  key: string
  /** ms until it is due. */
  delay: number
}

/**
 * Lets those wait to be claimed that followed a job which has ended: the rows that `take` takes away are written anew, and
 * the engine's own insert drops one whose key waits already.
 */
export async function freeFollowers(boss: PgBoss, tx: Tx, take: string, values: unknown[]): Promise<void> {
  const db = fromKysely(tx)
  for (const row of (await db.executeSql(take, values)).rows as Follower[]) {
    await boss.send(row.name, row.data, {
      db,
      id: row.id,
      singletonKey: row.key,
      priority: row.priority,
      retryLimit: row.retry_limit,
      ...(row.delay > 0 && { startAfter: inMs(row.delay) }),
      ...(row.group_id && { group: { id: row.group_id } }),
    })
  }
}

export const inMs = (ms: number) => `${Math.ceil(ms)} milliseconds`
