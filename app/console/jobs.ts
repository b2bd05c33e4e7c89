import type { House } from '#app/house.ts'
import { queueNames } from '#app/job-payloads.ts'
import { appendAudit, prepareEntry } from '#compliance/records/audit.ts'
import { AppError } from '#core/errors/errors.ts'
import { say } from '#core/i18n/say.ts'
import { isId } from '#core/ids/ids.ts'
import type { Counts, DeadJob } from '#core/queue/queue.ts'
import { nothingThere, type Staff } from './staff.ts'

/** The worker's queues, and what it gave up on. Payloads are ids only, so nothing here has to be opened. */
export interface QueueCount extends Counts {
  queue: string
}

/** As many as the console shows. */
export const mostDead = 100

export async function queueCounts({ queue }: House): Promise<QueueCount[]> {
  const counts = await queue.counts()
  return queueNames.map((name) => ({ queue: name, ...counts[name] }))
}

export async function deadJobs({ queue }: House): Promise<DeadJob[]> {
  return queue.dead(mostDead)
}

/** Gives a dead job one more try. Throws 404 for what is no job, and 409 when it is not dead any more. */
export async function retryJob(house: House, actor: Staff, id: string): Promise<void> {
  if (!isId('job', id)) throw nothingThere()
  const entry = await prepareEntry(house, { actor, act: 'job.retried', target: { kind: 'job', id } })
  const done = await house.db.transaction(async (tx) => {
    const retried = await house.queue.retryDead(tx, id)
    if (retried) await appendAudit(tx, entry)
    return retried
  })
  if (!done)
    throw new AppError(
      'not_dead',
      say('This job is not waiting to be tried again: it was retried, is gone, or a newer one runs.'),
      { status: 409 },
    )
}
