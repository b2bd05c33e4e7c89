/** A queue on a fresh database for a test, with a clock that the test moves. */
import { sql } from 'kysely'
import pg from 'pg'
import { onTestFinished } from 'vitest'
import { type MovableClock, movableClock } from '#core/clock/clock.ts'
import { type GroundAddress, openGround } from '#core/db/ground.ts'
import type { Db, Schema } from '#core/db/schema/schema.ts'
import type { JobId, SubjectId } from '#core/ids/ids.ts'
import { openQueue } from '#core/queue/open.ts'
import type { NewJob, Queue } from '#core/queue/queue.ts'
import { anAddress, type GroundName } from '#test/grounds.ts'

export interface Payloads {
  work: { n: number }
  'other.work': { n: number }
}
export const queues = ['work', 'other.work'] as const

export interface Bed {
  db: Db
  queue: Queue<Payloads>
  address: GroundAddress
  clock: MovableClock
  add(job: Partial<NewJob<Payloads>> & { n: number }): Promise<JobId | undefined>
  take(...from: (keyof Payloads)[]): ReturnType<Queue<Payloads>['claim']>
  /** Lets time pass for the queue, whoever's clock it asks. */
  pass(ms: number): Promise<void>
}

export const LEASE = 30_000
export const person = (name: string) => `sub_${name.padEnd(26, '0')}` as SubjectId

export async function aQueue(ground: GroundName): Promise<Bed> {
  const address = await anAddress(ground, { migrated: true })
  onTestFinished(() => allGone(address))
  const clock = movableClock(Date.now())
  const { db, queue } = await anotherProcess(address, clock)
  await queue.migrate()
  return {
    db,
    queue,
    address,
    clock,
    add: ({ n, ...job }) =>
      db.transaction((tx) =>
        queue.enqueue(tx, { queue: 'work', payload: { n }, ...job } as NewJob<Payloads>),
      ),
    take: (...from) => queue.claim(from.length > 0 ? from : ['work'], 'w1', { leaseMs: LEASE }),
    async pass(ms) {
      clock.advance(ms)
      if (ground === 'postgres') await moveThePastBack(db, ms)
    },
  }
}

/** A second handle on the same queue, as another process would have it. */
export async function anotherProcess(address: GroundAddress, clock: MovableClock) {
  const db = openGround<Schema>(address)
  const queue = await openQueue<Payloads>(db, address, {
    queues,
    clock,
    random: () => 0.5,
    onError: (error) => {
      throw error
    },
  })
  onTestFinished(async () => {
    await queue.close()
    await db.close()
  })
  return { db, queue }
}

/** A pool says that it has ended before the server has heard of it; the database is dropped only then. */
async function allGone(address: GroundAddress): Promise<void> {
  if (address.kind === 'sqlite') return
  const url = new URL(address.url)
  const database = url.pathname.slice(1)
  url.pathname = '/postgres'
  const client = new pg.Client({ connectionString: url.href })
  await client.connect()
  const sessions = 'select 1 from pg_stat_activity where datname = $1 limit 1'
  while ((await client.query(sessions, [database])).rows.length > 0) {}
  await client.end()
}

/** The server's clock cannot be moved, so everything that happened is made to have happened earlier. */
async function moveThePastBack(db: Db, ms: number): Promise<void> {
  const times = ['created_on', 'start_after', 'started_on', 'heartbeat_on', 'completed_on']
  const earlier = times.map((time) => sql`${sql.ref(time)} = ${sql.ref(time)} - ${ms} * interval '1 ms'`)
  await sql`update pgboss.job set ${sql.join(earlier)}`.execute(db.maintenance)
  await sql`update pgboss.queue set monitor_claim_on = null, monitor_on = null`.execute(db.maintenance)
}
