import type { House } from '#app/house.ts'
import type { JobPayloads } from '#app/job-payloads.ts'
import { type ScheduleEntry, startSchedule } from './schedule.ts'

/** What happens by the clock, in UTC. Timers only enqueue; two runners meet at the slot's name and run it once. */
export const entries: readonly ScheduleEntry<JobPayloads>[] = [
  { name: 'retention', expression: '*/10 * * * *', queue: 'retention.sweep', payload: (slot) => ({ slot }) },
  { name: 'providers', expression: '40 4 * * *', queue: 'providers.read', payload: (slot) => ({ slot }) },
  { name: 'promises', expression: '7 * * * *', queue: 'promises.check', payload: (slot) => ({ slot }) },
  {
    name: 'audit-checkpoint',
    expression: '23 3 * * *',
    queue: 'audit.checkpoint',
    payload: (slot) => ({ slot }),
  },
]

export function startTimers(house: House): Promise<{ stop(): Promise<void> }> {
  return startSchedule({
    entries,
    clock: house.clock,
    log: house.log,
    enqueue: (job) => house.db.transaction((tx) => house.queue.enqueue(tx, job)),
  })
}
