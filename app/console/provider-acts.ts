import type { House } from '#app/house.ts'
import * as attempts from '#app/studio/generations/attempts.queries.ts'
import { reserve } from '#app/studio/generations/pace.ts'
import { driverOf } from '#app/studio/providers/drivers.ts'
import type { Driver } from '#app/studio/providers/provider.ts'
import { connectionRow, sealProviderSecret } from '#app/studio/providers/registry.ts'
import { type AuditEntry, appendAudit, prepareEntry } from '#compliance/records/audit.ts'
import { fromJson, toJson } from '#core/db/columns.ts'
import type { ProviderConnectionTable } from '#core/db/schema/providers.ts'
import { AppError } from '#core/errors/errors.ts'
import { type Sentence, say } from '#core/i18n/say.ts'
import { type Plan, planOf } from './provider-plans.ts'
import { readAddresses, readSettings } from './provider-settings.ts'
import { refuseFailed, testConnection } from './provider-test.ts'
import * as queries from './providers.queries.ts'
import { nothingThere, type Staff } from './staff.ts'

/**
 * What staff do to the connections of providers. A connection that is on has been tested as it stands: whatever bears on
 * the test is tried before it is kept. Secrets go in here and never come out; the log says that one was set, not which.
 */
type Form = Readonly<Record<string, unknown>>
type Row = ProviderConnectionTable

/** Of a shorter key, four characters would be a good part. */
const SHORT_KEY = 12

/** Connects what `id` stands for. With `how: 'on'` it is kept only if its test went well. */
export async function connectProvider(
  house: House,
  actor: Staff,
  id: string,
  form: Form & { key?: string | undefined; title?: string | undefined; how: 'on' | 'off' },
): Promise<{ on: boolean }> {
  const plan = planOf(id)
  const driver = plan && driverOf(plan.driver)
  if (!plan || !driver) throw nothingThere()
  if (driver.key === 'required' && !form.key) throw wrongField('key', say('Paste the key.'))
  const now = house.clock.now()
  const fresh = newRow(plan, now, {
    title: form.title || plan.title,
    addresses: readAddresses(driver, form),
    settings: readSettings(driver, form, {}),
  })
  const row: Row = { ...fresh, ...(await keyColumns(house, id, form.key ?? '')) }
  const tested = await testConnection(house, driver, row)
  if (form.how === 'on') refuseFailed(tested)
  const kept: Row = { ...row, ...tested, is_on: form.how === 'on' ? 1 : 0 }
  const detail = { driver: plan.driver, on: form.how === 'on', test: tested.test_error ?? 'good' }
  const entry = await prepareEntry(house, entryOf(actor, 'provider.connected', id, detail))
  await house.db.transaction(async (tx) => {
    if (!(await queries.insertConnection(tx, kept)))
      throw new AppError('connected_already', say('It is connected already. Reload the page.'), {
        status: 409,
      })
    await appendAudit(tx, entry)
  })
  house.catalogue.changed()
  return { on: kept.is_on === 1 }
}

/** Another key, tested before it replaces the old one; with `how: 'off'` it is kept in any case, and all is switched off. */
export async function changeKey(
  house: House,
  actor: Staff,
  id: string,
  { key, how }: { key: string; how: 'on' | 'off' },
): Promise<{ on: boolean }> {
  const { row, driver } = await connected(house, id)
  const after: Row = { ...row, ...(await keyColumns(house, id, key)) }
  const tested = await testConnection(house, driver, after)
  if (how === 'on') refuseFailed(tested)
  const is_on = how === 'on' ? 1 : 0
  const detail = { on: how === 'on', test: tested.test_error ?? 'good' }
  await keep(house, row, { ...after, ...tested, is_on }, entryOf(actor, 'provider.key_changed', id, detail))
  return { on: is_on === 1 }
}

/** Title, addresses and the driver's own settings. While it is on they are tested first. */
export async function changeProviderSettings(
  house: House,
  actor: Staff,
  id: string,
  form: Form & { title: string },
): Promise<void> {
  const { row, driver } = await connected(house, id)
  const after: Row = {
    ...row,
    title: form.title,
    addresses: toJson(readAddresses(driver, form)),
    settings: toJson(readSettings(driver, form, fromJson(row.settings))),
  }
  const changed = (['title', 'addresses', 'settings'] as const).filter((name) => after[name] !== row[name])
  const matters = changed.some((name) => name !== 'title')
  const tested = matters && row.is_on ? await testConnection(house, driver, after) : undefined
  if (tested) refuseFailed(tested)
  const detail = { settings: changed.join(',') }
  await keep(house, row, { ...after, ...tested }, entryOf(actor, 'provider.changed', id, detail))
}

export async function changeWebhookSecret(
  house: House,
  actor: Staff,
  id: string,
  { secret, how }: { secret: string; how: 'keep' | 'remove' },
): Promise<void> {
  const { row, driver } = await connected(house, id)
  if (driver.webhook !== 'signed_with_secret') throw nothingThere()
  if (how === 'keep' && secret.length < 8)
    throw wrongField('secret', say('Paste the whole secret; at least 8 characters.'))
  const webhook_secret_sealed =
    how === 'remove' ? null : await sealProviderSecret(house, id, 'webhook_secret_sealed', secret)
  const detail = { settings: 'webhook_secret', removed: how === 'remove' }
  await keep(house, row, { ...row, webhook_secret_sealed }, entryOf(actor, 'provider.changed', id, detail))
}

export async function changeLimits(
  house: House,
  actor: Staff,
  id: string,
  wanted: { submitsPer10s: number; pollsPerSecond: number; inFlight: number; budget: number | null },
): Promise<void> {
  const { row } = await connected(house, id)
  const { budget, ...limits } = wanted
  const after: Row = { ...row, limits: toJson(limits), budget_micro_usd: budget }
  const detail = { ...limits, budget_micro_usd: budget }
  await keep(house, row, after, entryOf(actor, 'provider.changed', id, detail))
}

/** Tests it as it is kept, and writes down what came of it. One that is on stays on. */
export async function testProvider(
  house: House,
  actor: Staff,
  id: string,
): Promise<{ error: string | null }> {
  const { row, driver } = await connected(house, id)
  const tested = await testConnection(house, driver, row)
  const detail = { test: tested.test_error ?? 'good' }
  await keep(house, row, { ...row, ...tested }, entryOf(actor, 'provider.tested', id, detail))
  return { error: tested.test_error }
}

/** On only after a test that went well; off at once. What is under way goes on to its end. */
export async function switchProvider(
  house: House,
  actor: Staff,
  id: string,
  to: 'on' | 'off',
): Promise<void> {
  const { row, driver } = await connected(house, id)
  const tested = to === 'on' ? await testConnection(house, driver, row) : undefined
  if (tested) refuseFailed(tested)
  const after: Row = { ...row, ...tested, is_on: to === 'on' ? 1 : 0 }
  await keep(house, row, after, entryOf(actor, 'provider.switched', id, { on: to === 'on' }))
}

/** Destroys its key with the connection. Throws `in_flight` while the provider has jobs of ours: nobody could fetch them. */
export async function removeProvider(house: House, actor: Staff, id: string, confirm: string): Promise<void> {
  const { row } = await connected(house, id)
  if (confirm.trim() !== id) throw wrongField('confirm', say('Type {id} to remove it.', { id }))
  const entry = await prepareEntry(house, entryOf(actor, 'provider.removed', id, { driver: row.driver }))
  await house.db.transaction(async (tx) => {
    // Admissions take this row too, so none happens between the count and the end of this.
    await reserve(tx, id, 'submit', house.clock.now(), 1)
    const jobs = await attempts.jobsAt(tx, id)
    if (jobs > 0)
      throw new AppError(
        'in_flight',
        say(
          '{jobs, plural, one {One job is} other {# jobs are}} under way there. Switch it off, wait for the end of {jobs, plural, one {it} other {them}}, then remove it.',
          { jobs },
        ),
        { status: 409 },
      )
    await queries.deleteConnection(tx, id)
    await appendAudit(tx, entry)
  })
  house.catalogue.changed()
}

/** Puts one change of offers aside, or all. */
export async function dismissOffers(
  house: House,
  actor: Staff,
  id: string,
  change: string | undefined,
): Promise<{ dismissed: number }> {
  await connected(house, id)
  const what: NonNullable<AuditEntry['detail']> = change === undefined ? { all: true } : { change }
  const entry = await prepareEntry(house, entryOf(actor, 'offers.dismissed', id, what))
  const dismissed = await house.db.transaction(async (tx) => {
    const count = await queries.dismissChanges(tx, id, change, house.clock.now())
    if (count > 0) await appendAudit(tx, entry)
    return count
  })
  return { dismissed }
}

/** A row that is not kept yet. */
export function newRow(
  plan: Plan,
  now: number,
  given: { title: string; addresses: Record<string, string>; settings: Record<string, unknown> },
): Row {
  return {
    id: plan.id,
    driver: plan.driver,
    title: given.title,
    is_on: 0,
    addresses: toJson(given.addresses),
    settings: toJson(given.settings),
    key_sealed: null,
    key_hint: null,
    webhook_secret_sealed: null,
    limits: toJson(plan.limits),
    budget_micro_usd: null,
    tested_at: null,
    test_error: null,
    balance_micro_usd: null,
    balance_at: null,
    created_at: now,
    updated_at: now,
  }
}

async function connected(house: House, id: string): Promise<{ row: Row; driver: Driver }> {
  const row = await connectionRow(house, id)
  const driver = row && driverOf(row.driver)
  if (!row || !driver) throw nothingThere()
  return { row, driver }
}

async function keyColumns(house: House, id: string, key: string): Promise<Partial<Row>> {
  if (key === '') return { key_sealed: null, key_hint: null }
  // Of a JSON document the last letters are brackets and quotes.
  const letters = key.replace(/[^A-Za-z0-9]/g, '')
  return {
    key_sealed: await sealProviderSecret(house, id, 'key_sealed', key),
    key_hint: letters.length < SHORT_KEY ? null : letters.slice(-4),
  }
}

function entryOf(
  actor: Staff,
  act: AuditEntry['act'],
  id: string,
  detail: NonNullable<AuditEntry['detail']>,
): AuditEntry {
  return { actor, act, target: { kind: 'provider', id }, detail }
}

async function keep(house: House, before: Row, after: Row, entry: AuditEntry): Promise<void> {
  const prepared = await prepareEntry(house, entry)
  // Open connections are told apart by this time, so it must differ.
  const updated_at = Math.max(house.clock.now(), before.updated_at + 1)
  await house.db.transaction(async (tx) => {
    if (!(await queries.replaceConnection(tx, { ...after, updated_at }, before.updated_at)))
      throw new AppError(
        'changed_meanwhile',
        say('Somebody else changed this in the meantime. Look at it again, then repeat what you did.'),
        { status: 409 },
      )
    await appendAudit(tx, prepared)
  })
  house.catalogue.changed()
}

function wrongField(field: string, sentence: Sentence): AppError {
  return new AppError('invalid_input', sentence, { status: 422, fields: { [field]: sentence } })
}
