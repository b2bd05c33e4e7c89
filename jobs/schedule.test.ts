/**
 * Pins: a slot that two schedulers both run, or that runs again after its job has ended; a sweep that never comes because
 * the machine was off at its minute; ten sweeps at once after ten missed slots; a slot lost to a moment without database.
 */
import { createTask } from 'node-cron'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { DAY, HOUR, MINUTE, movableClock } from '#core/clock/clock.ts'
import { createLog } from '#core/log/log.ts'
import type { NewJob } from '#core/queue/queue.ts'
import { onBothGrounds } from '#test/grounds.ts'
import { anotherProcess, aQueue, LEASE, type Payloads } from '#test/programs/queue-bed.ts'
import { newestSlot, type ScheduleEntry, slotName, startSchedule } from './schedule.ts'

const log = createLog({ level: 'silent' })
const nightly: ScheduleEntry<Payloads> = {
  name: 'nightly',
  expression: '15 3 * * *',
  queue: 'work',
  payload: (slot) => ({ n: Date.parse(slot) }),
}

onBothGrounds('a schedule', (ground) => {
  test('two schedulers run a slot once, also after its job has ended', async () => {
    const bed = await aQueue(ground)
    const start = async () => {
      const { db, queue } = await anotherProcess(bed.address, bed.clock)
      return startSchedule<Payloads>({
        entries: [nightly],
        enqueue: (job) => db.transaction((tx) => queue.enqueue(tx, job)),
        clock: bed.clock,
        log,
      })
    }
    const both = await Promise.all([start(), start()])
    const job = await bed.take()
    const slot = newest('15 3 * * *', bed.clock.now())
    expect(job?.payload.n).toBe(slot)
    expect(await bed.take()).toBeUndefined()
    if (job) await bed.queue.complete(job)

    const third = await start()
    expect(await bed.take()).toBeUndefined()
    for (const schedule of [...both, third]) await schedule.stop()

    // Three days without a scheduler: the newest slot comes, the two before it do not.
    await bed.pass(3 * DAY)
    await (await start()).stop()
    const next = await bed.queue.claim(['work'], 'w1', { leaseMs: LEASE })
    expect(next?.payload.n).toBe((slot ?? 0) + 3 * DAY)
    expect(await bed.take()).toBeUndefined()
  })
})

describe('the timer', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: Date.UTC(2026, 10, 21, 3, 14, 30) })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  test('enqueues each slot at its minute under the slot’s name, and nothing after the stop', async () => {
    const jobs: NewJob<Payloads>[] = []
    const enqueue = async (job: NewJob<Payloads>) => jobs.push(job)
    const clock = { now: () => Date.now() }
    const schedule = await startSchedule<Payloads>({ entries: [nightly], enqueue, clock, log })
    expect(jobs.splice(0).map((job) => job.once)).toEqual(['nightly:2026-11-20T03:15Z'])
    await vi.advanceTimersByTimeAsync(MINUTE)
    expect(jobs.splice(0)).toEqual([
      { queue: 'work', payload: { n: Date.UTC(2026, 10, 21, 3, 15) }, once: 'nightly:2026-11-21T03:15Z' },
    ])
    await vi.advanceTimersByTimeAsync(DAY)
    expect(jobs.splice(0).map((job) => job.once)).toEqual(['nightly:2026-11-22T03:15Z'])
    await schedule.stop()
    await vi.advanceTimersByTimeAsync(2 * DAY)
    expect(jobs).toEqual([])
  })

  test('a slot that could not be enqueued is tried again', async () => {
    const tried: (string | undefined)[] = []
    const enqueue = async (job: NewJob<Payloads>) => {
      tried.push(job.once)
      if (tried.length < 3) throw new Error('no database')
    }
    const clock = { now: () => Date.now() }
    const schedule = await startSchedule<Payloads>({ entries: [nightly], enqueue, clock, log })
    await vi.advanceTimersByTimeAsync(20 * MINUTE)
    await schedule.stop()
    expect(tried.filter((once) => once === 'nightly:2026-11-20T03:15Z').length).toBeGreaterThan(1)
    expect(tried.at(-1)).toBe('nightly:2026-11-21T03:15Z')
  })

  test('an expression that means nothing is refused at the start', async () => {
    const entries = [{ ...nightly, expression: '61 * * * *' }]
    const schedule = startSchedule<Payloads>({ entries, enqueue: async () => 1, clock: movableClock(), log })
    await expect(schedule).rejects.toThrow()
  })
})

const newest = (expression: string, now: number) =>
  newestSlot(
    createTask(expression, () => {}, { timezone: 'UTC' }),
    now,
  )

describe('the newest slot', () => {
  const now = Date.UTC(2026, 10, 21, 12, 3, 30)
  test.each([
    ['* * * * *', Date.UTC(2026, 10, 21, 12, 3)],
    ['*/5 * * * *', Date.UTC(2026, 10, 21, 12, 0)],
    ['15 3 * * *', Date.UTC(2026, 10, 21, 3, 15)],
    ['15 23 * * *', Date.UTC(2026, 10, 20, 23, 15)],
    // A Saturday; the Sunday before.
    ['0 4 * * 0', Date.UTC(2026, 10, 15, 4)],
    ['30 2 1 * *', Date.UTC(2026, 10, 1, 2, 30)],
  ])('of %s', (expression, slot) => {
    expect(newest(expression, now)).toBe(slot)
  })

  test('of a year ago is nobody’s any more', () => {
    expect(newest('0 0 1 1 *', now)).toBeUndefined()
  })

  test('at the very minute is this one', () => {
    expect(newest('0 * * * *', Date.UTC(2026, 10, 21, 12))).toBe(Date.UTC(2026, 10, 21, 12))
    expect(newest('0 * * * *', Date.UTC(2026, 10, 21, 12) - 1)).toBe(Date.UTC(2026, 10, 21, 12) - HOUR)
  })
})

test('a slot is its minute', () => {
  expect(slotName(Date.UTC(2026, 10, 21, 12, 3, 59, 999))).toBe('2026-11-21T12:03Z')
})
