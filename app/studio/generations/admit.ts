import type { House } from '#app/house.ts'
import type { JobPayloads } from '#app/job-payloads.ts'
import type { LiveModel, LiveRoute } from '#app/studio/catalogue/live.ts'
import { costOf, type Job } from '#app/studio/catalogue/record.ts'
import { SECOND } from '#core/clock/clock.ts'
import { fromJson, toJson } from '#core/db/columns.ts'
import type { Tx } from '#core/db/schema/schema.ts'
import type { GenerationTable, RouteSnapshot } from '#core/db/schema/studio.ts'
import { newId, type SubjectId } from '#core/ids/ids.ts'
import type { NewJob } from '#core/queue/queue.ts'
import { advance } from './advance.ts'
import * as attempts from './attempts.queries.ts'
import { endFailed } from './end.ts'
import * as queries from './generations.queries.ts'
import { jobFacts } from './job.ts'
import { reserve } from './pace.ts'
import { possibleRoutes } from './routing.ts'

/** How many waiting generations one pass looks at. */
const LOOK_AT = 400
/** A submission is not planned further ahead than this: who comes in between may be more in need. */
const AHEAD_MS = 10 * SECOND
/** While somebody waits: for a provider's pace, for a route that rests, for a new month's budget. */
const LOOK_AGAIN_MS = 5 * SECOND

/**
 * Lets waiting generations go to providers, as many as these take at a time. Fair: whoever has the fewest jobs under way
 * goes first, then the oldest; and one person never fills more than half of a provider while it is shared. Any number of
 * processes may do this at once: each admission is one transaction that looks again. Answers when to look again (ms), for
 * those that wait for more than a place; undefined when nobody waits.
 */
export async function admit(house: House): Promise<number | undefined> {
  const models = await house.catalogue.models()
  const load = new Load(await attempts.inFlight(house.db.read))
  const closed = await closedProviders(house, models, load)
  const open = models.some(({ routes }) => routes.some((route) => takesJobs(route, closed)))
  const madeHere = models.filter(isMadeHere).map(({ record }) => record.id)
  const waiting = await queries.waitingForProvider(house.db.read, madeHere, open ? LOOK_AT : 1)
  const left = new Set(open ? waiting : [])
  while (left.size > 0) {
    const next = neediest(left, load)
    left.delete(next)
    const full = await admitOne(house, next, load, closed).catch((error: unknown) => {
      // Everybody waits behind this one loop: what is wrong with one of them must not keep the others from their turn.
      house.log.error('A waiting generation could not be admitted', { generation: next.id, error })
      return undefined
    })
    if (full) closed.add(full)
    if (full && !models.some(({ routes }) => routes.some((route) => takesJobs(route, closed)))) break
  }
  return waiting.length > 0 ? house.clock.now() + LOOK_AGAIN_MS : undefined
}

/** One look is planned at a time, whatever called for this one. */
export function nextAdmission(generation: string, at: number | undefined): NewJob<JobPayloads>[] {
  if (at === undefined) return []
  const payload = { generation_id: generation }
  return [{ queue: 'generation.admit', payload, dedupeKey: 'again', runAt: at }]
}

/** Providers with no place left, or whose submissions are planned as far ahead as they may be. */
async function closedProviders(
  { db, clock }: House,
  models: readonly LiveModel[],
  load: Load,
): Promise<Set<string>> {
  const paced = await db.read
    .selectFrom('provider_pace')
    .select('provider')
    .where('lane', '=', 'submit')
    .where('next_at', '>', clock.now() + AHEAD_MS)
    .execute()
  const closed = new Set(paced.map(({ provider }) => provider))
  for (const { routes } of models)
    for (const { record, provider } of routes)
      if (provider && load.of(record.provider) >= provider.limits.inFlight) closed.add(record.provider)
  return closed
}

/** One that cannot be used counts too: who waits for it has to be told. */
function takesJobs({ provider, record }: LiveRoute, closed: ReadonlySet<string>): boolean {
  return !provider?.resident && !closed.has(record.provider)
}

/** Every route of it ends in this process: its jobs go to the worker without asking anybody for room. */
export function isMadeHere({ routes }: LiveModel): boolean {
  return routes.every(({ provider, isOn }) => provider?.resident || !isOn)
}

/** Who has how much under way, kept up to date during a pass. */
class Load {
  readonly #of = new Map<string, number>()
  constructor(rows: { provider: string; subject_id: SubjectId; jobs: number }[]) {
    for (const { provider, subject_id, jobs } of rows) this.add(provider, subject_id, jobs)
  }
  add(provider: string, subject: SubjectId, jobs = 1): void {
    for (const name of [provider, subject, `${provider} ${subject}`])
      this.#of.set(name, (this.#of.get(name) ?? 0) + jobs)
  }
  of(...names: string[]): number {
    return this.#of.get(names.join(' ')) ?? 0
  }
}

function neediest(left: ReadonlySet<GenerationTable>, load: Load): GenerationTable {
  let best: GenerationTable | undefined
  // They come in the order of their age, so the first with the least is the oldest of them.
  for (const row of left) if (!best || load.of(row.subject_id) < load.of(best.subject_id)) best = row
  return best as GenerationTable
}

/** Answers the provider that turned out to take no more for now, when there is one. */
async function admitOne(
  house: House,
  row: GenerationTable,
  load: Load,
  closed: ReadonlySet<string>,
): Promise<string | undefined> {
  const model = await house.catalogue.model(row.model)
  const quote = row.quote === null ? undefined : fromJson(row.quote)
  if (!model || !quote || model.hidden === 'retired') {
    await endFailed(house, row.id, 'model_retired')
    return undefined
  }
  const job = await jobFacts(house, row)
  const tried = new Set(
    (await attempts.attemptsOf(house.db.read, row.id)).map((a) => fromJson(a.route).route),
  )
  const possible = possibleRoutes(model, job, quote, tried)
  if (possible.now.length === 0 && possible.later === null) {
    await endFailed(house, row.id, 'no_route_agreed')
    return undefined
  }
  for (const route of possible.now) {
    if (closed.has(route.record.provider)) continue
    if (!hasRoom(route, row.subject_id, load) || (await overBudget(house, route, job))) continue
    const begun = await begin(house, row, model, route, job)
    if (begun === 'begun') load.add(route.record.provider, row.subject_id)
    return begun === 'full' ? route.record.provider : undefined
  }
  return undefined
}

function hasRoom({ provider, record }: LiveRoute, subject: SubjectId, load: Load): boolean {
  const most = provider?.limits.inFlight ?? 0
  const all = load.of(record.provider)
  const own = load.of(record.provider, subject)
  // Half of it while others have jobs there too; alone one may have all.
  return all < most && (own < Math.ceil(most / 2) || own === all)
}

/** Past the operator's budget for the month nothing is sent that would cost. */
async function overBudget({ db, clock }: House, { provider, record }: LiveRoute, job: Job): Promise<boolean> {
  if (!provider || provider.budgetMicroUsd === null) return false
  const spent = await attempts.spentSince(db.read, record.provider, monthBegan(clock.now()))
  return spent + costOf(record, job) > provider.budgetMicroUsd
}

/** The first of the calendar month, UTC. */
export function monthBegan(now: number): number {
  const date = new Date(now)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1)
}

/** Writes down the attempt and the handing over, and plans the submission; nothing when somebody was quicker. */
async function begin(
  house: House,
  row: GenerationTable,
  model: LiveModel,
  route: LiveRoute,
  job: Job,
): Promise<'begun' | 'full' | 'gone'> {
  const { db, clock, queue } = house
  const { provider } = route
  if (!provider) return 'gone'
  return db
    .transaction(async (tx) => {
      const now = clock.now()
      // The reservation locks the provider's row, so that the count below is true until the commit.
      const everyMs = (10 * SECOND) / provider.limits.submitsPer10s
      const at = await reserve(tx, provider.id, 'submit', now, everyMs)
      if (at > now + AHEAD_MS || (await attempts.jobsAt(tx, provider.id)) >= provider.limits.inFlight)
        throw new NotNow('full')
      if (!(await advance(tx, row.id, 'submit', now, { started_at: now }))) throw new NotNow('gone')
      await writeAttempt(tx, row, model, route, job, 1, now)
      await queue.enqueue(tx, {
        queue: provider.resident ? 'generation.run' : 'generation.watch',
        payload: { generation_id: row.id },
        dedupeKey: row.id,
        subject: row.subject_id,
        runAt: at,
      })
      return 'begun' as const
    })
    .catch((error: unknown) => {
      if (error instanceof NotNow) return error.why
      throw error
    })
}

/** Undoes the transaction, the reservation with it. */
class NotNow extends Error {
  readonly why: 'full' | 'gone'
  constructor(why: 'full' | 'gone') {
    super(why)
    this.why = why
  }
}

/** The attempt, and for a provider elsewhere the transfer of personal data, in the caller's transaction. */
export async function writeAttempt(
  tx: Tx,
  row: GenerationTable,
  model: LiveModel,
  { record, provider }: LiveRoute,
  job: Job,
  number: number,
  now: number,
): Promise<void> {
  if (!provider?.processor) throw new Error('A route without a processor is not usable')
  const id = newId('attempt', now)
  const snapshot: RouteSnapshot = {
    route: record.id,
    provider: record.provider,
    driver: provider.driver,
    model: model.record.id,
    version: model.record.version,
    endpoint: record.endpoint,
    cost_version: record.cost.version,
  }
  await attempts.insertAttempt(tx, {
    id,
    generation_id: row.id,
    subject_id: row.subject_id,
    number,
    provider: record.provider,
    provider_job: null,
    route: toJson(snapshot),
    memo: null,
    state: 'started',
    error_class: null,
    error_code: null,
    cost_expected: costOf(record, job),
    cost_charged: null,
    started_at: now,
    accepted_at: null,
    woken_at: null,
    poll_at: null,
    poll_failures: 0,
    ended_at: null,
  })
  if (provider.processor.safeguard === 'own_machine') return
  const kinds = (job.inputs ?? []).map(({ role }) =>
    role === 'audio' ? 'sound' : role === 'video' || role === 'extend' ? 'clip' : 'picture',
  )
  await tx
    .insertInto('transfer')
    .values({
      id: newId('handover', now),
      subject_id: row.subject_id,
      generation_id: row.id,
      attempt_id: id,
      processor_id: provider.id,
      processor: provider.processor.name,
      country: provider.processor.country,
      safeguard: provider.processor.safeguard,
      categories: toJson([...new Set(['prompt', ...kinds])]),
      at: now,
      deletion: null,
      deletion_at: null,
    })
    .execute()
}
