/**
 * Work that comes by the clock. A timer does nothing but enqueue, under a name made of the entry and its slot, so any
 * number of schedulers may run: they meet at the job's id, and a slot runs once. What was missed while no scheduler ran is
 * caught up at the start: the newest slot only, for one sweep does the work of ten that were missed.
 */
import { createTask, parse, type ScheduledTask } from 'node-cron'
import { type Clock, DAY, HOUR, MINUTE } from '#core/clock/clock.ts'
import type { Log } from '#core/log/log.ts'
import type { PayloadMap, QueueName } from '#core/queue/payloads.ts'
import type { NewJob } from '#core/queue/queue.ts'

export type ScheduleEntry<P extends PayloadMap<P>> = {
  [Q in QueueName<P>]: {
    /** Stays the same for ever: it is part of the slots' names. */
    name: string
    /** Five fields of cron, in UTC. */
    expression: string
    queue: Q
    /** The slot is its minute in UTC, such as 2026-11-21T12:05Z. */
    payload(slot: string): P[Q]
  }
}[QueueName<P>]

export interface ScheduleOptions<P extends PayloadMap<P>> {
  entries: readonly ScheduleEntry<P>[]
  /** Writes the job, in a transaction of its own. */
  enqueue(job: NewJob<P>): Promise<unknown>
  clock: Clock
  log: Log
}

/** Shorter than the queue remembers a slot that has run (`ONCE_KEPT_MS`), and longer than a month. */
const LOOK_BACK = 35 * DAY
/** After a slot could not be enqueued. */
const AGAIN_MS = 30_000

/** Catches up, then keeps time until stopped. Throws when an expression is wrong. */
export async function startSchedule<P extends PayloadMap<P>>(
  options: ScheduleOptions<P>,
): Promise<{ stop(): Promise<void> }> {
  const { entries, clock, log } = options
  const stopped = new AbortController()
  const keep = (entry: ScheduleEntry<P>, at: number) => enqueueSlot(entry, at, options, stopped.signal)
  const timers = entries.map((entry) => {
    const timer = createTask(entry.expression, ({ date }) => keep(entry, date.getTime()), {
      timezone: 'UTC',
      name: entry.name,
      logger: quiet(log, entry.name),
    })
    // Its process slept through the minute: late is better than not.
    timer.on('execution:missed', ({ date }) => keep(entry, date.getTime()))
    return { entry, timer }
  })
  for (const { timer } of timers) await timer.start()
  for (const { entry, timer } of timers) {
    const missed = newestSlot(timer, clock.now())
    if (missed !== undefined) await keep(entry, missed)
  }
  return {
    async stop() {
      stopped.abort()
      for (const { timer } of timers) await timer.destroy()
    },
  }
}

async function enqueueSlot<P extends PayloadMap<P>>(
  entry: ScheduleEntry<P>,
  at: number,
  options: ScheduleOptions<P>,
  stopped: AbortSignal,
): Promise<void> {
  const slot = slotName(at)
  try {
    const job = { queue: entry.queue, payload: entry.payload(slot), once: `${entry.name}:${slot}` }
    await options.enqueue(job as unknown as NewJob<P>)
  } catch (error) {
    options.log.error('A slot of the schedule could not be enqueued', { entry: entry.name, slot, error })
    if (stopped.aborted) return
    const again = setTimeout(() => enqueueSlot(entry, at, options, stopped), AGAIN_MS)
    stopped.addEventListener('abort', () => clearTimeout(again), { once: true })
  }
}

/** A slot's name: its minute in UTC, whatever second the timer woke in. */
export function slotName(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16)}Z`
}

/** The start of the newest slot up to `now`, ms since 1970, or undefined when there was none in `LOOK_BACK`. */
export function newestSlot(
  timer: Pick<ScheduledTask, 'match' | 'getPattern'>,
  now: number,
): number | undefined {
  const { hour, minute } = parse(timer.getPattern())
  const today = now - (now % DAY)
  for (let day = today; day > now - LOOK_BACK; day -= DAY) {
    for (const h of hour.toSorted((a, b) => b - a)) {
      for (const m of minute.toSorted((a, b) => b - a)) {
        const at = day + h * HOUR + m * MINUTE
        if (at <= now && timer.match(new Date(at))) return at
      }
    }
  }
}

function quiet(log: Log, entry: string) {
  const say = (error: unknown) => log.warn('The schedule reports', { entry, error })
  return { info: () => {}, debug: () => {}, warn: say, error: say }
}
