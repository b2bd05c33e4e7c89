import { sql } from 'kysely'
import type { House, Workshop } from '#app/house.ts'
import type { ModelRecord } from '#app/studio/catalogue/record.ts'
import { admit, nextAdmission } from '#app/studio/generations/admit.ts'
import { runGeneration } from '#app/studio/generations/run.ts'
import { tidyAtProvider } from '#app/studio/generations/tidy.ts'
import { watchGeneration } from '#app/studio/generations/watch.ts'
import { toJson } from '#core/db/columns.ts'
import { isId } from '#core/ids/ids.ts'
import type { TestHouse } from './house.ts'

export const remoteModel: ModelRecord = {
  id: 'remote',
  name: 'Remote',
  version: '1',
  says: 'A model that somebody else runs.',
  kind: 'trained',
  lifecycle: { state: 'active' },
  modes: ['text', 'first_frame'],
  seconds: { least: 2, most: 10, standard: 5 },
  aspectRatios: ['16:9'],
  resolutions: ['720p', '1080p'],
  audio: 'optional',
  seed: false,
  prompt: { least: 1, most: 2000 },
  inputs: { first_frame: { most: 1 } },
  price: { version: 1, credits: 'ceil(cost / credit * 1.5)' },
  routes: [
    { id: 'a', provider: 'one', endpoint: { slug: 'a' }, cost: { version: 1, usd: 'seconds * 0.01' } },
    { id: 'b', provider: 'two', endpoint: { slug: 'b' }, cost: { version: 1, usd: 'seconds * 0.02' } },
  ],
  deadlineSeconds: 1800,
}

/** A model of the operator's own with two routes, to providers `one` and `two`, whose register entries are whole. */
export async function aRemoteModel(
  house: House,
  changes: {
    record?: Partial<ModelRecord>
    inFlight?: number
    pollsPerSecond?: number
    submitsPer10s?: number
  } = {},
): Promise<void> {
  const { db, clock, catalogue } = house
  const now = clock.now()
  const limits = {
    submitsPer10s: changes.submitsPer10s ?? 1000,
    pollsPerSecond: changes.pollsPerSecond ?? 1000,
    inFlight: changes.inFlight ?? 10,
  }
  await db.transaction(async (tx) => {
    for (const id of ['one', 'two']) {
      await tx
        .insertInto('provider_connection')
        .values({
          id,
          driver: 'kie',
          title: `Provider ${id}`,
          is_on: 1,
          addresses: toJson({}),
          settings: toJson({}),
          key_sealed: 'sealed',
          key_hint: '1234',
          webhook_secret_sealed: null,
          limits: toJson(limits),
          budget_micro_usd: null,
          tested_at: null,
          test_error: null,
          balance_micro_usd: null,
          balance_at: null,
          created_at: now,
          updated_at: now,
        })
        .execute()
      await tx
        .insertInto('processor')
        .values({
          id,
          name: `Company ${id}`,
          country: 'SG',
          safeguard: 'standard_clauses',
          agreement_on: '2026-01-01',
          keeps_says: 'Results for two weeks.',
          keeps_days: 14,
          trains: 'no',
          deletes: 'nothing',
          updated_at: now,
        })
        .execute()
    }
    await tx
      .insertInto('model_setting')
      .values({
        id: 'remote',
        record: toJson<unknown>({ ...remoteModel, ...changes.record }),
        is_on: 1,
        price_rule: null,
        price_version: 1,
        lifecycle: null,
        most_seconds: null,
        most_live: null,
        updated_at: now,
      })
      .execute()
  })
  catalogue.changed()
}

/**
 * Lets time pass for the clock and for the queue. PostgreSQL's engine keeps the server's own time, which no test can move:
 * there the waiting jobs are brought nearer, and leases too.
 */
export async function passTime({ clock, db }: Pick<ByHand, 'clock' | 'db'>, ms: number): Promise<void> {
  clock.advance(ms)
  if (db.dialect !== 'postgres') return
  const gone = sql`${ms} * interval '1 millisecond'`
  await sql`update pgboss.job set start_after = start_after - ${gone} where state < 'active'`.execute(
    db.maintenance,
  )
  await sql`update pgboss.job set heartbeat_on = heartbeat_on - ${gone} where state = 'active'`.execute(
    db.maintenance,
  )
}

/** A worker's house whose clock is moved by hand. */
export type ByHand = Workshop & Pick<TestHouse, 'clock' | 'logged'>

const lightQueues = ['generation.admit', 'generation.watch', 'provider.tidy'] as const

/**
 * A worker by hand: runs jobs of generations one after another until none is due, moving the clock on to the next when
 * `forMs` has not passed. Finishing (probe, stamp, seal) takes real seconds, so it is left out unless a test asks for it: a
 * generation then stays in `finishing`. Answers how many jobs it ran.
 */
export async function workOff(
  workshop: ByHand,
  options: { forMs?: number; most?: number; finish?: boolean } = {},
): Promise<number> {
  const end = workshop.clock.now() + (options.forMs ?? 0)
  const signal = new AbortController().signal
  const queues = options.finish ? ([...lightQueues, 'generation.run'] as const) : lightQueues
  let ran = 0
  while (ran < (options.most ?? 500)) {
    const job = await workshop.queue.claim(queues, 'by-hand', { leaseMs: 60_000 })
    if (!job) {
      if (workshop.clock.now() >= end) return ran
      await passTime(workshop, Math.min(1000, end - workshop.clock.now()))
      continue
    }
    ran += 1
    try {
      if (job.queue === 'generation.admit') {
        const { generation_id } = job.payload
        await workshop.queue.complete(job, nextAdmission(generation_id, await admit(workshop)))
        continue
      }
      if (job.queue === 'provider.tidy' && isId('attempt', job.payload.attempt_id))
        await tidyAtProvider(workshop, job.payload.attempt_id, job.payload.act as 'cancel' | 'forget', signal)
      if (job.queue === 'generation.run' && isId('generation', job.payload.generation_id))
        await runGeneration(workshop, job.payload.generation_id, {
          signal,
          lastAttempt: false,
        })
      const next =
        job.queue === 'generation.watch' && isId('generation', job.payload.generation_id)
          ? await watchGeneration(workshop, job.payload.generation_id, signal)
          : []
      await workshop.queue.complete(job, next)
    } catch (error) {
      await workshop.queue.fail(job, { code: 'thrown' })
      workshop.logged.push(String(error))
    }
  }
  throw new Error('The work has no end')
}
