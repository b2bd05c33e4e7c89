/**
 * The doors as a browser meets them. Pins: a child that goes back and tries another year; a page that acts when it is
 * only looked at; a way back to another site; an answer that waits for a mail; a limit that the right password passes, or a
 * form that is malformed.
 */
import { expect, test } from 'vitest'
import { limits } from '#app/accounts/limits.ts'
import { setUpLink } from '#app/accounts/set-up.ts'
import { subjectById } from '#app/accounts/subjects.queries.ts'
import { aBrowser } from '#test/factories/edge.ts'
import { aHouse, aPerson } from '#test/factories/house.ts'
import { mailedToken, mailsOf, rowCounts } from '#test/factories/mails.ts'
import * as forgot from './forgot-password.tsx'
import * as reset from './reset-password.tsx'
import * as setUp from './set-up.tsx'
import * as signIn from './sign-in.tsx'
import * as signOut from './sign-out.ts'
import * as signUp from './sign-up.tsx'
import * as theme from './theme.ts'
import * as verify from './verify-email.tsx'

const form = {
  email: 'mara@example.org',
  password: 'a bridge over calm water',
  region: 'DE',
  birth_year: '1990',
  birth_month: '4',
}
const young = { ...form, birth_year: '2018' }

test('after a refusal for age that browser meets a closed door for a day, and nothing is stored', async () => {
  const house = await aHouse()
  const browser = await aBrowser(house)
  const before = await rowCounts(house)
  const refused = await browser.post(signUp.action, '/sign-up', young)
  expect(refused).toMatchObject({ status: 302, to: '/sign-up' })
  expect(refused.cookies).toEqual([
    expect.stringMatching(/^age=refused; Path=\/; Max-Age=86400; HttpOnly; SameSite=Lax$/),
  ])
  // One counter, of the address the request came from; none of the mail address.
  expect(await rowCounts(house)).toEqual({ ...before, rate_counter: 1 })
  expect((await browser.open(signUp.loader, '/sign-up')).body).toEqual({ door: 'refused' })
  expect(await browser.post(signUp.action, '/sign-up', form)).toMatchObject({ status: 302, to: '/sign-up' })
  expect((await rowCounts(house)).subject).toBe(0)

  const another = await aBrowser(house, '192.0.2.2')
  expect((await another.post(signUp.action, '/sign-up', form)).to).toBe('/check-mail')
})

test('a refused form comes back with its sentences and what was typed, but no password', async () => {
  const browser = await aBrowser(await aHouse())
  const { body, status } = await browser.post(signUp.action, '/sign-up', { ...form, email: 'mara' })
  expect(status).toBe(422)
  expect(body.refusal.fields).toHaveProperty('email')
  expect(body.typed).toEqual({ email: 'mara', region: 'DE', birth_year: '1990', birth_month: '4' })
  const extra = await browser.post(signUp.action, '/sign-up', { ...form, role: 'owner' })
  expect(extra.status).toBe(422)
})

test('a closed site shows no form and takes none', async () => {
  const house = await aHouse('sqlite', { signUp: 'closed' })
  const browser = await aBrowser(house)
  expect((await browser.open(signUp.loader, '/sign-up')).body).toEqual({ door: 'closed' })
  expect((await browser.post(signUp.action, '/sign-up', form)).body.refusal.code).toBe('sign_up_closed')
})

test('looking at the link confirms nothing; its button does, once', async () => {
  const house = await aHouse()
  const browser = await aBrowser(house)
  await browser.post(signUp.action, '/sign-up', form)
  const token = await mailedToken(house, 'verify_email')
  const look = () => browser.open(verify.loader, `/verify-email?token=${token}`)
  expect((await look()).body.good).toBe(true)
  expect((await look()).body.good).toBe(true)
  expect((await browser.post(verify.action, '/verify-email', { token })).body.ok).toBe(true)
  expect((await look()).body.good).toBe(false)
  expect((await browser.post(verify.action, '/verify-email', { token })).status).toBe(410)
})

test('signing in gives a new session and leads back, but never to another site', async () => {
  const house = await aHouse()
  const person = await aPerson(house)
  const enter = async (to: string) => {
    const browser = await aBrowser(house)
    browser.setCookie('session', 'a'.repeat(40))
    const { email, password } = person
    const outcome = await browser.post(signIn.action, `/sign-in${to}`, { email, password })
    expect(browser.cookie('session')).not.toBe('a'.repeat(40))
    return outcome.to
  }
  expect(await enter('')).toBe('/studio')
  expect(await enter('?to=%2Faccount%2Fkeys')).toBe('/account/keys')
  expect(await enter('?to=%2F%2Fevil.example')).toBe('/studio')
  expect(await enter('?to=https%3A%2F%2Fevil.example')).toBe('/studio')
})

test('too many tries close the door to the right password too, but not to its owner elsewhere', async () => {
  const house = await aHouse()
  const { email, password } = await aPerson(house)
  const browser = await aBrowser(house, '192.0.2.1')
  for (let n = 0; n < limits.sign_in.pair; n += 1)
    expect((await browser.post(signIn.action, '/sign-in', { email, password: 'wrong' })).status).toBe(401)
  const late = await browser.post(signIn.action, '/sign-in', { email: email.toUpperCase(), password })
  expect(late).toMatchObject({ status: 429, cookies: [] })
  const elsewhere = await aBrowser(house, '192.0.2.2')
  expect((await elsewhere.post(signIn.action, '/sign-in', { email, password })).to).toBe('/studio')
  house.clock.advance(limits.sign_in.each)
  expect((await browser.post(signIn.action, '/sign-in', { email, password })).to).toBe('/studio')
})

test('signing in often is no guessing', async () => {
  const house = await aHouse()
  const { email, password } = await aPerson(house)
  for (let n = 0; n < 2 * limits.sign_in.pair; n += 1) {
    const browser = await aBrowser(house)
    expect((await browser.post(signIn.action, '/sign-in', { email, password })).to).toBe('/studio')
  }
})

test('nobody fills a mailbox by signing up for it from many places', async () => {
  const house = await aHouse()
  const answers = []
  for (let n = 0; n <= limits.verify_mail.identity; n += 1) {
    const browser = await aBrowser(house, `192.0.2.${n}`)
    answers.push((await browser.post(signUp.action, '/sign-up', form)).status)
  }
  expect(answers.at(-1)).toBe(429)
  expect(await mailsOf(house)).toHaveLength(limits.verify_mail.identity)
})

test.each([
  '<mara@example.org>',
  'mara@example.org,',
  'mara;x@example.org',
  'mara@example',
  'mara@.org',
  'ma\u0000ra@example.org',
])('an address that no mail could be sent to is refused: %s', async (email) => {
  const browser = await aBrowser(await aHouse())
  const { status, body } = await browser.post(signUp.action, '/sign-up', { ...form, email })
  expect(status).toBe(422)
  expect(body.refusal.fields).toHaveProperty('email')
})

for (const ground of ['sqlite', 'postgres'] as const)
  test(`forms that cannot be read are tries as well, and nothing large is read, on ${ground}`, async () => {
    const browser = await aBrowser(await aHouse(ground))
    const post = (form: Record<string, string>) => browser.post(signIn.action, '/sign-in', form)
    const { status, body } = await post({ email: 'a@example.org', password: 'a\0b' })
    expect([status, Object.keys(body.refusal.fields)]).toEqual([422, ['password']])
    expect((await post({ email: 'x'.repeat(100_000) })).status).toBe(413)
    for (let n = 2; n < limits.sign_in.address; n += 1) expect((await post({ email: 'x' })).status).toBe(422)
    expect((await post({ email: 'x' })).status).toBe(429)
    expect((await post({ email: 'x'.repeat(100_000) })).status).toBe(429)
    expect(browser.faults).toEqual([])
  })

test('signing out takes a press, ends the session on the server, and clears what the browser kept', async () => {
  const house = await aHouse()
  const { email, password } = await aPerson(house)
  const browser = await aBrowser(house)
  await browser.post(signIn.action, '/sign-in', { email, password })
  const cookie = browser.cookie('session') ?? ''
  expect((await browser.open(signOut.loader, '/sign-out')).to).toBe('/')
  expect((await browser.open(signIn.loader, '/sign-in')).to).toBe('/')
  expect((await browser.post(signOut.action, '/sign-out', {})).to).toBe('/')
  expect(browser.cookie('session')).toBeUndefined()
  browser.setCookie('session', cookie)
  expect((await browser.open(signIn.loader, '/sign-in')).status).toBe(200)
})

test('asking for a new password answers the same to everybody, before any mail is written', async () => {
  const house = await aHouse()
  const person = await aPerson(house)
  const browser = await aBrowser(house)
  const known = await browser.post(forgot.action, '/forgot-password', { email: person.email })
  const unknown = await browser.post(forgot.action, '/forgot-password', { email: 'nobody@example.org' })
  expect(known).toEqual(unknown)
  expect(known.body).toMatchObject({ ok: true })
  expect(await mailsOf(house)).toEqual([])
  browser.answered()
  await expect.poll(() => mailsOf(house)).toMatchObject([{ kind: 'reset_password', to: person.email }])
  expect(browser.faults).toEqual([])

  const token = await mailedToken(house, 'reset_password')
  const done = await browser.post(reset.action, '/reset-password', { token, password: 'a kettle sings' })
  expect(done).toMatchObject({ status: 200, cookies: [], body: { ok: true } })
})

test('setting up signs the owner in, and the page is closed from then on', async () => {
  const house = await aHouse()
  const browser = await aBrowser(house)
  const link = (await setUpLink(house)) ?? new URL('http://x')
  const token = link.searchParams.get('token') ?? ''
  const page = await browser.open(setUp.loader, link.pathname + link.search)
  expect(page.body.on).toMatchObject({ database: 'sqlite', storage: 'local', mail: false })
  expect((await browser.open(setUp.loader, '/set-up?token=wrong')).status).toBe(410)
  const { email, password, region, birth_year, birth_month } = form
  const owner = { token, site_name: 'Lantern', contact: '', email, password, region, birth_year, birth_month }
  const child = await browser.post(setUp.action, '/set-up', { ...owner, birth_year: '2024' })
  expect(child).toMatchObject({ status: 403, body: { refusal: { code: 'too_young' } } })
  expect((await browser.post(setUp.action, '/set-up', owner)).to).toBe('/studio')
  expect((await browser.open(signIn.loader, '/sign-in')).to).toBe('/')
  expect((await browser.open(setUp.loader, link.pathname + link.search)).status).toBe(410)
})

test('the theme stays with the account, or in a cookie for guests', async () => {
  const house = await aHouse()
  const person = await aPerson(house)
  const browser = await aBrowser(house)
  const choose = (choice: string, returnTo: string) =>
    browser.post(theme.action, '/theme', { theme: choice, returnTo })
  expect(await choose('dark', '//evil.example')).toMatchObject({ to: '/' })
  expect(browser.cookie('theme')).toBe('dark')
  await choose('system', '/')
  expect(browser.cookie('theme')).toBeUndefined()
  await browser.post(signIn.action, '/sign-in', { email: person.email, password: person.password })
  expect(await choose('light', '/account')).toMatchObject({ to: '/account', cookies: [] })
  expect((await subjectById(house.db.read, person.id))?.theme).toBe('light')
  expect((await choose('pink', '/')).status).toBe(422)
})
