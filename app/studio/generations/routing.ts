import type { LiveModel, LiveRoute } from '#app/studio/catalogue/live.ts'
import { costOf, type Job, takes } from '#app/studio/catalogue/record.ts'
import { RuleError } from '#app/studio/catalogue/rule.ts'
import type { Quote } from '#core/db/schema/studio.ts'
import { type Sentence, say } from '#core/i18n/say.ts'

/**
 * Where a generation may go. Only to routes that the person was shown when it was composed, with the same recipient in
 * the same country, and only at a cost that the agreed price covered; never to one that was tried for it already.
 */
export interface Possible {
  /** Those that take it now, the best first. */
  now: LiveRoute[]
  /** Those that would, but are left alone for a while; the earliest time to look again (ms). */
  later: number | null
}

export function possibleRoutes(
  model: LiveModel,
  job: Job,
  quote: Quote,
  tried: ReadonlySet<string> = new Set(),
): Possible {
  const agreed = agreedRoutes(model, job, quote).filter(({ record }) => !tried.has(record.id))
  const resting = agreed.flatMap(({ openUntil }) => (openUntil === null ? [] : [openUntil]))
  return {
    now: inOrder(
      agreed.filter(({ openUntil }) => openUntil === null),
      job,
    ),
    later: resting.length > 0 ? Math.min(...resting) : null,
  }
}

/** Those that were shown, take this job and cost no more than was agreed, whether they rest or not. */
export function agreedRoutes(model: LiveModel, job: Job, quote: Quote): LiveRoute[] {
  return model.routes.filter(
    (route) => route.unusable === null && wasShown(route, quote) && costsWithin(route, job, quote),
  )
}

/**
 * A job may be older than the record that the operator put in the place of its own, and no rule of the new one need know
 * its settings. What it would cost there nobody can say, so nobody agreed to it.
 */
function costsWithin({ record }: LiveRoute, job: Job, quote: Quote): boolean {
  try {
    return takes(record, job) && costOf(record, job) <= quote.cost_micro_usd
  } catch (error) {
    if (error instanceof RuleError) return false
    throw error
  }
}

type Shown = Pick<LiveRoute, 'record' | 'unusable' | 'position'>

/** What a person is shown at compose: every route that could take the job, whether it rests at the moment or not. */
export function shownRoutes<Route extends Shown>(model: { routes: readonly Route[] }, job: Job): Route[] {
  return inOrder(
    model.routes.filter((route) => route.unusable === null && takes(route.record, job)),
    job,
  )
}

/** Why none is shown, for the person; and the field that it is about. */
export function whyNobody(
  { routes }: { routes: readonly Shown[] },
  { settings }: Pick<Job, 'settings'>,
): { field: 'inputs' | 'model'; sentence: Sentence } {
  const picky = routes.some(
    ({ unusable, record: { extendsOnly, modes } }) =>
      unusable === null && extendsOnly && (!modes || modes.includes('extend')),
  )
  if (settings.mode === 'extend' && picky)
    return {
      field: 'inputs',
      sentence: say(
        'Who makes this model continues only what they made themselves, while it is new and small enough. Choose another video or another model.',
      ),
    }
  return {
    field: 'model',
    sentence: say('No provider can make this at the moment. Change the settings or choose another model.'),
  }
}

export function quotedRoute({ record, provider }: LiveRoute): Quote['routes'][number] {
  const { name = '', country = '' } = provider?.processor ?? {}
  return { route: record.id, processor: name, country }
}

function wasShown(route: LiveRoute, quote: Quote): boolean {
  const is = quotedRoute(route)
  return quote.routes.some(
    (shown) => shown.route === is.route && shown.processor === is.processor && shown.country === is.country,
  )
}

/** As the operator ordered them; where he did not, the cheapest first and then as the record has them. */
function inOrder<Route extends Shown>(routes: readonly Route[], job: Job): Route[] {
  const ordered = routes.some(({ position }) => position !== null)
  const rank = (route: Route) =>
    ordered ? (route.position ?? Number.MAX_SAFE_INTEGER) : costOf(route.record, job)
  return [...routes].sort((a, b) => rank(a) - rank(b))
}
