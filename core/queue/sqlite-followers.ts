/**
 * Jobs that follow one that runs, on SQLite: written while it ran, under its key. The states stand in the statements as the
 * indexes have them: SQLite takes a partial index for no bound value.
 */
import { type RawBuilder, sql } from 'kysely'
import type { Tx } from '#core/db/schema/schema.ts'

const isActive = sql`state in ('waiting', 'active') and state = 'active'`

export function runsStatement(queue: string, key: string): RawBuilder<unknown> {
  return sql`select id from job where queue = ${queue} and dedupe_key = ${key} and ${isActive}`
}

/** Whether a job of this key runs. */
export async function runs(tx: Tx, queue: string, key: string): Promise<boolean> {
  return (await runsStatement(queue, key).execute(tx)).rows.length > 0
}

const ready = sql`state = 'following' and not exists (
  select 1 from job as before
  where before.queue = job.queue and before.dedupe_key = job.dedupe_key and ${isActive})`

/** The second deletes what the first had to leave, for a job of its key waits already. */
export const freeStatements = [
  sql`update or ignore job set state = 'waiting' where ${ready}`,
  sql`delete from job where ${ready}`,
]

/** Lets those wait to be claimed that follow nothing any more. For the transaction that ended jobs. */
export async function freeFollowers(tx: Tx): Promise<void> {
  for (const statement of freeStatements) await statement.execute(tx)
}
