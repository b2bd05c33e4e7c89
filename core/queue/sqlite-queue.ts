/**
 * The queue on SQLite: the `job` table. Every step is one short immediate transaction; what only looks, looks through
 * the reading connection and takes no lock, so idle workers do not stand in anybody's way.
 */
import { sql } from 'kysely'
import { fromJson, toJson } from '#core/db/columns.ts'
import type { JobTable } from '#core/db/schema/house.ts'
import type { Db, Tx } from '#core/db/schema/schema.ts'
import { type JobId, newId, type SubjectId } from '#core/ids/ids.ts'
import { backoffMs } from './backoff.ts'
import { Bell } from './bell.ts'
import { onceId } from './job-id.ts'
import { checkPayload } from './payloads.ts'
import {
  type AnyPayloads,
  type Claim,
  type ClaimedJob,
  type Counts,
  type DeadJob,
  keyOf,
  LOOKS,
  MAX_ATTEMPTS,
  type NewJob,
  POLL_MS,
  priorityOf,
  type Queue,
  type QueueOptions,
} from './queue.ts'
import { cancelStatements, firstDue, take } from './sqlite-claim.ts'
import { freeFollowers, runs } from './sqlite-followers.ts'
import { nobody, prune, sweep } from './sqlite-upkeep.ts'
import { SqliteWatch } from './sqlite-watch.ts'

/** How often a waiting worker looks whether the file changed: 14 µs each time. */
const LOOK_MS = 100
const SOON_MS = 10

export class SqliteQueue implements Queue<AnyPayloads> {
  readonly #db: Db
  readonly #options: QueueOptions
  readonly #bell = new Bell()
  readonly #watch: SqliteWatch
  /** The file's version that the latest claim saw; a later one may hold work. */
  #seen: number | undefined

  constructor(db: Db, options: QueueOptions) {
    this.#db = db
    this.#options = options
    this.#watch = new SqliteWatch(db.location)
  }

  async enqueue(tx: Tx, job: NewJob<AnyPayloads>): Promise<JobId | undefined> {
    checkPayload(job.queue, job.payload)
    const now = this.#options.clock.now()
    const row: JobTable = {
      id: job.once === undefined ? newId('job', now) : onceId(job.queue, job.once),
      queue: job.queue,
      payload: toJson(job.payload),
      subject_id: job.subject ?? null,
      dedupe_key: keyOf(job) ?? null,
      priority: priorityOf(job),
      state: 'waiting',
      attempt: 0,
      max_attempts: job.maxAttempts ?? MAX_ATTEMPTS,
      run_at: job.runAt ?? now,
      lease_until: null,
      worker: null,
      failure: null,
      created_at: now,
      ended_at: null,
    }
    if (await insert(tx, row)) return row.id
    if (job.dedupeKey === undefined || !(await runs(tx, job.queue, job.dedupeKey))) return undefined
    return (await insert(tx, { ...row, state: 'following' })) ? row.id : undefined
  }

  async claim(
    queues: readonly string[],
    worker: string,
    { leaseMs }: { leaseMs: number },
  ): Promise<ClaimedJob<AnyPayloads> | undefined> {
    if (queues.length === 0) return undefined
    this.#seen = this.#watch.version()
    const now = this.#options.clock.now()
    let row: JobTable | undefined
    for (let look = 0; !row && look < LOOKS; look++) {
      const due = await firstDue(this.#db.read, queues, now)
      if (!due) return undefined
      row = await this.#db.transaction((tx) => take(tx, { ...due, now, worker, leaseMs }))
    }
    if (!row) return undefined
    return {
      id: row.id,
      queue: row.queue,
      payload: fromJson(row.payload),
      subject: row.subject_id as SubjectId | null,
      attempt: row.attempt,
      maxAttempts: row.max_attempts,
      worker,
      leaseMs,
    }
  }

  async heartbeat(job: Claim): Promise<boolean> {
    const until = this.#options.clock.now() + job.leaseMs
    return this.#db.transaction((tx) => this.#change(tx, job, { lease_until: until }))
  }

  async complete(job: Claim, next: readonly NewJob<AnyPayloads>[] = []): Promise<boolean> {
    const done = await this.#db.transaction(async (tx) => {
      const ended_at = this.#options.clock.now()
      const held = await this.#change(tx, job, { state: 'done', ended_at, failure: null, ...nobody })
      // What was asked for while it ran goes before what it asks for itself, under the same key perhaps.
      if (held) await freeFollowers(tx)
      if (held) for (const following of next) await this.enqueue(tx, following)
      return held
    })
    if (done && next.length > 0) this.wake()
    return done
  }

  async fail(job: Claim, { code, retryAt }: { code: string; retryAt?: number }) {
    const now = this.#options.clock.now()
    const dead = job.attempt >= job.maxAttempts
    const change: Partial<JobTable> = dead
      ? { state: 'dead', ended_at: now }
      : { state: 'waiting', run_at: retryAt ?? now + backoffMs(job.attempt, this.#options.random) }
    const held = await this.#end(job, { ...change, failure: code, ...nobody })
    if (!held) return 'lost'
    return dead ? 'dead' : 'retry'
  }

  async release(job: Claim): Promise<boolean> {
    const max_attempts = job.maxAttempts + 1
    return this.#end(job, { state: 'waiting', max_attempts, ...nobody })
  }

  async cancel(tx: Tx, which: { queue: string; dedupeKey: string }): Promise<number> {
    let cancelled = 0
    for (const statement of cancelStatements(which))
      cancelled += Number((await statement.execute(tx)).numAffectedRows ?? 0)
    return cancelled
  }

  async sweep(now: number): Promise<{ expired: number }> {
    return this.#db.transaction((tx) => sweep(tx, now))
  }

  async prune(olderThan: number): Promise<number> {
    return prune(this.#db, olderThan, this.#options.clock.now())
  }

  async dead(limit: number): Promise<DeadJob[]> {
    const rows = await this.#db.read
      .selectFrom('job')
      .select(['id', 'queue', 'payload', 'subject_id', 'failure', 'attempt', 'ended_at'])
      .where('state', '=', 'dead')
      .orderBy('ended_at', 'desc')
      .limit(limit)
      .execute()
    return rows.map((row) => ({
      id: row.id,
      queue: row.queue,
      payload: fromJson(row.payload),
      subject: row.subject_id as SubjectId | null,
      code: row.failure ?? '',
      attempts: row.attempt,
      diedAt: row.ended_at ?? 0,
    }))
  }

  async retryDead(tx: Tx, id: JobId): Promise<boolean> {
    const result = await tx
      .updateTable('job')
      .set((eb) => ({
        state: 'waiting',
        run_at: this.#options.clock.now(),
        max_attempts: eb('attempt', '+', 1),
        ended_at: null,
      }))
      .where('id', '=', id)
      .where('state', '=', 'dead')
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('job as living')
              .select('living.id')
              .whereRef('living.queue', '=', 'job.queue')
              .whereRef('living.dedupe_key', '=', 'job.dedupe_key')
              .where('living.state', 'in', ['waiting', 'active']),
          ),
        ),
      )
      .executeTakeFirst()
    return result.numUpdatedRows > 0n
  }

  async counts(): Promise<Record<string, Counts>> {
    const counts = Object.fromEntries(
      this.#options.queues.map((queue) => [queue, { waiting: 0, active: 0, dead: 0 }]),
    )
    const rows = await this.#db.read
      .selectFrom('job')
      .select(['queue', 'state', (eb) => eb.fn.countAll<number>().as('jobs')])
      .where('state', 'in', ['waiting', 'following', 'active', 'dead'])
      .groupBy(['queue', 'state'])
      .execute()
    for (const { queue, state, jobs } of rows) {
      const count = counts[queue]
      if (count && state !== 'done') count[state === 'following' ? 'waiting' : state] += jobs
    }
    return counts
  }

  /** An index by person beside those that came with the table: with it, somebody behind a long row is found at once. */
  async migrate(): Promise<void> {
    await sql`create index if not exists job_by_person on job (queue, subject_id, priority, run_at) where state = 'waiting'`.execute(
      this.#db.maintenance,
    )
    await sql`create unique index if not exists job_following on job (queue, dedupe_key) where state = 'following'`.execute(
      this.#db.maintenance,
    )
  }

  async waitForWork(_queues: readonly string[], signal: AbortSignal): Promise<void> {
    const since = this.#seen ?? this.#watch.version()
    // The first look comes soon, but never at once: where others commit without pause, this is all the rest that
    // timers and requests get.
    const until = performance.now() + POLL_MS
    for (let pause = SOON_MS; !signal.aborted && performance.now() < until; pause = LOOK_MS) {
      if (await this.#bell.wait(pause, signal)) return
      if (this.#watch.version() !== since) return
    }
  }

  wake(): void {
    this.#bell.ring()
  }

  async close(): Promise<void> {
    this.#watch.close()
  }

  async #end(job: Claim, change: Partial<JobTable>): Promise<boolean> {
    return this.#db.transaction(async (tx) => {
      const held = await this.#change(tx, job, change)
      if (held) await freeFollowers(tx)
      return held
    })
  }

  async #change(tx: Tx, job: Claim, change: Partial<JobTable>): Promise<boolean> {
    const result = await tx
      .updateTable('job')
      .set(change)
      .where('id', '=', job.id)
      .where('state', '=', 'active')
      .where('worker', '=', job.worker)
      .where('attempt', '=', job.attempt)
      .executeTakeFirst()
    return result.numUpdatedRows > 0n
  }
}

/** False when there is one like it. */
async function insert(tx: Tx, row: JobTable): Promise<boolean> {
  const inserted = await tx
    .insertInto('job')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return (inserted.numInsertedOrUpdatedRows ?? 0n) > 0n
}
