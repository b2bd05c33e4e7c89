/** Pins: a page for somebody else or for nobody; a key shown twice; another person's key revoked; a session kept by mistake. */
import { expect, test } from 'vitest'
import { recogniseApiKey } from '#app/accounts/api-keys.ts'
import { limits } from '#app/accounts/limits.ts'
import { aBrowser } from '#test/factories/edge.ts'
import { aHouse, aPerson, type TestHouse } from '#test/factories/house.ts'
import * as signIn from '../auth/sign-in.tsx'
import * as credits from './credits.tsx'
import * as keys from './keys.tsx'
import * as layout from './layout.tsx'
import * as profile from './profile.tsx'
import * as security from './security.tsx'

async function signedIn(house: TestHouse, as: Parameters<typeof aPerson>[1] = {}) {
  const person = await aPerson(house, as)
  const browser = await aBrowser(house)
  await browser.post(signIn.action, '/sign-in', { email: person.email, password: person.password })
  return { person, browser }
}

test('nobody is sent to sign in and back, from every page', async () => {
  const browser = await aBrowser(await aHouse())
  for (const { loader } of [layout, profile, security, credits, keys])
    expect((await browser.open(loader, '/account/keys?x=1')).to).toBe('/sign-in?to=%2Faccount%2Fkeys%3Fx%3D1')
  for (const { action } of [profile, security, keys])
    expect((await browser.post(action, '/account', {})).to).toBe('/sign-in?to=%2Faccount')
})

test('a key is in the one answer that made it and in no page after', async () => {
  const house = await aHouse()
  const { person, browser } = await signedIn(house)
  const made = await browser.post(keys.action, '/account/keys', { intent: 'make', name: 'CI', may: 'read' })
  const key: string = made.body.result.key
  expect(await recogniseApiKey(house, key)).toMatchObject({
    subject: person.id,
    scopes: ['generations:read'],
  })
  const page = await browser.open(keys.loader, '/account/keys')
  expect(page.body.keys).toMatchObject([{ name: 'CI', state: 'works' }])
  expect(JSON.stringify(page.body)).not.toContain(key)

  const other = await signedIn(house)
  const foreign = { intent: 'revoke', key: page.body.keys[0].id }
  expect((await other.browser.post(keys.action, '/account/keys', foreign)).status).toBe(404)
  expect((await browser.post(keys.action, '/account/keys', foreign)).body.ok).toBe(true)
  expect(await recogniseApiKey(house, key)).toBeUndefined()
  expect((await browser.open(keys.loader, '/account/keys')).body.keys).toMatchObject([{ state: 'revoked' }])
})

test('a new password gives this device a new session and ends every other', async () => {
  const house = await aHouse()
  const { person, browser } = await signedIn(house)
  const { email, password } = person
  const other = await aBrowser(house)
  await other.post(signIn.action, '/sign-in', { email, password })
  const before = browser.cookie('session')
  const form = { intent: 'password', current: password, password: 'a kettle sings at dawn' }
  expect((await browser.post(security.action, '/account/security', form)).to).toMatch(/^\/account\/security/)
  expect(browser.cookie('session')).not.toBe(before)
  expect((await browser.open(security.loader, '/account/security')).body.sessions).toMatchObject([
    { here: true },
  ])
  expect((await other.open(security.loader, '/account/security')).to).toMatch(/^\/sign-in/)
})

test('the other devices are signed out by one press, and it is on record', async () => {
  const house = await aHouse()
  const { person, browser } = await signedIn(house)
  const other = await aBrowser(house)
  await other.post(signIn.action, '/sign-in', { email: person.email, password: person.password })
  expect((await browser.open(security.loader, '/account/security')).body.sessions).toHaveLength(2)
  await browser.post(security.action, '/account/security', { intent: 'end_others' })
  expect((await other.open(profile.loader, '/account')).to).toMatch(/^\/sign-in/)
  expect((await browser.open(profile.loader, '/account')).body.profile.email).toBe(person.email)
  const acts = await house.db.read.selectFrom('audit').select('act').orderBy('seq').execute()
  expect(acts.at(-1)?.act).toBe('sessions.ended')
})

test('one device is signed out by its own button, and by nobody else’s', async () => {
  const house = await aHouse()
  const { person, browser } = await signedIn(house)
  const { email, password } = person
  const [lost, kept] = [await aBrowser(house), await aBrowser(house)]
  await lost.post(signIn.action, '/sign-in', { email, password })
  house.clock.advance(1000)
  await kept.post(signIn.action, '/sign-in', { email, password })
  const { sessions } = (await browser.open(security.loader, '/account/security')).body
  expect(sessions).toMatchObject([{ here: true, deviceClass: 'computer' }, { here: false }, { here: false }])
  const stored = await house.db.read.selectFrom('session').select('id').execute()
  for (const { id } of stored) expect(JSON.stringify(sessions)).not.toContain(id)

  const end = { intent: 'end_one', session: sessions[2].handle }
  const stranger = await signedIn(house)
  const refused = await stranger.browser.post(security.action, '/account/security', end)
  expect(refused).toMatchObject({ status: 404, body: { refusal: { code: 'not_found' } } })
  expect((await lost.open(profile.loader, '/account')).to).toBeNull()

  expect((await browser.post(security.action, '/account/security', end)).to).toBe(
    '/account/security?done=end_one',
  )
  expect((await lost.open(profile.loader, '/account')).to).toMatch(/^\/sign-in/)
  for (const here of [browser, kept]) expect((await here.open(profile.loader, '/account')).to).toBeNull()
  expect((await browser.post(security.action, '/account/security', end)).status).toBe(404)
  const acts = await house.db.read.selectFrom('audit').select(['act', 'actor_id']).execute()
  expect(acts.filter(({ act }) => act === 'sessions.ended')).toEqual([
    { act: 'sessions.ended', actor_id: person.id },
  ])
})

test('the age question has one answer a day: a region that was refused does not open for another year', async () => {
  const house = await aHouse()
  const { browser } = await signedIn(house, { region: 'US-CA' })
  const still = { name: '', region: 'US-CA', locale: 'en', time_zone: 'UTC' }
  const move = (year: number, birth_month = '1') =>
    browser.post(profile.action, '/account', {
      ...still,
      region: 'DE',
      birth_month,
      birth_year: String(year),
    })
  const year = new Date(house.clock.now()).getUTCFullYear()
  // A slip that says nothing of the age may be mended.
  expect((await move(year, '12')).body.refusal.code).toBe('bad_birth')
  expect((await move(year - 14)).body.refusal.code).toBe('region_refused')
  expect((await browser.post(profile.action, '/account', still)).status).toBe(200)
  expect((await move(year - 30)).status).toBe(429)
  house.clock.advance(limits.age_answer.each)
  expect((await move(year - 30)).status).toBe(200)
  expect((await move(year - 30)).status).toBe(200)
})

test('guessing the current password is counted, signing devices out is not', async () => {
  const house = await aHouse()
  const { browser } = await signedIn(house)
  const post = (form: Record<string, string>) => browser.post(security.action, '/account/security', form)
  for (let n = 0; n < 12; n += 1) expect((await post({ intent: 'end_others' })).to).toContain('end_others')
  const guess = { intent: 'password', current: 'no', password: 'a kettle sings at dawn' }
  for (let n = 0; n < 10; n += 1) expect((await post(guess)).status).toBe(403)
  expect((await post(guess)).status).toBe(429)
})

test('a wrong current password is told at its own field and changes nothing', async () => {
  const house = await aHouse()
  const { browser } = await signedIn(house)
  const form = { intent: 'password', current: 'no', password: 'a kettle sings at dawn' }
  const { status, body } = await browser.post(security.action, '/account/security', form)
  expect(status).toBe(403)
  expect(Object.keys(body.refusal.fields)).toEqual(['current'])
  expect(JSON.stringify(body)).not.toContain('kettle')
})

test('the statement goes on page by page, and its balance with it', async () => {
  const house = await aHouse()
  const { person, browser } = await signedIn(house)
  const { grant } = await import('#app/billing/ledger/ledger.ts')
  for (let n = 0; n < 35; n += 1) {
    house.clock.advance(1)
    await house.db.transaction((tx) =>
      grant(tx, { subject: person.id, amount: 1, key: `gift:${n}`, actor: 'x', now: house.clock.now() }),
    )
  }
  const first = (await browser.open(credits.loader, '/account/credits')).body
  expect(first.balance.available).toBe(135)
  expect(first.lines).toHaveLength(30)
  expect(first.lines[0]).toMatchObject({ what: 'given', effect: 1, left: 135 })
  expect(first.newer).toBeUndefined()
  const second = (await browser.open(credits.loader, first.older)).body
  expect(second.lines).toHaveLength(6)
  expect(second.lines[0].left).toBe(first.lines[29].left - 1)
  expect(second.lines.at(-1)).toMatchObject({ what: 'welcome', effect: 100, left: 100 })
  expect(second).toMatchObject({ newer: '/account/credits', older: undefined })
  expect((await browser.open(credits.loader, '/account/credits?before=%27')).body.lines).toHaveLength(30)
})
