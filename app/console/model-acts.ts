import type { House } from '#app/house.ts'
import { siteSettings } from '#app/settings.ts'
import { faultOfCost, faultOfPrice, ruleSentence } from '#app/studio/catalogue/examples.ts'
import type { LiveModel } from '#app/studio/catalogue/live.ts'
import { shipped } from '#app/studio/catalogue/models/all.ts'
import { type lifecycleStates, type ModelRecord, modelRecord } from '#app/studio/catalogue/record.ts'
import { type AuditEntry, appendAudit, prepareEntry } from '#compliance/records/audit.ts'
import { fromJson, toJson } from '#core/db/columns.ts'
import type { ModelSettingTable } from '#core/db/schema/providers.ts'
import type { Tx } from '#core/db/schema/schema.ts'
import { AppError } from '#core/errors/errors.ts'
import { type Sentence, say } from '#core/i18n/say.ts'
import * as queries from './catalogue.queries.ts'
import { givenRecord, routeDrivers } from './catalogue.ts'
import { readRecord } from './model-record.ts'
import { nothingThere, type Staff } from './staff.ts'

/**
 * What staff do to models and their routes. It counts for what is composed from then on; what was agreed before keeps its
 * price. Versions of prices and costs only grow, so that a generation's quote tells which rule it was.
 */
type Detail = NonNullable<AuditEntry['detail']>

export async function switchModel(house: House, actor: Staff, id: string, to: 'on' | 'off'): Promise<void> {
  await live(house, id)
  await changeModel(house, actor, id, { on: to === 'on' }, () => ({ is_on: to === 'on' ? 1 : 0 }))
}

/** `record` takes back what was set. Throws `invalid_input`. */
export async function changeLifecycle(
  house: House,
  actor: Staff,
  id: string,
  wanted: { state: 'record' | (typeof lifecycleStates)[number]; sunsetOn: string; replacement: string },
): Promise<void> {
  await live(house, id)
  const { state, sunsetOn, replacement } = wanted
  const models = await house.catalogue.models()
  if (replacement && (replacement === id || !models.some(({ record }) => record.id === replacement)))
    throw wrongField('replacement', say('Choose another model of this site.'))
  const lifecycle =
    state === 'record'
      ? null
      : toJson({ state, ...(sunsetOn ? { sunsetOn } : {}), ...(replacement ? { replacement } : {}) })
  const detail = { settings: 'lifecycle', state, sunset_on: sunsetOn, replacement }
  await changeModel(house, actor, id, detail, () => ({ lifecycle }))
}

/** An empty rule takes back what was set. Throws `invalid_input` with the place of what is wrong. */
export async function changePrice(house: House, actor: Staff, id: string, rule: string): Promise<void> {
  const model = await live(house, id)
  const given = await recordOf(house, id)
  const { credit_micro_usd } = await siteSettings(house.db.read)
  const tried = { ...model.record, price: { version: 1, credits: rule || given.price.credits } }
  const fault = faultOfPrice(tried, credit_micro_usd)
  if (fault) throw wrongField('rule', ruleSentence(fault))
  await changeModel(house, actor, id, { settings: 'price', own: rule !== '' }, (row) =>
    rule === ''
      ? { price_rule: null }
      : { price_rule: rule, price_version: Math.max(row.price_version, given.price.version) + 1 },
  )
}

export async function changeModelLimits(
  house: House,
  actor: Staff,
  id: string,
  wanted: { mostSeconds: number | null; mostLive: number | null },
): Promise<void> {
  await live(house, id)
  const { seconds } = await recordOf(house, id)
  const { mostSeconds, mostLive } = wanted
  if (mostSeconds !== null && (mostSeconds < seconds.least || mostSeconds > seconds.most))
    throw wrongField(
      'most_seconds',
      say('Give seconds from {least} to {most}: that is what the model makes.', {
        least: seconds.least,
        most: seconds.most,
      }),
    )
  const detail = { settings: 'limits', most_seconds: mostSeconds, most_live: mostLive }
  await changeModel(house, actor, id, detail, () => ({ most_seconds: mostSeconds, most_live: mostLive }))
}

export async function switchRoute(
  house: House,
  actor: Staff,
  id: string,
  { route, to }: { route: string; to: 'on' | 'off' },
): Promise<void> {
  routeOf(await live(house, id), route)
  const key = { model: id, route }
  const now = house.clock.now()
  await write(house, actor, 'route.changed', id, { route, on: to === 'on' }, (tx) =>
    queries.changeRouteSetting(tx, key, { is_on: to === 'on' ? 1 : 0 }, now),
  )
}

/** From then on all routes have a place, and the order is the operator's and not that of their cost. */
export async function moveRoute(
  house: House,
  actor: Staff,
  id: string,
  { route, to }: { route: string; to: 'up' | 'down' },
): Promise<void> {
  const model = await live(house, id)
  routeOf(model, route)
  const order = model.routes.map(({ record }) => record.id)
  const at = order.indexOf(route)
  const other = order[to === 'up' ? at - 1 : at + 1]
  if (other === undefined) return
  order[to === 'up' ? at - 1 : at + 1] = route
  order[at] = other
  const now = house.clock.now()
  await write(house, actor, 'route.changed', id, { route, moved: to }, async (tx) => {
    for (const [position, each] of order.entries())
      await queries.changeRouteSetting(tx, { model: id, route: each }, { position }, now)
  })
}

/** What the provider takes for a job of this route, in US dollars; empty takes back what was set. Throws `invalid_input`. */
export async function changeCost(
  house: House,
  actor: Staff,
  id: string,
  { route, rule }: { route: string; rule: string },
): Promise<void> {
  const { record } = routeOf(await live(house, id), route)
  const model = await recordOf(house, id)
  const standard = model.routes.find((one) => one.id === route)?.cost ?? record.cost
  const usd = rule || standard.usd
  const fault = faultOfCost(model, { ...record, cost: { version: 1, usd } })
  if (fault) throw wrongField('rule', ruleSentence(fault))
  const now = house.clock.now()
  const key = { model: id, route }
  await write(
    house,
    actor,
    'route.changed',
    id,
    { route, settings: 'cost', own: rule !== '' },
    async (tx) => {
      await queries.lockModelSetting(tx, id, now)
      const before = (await queries.routeSettings(tx, id)).find((one) => one.route === route)
      const cost_version = Math.max(before?.cost_version ?? 0, standard.version) + 1
      const change = rule === '' ? { cost_rule: null } : { cost_rule: rule, cost_version }
      await queries.changeRouteSetting(tx, key, change, now)
    },
  )
}

/** A record that the operator brings. Answers its id. Throws `record_refused` and `model_exists`. */
export async function addModel(house: House, actor: Staff, text: string): Promise<{ id: string }> {
  const { credit_micro_usd } = await siteSettings(house.db.read)
  const record = readRecord(text, await routeDrivers(house), credit_micro_usd)
  const kept = await queries.modelSetting(house.db.read, record.id)
  if (kept?.record != null || shipped.some(({ id }) => id === record.id))
    throw new AppError(
      'record_refused',
      say('There is a model {id} already. Change its record on its own page.', { id: record.id }),
      { status: 409, fields: { id: say('Choose another id.') } },
    )
  await keepRecord(house, actor, 'model.added', record)
  return { id: record.id }
}

/** An own record in the place of what there was, the shipped one too. Throws `record_refused` and 404. */
export async function changeRecord(house: House, actor: Staff, id: string, text: string): Promise<void> {
  const kept = await queries.modelSetting(house.db.read, id)
  if (kept?.record == null && !shipped.some((one) => one.id === id)) throw nothingThere()
  const { credit_micro_usd } = await siteSettings(house.db.read)
  const record = readRecord(text, await routeDrivers(house), credit_micro_usd)
  if (record.id !== id)
    throw new AppError('record_refused', say('The id of a model stays. Add another model instead.'), {
      status: 422,
      fields: { id: say('It has to be {id}.', { id }) },
    })
  const faults = versionFaults(record, recordBefore(kept, id))
  if (Object.keys(faults).length > 0)
    throw new AppError('record_refused', say('The record was not kept: its versions have to grow.'), {
      status: 422,
      fields: faults,
    })
  await keepRecord(house, actor, 'model.changed', record)
}

function recordBefore(kept: ModelSettingTable | undefined, id: string): ModelRecord | undefined {
  const own = kept?.record == null ? undefined : modelRecord.safeParse(fromJson(kept.record)).data
  return own ?? shipped.find((one) => one.id === id)
}

/** A quote names the version of its rule, so one version is one rule. */
function versionFaults(after: ModelRecord, before: ModelRecord | undefined): Record<string, Sentence> {
  const faults: Record<string, Sentence> = {}
  if (!before) return faults
  const grown = (version: number) =>
    say('The rule is another, so its version has to be above {version}.', { version })
  if (after.price.credits !== before.price.credits && after.price.version <= before.price.version)
    faults['price.version'] = grown(before.price.version)
  for (const [at, route] of after.routes.entries()) {
    const cost = before.routes.find(({ id }) => id === route.id)?.cost
    if (cost && cost.usd !== route.cost.usd && route.cost.version <= cost.version)
      faults[`routes.${at}.cost.version`] = grown(cost.version)
  }
  return faults
}

/** Takes an own record away: a shipped one under it is back, else the model is gone. Throws `in_use` while videos are made with it. */
export async function removeRecord(house: House, actor: Staff, id: string, confirm: string): Promise<void> {
  const kept = await queries.modelSetting(house.db.read, id)
  if (kept?.record == null) throw nothingThere()
  if (confirm.trim() !== id) throw wrongField('confirm', say('Type {id} to remove it.', { id }))
  await write(house, actor, 'model.removed', id, {}, async (tx) => {
    await queries.lockModelSetting(tx, id, house.clock.now())
    if (shipped.some((one) => one.id === id)) return queries.changeModelSetting(tx, id, { record: null })
    const count = await queries.liveOf(tx, id)
    if (count > 0)
      throw new AppError(
        'in_use',
        say(
          '{count, plural, one {One video is} other {# videos are}} being made with it. Switch it off, wait for {count, plural, one {it} other {them}}, then remove it.',
          { count },
        ),
        { status: 409 },
      )
    await queries.forgetModel(tx, id)
  })
}

async function keepRecord(
  house: House,
  actor: Staff,
  act: 'model.added' | 'model.changed',
  record: ModelRecord,
): Promise<void> {
  const detail = { settings: 'record', version: record.version, price_version: record.price.version }
  const now = house.clock.now()
  await write(house, actor, act, record.id, detail, async (tx) => {
    await queries.lockModelSetting(tx, record.id, now)
    await queries.changeModelSetting(tx, record.id, { record: toJson<unknown>(record) })
  })
}

async function changeModel(
  house: House,
  actor: Staff,
  id: string,
  detail: Detail,
  change: (row: ModelSettingTable) => Partial<Omit<ModelSettingTable, 'id'>>,
): Promise<void> {
  await write(house, actor, 'model.changed', id, detail, async (tx) => {
    const row = await queries.lockModelSetting(tx, id, house.clock.now())
    await queries.changeModelSetting(tx, id, change(row))
  })
}

async function write(
  house: House,
  actor: Staff,
  act: AuditEntry['act'],
  id: string,
  detail: Detail,
  change: (tx: Tx) => Promise<void>,
): Promise<void> {
  const entry = await prepareEntry(house, { actor, act, target: { kind: 'model', id }, detail })
  await house.db.transaction(async (tx) => {
    await change(tx)
    await appendAudit(tx, entry)
  })
  house.catalogue.changed()
}

async function live(house: House, id: string): Promise<LiveModel> {
  const model = await house.catalogue.model(id)
  if (!model) throw nothingThere()
  return model
}

async function recordOf(house: House, id: string): Promise<ModelRecord> {
  const row = await queries.modelSetting(house.db.read, id)
  const record = givenRecord(id, row?.record == null ? undefined : fromJson(row.record))
  if (!record) throw nothingThere()
  return record
}

function routeOf({ routes }: LiveModel, route: string): LiveModel['routes'][number] {
  const found = routes.find(({ record }) => record.id === route)
  if (!found) throw nothingThere()
  return found
}

function wrongField(field: string, sentence: Sentence): AppError {
  return new AppError('invalid_input', sentence, { status: 422, fields: { [field]: sentence } })
}
