/**
 * A worker: claims jobs, runs their handlers, keeps their leases, and settles them. One of these runs in each worker
 * process; there may be any number.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Clock } from '#core/clock/clock.ts'
import type { Log } from '#core/log/log.ts'
import { Bell } from './bell.ts'
import type { PayloadMap, QueueName } from './payloads.ts'
import type { ClaimedJob, NewJob, Queue } from './queue.ts'
import { type Ended, runJob } from './run-job.ts'

export interface WorkContext<P extends PayloadMap<P>, Q extends QueueName<P> = QueueName<P>> {
  /** Aborts when the lease is lost, the time is up or the worker stops. What has not been written by then, runs again. */
  signal: AbortSignal
  /** Renews the lease now; a timer does it anyway. False: it is lost. */
  heartbeat(): Promise<boolean>
  attempt: number
  job: Extract<ClaimedJob<P>, { queue: Q }>
}

/** Does the work. It may run more than once for one job, so it asks first what has been done. */
export type Handler<P extends PayloadMap<P>, Q extends QueueName<P>> = (
  payload: P[Q],
  context: WorkContext<P, Q>,
  // biome-ignore lint/suspicious/noConfusingVoidType: a handler with nothing to follow simply ends.
) => Promise<void | { next: NewJob<P>[] }>

export type Handlers<P extends PayloadMap<P>> = { [Q in QueueName<P>]?: Handler<P, Q> }

export interface WorkerOptions<P extends PayloadMap<P>> {
  queue: Queue<P>
  handlers: Handlers<P>
  /** How many jobs of a queue this worker runs at once; 1 when not given. */
  concurrency?: Partial<Record<QueueName<P>, number>>
  clock: Clock
  log: Log
  /** A name of this process that no other has. */
  worker: string
  /** Aborts to stop: nothing more is claimed, and what runs has `graceMs` to end. */
  signal: AbortSignal
  leaseMs?: number
  /** How long a job of a queue may run; 10 minutes when not given. PostgreSQL's engine ends every job after a day. */
  timeLimitMs?: Partial<Record<QueueName<P>, number>>
  graceMs?: number
  sweepEveryMs?: number
}

const LEASE_MS = 30_000
const GRACE_MS = 20_000
const SWEEP_MS = 15_000
const TIME_LIMIT_MS = 600_000
/** After the database could not be asked. */
const PAUSE_MS = 1000

/** Works until `signal` aborts, and answers when the last job is settled: at most `graceMs` later. */
export async function runWorker<P extends PayloadMap<P>>(options: WorkerOptions<P>): Promise<void> {
  const { queue, log, signal, worker } = options
  const names = Object.keys(options.handlers) as QueueName<P>[]
  const running = new Map<Promise<Ended>, QueueName<P>>()
  const freed = new Bell()
  const leaseMs = options.leaseMs ?? LEASE_MS

  const free = () =>
    names.filter((name) => {
      const busy = [...running.values()].filter((other) => other === name).length
      return busy < (options.concurrency?.[name] ?? 1)
    })
  const start = (job: ClaimedJob<P>) => {
    const run = runJob<P>(job, {
      queue,
      handler: options.handlers[job.queue] as Handler<P, QueueName<P>>,
      log: log.child({ job: job.id, queue: job.queue, attempt: job.attempt }),
      stop: signal,
      timeLimitMs: options.timeLimitMs?.[job.queue] ?? TIME_LIMIT_MS,
      graceMs: options.graceMs ?? GRACE_MS,
    })
    running.set(run, job.queue)
    run.then(() => {
      running.delete(run)
      freed.ring()
    })
  }

  const sweep = () =>
    queue.sweep(options.clock.now()).then(
      ({ expired }) =>
        expired > 0 && log.warn('Jobs of workers that fell silent were taken back', { expired }),
      (error) => log.error('The queue could not be swept', { error }),
    )
  await sweep()
  const sweeper = setInterval(sweep, options.sweepEveryMs ?? SWEEP_MS)

  while (!signal.aborted) {
    const open = free()
    if (open.length === 0) {
      await freed.wait(TIME_LIMIT_MS, signal)
      continue
    }
    try {
      const job = await queue.claim(open, worker, { leaseMs })
      if (job && signal.aborted) await queue.release(job)
      else if (job) {
        start(job)
        // SQLite answers without the event loop turning once; timers, such as the leases', must get their turn.
        await nextTurn()
      } else await waitForWorkOrRoom(queue, open, freed, signal)
    } catch (error) {
      log.error('The queue could not be asked for work', { error })
      await freed.wait(PAUSE_MS, signal)
    }
  }

  clearInterval(sweeper)
  await Promise.all(running.keys())
  log.info('The worker has stopped', { worker })
}

/** A queue that was full may have room, and work, before anything new comes. */
async function waitForWorkOrRoom<P extends PayloadMap<P>>(
  queue: Queue<P>,
  open: QueueName<P>[],
  freed: Bell,
  signal: AbortSignal,
): Promise<void> {
  const enough = new AbortController()
  const either = AbortSignal.any([signal, enough.signal])
  await Promise.race([queue.waitForWork(open, either), freed.wait(TIME_LIMIT_MS, either)])
  enough.abort()
}
