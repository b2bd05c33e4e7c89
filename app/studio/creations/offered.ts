import { createHash } from 'node:crypto'
import type { House } from '#app/house.ts'
import { siteSettings } from '#app/settings.ts'
import { isRetired, type LiveModel, type LiveRoute } from '#app/studio/catalogue/live.ts'
import { type Job, type ModelRecord, rolesOf } from '#app/studio/catalogue/record.ts'
import { AppError } from '#core/errors/errors.ts'
import { say } from '#core/i18n/say.ts'
import { estimateKey } from './creation.schema.ts'
import { fittedTo, lengthsOf, type ModelSummary, type Offer, problemsOf, quoteOf } from './offer.schema.ts'

/** What the compose form is given of the catalogue: nothing of keys, budgets, limits and endpoints. */
export function offerOf({ record, routes }: LiveModel, creditMicroUsd: number): Offer {
  const usable = routes.filter(({ unusable }) => unusable === null)
  const offered = {
    record: { ...record, routes: record.routes.map(bare) as ModelRecord['routes'] },
    routes: usable.map(({ record: route, unusable, position, provider }) => ({
      record: bare(route),
      unusable,
      position,
      id: route.provider,
      title: provider?.title ?? route.provider,
      where: whereOf(provider),
      company: provider?.processor?.name ?? '',
      country: provider?.processor?.country ?? '',
      keeps: provider?.keeps ?? {
        says: '',
        days: null,
        trains: 'unknown' as const,
        deletes: 'nothing' as const,
      },
    })),
  }
  return { ...offered, terms: termsOf(offered, creditMicroUsd) }
}

function bare(route: LiveRoute['record']): LiveRoute['record'] {
  return { ...route, endpoint: {} }
}

function whereOf(provider: LiveRoute['provider']): Offer['routes'][number]['where'] {
  if (provider?.resident) return 'here'
  return provider?.processor?.safeguard === 'own_machine' ? 'own' : 'elsewhere'
}

/** Changes when a price or a recipient does, and with nothing else. */
function termsOf({ record, routes }: Pick<Offer, 'record' | 'routes'>, creditMicroUsd: number): string {
  const agreed = [
    record.id,
    record.price.credits,
    creditMicroUsd,
    record.routes.map(({ id, cost }) => [id, cost.usd]),
    routes.map(({ record: route, company, country, keeps }) => [route.id, company, country, keeps]),
  ]
  return createHash('sha256').update(JSON.stringify(agreed)).digest('base64url').slice(0, 16)
}

/**
 * A price and recipients are agreed to as they were shown: whoever sends terms that have changed since is shown them
 * first. Undefined for a model that is not offered, which is refused with a reason of its own. Throws 409.
 */
export async function agreedOffer(
  { catalogue, db }: Pick<House, 'catalogue' | 'db'>,
  model: string,
  terms: string,
): Promise<Offer | undefined> {
  const live = await catalogue.model(model)
  if (!live?.offered) return undefined
  const { credit_micro_usd } = await siteSettings(db.read)
  const offer = offerOf(live, credit_micro_usd)
  if (offer.terms === terms) return offer
  throw new AppError(
    'terms_changed',
    say(
      'The price, or who receives your files, has changed since you opened this page. Look at it below and send it again. Nothing was made or charged.',
    ),
    { status: 409 },
  )
}

/** One line of the list to choose from. */
export function summaryOf(offer: Offer, models: readonly LiveModel[], creditMicroUsd: number): ModelSummary {
  const { id, name, says, lifecycle } = offer.record
  const { seconds, resolution } = fittedTo(offer.record, {})
  const next = models.find(({ record }) => record.id === lifecycle.replacement)
  const ends = lifecycle.state === 'deprecated' || lifecycle.sunsetOn !== undefined
  return {
    id,
    name,
    says,
    from: cheapest(offer, creditMicroUsd),
    usual: estimateKey({ model: id, seconds, resolution }),
    ends: ends ? { on: lifecycle.sunsetOn ?? null, next: next?.record.name ?? null } : null,
  }
}

/** Of all sizes, with and without sound, the shortest video in the model's first way of working. */
function cheapest(offer: Offer, creditMicroUsd: number): number | null {
  const { record } = offer
  const [mode = 'text'] = record.modes
  const inputs = rolesOf[mode].filter((role) => record.inputs[role]).map((role) => ({ role, seconds: 5 }))
  const prices = record.resolutions.flatMap((resolution) =>
    [false, true].flatMap((audio) => {
      const fitted = fittedTo(record, { resolution, audio })
      for (const seconds of lengthsOf(record).toSorted((a, b) => a - b)) {
        const job: Job = { settings: { ...fitted, seconds, mode }, inputs }
        const quote = problemsOf(record, job).length === 0 && quoteOf(offer, job, creditMicroUsd)
        if (quote) return [quote.credits]
      }
      return []
    }),
  )
  return prices.length > 0 ? Math.min(...prices) : null
}

export interface Choice {
  live: LiveModel
  /** The one that was asked for and is not offered. */
  insteadOf: { name: string; retired: boolean } | null
}

/** The model that was asked for, or what took its place, or the first. Undefined when none is offered. */
export function chosenModel(
  models: readonly LiveModel[],
  wanted: string | undefined,
  now: number,
): Choice | undefined {
  const asked = wanted === undefined ? undefined : models.find(({ record }) => record.id === wanted)
  const live = (asked && offeredInstead(models, asked)) ?? models.find(({ offered }) => offered)
  if (!live) return undefined
  const insteadOf =
    asked && asked !== live
      ? { name: asked.record.name, retired: isRetired(asked.record.lifecycle, now) }
      : null
  return { live, insteadOf }
}

/** Itself or what replaces it, as far as that takes. */
export function offeredInstead(models: readonly LiveModel[], of: LiveModel): LiveModel | undefined {
  const seen = new Set<LiveModel>()
  for (let model: LiveModel | undefined = of; model && !seen.has(model); ) {
    if (model.offered) return model
    seen.add(model)
    const next: string | undefined = model.record.lifecycle.replacement
    model = models.find(({ record }) => record.id === next)
  }
}
