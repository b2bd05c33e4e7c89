/** One claimed job from its handler's start to its end: the lease's timer, the time limit, the stop, and what is told to the queue. */
import { isAppError } from '#core/errors/errors.ts'
import type { Log } from '#core/log/log.ts'
import type { PayloadMap, QueueName } from './payloads.ts'
import { type ClaimedJob, type NewJob, type Queue, TIMED_OUT } from './queue.ts'
import type { Handler, WorkContext } from './runner.ts'

export interface RunOptions<P extends PayloadMap<P>> {
  queue: Queue<P>
  handler: Handler<P, QueueName<P>>
  log: Log
  stop: AbortSignal
  timeLimitMs: number
  graceMs: number
}

type Outcome<P extends PayloadMap<P>> =
  | { kind: 'done'; next: NewJob<P>[] }
  | { kind: 'failed'; error: unknown }
  | { kind: 'late' }
  | { kind: 'lost' }
  | { kind: 'stopped' }

/** How it ended; 'unsettled' when the queue could not be told, so that the lease will run out and the job run again. */
export type Ended = 'done' | 'retry' | 'dead' | 'lost' | 'released' | 'unsettled'

/**
 * Whether a handler's signal aborted because the worker stops, which is no fault of the job's; and not because its own time
 * was up or its lease was lost.
 */
export function isStop({ aborted, reason }: AbortSignal): boolean {
  return aborted && !(reason instanceof DOMException && ['late', 'lost'].includes(reason.message))
}

/** Never throws. */
export async function runJob<P extends PayloadMap<P>>(
  job: ClaimedJob<P>,
  options: RunOptions<P>,
): Promise<Ended> {
  const { log } = options
  const outcome = await work(job, options)
  try {
    const ended = await settle(job, outcome, options)
    if (ended === 'lost') log.warn('A job was lost to another worker')
    return ended
  } catch (error) {
    log.error('A job could not be settled', { error })
    return 'unsettled'
  }
}

/** Runs the handler until it ends or one of the limits is met. A handler that does not heed its signal is left behind. */
async function work<P extends PayloadMap<P>>(
  job: ClaimedJob<P>,
  options: RunOptions<P>,
): Promise<Outcome<P>> {
  const { queue, handler, log, stop, timeLimitMs, graceMs } = options
  const limits = new AbortController()
  const timers: NodeJS.Timeout[] = []
  let meet: (kind: 'late' | 'lost' | 'stopped') => void = () => {}
  const met = new Promise<Outcome<P>>((resolve) => {
    meet = (kind) => {
      resolve({ kind })
      limits.abort(new DOMException(kind, 'AbortError'))
    }
  })
  const heartbeat = async () => {
    const held = await queue.heartbeat(job)
    if (!held) meet('lost')
    return held
  }
  // A heartbeat that fails is tried again: there are three to a lease.
  const beat = () => heartbeat().catch((error) => log.warn('A lease could not be renewed', { error }))
  const onStop = () => timers.push(setTimeout(meet, graceMs, 'stopped'))
  timers.push(setInterval(beat, job.leaseMs / 3), setTimeout(meet, timeLimitMs, 'late'))
  stop.addEventListener('abort', onStop)
  if (stop.aborted) onStop()

  const context = {
    signal: AbortSignal.any([stop, limits.signal]),
    heartbeat,
    attempt: job.attempt,
    job,
  } as WorkContext<P>
  const handled = (async (): Promise<Outcome<P>> => {
    try {
      const result = await handler(job.payload, context)
      return { kind: 'done', next: result?.next ?? [] }
    } catch (error) {
      return { kind: 'failed', error }
    }
  })()
  try {
    return await Promise.race([met, handled])
  } finally {
    stop.removeEventListener('abort', onStop)
    for (const timer of timers) clearTimeout(timer)
  }
}

async function settle<P extends PayloadMap<P>>(
  job: ClaimedJob<P>,
  outcome: Outcome<P>,
  { queue, log, stop }: RunOptions<P>,
): Promise<Ended> {
  switch (outcome.kind) {
    case 'done':
      return (await queue.complete(job, outcome.next)) ? 'done' : 'lost'
    case 'lost':
      return 'lost'
    case 'stopped':
      return (await queue.release(job)) ? 'released' : 'lost'
    case 'late':
      log.warn('A job ran past its time and was ended')
      return queue.fail(job, { code: TIMED_OUT })
    case 'failed': {
      // What fails while the worker stops, fails because of it: another worker tries it, at no cost.
      if (stop.aborted) return (await queue.release(job)) ? 'released' : 'lost'
      const ended = await queue.fail(job, { code: failureCode(outcome.error) })
      log[ended === 'dead' ? 'error' : 'warn']('A job failed', { error: outcome.error, ended })
      return ended
    }
  }
}

const CODE = /^[\w.:-]{1,64}$/

/** What is kept of an error: its code and nothing else, for its message may speak of a person. */
function failureCode(error: unknown): string {
  return isAppError(error) && CODE.test(error.code) ? error.code : 'unexpected'
}
