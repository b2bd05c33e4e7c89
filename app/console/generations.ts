import type { House } from '#app/house.ts'
import { endIn, stopJobs } from '#app/studio/generations/end.ts'
import * as studio from '#app/studio/generations/generations.queries.ts'
import { inputsOf } from '#app/studio/generations/inputs.queries.ts'
import { isLive, transitionFor } from '#app/studio/generations/states.ts'
import { appendAudit, prepareEntry } from '#compliance/records/audit.ts'
import { accessOf } from '#core/actor.ts'
import { unsealText } from '#core/crypto/sealed-text.ts'
import { fromJson } from '#core/db/columns.ts'
import type { Tx } from '#core/db/schema/schema.ts'
import type { AttemptTable, GenerationState, GenerationTable } from '#core/db/schema/studio.ts'
import { AppError } from '#core/errors/errors.ts'
import { say } from '#core/i18n/say.ts'
import { type GenerationId, isId, type SubjectId } from '#core/ids/ids.ts'
import * as queries from './generations.queries.ts'
import { openAsStaff } from './open-as-staff.ts'
import { nothingThere, PAGE, type Staff } from './staff.ts'

/** Videos being made and made, without what was asked for: prompt and picture are opened for a reason only. */
export const generationStates = [
  'held',
  'queued',
  'submitted',
  'rendering',
  'finishing',
  'ready',
  'blocked',
  'failed',
  'cancelled',
  'expired',
  'removed',
] as const satisfies readonly GenerationState[]

/** States to list by, and those that are past their deadline. */
export const generationFilters = ['late', ...generationStates] as const

export interface GenerationFilter {
  state: GenerationState | 'late' | undefined
  /** As typed; something that is no id finds nothing. */
  subject: string | undefined
  before: string | undefined
}

export async function listGenerations(house: House, filter: GenerationFilter) {
  const { state, subject, before } = filter
  if (subject !== undefined && !isId('subject', subject)) return { rows: [], older: undefined }
  const now = house.clock.now()
  const found = await queries.page(house.db.read, {
    ...(state === 'late' ? { lateAt: now } : state ? { state } : {}),
    ...(subject ? { subject } : {}),
    ...(isId('generation', before) ? { before } : {}),
    limit: PAGE + 1,
  })
  const rows = found
    .slice(0, PAGE)
    .map((row) => ({ ...row, late: isLive(row.state) && row.deadline_at < now }))
  return { rows, older: found.length > PAGE ? rows.at(-1)?.id : undefined }
}

/** All that is known of one without opening it. Throws 404. */
export async function generationFacts({ db, clock }: House, id: string) {
  const row = await generationRow(db, id)
  const [events, attempts, screenings, assets, stamp, hold, inputs] = await Promise.all([
    studio.eventsOf(db.read, row.id),
    queries.attemptsOf(db.read, row.id),
    studio.screeningsOf(db.read, row.id),
    studio.assetsOf(db.read, [row.id]),
    studio.stampOf(db.read, row.id),
    queries.holdOf(db.read, row.credit_hold_id),
    inputsOf(db.read, row.id),
  ])
  return {
    id: row.id,
    subject: row.subject_id,
    apiKey: row.api_key_id,
    model: row.model,
    state: row.state,
    settings: fromJson(row.settings),
    inputs: inputs.map(({ role }) => role),
    price: row.price,
    hold: hold ?? null,
    error: row.error_code,
    attemptsBegun: row.attempts,
    createdAt: row.created_at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    deadlineAt: row.deadline_at,
    late: isLive(row.state) && row.deadline_at < clock.now(),
    savedAt: row.saved_at,
    expiresAt: row.expires_at,
    hasPrompt: row.prompt_sealed !== '',
    hasVideo: row.state === 'ready' && assets.some((asset) => asset.kind === 'video'),
    cancellable: transitionFor('cancel').from.includes(row.state),
    events: events.map(({ seq, state, phase, at }) => ({ seq, state, phase, at })),
    attempts: attempts.map((attempt) => ({
      number: attempt.number,
      provider: attempt.provider,
      providerJob: attempt.provider_job,
      route: fromJson(attempt.route),
      state: attempt.state,
      error: attempt.error_class,
      cost: costOf(attempt),
      startedAt: attempt.started_at,
      endedAt: attempt.ended_at,
    })),
    screenings: screenings.map(({ id: screening, what, looked_by, verdict, category, at }) => ({
      id: screening,
      what,
      lookedBy: looked_by,
      verdict,
      category,
      at,
    })),
    files: assets.map(({ id: asset, kind, media_type, size, width, height, sha256 }) => ({
      id: asset,
      kind,
      mediaType: media_type,
      size,
      width,
      height,
      sha256,
    })),
    stamp: stamp
      ? { publicId: stamp.public_id, engine: stamp.engine, sha256: stamp.sha256, signedAt: stamp.signed_at }
      : null,
  }
}

/**
 * What the provider took for it or will take, in millionths of a US dollar; null for nothing. `told` by the provider
 * itself, otherwise by the route's rule. One that failed costs what the provider says, else nothing.
 */
function costOf({
  state,
  cost_charged,
  cost_expected,
}: AttemptTable): { microUsd: number; told: boolean } | null {
  const microUsd = cost_charged ?? (state === 'failed' ? 0 : cost_expected)
  return microUsd === 0 && cost_charged === null ? null : { microUsd, told: cost_charged !== null }
}

export type GenerationFacts = Awaited<ReturnType<typeof generationFacts>>

/** What was asked for, for a reason that is kept. Throws 404, and `content_gone` when it was removed. */
export async function revealPrompt(house: House, actor: Staff, id: string, reason: string): Promise<string> {
  const row = await generationRow(house.db, id)
  if (row.prompt_sealed === '') throw contentGone()
  const target = { kind: 'generation', id: row.id }
  return openAsStaff(house, { actor, act: 'prompt.revealed', target, note: reason }, async (keyring) => {
    const access = accessOf(actor, 'generation.reveal', row.subject_id)
    const key = (await keyring.open([row.key_id], access)).get(row.key_id)
    if (!key) throw contentGone()
    const place = { table: 'generation', column: 'prompt_sealed', row: row.id }
    return unsealText(key, place, row.prompt_sealed)
  })
}

/** Stops it and gives the credits back. Throws 404, and `not_cancellable` when it is too late. */
export async function cancelAsStaff(house: House, actor: Staff, id: string, reason: string): Promise<void> {
  const { db } = house
  const row = await generationRow(db, id)
  const entry = await prepareEntry(house, {
    actor,
    act: 'generation.cancelled',
    target: { kind: 'generation', id: row.id },
    note: reason,
  })
  await db.transaction(async (tx) => {
    if (!(await stop(house, tx, row.id, 'cancel')))
      throw new AppError('not_cancellable', say('It is too late to stop this: it is done or nearly done.'), {
        status: 409,
      })
    await appendAudit(tx, entry)
  })
}

/**
 * Stops all that is being made for a person, in the transaction that shuts them out: also what is being finished, since
 * nobody could see it. The credits go back and each stop is recorded. Answers how many were stopped; there are few of
 * them (`mostLive`).
 */
export async function stopAllOf(house: House, tx: Tx, actor: Staff, subject: SubjectId): Promise<number> {
  let stopped = 0
  for (const id of await queries.liveOf(tx, subject)) {
    if (!(await stop(house, tx, id, 'cancel')) && !(await stop(house, tx, id, 'fail'))) continue
    const target = { kind: 'generation', id }
    const detail = { because: 'account.suspended' }
    await appendAudit(tx, await prepareEntry(house, { actor, act: 'generation.cancelled', target, detail }))
    stopped += 1
  }
  return stopped
}

/** Its owner reads that the operator stopped it, not that they did. */
async function stop(house: House, tx: Tx, id: GenerationId, event: 'cancel' | 'fail'): Promise<boolean> {
  await stopJobs(house, tx, id)
  return endIn(house, tx, id, event, 'stopped_by_operator')
}

export async function generationRow(db: House['db'], id: string): Promise<GenerationTable> {
  const row = isId('generation', id) ? await studio.anyGeneration(db.read, id as GenerationId) : undefined
  if (!row) throw nothingThere()
  return row
}

export function contentGone(): AppError {
  return new AppError('content_gone', say('Its content was removed, so nobody can open it any more.'), {
    status: 410,
  })
}
