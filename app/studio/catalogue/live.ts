import type { DriverName } from '#app/studio/providers/provider.ts'
import { fromJson } from '#core/db/columns.ts'
import type {
  ModelSettingTable,
  ProcessorTable,
  ProviderConnectionTable,
  RouteHealthTable,
  RouteSettingTable,
} from '#core/db/schema/providers.ts'
import type { Keeping, ProviderRecord, Safeguard } from './provider-record.ts'
import { builtin } from './providers.ts'
import { type ModelRecord, modelRecord, type RouteRecord } from './record.ts'

/** A model as it stands now: the shipped record or the operator's own, with what he set and how its routes fare. */
export interface LiveModel {
  /** With his prices, lifecycle and order of routes; its routes are those that can be used. */
  record: ModelRecord
  /** Whether a person can choose it now. */
  offered: boolean
  /** Why not: the first reason that applies. */
  hidden: 'off' | 'retired' | 'paused' | 'no_route' | null
  routes: LiveRoute[]
  mostLive: number | null
  /** True for one that the operator added. */
  own: boolean
}

export interface LiveRoute {
  record: RouteRecord
  isOn: boolean
  /** What keeps it from taking jobs; null when it takes them. */
  unusable: 'off' | 'not_connected' | 'connection_off' | 'no_key' | 'processor_incomplete' | null
  provider: LiveProvider | undefined
  /** The operator's order; null while he has not set one. */
  position: number | null
  /** Until when it is left alone after failures in a row (ms); null when it is not. */
  openUntil: number | null
}

export interface LiveProvider {
  id: string
  driver: DriverName
  title: string
  /** The data stays on the operator's own machine. */
  resident: boolean
  processor: { name: string; country: string; safeguard: Safeguard } | undefined
  keeps: Keeping
  limits: ProviderRecord['limits']
  budgetMicroUsd: number | null
}

export interface CatalogueRows {
  models: readonly ModelSettingTable[]
  routes: readonly RouteSettingTable[]
  connections: readonly ProviderConnectionTable[]
  processors: readonly ProcessorTable[]
  health: readonly RouteHealthTable[]
}

/** Puts shipped records and the operator's settings together. Nothing in it asks the database. */
export function assemble(
  shipped: readonly ModelRecord[],
  keyless: (driver: string) => boolean,
  rows: CatalogueRows,
  now: number,
): LiveModel[] {
  const providers = providersOf(rows, keyless)
  const settings = new Map(rows.models.map((row) => [row.id, row]))
  const own = rows.models.flatMap((row) => {
    // A record that an older version wrote may not fit any more; it is left out, and the console shows why.
    const parsed = row.record === null ? undefined : modelRecord.safeParse(fromJson(row.record))
    return parsed?.success ? [parsed.data] : []
  })
  const ownIds = new Set(own.map(({ id }) => id))
  return [...shipped.filter(({ id }) => !ownIds.has(id)), ...own].map((record) =>
    liveModel(record, settings.get(record.id), rows, providers, ownIds.has(record.id), now),
  )
}

type Found = { provider: LiveProvider; unusable: LiveRoute['unusable'] }

function liveModel(
  given: ModelRecord,
  setting: ModelSettingTable | undefined,
  rows: CatalogueRows,
  providers: ReadonlyMap<string, Found>,
  own: boolean,
  now: number,
): LiveModel {
  const routeSettings = new Map(rows.routes.filter((r) => r.model === given.id).map((r) => [r.route, r]))
  const health = new Map(rows.health.filter((h) => h.model === given.id).map((h) => [h.route, h]))
  const routes = given.routes
    .map((route): LiveRoute => {
      const set = routeSettings.get(route.id)
      const found = providers.get(route.provider)
      const isOn = set?.is_on !== 0
      const openUntil = health.get(route.id)?.open_until ?? null
      return {
        record: set?.cost_rule
          ? { ...route, cost: { version: set.cost_version, usd: set.cost_rule } }
          : route,
        isOn,
        unusable: !isOn ? 'off' : found ? found.unusable : 'not_connected',
        provider: found?.provider,
        openUntil: openUntil !== null && openUntil > now ? openUntil : null,
        position: set?.position ?? null,
      }
    })
    .sort((a, b) => placeOf(a) - placeOf(b))
  const record = recordWith(given, setting, routes)
  const hidden = hiddenBecause(record, setting, routes, now)
  return { record, offered: hidden === null, hidden, routes, mostLive: setting?.most_live ?? null, own }
}

/** A route that came with a newer record than the operator's order goes last. */
function placeOf({ position }: LiveRoute): number {
  return position ?? Number.MAX_SAFE_INTEGER
}

function recordWith(
  given: ModelRecord,
  setting: ModelSettingTable | undefined,
  routes: LiveRoute[],
): ModelRecord {
  // The price covers the dearest of them: one that cannot be used must not make it dearer.
  const usable = routes.filter(({ unusable }) => unusable === null)
  const on = (usable.length > 0 ? usable : routes.filter(({ isOn }) => isOn)).map(({ record }) => record)
  return {
    ...given,
    ...(setting?.lifecycle ? { lifecycle: fromJson(setting.lifecycle) as ModelRecord['lifecycle'] } : {}),
    ...(setting?.price_rule
      ? { price: { version: setting.price_version, credits: setting.price_rule } }
      : {}),
    seconds: setting?.most_seconds == null ? given.seconds : secondsUpTo(given.seconds, setting.most_seconds),
    routes: (on.length > 0 ? on : given.routes) as ModelRecord['routes'],
  }
}

/**
 * The lengths within the operator's limit. Whoever names none gets the one nearest to the record's standard, which has to be
 * one that can be made. The shortest stays whatever the limit says: a model is switched off in another way.
 */
function secondsUpTo(
  { least, most: longest, standard, choices }: ModelRecord['seconds'],
  limit: number,
): ModelRecord['seconds'] {
  const most = Math.max(least, Math.min(longest, limit))
  if (!choices) return { least, most, standard: Math.min(standard, most) }
  const [first = Math.min(...choices), ...others] = choices.filter((choice) => choice <= most)
  const nearest = others.reduce((a, b) => (Math.abs(b - standard) < Math.abs(a - standard) ? b : a), first)
  return { least, most, standard: nearest, choices: [first, ...others] }
}

function hiddenBecause(
  { lifecycle }: ModelRecord,
  setting: ModelSettingTable | undefined,
  routes: readonly LiveRoute[],
  now: number,
): LiveModel['hidden'] {
  if (isRetired(lifecycle, now)) return 'retired'
  if (lifecycle.state === 'paused') return 'paused'
  if (setting?.is_on === 0) return 'off'
  return routes.some(({ unusable }) => unusable === null) ? null : 'no_route'
}

/** By its state, or because its last day is over (UTC). */
export function isRetired(lifecycle: ModelRecord['lifecycle'], now: number): boolean {
  const { state, sunsetOn } = lifecycle
  return state === 'retired' || (sunsetOn !== undefined && now >= Date.parse(sunsetOn) + 86_400_000)
}

function providersOf(rows: CatalogueRows, keyless: (driver: string) => boolean): Map<string, Found> {
  const processors = new Map(rows.processors.map((row) => [row.id, row]))
  const found = new Map<string, Found>([
    [builtin.id, { provider: residentProvider(builtin), unusable: null }],
  ])
  for (const row of rows.connections) {
    const processor = processors.get(row.id)
    const provider: LiveProvider = {
      id: row.id,
      driver: row.driver as DriverName,
      title: row.title,
      resident: false,
      processor: completed(processor),
      keeps: {
        says: processor?.keeps_says ?? '',
        days: processor?.keeps_days ?? null,
        trains: (processor?.trains as Keeping['trains']) ?? 'unknown',
        deletes: (processor?.deletes as Keeping['deletes']) ?? 'nothing',
      },
      limits: fromJson(row.limits),
      budgetMicroUsd: row.budget_micro_usd,
    }
    const unusable = !row.is_on
      ? 'connection_off'
      : row.key_sealed === null && !keyless(row.driver)
        ? 'no_key'
        : provider.processor
          ? null
          : 'processor_incomplete'
    found.set(row.id, { provider, unusable })
  }
  return found
}

function residentProvider(record: ProviderRecord): LiveProvider {
  return {
    id: record.id,
    driver: record.driver as DriverName,
    title: record.title,
    resident: true,
    processor: { name: '', country: '', safeguard: 'own_machine' },
    keeps: record.keeps,
    limits: record.limits,
    budgetMicroUsd: null,
  }
}

/**
 * The register entry when it is whole (GDPR art. 28 and 30): who, where, under which safeguard, and since when there is an
 * agreement. A machine of the operator's own needs none of it.
 */
export function completed(row: ProcessorTable | undefined): LiveProvider['processor'] {
  if (!row?.safeguard) return undefined
  const safeguard = row.safeguard as Safeguard
  if (safeguard === 'own_machine') return { name: '', country: row.country, safeguard }
  if (!row.name || !row.country || !row.agreement_on || !row.keeps_says) return undefined
  return { name: row.name, country: row.country, safeguard }
}
