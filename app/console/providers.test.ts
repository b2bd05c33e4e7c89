/**
 * Pins: a key that can be read back, from a page, the log or the audit log; one that is on without a test that went well;
 * a failed test that loses what was on; a connection removed from under its jobs; something sent on an
 * incomplete register entry; an alarm that outlives its cause; an act without its row in the audit log.
 */
import { expect, onTestFinished, test } from 'vitest'
import * as attempts from '#app/studio/generations/attempts.queries.ts'
import { connectionRow } from '#app/studio/providers/registry.ts'
import { DAY } from '#core/clock/clock.ts'
import { newId } from '#core/ids/ids.ts'
import { harness } from '#test/doubles/providers/harness.ts'
import { envelope, kieDouble } from '#test/doubles/providers/kie.ts'
import { aHouse, aPerson, type TestHouse } from '#test/factories/house.ts'
import { onBothGrounds } from '#test/grounds.ts'
import {
  changeKey,
  changeLimits,
  changeProviderSettings,
  changeWebhookSecret,
  connectProvider,
  dismissOffers,
  removeProvider,
  switchProvider,
  testProvider,
} from './provider-acts.ts'
import { providerAlarms } from './provider-alarms.ts'
import { listProviders, providerPage } from './providers.ts'
import { changeRegister, proposed } from './register.ts'
import { actsOf, anAttempt, asStaff } from './testing.ts'

const atKie = { provider: 'kie', route: 'kie' }
const wrongKey = 'kie-0123456789-abcdefWXYZ'

onBothGrounds('connections of providers', (ground) => {
  test('a provider whose form is known before has it filled in', async () => {
    const { house } = await aStage(ground)
    const { addresses, settings } = await providerPage(house, 'openrouter')
    expect(addresses).toMatchObject([{ name: 'api', value: 'https://openrouter.ai/api/v1' }])
    expect(settings).toContainEqual(expect.objectContaining({ name: 'style', value: 'openrouter' }))
  })

  test('a key goes in, is tested before it is on, and never comes out', async () => {
    const { house, owner, kie } = await aStage(ground)
    const connect = (key: string, how: 'on' | 'off') =>
      connectProvider(house, owner, 'kie', { ...kie.form, key, how })
    await expect(connect(wrongKey, 'on')).rejects.toMatchObject({ code: 'test_failed', status: 409 })
    expect(await connectionRow(house, 'kie')).toBeUndefined()

    expect(await connect(wrongKey, 'off')).toEqual({ on: false })
    expect(await summary(house)).toMatchObject({
      state: 'off',
      key: { set: true, hint: 'WXYZ' },
      test: { error: { class: 'provider_auth' } },
    })
    await expect(switchProvider(house, owner, 'kie', 'on')).rejects.toMatchObject({ code: 'test_failed' })

    expect(await changeKey(house, owner, 'kie', { key: kie.key, how: 'on' })).toEqual({ on: true })
    expect(await summary(house)).toMatchObject({
      state: 'on',
      // Too short to show four letters of it.
      key: { set: true, hint: null },
      test: { error: null },
      balance: { microUsd: 303_100, at: house.clock.now() },
    })
    await changeWebhookSecret(house, owner, 'kie', { secret: 'hook-secret-1', how: 'keep' })

    // A wrong key does not push out the one that works.
    await expect(changeKey(house, owner, 'kie', { key: wrongKey, how: 'on' })).rejects.toMatchObject({
      code: 'test_failed',
    })
    expect(await testProvider(house, owner, 'kie')).toEqual({ error: null })

    const shown = JSON.stringify([await providerPage(house, 'kie'), await listProviders(house), house.logged])
    const kept = JSON.stringify([
      await house.db.read.selectFrom('audit').selectAll().execute(),
      await house.db.read.selectFrom('provider_connection').selectAll().execute(),
    ])
    for (const secret of [kie.key, wrongKey, 'hook-secret-1']) {
      expect(shown).not.toContain(secret)
      expect(kept).not.toContain(`"${secret}"`)
    }
    const row = await connectionRow(house, 'kie')
    expect(shown).not.toContain(row?.key_sealed)
    expect(shown).not.toContain(row?.webhook_secret_sealed)
    expect(await actsOf(house, owner.id)).toEqual([
      'provider.connected',
      'provider.key_changed',
      'provider.changed',
      'provider.tested',
    ])
  })

  test('one that is on keeps what works when other settings fail their test', async () => {
    const { house, owner, kie } = await aStage(ground)
    await connectProvider(house, owner, 'kie', { ...kie.form, key: kie.key, how: 'on' })
    const elsewhere = { ...kie.form, 'address.api': 'http://127.0.0.1:1', title: 'KIE' }
    await expect(changeProviderSettings(house, owner, 'kie', elsewhere)).rejects.toMatchObject({
      code: 'test_failed',
    })
    expect(await summary(house)).toMatchObject({ state: 'on', test: { error: null } })
    const dearer = { ...kie.form, title: 'Our KIE', 'setting.microUsdPerCredit': '4000' }
    await changeProviderSettings(house, owner, 'kie', dearer)
    expect(await providerPage(house, 'kie')).toMatchObject({
      title: 'Our KIE',
      settings: [{ name: 'microUsdPerCredit', kind: 'number', value: '4000' }],
      balance: { microUsd: 242_480 },
    })
    await switchProvider(house, owner, 'kie', 'off')
    await changeProviderSettings(house, owner, 'kie', elsewhere)
    expect(await summary(house)).toMatchObject({ state: 'off' })
    await expect(
      changeProviderSettings(house, owner, 'kie', {
        ...kie.form,
        title: 'KIE',
        'setting.microUsdPerCredit': 'x',
      }),
    ).rejects.toMatchObject({ status: 422, fields: { 'setting.microUsdPerCredit': {} } })
  })

  test('limits and the budget are kept, and what is used of it is counted', async () => {
    const { house, owner, kie } = await aStage(ground)
    await connectProvider(house, owner, 'kie', { ...kie.form, key: kie.key, how: 'on' })
    const limits = { submitsPer10s: 20, pollsPerSecond: 0.5, inFlight: 3 }
    await changeLimits(house, owner, 'kie', { ...limits, budget: 25_000_000 })
    await anAttempt(house, (await aPerson(house)).id, atKie, {
      cost_expected: 2_000_000,
      cost_charged: 1_500_000,
    })
    expect(await providerPage(house, 'kie')).toMatchObject({
      limits,
      budgetMicroUsd: 25_000_000,
      usedMicroUsd: 1_500_000,
      inFlight: 1,
    })
  })

  test('one with jobs under way stays, and the refusal says how many', async () => {
    const { house, owner, kie } = await aStage(ground)
    await connectProvider(house, owner, 'kie', { ...kie.form, key: kie.key, how: 'on' })
    const attempt = await anAttempt(house, (await aPerson(house)).id, atKie)
    await expect(removeProvider(house, owner, 'kie', 'kei')).rejects.toMatchObject({ status: 422 })
    await expect(removeProvider(house, owner, 'kie', 'kie')).rejects.toMatchObject({
      code: 'in_flight',
      sentence: { values: { jobs: 1 } },
    })
    await house.db.transaction((tx) =>
      attempts.moveAttempt(tx, attempt, ['accepted'], { state: 'succeeded', ended_at: house.clock.now() }),
    )
    await removeProvider(house, owner, 'kie', 'kie')
    expect(await connectionRow(house, 'kie')).toBeUndefined()
    expect(await providerPage(house, 'kie')).toMatchObject({ state: 'not_connected', key: { set: false } })
    expect(await house.providers.get('kie')).toBeUndefined()
    expect((await actsOf(house, owner.id)).at(-1)).toBe('provider.removed')
  })

  test('what somebody else changed during a test is not overwritten', async () => {
    const { house, owner, kie } = await aStage(ground)
    let meanwhile = async () => {}
    const slow = await harness(async () => {
      await meanwhile()
      return envelope(200, 'success', 60.62)
    })
    onTestFinished(() => slow.close())
    const form = { ...kie.form, 'address.api': slow.origin, key: kie.key, how: 'on' } as const
    await connectProvider(house, owner, 'kie', form)
    meanwhile = async () => {
      meanwhile = async () => {}
      await switchProvider(house, owner, 'kie', 'off')
    }
    await expect(testProvider(house, owner, 'kie')).rejects.toMatchObject({
      code: 'changed_meanwhile',
      status: 409,
    })
    expect(await summary(house)).toMatchObject({ state: 'off' })
    expect(await actsOf(house, owner.id)).toEqual(['provider.connected', 'provider.switched'])
  })

  test('nothing is sent until the register entry is whole, and it says what is missing', async () => {
    const { house, owner, kie } = await aStage(ground)
    await connectProvider(house, owner, 'kie', { ...kie.form, key: kie.key, how: 'on' })
    expect(await summary(house)).toMatchObject({ gaps: ['entry'] })
    const officer = asStaff((await aPerson(house, { role: 'privacy_officer' })).id, 'privacy_officer')
    const entry = { ...proposed(undefined), name: 'Example Ltd', safeguard: 'standard_clauses' }
    expect(await changeRegister(house, officer, 'kie', entry)).toEqual({
      gaps: ['country', 'agreement_on', 'keeps_says'],
    })
    const tomorrow = new Date(house.clock.now() + DAY).toISOString().slice(0, 10)
    for (const [field, value] of [
      ['country', 'QX'],
      ['safeguard', 'good will'],
      ['agreement_on', tomorrow],
    ])
      await expect(
        changeRegister(house, officer, 'kie', { ...entry, [String(field)]: value }),
      ).rejects.toMatchObject({ status: 422, fields: { [String(field)]: {} } })
    const whole = { ...entry, country: 'SG', agreement_on: '2026-11-01', keeps_says: 'Inputs for a day.' }
    expect(await changeRegister(house, officer, 'kie', whole)).toEqual({ gaps: [] })
    expect(await summary(house)).toMatchObject({ gaps: [] })
    expect(await actsOf(house, officer.id)).toEqual(['processor.changed', 'processor.changed'])
  })

  test('alarms name an unknown company, a wrong key, an empty account and a drift, and end when they are mended', async () => {
    const { house, owner, kie } = await aStage(ground)
    await connectProvider(house, owner, 'kie', { ...kie.form, key: kie.key, how: 'on' })
    // The shipped models lead there, and nobody has confirmed who it is.
    expect((await providerAlarms(house)).map(({ kind }) => kind)).toEqual(['register'])
    const officer = asStaff((await aPerson(house, { role: 'privacy_officer' })).id, 'privacy_officer')
    const who = { name: 'Example Ltd', country: 'SG', safeguard: 'standard_clauses' as const }
    const since = { agreement_on: '2026-11-01', keeps_says: 'Inputs for a day.' }
    await changeRegister(house, officer, 'kie', { ...proposed(undefined), ...who, ...since })
    expect(await providerAlarms(house)).toEqual([])
    const now = house.clock.now()
    await house.db.transaction(async (tx) => {
      await tx
        .updateTable('provider_connection')
        .set({ test_error: 'provider_out_of_credit' })
        .where('id', '=', 'kie')
        .execute()
      const reading = { provider: 'kie', at: now, balance_micro_usd: 5, counted_micro_usd: 0 }
      await tx
        .insertInto('provider_reading')
        .values({ ...reading, drift_micro_usd: 9_000_000 })
        .execute()
    })
    expect((await providerAlarms(house)).map(({ kind }) => kind)).toEqual(['out_of_credit', 'drift'])
    await testProvider(house, owner, 'kie')
    expect((await providerAlarms(house)).map(({ kind }) => kind)).toEqual(['drift'])
    await switchProvider(house, owner, 'kie', 'off')
    expect(await providerAlarms(house)).toEqual([])
  })

  test('changes of offers are put aside one by one or together', async () => {
    const { house, owner, kie } = await aStage(ground)
    await connectProvider(house, owner, 'kie', { ...kie.form, key: kie.key, how: 'on' })
    const ids = [1, 2, 3].map(() => newId('event', house.clock.now()))
    const change = { provider: 'kie', kind: 'new' as const, was: null, is_now: '$1', dismissed_at: null }
    await house.db.transaction((tx) =>
      tx
        .insertInto('offer_change')
        .values(ids.map((id) => ({ id, offer: `a ${id}`, at: house.clock.now(), ...change })))
        .execute(),
    )
    expect(await summary(house)).toMatchObject({ openOffers: 3 })
    expect(await dismissOffers(house, owner, 'kie', ids[0])).toEqual({ dismissed: 1 })
    expect(await dismissOffers(house, owner, 'kie', ids[0])).toEqual({ dismissed: 0 })
    expect(await dismissOffers(house, owner, 'kie', undefined)).toEqual({ dismissed: 2 })
    expect(await actsOf(house, owner.id)).toEqual([
      'provider.connected',
      'offers.dismissed',
      'offers.dismissed',
    ])
  })
})

async function aStage(ground: 'sqlite' | 'postgres') {
  const house = await aHouse(ground)
  const owner = asStaff((await aPerson(house, { role: 'owner' })).id, 'owner')
  const double = await kieDouble()
  onTestFinished(() => double.close())
  const form = {
    'address.api': double.addresses.api,
    'address.upload': double.addresses.upload,
    'setting.microUsdPerCredit': '5000',
  }
  return { house, owner, kie: { key: double.key, form } }
}

async function summary(house: TestHouse) {
  return (await listProviders(house)).find(({ id }) => id === 'kie')
}
