import type { ProviderRecord } from '#app/studio/catalogue/provider-record.ts'
import { shippedProviders } from '#app/studio/catalogue/providers.ts'
import { driverOf, drivers } from '#app/studio/providers/drivers.ts'
import type { Driver } from '#app/studio/providers/provider.ts'

/**
 * What can be connected: the providers that are known by a shipped record, every kind of server there is code for, and of
 * those that people run themselves as many as they like (`comfyui`, `comfyui-2`).
 */
export interface Plan {
  /** Of the connection that will be made. */
  id: string
  driver: string
  title: string
  limits: ProviderRecord['limits']
  record: ProviderRecord | undefined
}

/** Gentle enough for any server that nobody knows yet. */
const unknownLimits = { submitsPer10s: 10, pollsPerSecond: 2, inFlight: 4 }

/** One for each shipped record, and for each driver that none of them names. */
export function plans(): Plan[] {
  const known = shippedProviders.filter(({ driver }) => driverOf(driver)).map(planFor)
  const named = new Set(known.map(({ driver }) => driver))
  const others = drivers.filter(({ name }) => !named.has(name))
  return [...known, ...others.map((driver) => ownPlan(driver, driver.name, driver.title))]
}

/** The plan of this id, or of one more server of a kind that people run themselves. */
export function planOf(id: string): Plan | undefined {
  const plan = plans().find((one) => one.id === id)
  if (plan) return plan
  const [, name = '', number = ''] = /^(.+)-(\d{1,2})$/.exec(id) ?? []
  const driver = driverOf(name)
  if (driver?.key !== 'optional' || Number(number) < 2) return undefined
  return ownPlan(driver, id, `${driver.title} ${number}`)
}

/** The next free id of a driver's connections; undefined where one is all there can be. */
export function nextId(driver: Driver, taken: ReadonlySet<string>): string | undefined {
  if (driver.key !== 'optional') return undefined
  for (let number = 2; number < 100; number++)
    if (!taken.has(`${driver.name}-${number}`)) return `${driver.name}-${number}`
}

/** What is known of the provider behind a connection of this id. */
export function recordFor(id: string): ProviderRecord | undefined {
  return shippedProviders.find((record) => record.id === id)
}

function planFor(record: ProviderRecord): Plan {
  const { id, driver, title, limits } = record
  return { id, driver, title, limits, record }
}

function ownPlan({ name }: Driver, id: string, title: string): Plan {
  const limits = shippedProviders.find(({ driver }) => driver === name)?.limits ?? unknownLimits
  return { id, driver: name, title, limits, record: undefined }
}
