import type { Clock } from '#core/clock/clock.ts'
import type { Db } from '#core/db/schema/schema.ts'
import { driverOf } from '../providers/drivers.ts'
import { assemble, type LiveModel } from './live.ts'
import { shipped } from './models/all.ts'
import type { ProviderRecord } from './provider-record.ts'

/**
 * The models of this installation, as data. What the operator changes counts in this process at once and in the others
 * within a second; what must hold to the millisecond (a price, a hold) is agreed in the generation's own row.
 */
export interface Catalogue {
  /** All that are known, those that are off or retired too. */
  models(): Promise<readonly LiveModel[]>
  model(id: string): Promise<LiveModel | undefined>
  /** How gently a connection wants to be asked; undefined when there is no such. */
  limitsOf(provider: string): Promise<ProviderRecord['limits'] | undefined>
  /** To be called after a change of settings, connections or the register. */
  changed(): void
}

export interface CatalogueOptions {
  db: Db
  clock: Clock
  /** How long what was read may be used, in ms of real time. */
  maxAgeMs?: number
}

export function openCatalogue({ db, clock, maxAgeMs = 1000 }: CatalogueOptions): Catalogue {
  let known: { at: number; models: Promise<LiveModel[]> } | undefined

  async function load(): Promise<LiveModel[]> {
    const { read } = db
    const [models, routes, connections, processors, health] = await Promise.all([
      read.selectFrom('model_setting').selectAll().orderBy('id').execute(),
      read.selectFrom('route_setting').selectAll().execute(),
      read.selectFrom('provider_connection').selectAll().execute(),
      read.selectFrom('processor').selectAll().execute(),
      read.selectFrom('route_health').selectAll().execute(),
    ])
    const rows = { models, routes, connections, processors, health }
    return assemble(shipped, (driver) => driverOf(driver)?.key === 'optional', rows, clock.now())
  }

  function models(): Promise<LiveModel[]> {
    const now = performance.now()
    if (!known || now - known.at >= maxAgeMs) {
      const loading = load()
      known = { at: now, models: loading }
      // A failure is the caller's to see, and not to be remembered.
      loading.catch(() => {
        if (known?.models === loading) known = undefined
      })
    }
    return known.models
  }

  return {
    models,
    model: async (id) => (await models()).find(({ record }) => record.id === id),
    async limitsOf(provider) {
      for (const { routes } of await models())
        for (const route of routes) if (route.record.provider === provider) return route.provider?.limits
      return undefined
    },
    changed() {
      known = undefined
    },
  }
}
