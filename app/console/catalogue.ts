import type { House } from '#app/house.ts'
import { siteSettings } from '#app/settings.ts'
import { examplesOf, faultOfPrice } from '#app/studio/catalogue/examples.ts'
import type { LiveModel, LiveRoute } from '#app/studio/catalogue/live.ts'
import { shipped } from '#app/studio/catalogue/models/all.ts'
import { builtin } from '#app/studio/catalogue/providers.ts'
import { type ModelRecord, modelRecord } from '#app/studio/catalogue/record.ts'
import { DAY } from '#core/clock/clock.ts'
import { fromJson } from '#core/db/columns.ts'
import type { RouteHealthTable } from '#core/db/schema/providers.ts'
import type { Sentence } from '#core/i18n/say.ts'
import * as queries from './catalogue.queries.ts'
import { faultsByPath } from './model-record.ts'
import { planOf, plans } from './provider-plans.ts'
import { connections } from './providers.queries.ts'
import { type ErrorWord, errorWord } from './providers.ts'
import { nothingThere } from './staff.ts'

/** Models as the console shows them: what the record says, what was set, and how each way to run them fares. */
export interface ModelRow {
  id: string
  name: string
  version: string
  own: boolean
  /** Why people cannot choose it; null when they can. */
  hidden: LiveModel['hidden'] | 'unreadable'
  lifecycle: ModelRecord['lifecycle']
  /** The least that a video of the standard length costs; null when the rule fails. */
  credits: number | null
  routes: { all: number; usable: number }
  /** By whom it is run, those that are usable first. */
  providers: string[]
}

export async function listModels(house: House): Promise<ModelRow[]> {
  const [models, own, { credit_micro_usd: credit }] = await Promise.all([
    house.catalogue.models(),
    queries.ownRecords(house.db.read),
    siteSettings(house.db.read),
  ])
  const known = new Set(models.filter((model) => model.own).map(({ record }) => record.id))
  const unreadable = own.filter(({ id }) => !known.has(id))
  return [...models.map((model) => rowOf(model, credit)), ...unreadable.map(({ id }) => unreadableRow(id))]
}

function rowOf({ record, own, hidden, routes }: LiveModel, credit: number): ModelRow {
  const usable = routes.filter(({ unusable }) => unusable === null)
  const titles = [...usable, ...routes].map(({ provider, record: route }) =>
    titleOf(route.provider, provider),
  )
  return {
    id: record.id,
    name: record.name,
    version: record.version,
    own,
    hidden,
    lifecycle: record.lifecycle,
    credits: cheapest(record, credit),
    routes: { all: routes.length, usable: usable.length },
    providers: [...new Set(titles)],
  }
}

function cheapest(record: ModelRecord, credit: number): number | null {
  if (faultOfPrice(record, credit)) return null
  const prices = examplesOf(record, credit).flatMap(({ credits }) => (credits === null ? [] : [credits]))
  return prices.length === 0 ? null : Math.min(...prices)
}

function unreadableRow(id: string): ModelRow {
  return {
    id,
    name: id,
    version: '',
    own: true,
    hidden: 'unreadable',
    lifecycle: { state: 'active' },
    credits: null,
    routes: { all: 0, usable: 0 },
    providers: [],
  }
}

/** How the last attempts of a route went. */
export interface RouteFare {
  /** Those that ended, without the ones that were refused for what they showed or asked. */
  ended: number
  made: number
  refused: number
  medianMs: number | null
}

export interface RouteView {
  id: string
  provider: { id: string; title: string }
  isOn: boolean
  unusable: LiveRoute['unusable']
  cost: string
  costVersion: number
  /** The operator set the cost himself. */
  ownCost: boolean
  openUntil: number | null
  lastError: (ErrorWord & { at: number | null }) | null
  lastSuccessAt: number | null
  fare: RouteFare
}

export type ModelPage =
  | { readable: false; id: string; text: string; faults: Record<string, Sentence> }
  | ReadableModel

export interface ReadableModel {
  readable: true
  id: string
  /** With the operator's settings, so that prices can be tried in the browser. Its routes are those that can be used. */
  record: ModelRecord
  /** The routes as they stand, all of them. */
  allRoutes: ModelRecord['routes']
  hidden: LiveModel['hidden']
  own: boolean
  /** There is a shipped record under the own one. */
  replaces: boolean
  set: {
    isOn: boolean
    priceRule: string | null
    lifecycle: boolean
    mostSeconds: number | null
    mostLive: number | null
  }
  given: { price: string; lifecycle: ModelRecord['lifecycle']; mostSeconds: number }
  routes: RouteView[]
  ordered: boolean
  creditMicroUsd: number
  /** Others that may stand in for it. */
  others: { id: string; name: string }[]
  /** The record as it is kept, for changing it. */
  text: string
}

/** Throws 404. */
export async function modelPage(house: House, id: string): Promise<ModelPage> {
  const { db, catalogue } = house
  const [live, row, models, { credit_micro_usd }, settings, health] = await Promise.all([
    catalogue.model(id),
    queries.modelSetting(db.read, id),
    catalogue.models(),
    siteSettings(db.read),
    queries.routeSettings(db.read, id),
    queries.routeHealth(db.read, id),
  ])
  const kept = row?.record == null ? undefined : fromJson(row.record)
  if (kept !== undefined && !modelRecord.safeParse(kept).success)
    return { readable: false, id, text: JSON.stringify(kept, null, 2), faults: faultsByPath(kept) }
  const given = givenRecord(id, kept)
  if (!live || !given) throw nothingThere()
  const ownCosts = new Set(settings.filter(({ cost_rule }) => cost_rule !== null).map(({ route }) => route))
  const fares = await Promise.all(live.routes.map((route) => fareOf(house, id, route)))
  return {
    readable: true,
    id,
    record: live.record,
    allRoutes: live.routes.map((route) => route.record),
    hidden: live.hidden,
    own: live.own,
    replaces: live.own && shipped.some((one) => one.id === id),
    set: {
      isOn: row?.is_on !== 0,
      priceRule: row?.price_rule ?? null,
      lifecycle: row?.lifecycle != null,
      mostSeconds: row?.most_seconds ?? null,
      mostLive: row?.most_live ?? null,
    },
    given: {
      price: given.price.credits,
      lifecycle: given.lifecycle,
      mostSeconds: given.seconds.most,
    },
    routes: live.routes.map((route, at) =>
      viewOf(route, ownCosts.has(route.record.id), fares[at] as RouteFare, health),
    ),
    ordered: live.routes.some(({ position }) => position !== null),
    creditMicroUsd: credit_micro_usd,
    others: models
      .filter(({ record }) => record.id !== id)
      .map(({ record }) => ({ id: record.id, name: record.name })),
    text: JSON.stringify(given, null, 2),
  }
}

/** The record before the operator's settings: his own, or the shipped one. */
export function givenRecord(id: string, kept: unknown): ModelRecord | undefined {
  return kept === undefined ? shipped.find((one) => one.id === id) : modelRecord.parse(kept)
}

/** The driver of every provider that a route may name, by the provider's id. */
export async function routeDrivers(house: House): Promise<Map<string, string>> {
  const rows = await connections(house.db.read)
  return new Map([
    [builtin.id, builtin.driver],
    ...[...plans(), ...rows].map(({ id, driver }) => [id, driver] as const),
  ])
}

function titleOf(id: string, provider: LiveRoute['provider']): string {
  return provider?.title ?? planOf(id)?.title ?? id
}

function viewOf(
  { record, provider, isOn, unusable, openUntil }: LiveRoute,
  ownCost: boolean,
  fare: RouteFare,
  health: readonly RouteHealthTable[],
): RouteView {
  const fared = health.find(({ route }) => route === record.id)
  return {
    id: record.id,
    provider: { id: record.provider, title: titleOf(record.provider, provider) },
    isOn,
    unusable,
    cost: record.cost.usd,
    costVersion: record.cost.version,
    ownCost,
    openUntil,
    lastError: fared?.last_error ? { ...errorWord(fared.last_error), at: fared.last_error_at } : null,
    lastSuccessAt: fared?.last_success_at ?? null,
    fare,
  }
}

/** What a provider refuses for its content says nothing about how well it works. */
const refusals = new Set(['content_policy', 'face_policy', 'invalid_input'])
const LOOKED_AT = 100

async function fareOf(house: House, model: string, { record }: LiveRoute): Promise<RouteFare> {
  const of = { model, route: record.id, provider: record.provider }
  const since = house.clock.now() - 30 * DAY
  const rows = await queries.endedAttempts(house.db.read, of, since, LOOKED_AT)
  const made = rows.filter(({ state }) => state === 'succeeded')
  const refused = rows.filter(({ error_class }) => error_class !== null && refusals.has(error_class))
  const times = made
    .flatMap(({ started_at, ended_at }) => (ended_at === null ? [] : [ended_at - started_at]))
    .sort((a, b) => a - b)
  return {
    ended: rows.length - refused.length,
    made: made.length,
    refused: refused.length,
    medianMs: times[Math.floor((times.length - 1) / 2)] ?? null,
  }
}
