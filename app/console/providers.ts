import type { House } from '#app/house.ts'
import type { LiveModel, LiveRoute } from '#app/studio/catalogue/live.ts'
import { builtin } from '#app/studio/catalogue/providers.ts'
import { monthBegan } from '#app/studio/generations/admit.ts'
import * as attempts from '#app/studio/generations/attempts.queries.ts'
import { driverOf } from '#app/studio/providers/drivers.ts'
import { errorClasses, isErrorClass } from '#app/studio/providers/provider-errors.ts'
import { driftAlarms } from '#app/studio/providers/readings.ts'
import { fromJson } from '#core/db/columns.ts'
import type { ProviderConnectionTable } from '#core/db/schema/providers.ts'
import type { Sentence } from '#core/i18n/say.ts'
import { nextId, planOf, plans, recordFor } from './provider-plans.ts'
import { addressFields, settingFields } from './provider-settings.ts'
import * as queries from './providers.queries.ts'
import { gapsIn, proposed, type RegisterGap } from './register.ts'
import { nothingThere } from './staff.ts'

/** Providers as the console shows them. A sealed secret is not in any of this: only that there is one, and its last letters. */
export interface ProviderRow {
  id: string
  title: string
  state: 'built_in' | 'on' | 'off' | 'not_connected'
  key: { set: boolean; hint: string | null; wanted: boolean }
  test: { at: number; error: ErrorWord | null } | null
  balance: { microUsd: number; at: number } | null
  /** Of this calendar month (UTC). */
  usedMicroUsd: number
  budgetMicroUsd: number | null
  inFlight: number
  drift: { microUsd: number; at: number } | null
  openOffers: number
  gaps: RegisterGap[]
  /** Routes of models that lead here and are switched on. */
  routesOn: number
}

export interface ErrorWord {
  class: string
  hint: Sentence | null
}

/** Connected ones in the order of their connection, then what else could be. */
export async function listProviders(house: House): Promise<ProviderRow[]> {
  const { db } = house
  const rows = await queries.connections(db.read)
  const known = new Set(rows.map(({ id }) => id))
  const facts = await factsFor(house, rows)
  const others = plans().filter(({ id }) => !known.has(id))
  return [
    { ...nothingYet(builtin.id, builtin.title, facts), state: 'built_in', gaps: [] },
    ...rows.map((row) => rowOf(row, facts)),
    ...others.map(({ id, title }) => nothingYet(id, title, facts)),
  ]
}

/** Kinds of servers of which one more can be connected, with the id that it would have. */
export async function moreServers(house: House): Promise<{ driver: string; title: string; id: string }[]> {
  const rows = await queries.connections(house.db.read)
  const taken = new Set(rows.map(({ id }) => id))
  return plans().flatMap(({ id: first, driver: name }) => {
    // Several records may share a driver; one more is asked for once.
    const driver = first === name ? driverOf(name) : undefined
    const id = driver && taken.has(driver.name) ? nextId(driver, taken) : undefined
    return driver && id ? [{ driver: name, title: driver.title, id }] : []
  })
}

/** All of one. Throws 404 for an id that nothing can have. */
export async function providerPage(house: House, id: string) {
  const { db } = house
  const rows = await queries.connections(db.read)
  const row = rows.find((one) => one.id === id)
  const plan = planOf(id)
  const driver = driverOf(row?.driver ?? plan?.driver ?? '')
  if (!driver || !(row ?? plan)) throw nothingThere()
  const facts = await factsFor(house, rows)
  const processor = facts.processors.get(id)
  const [readings, offers] = await Promise.all([
    queries.readings(db.read, id, 14),
    queries.openChanges(db.read, id, 50),
  ])
  const prefilled = recordFor(id)?.prefilled
  const summary = row ? rowOf(row, facts) : nothingYet(id, plan?.title ?? id, facts)
  return {
    ...summary,
    driver: {
      name: driver.name,
      title: driver.title,
      keysUrl: driver.keysUrl ?? null,
      webhook: driver.webhook,
    },
    hasWebhookSecret: row?.webhook_secret_sealed != null,
    addresses: addressFields(driver, row ? fromJson(row.addresses) : (prefilled?.addresses ?? {})),
    settings: settingFields(driver, row ? fromJson(row.settings) : (prefilled?.settings ?? {})),
    limits: row ? fromJson(row.limits) : plan?.limits,
    register: processor ? withoutIds(processor) : proposed(recordFor(id)),
    source: recordFor(id)?.keeps.source ?? null,
    readings,
    offers,
    routes: routesTo(facts.models, id).map(({ model, route }) => ({
      model: model.record.id,
      name: model.record.name,
      route: route.record.id,
      unusable: route.unusable,
    })),
  }
}

export type ProviderPage = Awaited<ReturnType<typeof providerPage>>

export function errorWord(errorClass: string): ErrorWord {
  return { class: errorClass, hint: isErrorClass(errorClass) ? errorClasses[errorClass].hint : null }
}

type Facts = Awaited<ReturnType<typeof factsFor>>

async function factsFor(house: House, rows: readonly ProviderConnectionTable[]) {
  const { db, clock, catalogue } = house
  const began = monthBegan(clock.now())
  const [models, processors, flights, drifts, changes, used] = await Promise.all([
    catalogue.models(),
    queries.processors(db.read),
    attempts.inFlight(db.read),
    driftAlarms(house),
    queries.openChangeCounts(db.read),
    Promise.all(rows.map(async ({ id }) => [id, await attempts.spentSince(db.read, id, began)] as const)),
  ])
  const inFlight = new Map<string, number>()
  for (const { provider, jobs } of flights) inFlight.set(provider, (inFlight.get(provider) ?? 0) + jobs)
  return {
    models,
    processors: new Map(processors.map((row) => [row.id, row])),
    inFlight,
    drifts: new Map(drifts.map((row) => [row.provider, row])),
    changes,
    used: new Map(used),
  }
}

function rowOf(row: ProviderConnectionTable, facts: Facts): ProviderRow {
  const drift = facts.drifts.get(row.id)
  return {
    ...nothingYet(row.id, row.title, facts),
    state: row.is_on ? 'on' : 'off',
    key: {
      set: row.key_sealed !== null,
      hint: row.key_hint,
      wanted: driverOf(row.driver)?.key === 'required',
    },
    test:
      row.tested_at === null
        ? null
        : { at: row.tested_at, error: row.test_error === null ? null : errorWord(row.test_error) },
    balance:
      row.balance_micro_usd === null || row.balance_at === null
        ? null
        : { microUsd: row.balance_micro_usd, at: row.balance_at },
    usedMicroUsd: facts.used.get(row.id) ?? 0,
    budgetMicroUsd: row.budget_micro_usd,
    drift: drift ? { microUsd: drift.drift_micro_usd ?? 0, at: drift.at } : null,
    openOffers: facts.changes.get(row.id) ?? 0,
  }
}

function nothingYet(id: string, title: string, facts: Facts): ProviderRow {
  return {
    id,
    title,
    state: 'not_connected',
    key: { set: false, hint: null, wanted: driverOf(planOf(id)?.driver ?? '')?.key === 'required' },
    test: null,
    balance: null,
    usedMicroUsd: 0,
    budgetMicroUsd: null,
    inFlight: facts.inFlight.get(id) ?? 0,
    drift: null,
    openOffers: 0,
    gaps: gapsIn(facts.processors.get(id)),
    routesOn: routesTo(facts.models, id).filter(({ route }) => route.isOn).length,
  }
}

function routesTo(models: readonly LiveModel[], provider: string): { model: LiveModel; route: LiveRoute }[] {
  return models.flatMap((model) =>
    model.routes.filter(({ record }) => record.provider === provider).map((route) => ({ model, route })),
  )
}

function withoutIds<Row extends { id: string; updated_at: number }>({ id, updated_at, ...rest }: Row) {
  return rest
}
