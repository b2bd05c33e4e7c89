import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Workshop } from '#app/house.ts'
import type { AcceptedJob, Provider } from '#app/studio/providers/provider.ts'
import { fromJson } from '#core/db/columns.ts'
import type { AttemptTable, GenerationTable } from '#core/db/schema/studio.ts'
import type { GenerationId } from '#core/ids/ids.ts'
import { isStop } from '#core/queue/run-job.ts'
import { writeAttempt } from './admit.ts'
import { advance } from './advance.ts'
import * as attempts from './attempts.queries.ts'
import { endFailed, endIn } from './end.ts'
import { codeOf, isFinal } from './errors.ts'
import { finish } from './finish.ts'
import * as queries from './generations.queries.ts'
import { closedJob, jobFacts, providerJob } from './job.ts'
import { isLive } from './states.ts'

/** How often the heavy part may be begun; one that kills its worker each time must not do so for ever. A stop is no try. */
export const mostAttempts = 4

export interface RunContext {
  /** Aborted when the worker stops or has lost its lease. */
  signal: AbortSignal
  /** True when a failure now would be the last. */
  lastAttempt: boolean
}

/**
 * The heavy part of a generation: rendering, where this process does it itself, and finishing what any provider made. Each
 * step is written down before the next, and each can be done again: a process that is killed anywhere is followed by one
 * that goes on from the last state. Throws when the job should be tried again.
 */
export async function runGeneration(
  workshop: Workshop,
  id: GenerationId,
  context: RunContext,
): Promise<void> {
  context.signal.throwIfAborted()
  const row = await queries.anyGeneration(workshop.db.read, id)
  if (!row || !isLive(row.state)) return
  if (row.attempts >= mostAttempts) return void (await endFailed(workshop, id, 'gave_up'))
  const workDir = join(workshop.scratch, id)
  await rm(workDir, { recursive: true, force: true })
  await mkdir(workDir, { recursive: true, mode: 0o700 })
  const watch = watchForEnd(workshop, id, context.signal)
  let counted = async () => {}
  try {
    await begin(workshop, row)
    counted = countBackOnStop(workshop, id, context.signal)
    await steps(workshop, row, workDir, watch.signal)
  } catch (error) {
    if (context.signal.aborted) throw error
    if (await hasEnded(workshop, id)) return
    const code = codeOf(error)
    workshop.log.warn('A generation failed at a step', { generation: id, code, error })
    if (!context.lastAttempt && !isFinal(code)) throw error
    await endFailed(workshop, id, code)
  } finally {
    watch.stop()
    await counted()
    await rm(workDir, { recursive: true, force: true })
  }
}

async function begin({ db, clock }: Workshop, row: GenerationTable): Promise<void> {
  await db.transaction((tx) =>
    tx
      .updateTable('generation')
      .set({ attempts: row.attempts + 1, started_at: row.started_at ?? clock.now() })
      .where('id', '=', row.id)
      .execute(),
  )
}

/**
 * A worker that is told to stop has not failed, and four restarts must not lose what a provider was paid for. The try is
 * given back at once and not when the work has ended: work that does not heed the stop is left behind with the process.
 * Answers how to end the watch.
 */
function countBackOnStop({ db, log }: Workshop, id: GenerationId, signal: AbortSignal): () => Promise<void> {
  let written: Promise<unknown> = Promise.resolve()
  const giveBack = () => {
    if (!isStop(signal)) return
    written = db
      .transaction((tx) =>
        tx
          .updateTable('generation')
          .set({ attempts: sql<number>`attempts - 1` })
          .where('id', '=', id)
          .execute(),
      )
      .catch((error: unknown) => log.warn('A try could not be given back', { generation: id, error }))
  }
  signal.addEventListener('abort', giveBack)
  if (signal.aborted) giveBack()
  return async () => {
    signal.removeEventListener('abort', giveBack)
    await written
  }
}

async function steps(
  workshop: Workshop,
  row: GenerationTable,
  workDir: string,
  signal: AbortSignal,
): Promise<void> {
  const { db, providers } = workshop
  const model = await workshop.catalogue.model(row.model)
  if (!model) return void (await endFailed(workshop, row.id, 'model_retired'))
  const attempt = (await attempts.newestAttempt(db.read, row.id)) ?? (await beginHere(workshop, row))
  const provider = attempt && (await providers.get(attempt.provider))
  if (!attempt || !provider) return void (await endFailed(workshop, row.id, 'model_retired'))
  const job: AcceptedJob = {
    ...(provider.resident
      ? await providerJob(workshop, row, attempt, workDir, signal)
      : closedJob(row, attempt, workDir)),
    providerJob: attempt.provider_job ?? '',
    memo: attempt.memo === null ? {} : fromJson(attempt.memo),
  }
  let state = (await queries.anyGeneration(db.read, row.id))?.state
  if (provider.resident && (state === 'submitted' || state === 'rendering')) {
    const taken = await takenHere(workshop, row, attempt, provider, job, signal)
    if (!taken || !(await produced(workshop, taken, provider, signal))) return
    state = 'finishing'
  }
  if (state !== 'finishing') return
  const path = await provider.fetch(job, signal)
  await finish(workshop, { row, model: model.record, path, workDir, fromOutside: !provider.resident }, signal)
}

/** A model that this process makes itself goes straight from the form to here. */
async function beginHere(workshop: Workshop, row: GenerationTable): Promise<AttemptTable | undefined> {
  const { db, clock } = workshop
  const model = await workshop.catalogue.model(row.model)
  const route = model?.routes.find(({ provider, isOn }) => provider?.resident && isOn)
  if (!model || !route) return undefined
  const job = await jobFacts(workshop, row)
  const now = clock.now()
  await db.transaction(async (tx) => {
    if (await advance(tx, row.id, 'submit', now)) await writeAttempt(tx, row, model, route, job, 1, now)
  })
  return attempts.newestAttempt(db.read, row.id)
}

async function takenHere(
  workshop: Workshop,
  row: GenerationTable,
  attempt: AttemptTable,
  provider: Provider,
  job: AcceptedJob,
  signal: AbortSignal,
): Promise<AcceptedJob | undefined> {
  if (attempt.state === 'accepted') return job
  const { db, clock } = workshop
  const { providerJob: taken } = await provider.submit(job, signal)
  const now = clock.now()
  const moved = await db.transaction(async (tx) => {
    const change = { state: 'accepted', provider_job: taken, accepted_at: now } as const
    await attempts.moveAttempt(tx, attempt.id, ['started'], change)
    return advance(tx, row.id, 'accept', now)
  })
  return moved ? { ...job, providerJob: taken } : undefined
}

async function produced(
  workshop: Workshop,
  job: AcceptedJob,
  provider: Provider,
  signal: AbortSignal,
): Promise<boolean> {
  const { db, clock } = workshop
  for (;;) {
    signal.throwIfAborted()
    const answer = await provider.poll(job, signal)
    if (answer.state === 'succeeded')
      return db.transaction((tx) => advance(tx, job.generation, 'produce', clock.now()))
    if (answer.state === 'failed') {
      const event = answer.errorClass === 'content_policy' ? 'block' : 'fail'
      await db.transaction((tx) => endIn(workshop, tx, job.generation, event, answer.errorClass))
      return false
    }
    await delay(answer.againAfterMs, undefined, { signal })
  }
}

async function hasEnded({ db }: Workshop, id: GenerationId): Promise<boolean> {
  const row = await queries.anyGeneration(db.read, id)
  return !row || !isLive(row.state)
}

/** A signal that also fires when the generation was cancelled or ended by its deadline while it is being made. */
function watchForEnd(workshop: Workshop, id: GenerationId, outer: AbortSignal) {
  const ended = new AbortController()
  const timer = setInterval(() => {
    hasEnded(workshop, id).then(
      (yes) => yes && ended.abort(new Error('The generation has ended')),
      () => {},
    )
  }, 500)
  return { signal: AbortSignal.any([outer, ended.signal]), stop: () => clearInterval(timer) }
}
