/** How a job is chosen on SQLite, to be worked on or to be cancelled. Every part of it is answered by an index; `sqlite-claim.test.ts` holds the plans. */
import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { JobTable } from '#core/db/schema/house.ts'
import type { Read, Tx } from '#core/db/schema/schema.ts'

/** How far into a queue's row to look for somebody who has nothing running, and among how many people beyond it. */
const JOBS = 1000
const PEOPLE = 200

export interface Due {
  queue: string
  priority: number
}

/** The queue whose first job comes first, and that job's priority. Reads only. */
export async function firstDue(read: Read, queues: readonly string[], now: number): Promise<Due | undefined> {
  const { rows } = await firstDueStatement(queues, now).execute(read as unknown as Kysely<unknown>)
  return rows[0]
}

export function firstDueStatement(queues: readonly string[], now: number): RawBuilder<Due> {
  const firsts = queues.map(
    (queue) => sql`select * from (
      select queue, priority, run_at from job
      where queue = ${queue} and state = 'waiting' and run_at <= ${now}
      order by priority, run_at, id limit 1)`,
  )
  return sql<Due>`select queue, priority from (${sql.join(firsts, sql` union all `)})
    order by priority, run_at limit 1`
}

export interface ClaimOf extends Due {
  now: number
  worker: string
  leaseMs: number
}

/** Takes one job of the queue and the priority, or answers undefined when other workers took all of them. */
export async function take(tx: Tx, claim: ClaimOf): Promise<JobTable | undefined> {
  // Two statements, for the second takes longer to prepare than the first to run, and is seldom needed.
  for (const query of [takeUnhindered(claim), takeFairly(claim)]) {
    const { rows } = await query.execute(tx)
    if (rows[0]) return rows[0]
  }
}

/** The oldest job of somebody with nothing running, or for nobody in particular, among the queue's first thousand. */
export function takeUnhindered(claim: ClaimOf): RawBuilder<JobTable> {
  const busy = sql`select subject_id from job
    where state = 'active' and queue = ${claim.queue} and subject_id is not null`
  return sql<JobTable>`${active(claim)} where id = (
    select id from ${first(claim)} where subject_id is null or subject_id not in (${busy}) limit 1)
    returning *`
}

/**
 * When the first thousand are all of people with something running, the first of these that finds one (`coalesce` asks
 * no further): a job for nobody in particular; the oldest job of somebody with nothing running, among two hundred
 * people, skipping through the index from person to person; the job of whoever has least running, among the first
 * thousand. So a newcomer behind thousands of jobs of one busy person is found without reading them.
 */
export function takeFairly(claim: ClaimOf): RawBuilder<JobTable> {
  const { queue } = claim
  const waiting = due(claim)
  const next = (after: RawBuilder<unknown>) => sql`(
    select min(subject_id) from job where queue = ${queue} and state = 'waiting' and subject_id > ${after})`
  return sql<JobTable>`
    with recursive
      busy as materialized (
        select subject_id, count(*) as jobs from job
        where state = 'active' and queue = ${queue} and subject_id is not null group by subject_id),
      person (id, n) as (
        select ${next(sql`''`)}, 1
        union all
        select ${next(sql`person.id`)}, n + 1 from person where person.id is not null and n < ${sql.lit(PEOPLE)})
    ${active(claim)} where id = coalesce(
      (select id from job where ${waiting} and subject_id is null order by run_at limit 1),
      (select (select id from job where ${waiting} and subject_id = person.id order by run_at limit 1) as oldest
        from person where person.id not in (select subject_id from busy) and oldest is not null
        order by (select run_at from job where id = oldest) limit 1),
      (select id from ${first(claim)} as w left join busy on busy.subject_id = w.subject_id
        order by coalesce(jobs, 0), run_at, id limit 1))
    returning *`
}

/** The states stand in it as the indexes have them: SQLite takes a partial index for no bound value. */
export function cancelStatements({ queue, dedupeKey }: { queue: string; dedupeKey: string }) {
  const ofKey = sql`queue = ${queue} and dedupe_key = ${dedupeKey}`
  return [
    sql`delete from job where ${ofKey} and state in ('waiting', 'active') and state = 'waiting'`,
    sql`delete from job where ${ofKey} and state = 'following'`,
  ]
}

const due = ({ queue, priority, now }: ClaimOf) =>
  sql`queue = ${queue} and state = 'waiting' and priority = ${priority} and run_at <= ${now}`

const first = (claim: ClaimOf) =>
  sql`(select id, subject_id, run_at from job where ${due(claim)} order by run_at, id limit ${sql.lit(JOBS)})`

const active = ({ worker, now, leaseMs }: ClaimOf) =>
  sql`update job set state = 'active', attempt = attempt + 1, worker = ${worker}, lease_until = ${now + leaseMs}`
