import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Workshop } from '#app/house.ts'
import { modelOf } from '#app/studio/catalogue/catalogue.ts'
import type { AcceptedJob, Provider, ProviderJob } from '#app/studio/providers/provider.ts'
import { readReference } from '#app/studio/references/references.ts'
import { accessOf, system } from '#core/actor.ts'
import { unsealText } from '#core/crypto/sealed-text.ts'
import { fromJson, toJson } from '#core/db/columns.ts'
import type { GenerationTable, RouteSnapshot } from '#core/db/schema/studio.ts'
import { isAppError } from '#core/errors/errors.ts'
import { type GenerationId, newId } from '#core/ids/ids.ts'
import { advance, goesAt, notePhase } from './advance.ts'
import { isFinal } from './errors.ts'
import { finish } from './finish.ts'
import * as queries from './generations.queries.ts'
import { isLive } from './states.ts'

/** How often a generation may be begun; one that kills its worker each time must not do so for ever. */
export const mostAttempts = 4

export interface RunContext {
  /** Aborted when the worker stops or has lost its lease. */
  signal: AbortSignal
  /** True when a failure now would be the last. */
  lastAttempt: boolean
  providers: ReadonlyMap<string, Provider>
}

/**
 * Brings a generation from where it stands to its end. Each step is written down before the next, and each can be done
 * again: a process that is killed anywhere is followed by one that goes on from the last state. Throws when the job
 * should be tried again.
 */
export async function runGeneration(
  workshop: Workshop,
  id: GenerationId,
  context: RunContext,
): Promise<void> {
  const row = await queries.anyGeneration(workshop.db.read, id)
  if (!row || !isLive(row.state)) return
  if (row.attempts >= mostAttempts) return void (await endFailed(workshop, id, 'gave_up'))
  const workDir = join(workshop.scratch, id)
  await rm(workDir, { recursive: true, force: true })
  await mkdir(workDir, { recursive: true, mode: 0o700 })
  const watch = watchForEnd(workshop, id, context.signal)
  try {
    await begin(workshop, row)
    await steps(workshop, row, workDir, watch.signal, context.providers)
  } catch (error) {
    if (context.signal.aborted) throw error
    if (await hasEnded(workshop, id)) return
    const code = isAppError(error) ? error.code : 'internal'
    workshop.log.warn('A generation failed at a step', { generation: id, code, error })
    if (!context.lastAttempt && !isFinal(code)) throw error
    await endFailed(workshop, id, code)
  } finally {
    watch.stop()
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

async function steps(
  workshop: Workshop,
  row: GenerationTable,
  workDir: string,
  signal: AbortSignal,
  providers: ReadonlyMap<string, Provider>,
): Promise<void> {
  const model = modelOf(row.model)
  const provider = model && providers.get(model.provider)
  if (!model || !provider) return void (await endFailed(workshop, row.id, 'model_retired'))
  const job = await jobFor(workshop, row, workDir, signal)
  const route: RouteSnapshot = { provider: provider.name, model: model.id, version: model.version }
  const accepted = await submitted(workshop, row, job, provider, route, signal)
  if (!accepted) return
  let state = (await queries.anyGeneration(workshop.db.read, row.id))?.state
  if (state === 'rendering') {
    if (!(await produced(workshop, accepted, provider, signal))) return
    state = 'finishing'
  }
  if (state !== 'finishing') return
  const path = await provider.fetch(accepted, signal)
  await finish(workshop, { row, model, path, workDir, hasReference: job.referencePath !== undefined }, signal)
}

/** Submits, or finds the submission that was made before the process died. */
async function submitted(
  workshop: Workshop,
  row: GenerationTable,
  job: ProviderJob,
  provider: Provider,
  route: RouteSnapshot,
  signal: AbortSignal,
): Promise<AcceptedJob | undefined> {
  const { db, clock } = workshop
  const known = await queries.newestAttempt(db.read, row.id)
  if (known?.provider_job) return { ...job, providerJob: known.provider_job }
  const attempt = known?.id ?? newId('attempt', clock.now())
  if (!known) {
    const moved = await db.transaction(async (tx) => {
      await queries.insertAttempt(tx, {
        id: attempt,
        generation_id: row.id,
        subject_id: row.subject_id,
        number: 1,
        provider: provider.name,
        provider_job: null,
        route: toJson(route),
        state: 'started',
        error_class: null,
        started_at: clock.now(),
        ended_at: null,
      })
      return advance(tx, row.id, 'submit', clock.now())
    })
    if (!moved) return undefined
  }
  const { providerJob } = await provider.submit(job, signal)
  const moved = await db.transaction(async (tx) => {
    await queries.updateAttempt(tx, attempt, { state: 'accepted', provider_job: providerJob })
    return advance(tx, row.id, 'accept', clock.now())
  })
  return moved ? { ...job, providerJob } : undefined
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
      await db.transaction((tx) =>
        advance(tx, job.generation, event, clock.now(), {
          error_code: answer.errorClass,
          expires_at: goesAt(workshop),
        }),
      )
      return false
    }
    await delay(answer.againAfterMs, undefined, { signal })
  }
}

async function jobFor(
  workshop: Workshop,
  row: GenerationTable,
  workDir: string,
  signal: AbortSignal,
): Promise<ProviderJob> {
  const actor = system('worker')
  const key = await workshop.keyring.openOne(row.key_id, accessOf(actor, 'generation.run', row.subject_id))
  const place = { table: 'generation', column: 'prompt_sealed', row: row.id }
  let referencePath: string | undefined
  if (row.reference_id) {
    const picture = await readReference(workshop, row.reference_id, actor, 'generation.run')
    referencePath = join(workDir, 'reference')
    await writeFile(referencePath, picture.bytes, { mode: 0o600, signal })
  }
  return {
    generation: row.id,
    model: row.model,
    prompt: unsealText(key, place, row.prompt_sealed),
    settings: fromJson(row.settings),
    referencePath,
    workDir,
    onPhase: (phase) => {
      workshop.db
        .transaction((tx) => notePhase(tx, row.id, 'rendering', phase, workshop.clock.now()))
        .catch((error: unknown) =>
          workshop.log.warn('A phase could not be noted', { generation: row.id, error }),
        )
    },
  }
}

/** Ends it as failed, with its credits back, unless it has ended already. */
export async function endFailed(
  house: Pick<Workshop, 'db' | 'clock' | 'config' | 'queue'>,
  id: GenerationId,
  code: string,
): Promise<boolean> {
  const { db, clock, queue } = house
  return db.transaction(async (tx) => {
    const attempt = await queries.newestAttempt(tx, id)
    if (attempt && attempt.state !== 'succeeded' && attempt.state !== 'failed')
      await queries.updateAttempt(tx, attempt.id, {
        state: 'failed',
        error_class: code,
        ended_at: clock.now(),
      })
    const change = { error_code: code, expires_at: goesAt(house) }
    if (!(await advance(tx, id, 'fail', clock.now(), change))) return false
    // What was stored before it failed belongs to nothing that anybody will see.
    await queue.enqueue(tx, {
      queue: 'objects.delete',
      payload: { prefix: `generations/${id}/` },
      dedupeKey: id,
    })
    return true
  })
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
