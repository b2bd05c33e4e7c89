import type { Workshop } from '#app/house.ts'
import type { Provider, ProviderJob, Reconciled, Submitted } from '#app/studio/providers/provider.ts'
import { errorClasses, isProviderError, ProviderError } from '#app/studio/providers/provider-errors.ts'
import { MINUTE, SECOND } from '#core/clock/clock.ts'
import { fromJson, toJson } from '#core/db/columns.ts'
import type { Tx } from '#core/db/schema/schema.ts'
import type { AttemptTable, GenerationTable } from '#core/db/schema/studio.ts'
import { writeAttempt } from './admit.ts'
import { advance } from './advance.ts'
import * as attempts from './attempts.queries.ts'
import { endIn, letOthersIn, tidy } from './end.ts'
import { jobFacts } from './job.ts'
import { noteFault } from './route-health.ts'
import { agreedRoutes, possibleRoutes } from './routing.ts'

/** How long a submit may take. A worker that stops does not break it off: its answer is worth money. */
const SUBMIT_MS = 60 * SECOND
/** How long a lost answer is looked for before the credits go back. */
export const UNKNOWN_MS = 10 * MINUTE
/** A request that was under way may still arrive; before this, "there is none" says nothing. */
const SETTLED_MS = MINUTE
const LOOK_AGAIN_MS = 20 * SECOND
/** How many attempts a generation may have, refusals for being busy included. */
export const mostTries = 6

/** When to look again (ms), or undefined when there is nothing more to do in this state. */
export type Again = number | undefined

/**
 * Sends an attempt that was written down, exactly once: that it is being sent is committed before, so whoever finds it so
 * later knows that it may have arrived, and asks instead of sending.
 */
export async function submitOnce(
  workshop: Workshop,
  row: GenerationTable,
  attempt: AttemptTable,
  provider: Provider,
  job: ProviderJob,
): Promise<Again> {
  const { db, clock } = workshop
  const mine = await db.transaction((tx) =>
    attempts.moveAttempt(tx, attempt.id, ['started'], { state: 'submitting' }),
  )
  // Another worker sends it, or it was cancelled a moment ago.
  if (!mine) return undefined
  try {
    const submitted = await provider.submit(job, AbortSignal.timeout(SUBMIT_MS))
    return await accept(workshop, row, attempt, submitted)
  } catch (error) {
    const failure = isProviderError(error)
      ? error
      : new ProviderError('provider_down', { accepted: 'perhaps', cause: error })
    workshop.log.warn('A submission did not succeed', {
      generation: row.id,
      provider: attempt.provider,
      code: failure.errorClass,
      accepted: failure.accepted,
      providerCode: failure.providerCode,
      ...(isProviderError(error) ? {} : { error }),
    })
    if (failure.accepted === 'no') return refused(workshop, row, attempt, failure)
    await db.transaction((tx) =>
      attempts.moveAttempt(tx, attempt.id, ['submitting'], {
        state: 'unknown',
        error_code: failure.providerCode ?? null,
      }),
    )
    return clock.now() + SECOND
  }
}

/** The answer to a submit was lost: looks for the job until it is found, surely absent, or too late. */
export async function settle(
  workshop: Workshop,
  row: GenerationTable,
  attempt: AttemptTable,
  provider: Provider,
  job: ProviderJob,
  signal: AbortSignal,
): Promise<Again> {
  const { db, clock, log } = workshop
  await db.transaction((tx) => attempts.moveAttempt(tx, attempt.id, ['submitting'], { state: 'unknown' }))
  const found: Reconciled = (await provider.reconcile?.(job, signal).catch((error: unknown) => {
    if (signal.aborted) throw error
    log.warn('A lost submission could not be looked for', { generation: row.id, error })
    return undefined
  })) ?? { state: 'unsure' }
  if (found.state === 'found') return accept(workshop, row, attempt, found)
  const since = clock.now() - attempt.started_at
  if (found.state === 'absent' && since > SETTLED_MS)
    return refused(workshop, row, attempt, new ProviderError('provider_down'))
  if (since < UNKNOWN_MS) return clock.now() + LOOK_AGAIN_MS
  await db.transaction(async (tx) => {
    await noteFault(tx, routeOf(attempt), 'unknown_after_submit', clock.now())
    await endIn(workshop, tx, row.id, 'fail', 'unknown_after_submit')
  })
  return undefined
}

/** The provider has it: writes down its id, whatever became of the generation meanwhile. */
export async function accept(
  workshop: Pick<Workshop, 'db' | 'clock' | 'queue'>,
  row: Pick<GenerationTable, 'id'>,
  attempt: Pick<AttemptTable, 'id'>,
  { providerJob, memo }: Submitted,
): Promise<Again> {
  const { db, clock, queue } = workshop
  const now = clock.now()
  return db.transaction(async (tx) => {
    const known = { provider_job: providerJob, memo: memo ? toJson({ ...memo }) : null, accepted_at: now }
    const live = await attempts.moveAttempt(tx, attempt.id, ['submitting', 'unknown'], {
      ...known,
      state: 'accepted',
      error_code: null,
    })
    if (live && (await advance(tx, row.id, 'accept', now))) return now + SECOND
    // Cancelled or given up while the request was under way: the job must not run on for nobody.
    await attempts.moveAttempt(tx, attempt.id, ['failed'], known)
    await tidy(queue, tx, attempt.id, 'cancel')
    return undefined
  })
}

/** Surely nothing was taken: goes on at another route that was agreed, waits, or ends with the credits back. */
async function refused(
  workshop: Workshop,
  row: GenerationTable,
  attempt: AttemptTable,
  failure: ProviderError,
): Promise<Again> {
  const { db, clock } = workshop
  const route = routeOf(attempt)
  await db.transaction((tx) => noteFault(tx, route, failure.errorClass, clock.now()))
  workshop.catalogue.changed()
  const onward = errorClasses[failure.errorClass].elsewhere
    ? await nextRoute(workshop, row, attempt, failure)
    : undefined
  return db.transaction(async (tx) => {
    const now = clock.now()
    const ended = await attempts.moveAttempt(tx, attempt.id, ['submitting', 'unknown'], {
      state: 'failed',
      error_class: failure.errorClass,
      error_code: failure.providerCode ?? null,
      ended_at: now,
    })
    if (!ended) return undefined
    if (!onward) {
      await endIn(
        workshop,
        tx,
        row.id,
        failure.errorClass === 'content_policy' ? 'block' : 'fail',
        failure.errorClass,
      )
      return undefined
    }
    await onward.write(tx, now)
    await letOthersIn(workshop, tx, row.id)
    return onward.at
  })
}

async function nextRoute(
  workshop: Workshop,
  row: GenerationTable,
  attempt: AttemptTable,
  failure: ProviderError,
): Promise<{ at: number; write(tx: Tx, now: number): Promise<void> } | undefined> {
  const { db, clock, catalogue } = workshop
  const model = await catalogue.model(row.model)
  if (!model || row.quote === null || attempt.number >= mostTries) return undefined
  const job = await jobFacts(workshop, row)
  const tried = await attempts.attemptsOf(db.read, row.id)
  const routes = new Set(tried.map((a) => fromJson(a.route).route))
  const quote = fromJson(row.quote)
  const others = possibleRoutes(model, job, quote, routes)
  const now = clock.now()
  // One who is only busy may be asked again; it surely has not taken it.
  const same =
    failure.errorClass === 'rate_limited'
      ? agreedRoutes(model, job, quote).find(({ record }) => record.id === routeOf(attempt).route)
      : undefined
  const route = others.now[0] ?? same
  if (!route) return undefined
  const wait = route === same ? (failure.retryAfterMs ?? 5 * SECOND * 2 ** (attempt.number - 1)) : 0
  return {
    at: now + wait,
    write: (tx, at) => writeAttempt(tx, row, model, route, job, attempt.number + 1, at),
  }
}

export function routeOf(attempt: Pick<AttemptTable, 'route'>): { model: string; route: string } {
  const { model, route } = fromJson(attempt.route)
  return { model, route }
}
