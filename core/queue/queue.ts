/**
 * The port behind which work waits for a worker. Two engines stand behind it: our own table on SQLite, pg-boss on
 * PostgreSQL. A job is enqueued in the transaction of the change that calls for it, so there is never one without the
 * other. It runs at least once: a worker that dies loses its lease and the job runs again, so handlers are idempotent.
 *
 * Fencing: every claim has a number (`attempt`), which only grows. Whatever a worker says of a job counts only while
 * the job is active under that worker and that attempt; a worker that lost its lease is told `false` or 'lost'.
 *
 * Order within a queue: priority; then the person with the fewest jobs running in it; then age. So who queues a hundred
 * jobs does not keep others waiting, and nobody starves: whoever is passed over has work running, and when that ends
 * their oldest job goes before everybody's newer ones. A job that has waited ten minutes too long becomes urgent in
 * `sweep`, so no priority starves another. Among queues the one whose first job is due longest is served first.
 *
 * Where the engines differ:
 * - time: SQLite asks the house's clock. PostgreSQL's server has its own, and delays are handed to it as distances from
 *   now, so clocks that disagree do no harm.
 * - leases: 10 s is the least on PostgreSQL (shorter ones are lengthened), in whole seconds, and one claim there ends
 *   after 24 hours whatever its heartbeats say.
 * - age: on SQLite since the job was due, on PostgreSQL since it was enqueued.
 */
import type { Clock } from '#core/clock/clock.ts'
import type { Tx } from '#core/db/schema/schema.ts'
import type { JobId, SubjectId } from '#core/ids/ids.ts'
import type { Payload, PayloadMap, QueueName } from './payloads.ts'

interface NewJobOf<Q extends string, Body> {
  readonly queue: Q
  readonly payload: Body
  /** Not before this time, ms since 1970. */
  readonly runAt?: number
  /** From -10 (before everything) to 10 (when nothing else waits); 0 when not given. For kinds of work, not for people. */
  readonly priority?: number
  /**
   * While a job of this queue with this key waits, another is a duplicate. One that runs may have looked already at what it
   * was enqueued for, so another follows it: it waits until that one has ended, and is dropped if that one is tried again.
   * So no two jobs of a key run at once, and what was asked for is looked at after it was committed.
   */
  readonly dedupeKey?: string
  /** As a name for ever, also while it runs and after: this work is enqueued once and never again. Kept for `ONCE_KEPT_MS`. */
  readonly once?: string
  /** How often it may be tried before it is dead; `MAX_ATTEMPTS` when not given. */
  readonly maxAttempts?: number
  /** For whom it is: by this, people are treated fairly, and their jobs are found when they leave. */
  readonly subject?: SubjectId | null
}

export type NewJob<P extends PayloadMap<P>> = {
  [Q in QueueName<P>]: NewJobOf<Q, P[Q]>
}[QueueName<P>]

interface ClaimedJobOf<Q extends string, Body> {
  readonly id: JobId
  readonly queue: Q
  readonly payload: Body
  readonly subject: SubjectId | null
  /** The number of this claim, from 1. */
  readonly attempt: number
  readonly maxAttempts: number
  readonly worker: string
  readonly leaseMs: number
}

/** A job that a worker holds until its lease runs out. */
export type ClaimedJob<P extends PayloadMap<P>> = {
  [Q in QueueName<P>]: ClaimedJobOf<Q, P[Q]>
}[QueueName<P>]

/** What the calls below need of a claimed job: the proof of the claim. */
export type Claim = Pick<
  ClaimedJobOf<string, Payload>,
  'id' | 'queue' | 'worker' | 'attempt' | 'maxAttempts' | 'leaseMs'
>

export interface DeadJob {
  readonly id: JobId
  readonly queue: string
  readonly payload: Payload
  readonly subject: SubjectId | null
  /** Why it failed the last time: an error's code, 'lease-expired' or 'timed-out'; never a message. */
  readonly code: string
  readonly attempts: number
  /** ms since 1970 */
  readonly diedAt: number
}

export interface Counts {
  waiting: number
  active: number
  dead: number
}

/** The part of the queue that rules need: a domain names the queues it feeds in `P`, and knows no others. */
export interface Enqueuer<P extends PayloadMap<P>> {
  /** Writes the job in the caller's transaction. Answers undefined for a duplicate, which is left as it is. */
  enqueue(tx: Tx, job: NewJob<P>): Promise<JobId | undefined>
  /**
   * Takes back what waits under this key, also to follow one that runs, and answers how many; one that runs is not stopped by
   * it.
   */
  cancel(tx: Tx, which: { queue: QueueName<P>; dedupeKey: string }): Promise<number>
}

export interface Queue<P extends PayloadMap<P>> extends Enqueuer<P> {
  /** The next job of these queues, held for `leaseMs`, or undefined when none is due. */
  claim(
    queues: readonly QueueName<P>[],
    worker: string,
    options: { leaseMs: number },
  ): Promise<ClaimedJob<P> | undefined>
  /** Renews the lease. False: it was lost, and the work must stop. */
  heartbeat(job: Claim): Promise<boolean>
  /** Ends the job and enqueues what follows, in one transaction. False: the lease was lost and nothing was written. */
  complete(job: Claim, next?: readonly NewJob<P>[]): Promise<boolean>
  /** Back to wait until `retryAt` (ms since 1970), or as long as `backoffMs` says; dead after the last attempt. */
  fail(job: Claim, failure: { code: string; retryAt?: number }): Promise<'retry' | 'dead' | 'lost'>
  /** Gives the job back at once. The attempt keeps its number but is not counted: `maxAttempts` grows by one. */
  release(job: Claim): Promise<boolean>
  /** Takes jobs from workers whose lease ran out, and makes urgent what has waited too long. Call it every few seconds. */
  sweep(now: number): Promise<{ expired: number }>
  /** Deletes jobs that ended, done or dead, before this time; `once` jobs only after `ONCE_KEPT_MS`. */
  prune(olderThan: number): Promise<number>
  /** The dead, latest first. */
  dead(limit: number): Promise<DeadJob[]>
  /** Gives a dead job one more attempt. False: there is none, or a job with its key lives. */
  retryDead(tx: Tx, id: JobId): Promise<boolean>
  counts(): Promise<Record<QueueName<P>, Counts>>
  /** Makes what the engine needs in the database. For the process that migrates; can be repeated. */
  migrate(): Promise<void>
  /** Answers when there may be work: something changed since the last claim, a second passed, or `signal` aborted. */
  waitForWork(queues: readonly QueueName<P>[], signal: AbortSignal): Promise<void>
  /** Wakes those who wait in this process. Sparing them the tenth of a second till they see a commit, no more. */
  wake(): void
  close(): Promise<void>
}

export type AnyPayloads = Record<string, Payload>

export interface QueueOptions {
  /** Every queue there is. */
  queues: readonly string[]
  clock: Clock
  random: () => number
  /** Told of failures in the background, such as a lost connection. */
  onError: (error: unknown) => void
}

export const MAX_ATTEMPTS = 5
export const URGENT = -10
export const LAST = 10
/** What has waited this long past its time becomes urgent. */
export const TOO_LONG_MS = 10 * 60_000
/** How long `once` is remembered after its job ended. */
export const ONCE_KEPT_MS = 40 * 86_400_000
export const LEASE_EXPIRED = 'lease-expired'
export const TIMED_OUT = 'timed-out'
/** How often a claim looks again when other workers are quicker. */
export const LOOKS = 3
/** How often to look although nothing rang: jobs come due, and a notice can be lost. */
export const POLL_MS = 1000

/** The key by which a job is told from others of its queue. */
export function keyOf(job: { dedupeKey?: string; once?: string }): string | undefined {
  if (job.once !== undefined && job.dedupeKey !== undefined)
    throw new TypeError('Either dedupeKey or once, not both')
  return job.once === undefined ? job.dedupeKey : `${ONCE}${job.once}`
}
export const ONCE = 'once:'

/** The priority to store, or an error for one that is out of range. */
export function priorityOf(job: { priority?: number }): number {
  const priority = job.priority ?? 0
  if (!Number.isInteger(priority) || priority < URGENT || priority > LAST) {
    throw new RangeError(`A priority is a whole number from ${URGENT} to ${LAST}`)
  }
  return priority
}
