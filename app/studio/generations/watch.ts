import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Workshop } from '#app/house.ts'
import type { JobPayloads } from '#app/job-payloads.ts'
import type { PollAnswer, Provider } from '#app/studio/providers/provider.ts'
import { isProviderError } from '#app/studio/providers/provider-errors.ts'
import { MINUTE, SECOND } from '#core/clock/clock.ts'
import { fromJson } from '#core/db/columns.ts'
import type { AttemptTable, GenerationTable } from '#core/db/schema/studio.ts'
import { isAppError } from '#core/errors/errors.ts'
import type { GenerationId } from '#core/ids/ids.ts'
import type { NewJob } from '#core/queue/queue.ts'
import { advance, notePhase } from './advance.ts'
import * as attempts from './attempts.queries.ts'
import { endFailed, endIn, letOthersIn } from './end.ts'
import { isDiskFull } from './errors.ts'
import * as queries from './generations.queries.ts'
import { closedJob, providerJob } from './job.ts'
import { reserve } from './pace.ts'
import { noteFault, noteSuccess } from './route-health.ts'
import { type Again, routeOf, settle, submitOnce } from './submit.ts'

const LONGEST_PAUSE_MS = 2 * MINUTE
/** While nothing else is known, how often a job whose polls fail is asked about, at first. */
const FIRST_PAUSE_MS = 5 * SECOND
/** Who came before its turn comes again no sooner than this. */
const EARLY_MS = 250

/**
 * One step of a generation that a provider makes: sends it, looks for a lost answer, or asks how it goes. Answers the job
 * that follows, which the queue writes in the transaction that ends this one; so there is one poller for each generation,
 * in whatever process. Light: no file passes through here but the inputs of a submission.
 */
export async function watchGeneration(
  workshop: Workshop,
  id: GenerationId,
  signal: AbortSignal,
): Promise<NewJob<JobPayloads>[]> {
  const row = await queries.anyGeneration(workshop.db.read, id)
  const attempt = row && (await attempts.newestAttempt(workshop.db.read, id))
  if (!row || !attempt || (row.state !== 'submitted' && row.state !== 'rendering')) return finishing(row)
  const provider = await workshop.providers.get(attempt.provider)
  const again = provider
    ? await step(workshop, row, attempt, provider, signal)
    : await withoutProvider(workshop, row, attempt)
  const now = await queries.anyGeneration(workshop.db.read, id)
  if (now?.state === 'finishing') return finishing(now)
  if (again === undefined) return []
  const knocked = (await attempts.attempt(workshop.db.read, attempt.id))?.woken_at !== attempt.woken_at
  return [next('generation.watch', row, knocked ? workshop.clock.now() : again)]
}

async function step(
  workshop: Workshop,
  row: GenerationTable,
  attempt: AttemptTable,
  provider: Provider,
  signal: AbortSignal,
): Promise<Again> {
  if (attempt.state !== 'started') {
    const turn = await myTurn(workshop, attempt)
    if (turn !== undefined) return turn
  }
  if (attempt.state === 'accepted') return ask(workshop, row, attempt, provider, signal)
  const workDir = join(workshop.scratch, attempt.id)
  await rm(workDir, { recursive: true, force: true })
  await mkdir(workDir, { recursive: true, mode: 0o700 })
  try {
    let noRoom = false
    const job = await providerJob(workshop, row, attempt, workDir, signal).catch((error: unknown) => {
      noRoom = isDiskFull(error)
      if (!noRoom && (!isAppError(error) || error.code !== 'reference_gone')) throw error
      return undefined
    })
    // What is looked for is at the provider, or is not, whatever became of the files.
    if (attempt.state !== 'started')
      return await settle(workshop, row, attempt, provider, job ?? closedJob(row, attempt), signal)
    if (job) return await submitOnce(workshop, row, attempt, provider, job)
    if (noRoom) return waitForRoom(workshop, row)
    await endFailed(workshop, row.id, 'reference_gone')
    return undefined
  } finally {
    await rm(workDir, { recursive: true, force: true })
  }
}

/** Nothing was sent yet and nothing is lost by waiting, at most until the deadline. */
function waitForRoom({ log, clock }: Workshop, row: GenerationTable): number {
  log.error('There is no room for the files that a video is made from', { generation: row.id })
  return clock.now() + LONGEST_PAUSE_MS
}

/** The operator took the connection away while the job was there: it is asked for again until its deadline. */
async function withoutProvider(
  workshop: Workshop,
  row: GenerationTable,
  attempt: AttemptTable,
): Promise<Again> {
  if (attempt.state !== 'started') return workshop.clock.now() + LONGEST_PAUSE_MS
  await endFailed(workshop, row.id, 'provider_auth')
  return undefined
}

/**
 * Whoever is due takes a turn, so that one who pauses for long holds up nobody. Answers when to come, or undefined when it
 * is now. A turn that was waited for stays good, however late the worker is: a busy worker must not lose its place.
 */
async function myTurn(workshop: Workshop, attempt: AttemptTable): Promise<number | undefined> {
  const { db, clock } = workshop
  const now = clock.now()
  // Early: a webhook knocked, or the queue's clock is ahead of this one, which must not make it spin.
  if (attempt.poll_at !== null && attempt.poll_at > now) return Math.max(attempt.poll_at, now + EARLY_MS)
  const everyMs = await pollEvery(workshop, attempt)
  return db.transaction(async (tx) => {
    const had = attempt.poll_at !== null
    const at = had ? now : await reserve(tx, attempt.provider, 'poll', now, everyMs)
    const waits = at > now
    if (had || waits) await attempts.noteTurn(tx, attempt.id, waits ? at : null)
    return waits ? at : undefined
  })
}

async function ask(
  workshop: Workshop,
  row: GenerationTable,
  attempt: AttemptTable,
  provider: Provider,
  signal: AbortSignal,
): Promise<Again> {
  let answer: PollAnswer
  try {
    answer = await provider.poll(
      {
        ...closedJob(row, attempt),
        providerJob: attempt.provider_job ?? '',
        memo: attempt.memo === null ? {} : fromJson(attempt.memo),
      },
      signal,
    )
  } catch (error) {
    if (signal.aborted) throw error
    return pollFailed(workshop, row, attempt, error)
  }
  if (answer.state === 'running') return stillRunning(workshop, row, attempt, answer)
  const { db, clock } = workshop
  const now = clock.now()
  const charged = answer.charged ? { cost_charged: answer.charged.microUsd } : {}
  const { state } = answer
  const failure = state === 'failed' ? answer.errorClass : null
  await db.transaction(async (tx) => {
    if (failure === null) {
      const done = { state: 'succeeded', ended_at: now, ...charged } as const
      await attempts.moveAttempt(tx, attempt.id, ['accepted'], done)
      await noteSuccess(tx, routeOf(attempt), now)
      await advance(tx, row.id, 'produce', now)
      await letOthersIn(workshop, tx, row.id)
      return
    }
    await noteFault(tx, routeOf(attempt), failure, now)
    await attempts.moveAttempt(tx, attempt.id, ['accepted'], { error_class: failure, ...charged })
    const refused = failure === 'content_policy' || failure === 'face_policy'
    await endIn(workshop, tx, row.id, refused ? 'block' : 'fail', failure)
  })
  return undefined
}

async function stillRunning(
  workshop: Workshop,
  row: GenerationTable,
  attempt: AttemptTable,
  answer: Extract<PollAnswer, { state: 'running' }>,
): Promise<number> {
  const { db, clock } = workshop
  const phase = phaseOf(answer)
  const shown = phase === undefined ? undefined : await queries.newestPhase(db.read, row.id)
  const isNews = phase !== undefined && phase !== shown
  if (attempt.poll_failures > 0 || isNews)
    await db.transaction(async (tx) => {
      await attempts.moveAttempt(tx, attempt.id, ['accepted'], { poll_failures: 0 })
      if (isNews) await notePhase(tx, row.id, 'rendering', phase, clock.now())
    })
  return clock.now() + Math.max(500, answer.againAfterMs)
}

/** Progress in steps of a tenth, up to 90: each is a row that a browser is told of, and what is done is not rendering. */
function phaseOf({ progress, position }: Extract<PollAnswer, { state: 'running' }>): string | undefined {
  if (position !== undefined && position > 0) return `waiting:${Math.min(position, 99)}`
  return progress === undefined ? undefined : `rendering:${Math.min(9, Math.floor(progress * 10)) * 10}`
}

/** A poll that failed says nothing of the job: it is asked again, more and more seldom, until its deadline. */
async function pollFailed(
  workshop: Workshop,
  row: GenerationTable,
  attempt: AttemptTable,
  error: unknown,
): Promise<number> {
  const { db, clock, log } = workshop
  const failures = attempt.poll_failures + 1
  log.warn('A provider could not be asked', {
    generation: row.id,
    provider: attempt.provider,
    failures,
    error,
  })
  const wanted =
    (isProviderError(error) && error.retryAfterMs) || FIRST_PAUSE_MS * 2 ** Math.min(failures - 1, 10)
  await db.transaction((tx) =>
    attempts.moveAttempt(tx, attempt.id, ['accepted'], { poll_failures: failures }),
  )
  return clock.now() + Math.min(LONGEST_PAUSE_MS, wanted)
}

/** Of the provider, over all its jobs; one that was taken away is asked about seldom. */
async function pollEvery({ catalogue }: Workshop, { provider }: AttemptTable): Promise<number> {
  const limits = await catalogue.limitsOf(provider)
  return limits ? SECOND / limits.pollsPerSecond : SECOND
}

function finishing(row: GenerationTable | undefined): NewJob<JobPayloads>[] {
  return row?.state === 'finishing' ? [next('generation.run', row)] : []
}

function next(
  queue: 'generation.watch' | 'generation.run',
  row: Pick<GenerationTable, 'id' | 'subject_id'>,
  runAt?: number,
): NewJob<JobPayloads> {
  return {
    queue,
    payload: { generation_id: row.id },
    dedupeKey: row.id,
    subject: row.subject_id,
    ...(runAt === undefined ? {} : { runAt }),
  }
}
