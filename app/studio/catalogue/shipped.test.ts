/**
 * Pins: a record that its own schema refuses, so that nobody can choose it; a route to a provider nobody can connect to, or
 * with an endpoint its driver does not read; a job that a record offers for nothing, or that no route takes; a retired model
 * that is still offered; code that knows a model by name.
 */
import { glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { driverOf } from '#app/studio/providers/drivers.ts'
import { dialectNames } from '#app/studio/providers/fal/endpoint.ts'
import { toJson } from '#core/db/columns.ts'
import { combinationsOf } from './combinations.testing.ts'
import { faultOfCost, faultOfPrice } from './examples.ts'
import { assemble, type CatalogueRows } from './live.ts'
import { shipped } from './models/all.ts'
import { providerRecord } from './provider-record.ts'
import { builtin, shippedProviders } from './providers.ts'
import { costOf, modelRecord, priceOf, rolesOf, takes } from './record.ts'

const CREDIT_MICRO_USD = 10_000
const ids = shipped.map(({ id }) => id)

describe.each(shipped.map((model) => [model.id, model] as const))('%s', (_, model) => {
  test('is a record, with lengths and inputs that belong together', () => {
    expect(modelRecord.parse(model)).toEqual(model)
    const { least, standard, most, choices = [standard] } = model.seconds
    expect(least <= standard && standard <= most).toBe(true)
    expect(choices).toContain(standard)
    expect(Math.min(...choices) >= least && Math.max(...choices) <= most).toBe(true)
    if (model.standardResolution) expect(model.resolutions).toContain(model.standardResolution)
    const roles = model.modes.flatMap((mode) => rolesOf[mode])
    for (const role of Object.keys(model.inputs)) expect(roles).toContain(role)
    for (const mode of model.modes)
      if (mode !== 'references')
        for (const role of rolesOf[mode]) expect(Object.keys(model.inputs)).toContain(role)
    expect(new Set(model.routes.map(({ id }) => id)).size).toBe(model.routes.length)
  })

  test('has routes that their drivers read, at providers that can be connected', () => {
    for (const route of model.routes) {
      const provider = shippedProviders.find(({ id }) => id === route.provider)
      expect(provider, route.provider).toBeDefined()
      if (route.provider === builtin.id) continue
      const driver = driverOf(provider?.driver ?? '')
      expect(driver?.endpoint.safeParse(route.endpoint).error, route.id).toBeUndefined()
    }
  })

  test('names a model that is there and lives when it has ended', () => {
    const { state, replacement, sunsetOn } = model.lifecycle
    if (replacement) expect(shipped.find(({ id }) => id === replacement)?.lifecycle.state).toBe('active')
    if (state !== 'active') expect([replacement, sunsetOn]).not.toContain(undefined)
  })

  test('has a price for whatever its rules let through, and a route that takes it', () => {
    expect(faultOfPrice(model, CREDIT_MICRO_USD)).toBeUndefined()
    for (const route of model.routes) expect(faultOfCost(model, route)).toBeUndefined()
    const jobs = combinationsOf(model)
    for (const mode of model.modes) expect(jobs.some(({ settings }) => settings.mode === mode)).toBe(true)
    for (const job of jobs) {
      const routes = model.routes.filter((route) => takes(route, job))
      const told = JSON.stringify(job)
      expect(routes.length, told).toBeGreaterThan(0)
      expect(priceOf(model, job, CREDIT_MICRO_USD), told).toBeGreaterThan(0)
      if (model.id === 'storyboard') continue
      const dearest = Math.max(...routes.map((route) => costOf(route, job)))
      expect(Math.min(...routes.map((route) => costOf(route, job))), told).toBeGreaterThan(0)
      // The operator never pays more than he is paid.
      expect(priceOf(model, job, CREDIT_MICRO_USD) * CREDIT_MICRO_USD, told).toBeGreaterThanOrEqual(dearest)
    }
  })
})

test('ids are there once, and providers are records of drivers there are', () => {
  expect(new Set(ids).size).toBe(ids.length)
  expect(new Set(shippedProviders.map(({ id }) => id)).size).toBe(shippedProviders.length)
  for (const provider of shippedProviders) {
    expect(providerRecord.parse(provider)).toEqual(provider)
    if (provider.id !== builtin.id) expect(driverOf(provider.driver)?.name, provider.id).toBe(provider.driver)
  }
})

test('whoever can be connected runs a model, and what its form begins with its driver takes', () => {
  for (const { id, driver: name, prefilled } of shippedProviders) {
    expect(
      shipped.some(({ routes }) => routes.some(({ provider }) => provider === id)),
      id,
    ).toBe(true)
    const driver = driverOf(name)
    if (!prefilled || !driver) continue
    expect(driver.settings.safeParse(prefilled.settings).error, id).toBeUndefined()
    for (const address of Object.keys(prefilled.addresses))
      expect(Object.keys(driver.addresses)).toContain(address)
  }
})

test('no safeguard is assumed for anybody elsewhere, and only servers of one’s own go without a name', () => {
  const own = shippedProviders.filter(({ processor }) => processor.safeguard === 'own_machine')
  expect(own.map(({ id }) => id).sort()).toEqual(['builtin', 'comfyui', 'openai-videos'])
  for (const { processor } of shippedProviders.filter((provider) => !own.includes(provider)))
    expect(processor.safeguard).toBeNull()
})

/** The catalogue with every provider connected and its register entry whole, or with none. */
function live(connected: boolean, now = Date.parse('2026-11-21')) {
  const others = shippedProviders.filter(({ id }) => id !== builtin.id)
  const rows = {
    models: [],
    routes: [],
    health: [],
    connections: others.map(({ id, driver, title, limits }) => ({
      ...{
        id,
        driver,
        title,
        limits: toJson(limits),
        is_on: 1,
        key_sealed: 'sealed',
        budget_micro_usd: null,
      },
    })),
    processors: others.map(({ id }) => ({
      ...{ id, name: 'A company', country: 'SG', safeguard: 'standard_clauses', agreement_on: '2026-01-01' },
      ...{ keeps_says: 'Little.', keeps_days: null, trains: 'no', deletes: 'nothing', updated_at: 0 },
    })),
  } as unknown as CatalogueRows
  const none = { ...rows, connections: [], processors: [] }
  return assemble(shipped, (driver) => driverOf(driver)?.key === 'optional', connected ? rows : none, now)
}

test('nothing but the built-in renderer is offered until somebody connects a provider', () => {
  const offered = (connected: boolean) => live(connected).filter((model) => model.offered)
  expect(offered(false).map(({ record }) => record.id)).toEqual(['storyboard'])
  expect(offered(true).map(({ record }) => record.id)).toEqual(
    shipped.filter(({ lifecycle }) => lifecycle.state === 'active').map(({ id }) => id),
  )
})

test('what has ended is not offered, whoever is connected', () => {
  const ended = live(true).filter(({ record }) => record.lifecycle.state === 'retired')
  expect(ended.map(({ record }) => record.id)).toEqual(['sora-2', 'sora-2-pro'])
  expect(ended.map(({ offered, hidden }) => [offered, hidden])).toEqual(ended.map(() => [false, 'retired']))
})

test('nothing in the code names a model', async () => {
  const app = join(import.meta.dirname, '..', '..')
  const named: string[] = []
  for await (const file of glob('**/*.{ts,tsx}', { cwd: app })) {
    if (
      file.startsWith('studio/catalogue/models/') ||
      /\.(test|contract|testing)\.tsx?$|\/testing\.ts$/.test(file)
    )
      continue
    const text = await readFile(join(app, file), 'utf8')
    for (const [, word = ''] of text.matchAll(/['"`]([a-z0-9][a-z0-9.-]*)['"`]/g)) {
      if (!ids.includes(word)) continue
      // The API's documentation shows the one model that every installation has.
      if (word === 'storyboard' && /\/examples\.ts$/.test(file)) continue
      // Families of inputs at fal, which happen to be called as their first model is.
      if (file.startsWith('studio/providers/fal/') && dialectNames.some((name) => name === word)) continue
      named.push(`${file}: ${word}`)
    }
  }
  expect(named).toEqual([])
})
