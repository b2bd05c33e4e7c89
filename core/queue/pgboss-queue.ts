/**
 * The queue on PostgreSQL: pg-boss. It has a few connections of its own beside the house's. Its timers are off: what it
 * does between calls (expiry, statistics, bloated indexes), it does in `sweep`.
 */
import { fromKysely, type JobWithMetadata, type PgBoss } from 'pg-boss'
import { SECOND } from '#core/clock/clock.ts'
import type { Db, Tx } from '#core/db/schema/schema.ts'
import type { JobId, SubjectId } from '#core/ids/ids.ts'
import { backoffMs } from './backoff.ts'
import { Bell } from './bell.ts'
import { jobIdOf, uuidOf } from './job-id.ts'
import { checkPayload, type Payload } from './payloads.ts'
import { buildEngine, type Due, fetchFairly, queueSettings } from './pgboss-engine.ts'
import { freeFollowers, inMs, send } from './pgboss-send.ts'
import * as statements from './pgboss-sql.ts'
import {
  type AnyPayloads,
  type Claim,
  type ClaimedJob,
  type Counts,
  type DeadJob,
  LEASE_EXPIRED,
  LOOKS,
  type NewJob,
  ONCE,
  ONCE_KEPT_MS,
  POLL_MS,
  type Queue,
  type QueueOptions,
  TIMED_OUT,
  TOO_LONG_MS,
  URGENT,
} from './queue.ts'

/** pg-boss takes no shorter one. */
const SHORTEST_LEASE_S = 10
/** Rows that one statement deletes. */
const BATCH = 500

export class PgbossQueue implements Queue<AnyPayloads> {
  readonly #db: Db
  readonly #url: string
  readonly #options: QueueOptions
  readonly #bell = new Bell()
  readonly #boss: PgBoss
  #starting: Promise<PgBoss> | undefined
  #listening: Promise<{ close(): Promise<void> }> | undefined
  /** Notices heard so far, and how many of them the latest claim knew of. */
  #notices = 0
  #known = 0

  constructor(db: Db, url: string, options: QueueOptions) {
    this.#db = db
    this.#url = url
    this.#options = options
    this.#boss = buildEngine(url, { migrate: false, onError: options.onError })
  }

  async enqueue(tx: Tx, job: NewJob<AnyPayloads>): Promise<JobId | undefined> {
    checkPayload(job.queue, job.payload)
    return send(await this.#engine(), tx, job, this.#options.clock.now())
  }

  async claim(
    queues: readonly string[],
    worker: string,
    { leaseMs }: { leaseMs: number },
  ): Promise<ClaimedJob<AnyPayloads> | undefined> {
    if (queues.length === 0) return undefined
    const boss = await this.#engine()
    this.#known = this.#notices
    let found: JobWithMetadata<Payload> | undefined
    let among = queues
    for (let look = 0; !found && look < LOOKS && among.length > 0; look++) {
      const [due] = await this.#rows<Due>(statements.firstDue, [among])
      if (!due) return undefined
      found = await fetchFairly(boss, due)
      // Others take its jobs, or hold them until they commit (`hold`): another queue's need not wait for that.
      if (look > 0) among = among.filter((queue) => queue !== due.queue)
    }
    if (!found) return undefined
    const lease = Math.max(SHORTEST_LEASE_S, Math.ceil(leaseMs / SECOND))
    if (found.heartbeatSeconds !== lease) {
      await this.#rows(statements.setLease, [found.name, found.id, found.retryCount, lease])
    }
    return {
      id: jobIdOf(found.id),
      queue: found.name,
      payload: found.data,
      subject: (found.groupId ?? null) as SubjectId | null,
      attempt: found.retryCount + 1,
      maxAttempts: found.retryLimit + 1,
      worker,
      leaseMs,
    }
  }

  async heartbeat(job: Claim): Promise<boolean> {
    const boss = await this.#engine()
    return touched(await boss.touch(job.queue, fence(job)))
  }

  async complete(job: Claim, next: readonly NewJob<AnyPayloads>[] = []): Promise<boolean> {
    const boss = await this.#engine()
    return this.#db.transaction(async (tx) => {
      const done = touched(await boss.complete(job.queue, fence(job), null, { db: fromKysely(tx) }))
      // What was asked for while it ran goes before what it asks for itself, under the same key perhaps.
      if (done) await freeFollowers(boss, tx, statements.takeFollower, [job.queue, uuidOf(job.id)])
      if (done) for (const following of next) await this.enqueue(tx, following)
      return done
    })
  }

  async fail(job: Claim, { code, retryAt }: { code: string; retryAt?: number }) {
    const boss = await this.#engine()
    const delay =
      retryAt === undefined
        ? backoffMs(job.attempt, this.#options.random)
        : Math.max(0, retryAt - this.#options.clock.now())
    return this.#db.transaction(async (tx) => {
      const db = fromKysely(tx)
      if (!touched(await boss.fail(job.queue, fence(job), { code }, { db }))) return 'lost'
      await freeFollowers(boss, tx, statements.takeFollower, [job.queue, uuidOf(job.id)])
      if (job.attempt >= job.maxAttempts) return 'dead'
      await boss.update(job.queue, undefined, { db, id: uuidOf(job.id), startAfter: inMs(delay) })
      return 'retry'
    })
  }

  async release(job: Claim): Promise<boolean> {
    const { id, retryCount } = fence(job)
    const boss = await this.#engine()
    return this.#db.transaction(async (tx) => {
      const { rows } = await fromKysely(tx).executeSql(statements.release, [job.queue, id, retryCount])
      if (rows.length > 0) await freeFollowers(boss, tx, statements.takeFollower, [job.queue, id])
      return rows.length > 0
    })
  }

  async cancel(tx: Tx, { queue, dedupeKey }: { queue: string; dedupeKey: string }): Promise<number> {
    const { rows } = await fromKysely(tx).executeSql(statements.cancel, [queue, dedupeKey])
    return rows.length
  }

  async sweep(): Promise<{ expired: number }> {
    const boss = await this.#engine()
    const { queues } = this.#options
    const expired = async () =>
      (await this.#rows<{ jobs: number }>(statements.countExpired, [queues]))[0]?.jobs ?? 0
    const before = await expired()
    await boss.supervise()
    await this.#db.transaction((tx) => freeFollowers(boss, tx, statements.takeFollowers, [queues]))
    await this.#rows(statements.hurry, [queues, -URGENT, TOO_LONG_MS / SECOND])
    return { expired: before === 0 ? 0 : Math.max(0, before - (await expired())) }
  }

  async prune(olderThan: number): Promise<number> {
    const age = (this.#options.clock.now() - olderThan) / SECOND
    const bounds = [this.#options.queues, age, `${ONCE}%`, ONCE_KEPT_MS / SECOND, BATCH]
    let pruned = 0
    for (let last = BATCH; last === BATCH; pruned += last)
      last = (await this.#rows(statements.prune, bounds)).length
    return pruned
  }

  async dead(limit: number): Promise<DeadJob[]> {
    const now = this.#options.clock.now()
    const rows = await this.#rows<DeadRow>(statements.dead, [this.#options.queues, limit])
    return rows.map((row) => ({
      id: jobIdOf(row.id),
      queue: row.name,
      payload: row.data,
      subject: row.group_id as SubjectId | null,
      code: codeOf(row.output),
      attempts: row.retry_count + 1,
      diedAt: now - Math.round(row.age * SECOND),
    }))
  }

  async retryDead(tx: Tx, id: JobId): Promise<boolean> {
    const { rows } = await fromKysely(tx).executeSql(statements.retryDead, [this.#options.queues, uuidOf(id)])
    return rows.length > 0
  }

  async counts(): Promise<Record<string, Counts>> {
    const { queues } = this.#options
    const rows = await this.#rows<Counts & { name: string }>(statements.counts, [queues])
    const counted = new Map(rows.map(({ name, ...counts }) => [name, counts]))
    return Object.fromEntries(queues.map((q) => [q, counted.get(q) ?? { waiting: 0, active: 0, dead: 0 }]))
  }

  async migrate(): Promise<void> {
    const { onError, queues } = this.#options
    const boss = buildEngine(this.#url, { migrate: true, onError })
    try {
      await boss.start()
      for (const queue of queues) {
        await boss.createQueue(queue, { ...queueSettings, policy: 'exclusive' })
        await boss.updateQueue(queue, queueSettings)
      }
    } finally {
      await boss.stop({ graceful: false })
    }
  }

  async waitForWork(_queues: readonly string[], signal: AbortSignal): Promise<void> {
    await this.#listen()
    if (this.#notices === this.#known) await this.#bell.wait(POLL_MS, signal)
  }

  wake(): void {
    this.#bell.ring()
  }

  async close(): Promise<void> {
    const listener = await this.#listening?.catch(() => undefined)
    await listener?.close()
    await this.#starting?.catch(() => undefined)
    await this.#boss.stop({ graceful: false })
  }

  #engine(): Promise<PgBoss> {
    this.#starting ??= this.#boss.start().catch((error) => {
      this.#starting = undefined
      throw error
    })
    return this.#starting
  }

  async #rows<Row>(text: string, values: unknown[]): Promise<Row[]> {
    const boss = await this.#engine()
    return (await boss.getDb().executeSql(text, values)).rows as Row[]
  }

  /** One connection that hears of new jobs, from the first wait on. Without it there is the poll. */
  async #listen(): Promise<void> {
    const heard = () => {
      this.#notices++
      this.#bell.ring()
    }
    this.#listening ??= this.#engine().then((boss) => {
      const db = boss.getDb()
      if (!db.listen) throw new Error('pg-boss has no listener on this connection')
      return db.listen(statements.CHANNEL, heard, heard)
    })
    await this.#listening.catch((error) => {
      this.#listening = undefined
      this.#options.onError(error)
    })
  }
}

interface DeadRow {
  id: string
  name: string
  data: Payload
  group_id: string | null
  output: { code?: string; value?: { message?: string } } | null
  retry_count: number
  /** Seconds since it died. */
  age: number
}

/** Ours say a code; the engine's own say which of its two limits was passed. */
function codeOf(output: DeadRow['output']): string {
  return output?.code ?? (output?.value?.message === 'job timed out' ? TIMED_OUT : LEASE_EXPIRED)
}

const fence = (job: Claim) => ({ id: uuidOf(job.id), retryCount: job.attempt - 1 })
const touched = (response: object) => (response as { affected: number }).affected > 0
