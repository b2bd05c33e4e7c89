/**
 * Pins: a database that signs people in; a session that never ends; staff who stay in for weeks; a copy of a cookie that
 * works after signing out; a stray cookie that breaks every page; a daily visitor who is put out after two weeks.
 */
import fc from 'fast-check'
import { afterEach, expect, test, vi } from 'vitest'
import { setStatus } from '#app/accounts/subjects.queries.ts'
import { DAY, HOUR, MINUTE } from '#core/clock/clock.ts'
import { aHouse, aPerson, type TestHouse } from '#test/factories/house.ts'
import { onBothGrounds } from '#test/grounds.ts'
import { cookieOf, openSessions } from './session.ts'

const meta = { authMethod: 'password', deviceClass: 'computer' }
const sent = (setCookie: string) => setCookie.split(';')[0] ?? ''

afterEach(() => {
  vi.useRealTimers()
})

/** Moves the house's clock and the system's, which lucia asks. */
function pass(house: TestHouse, ms: number): void {
  house.clock.advance(ms)
  vi.useFakeTimers({ now: house.clock.now(), toFake: ['Date'] })
}

onBothGrounds('a session', (ground) => {
  test('is known by its cookie, and the stored value opens nothing', async () => {
    const house = await aHouse(ground)
    const person = await aPerson(house)
    const sessions = openSessions(house, house.config.appUrl)
    const cookie = sent((await sessions.start(person.id, meta)).cookie)
    expect((await sessions.read(cookie))?.subject.id).toBe(person.id)
    const row = await house.db.read.selectFrom('session').selectAll().executeTakeFirstOrThrow()
    expect(cookie).not.toContain(row.id)
    expect(JSON.stringify(row)).not.toContain(cookie.split('=')[1])
    expect(await sessions.read(`session=${row.id}`)).toBeUndefined()
  })

  test('every sign-in has a token of its own', async () => {
    const house = await aHouse(ground)
    const person = await aPerson(house)
    const sessions = openSessions(house, house.config.appUrl)
    const cookies = await Promise.all([sessions.start(person.id, meta), sessions.start(person.id, meta)])
    expect(new Set(cookies.map((one) => sent(one.cookie))).size).toBe(2)
  })

  test('ends after two weeks without use, and lasts longer when it is used', async () => {
    const house = await aHouse(ground)
    const person = await aPerson(house)
    const sessions = openSessions(house, house.config.appUrl)
    const idle = sent((await sessions.start(person.id, meta)).cookie)
    const used = sent((await sessions.start(person.id, meta)).cookie)
    pass(house, 13 * DAY)
    expect(await sessions.read(used)).toBeDefined()
    pass(house, 2 * DAY)
    expect(await sessions.read(idle)).toBeUndefined()
    expect(await sessions.read(used)).toBeDefined()
  })

  test('ends after sixty days however much it is used', async () => {
    const house = await aHouse(ground)
    const person = await aPerson(house)
    const sessions = openSessions(house, house.config.appUrl)
    const cookie = sent((await sessions.start(person.id, meta)).cookie)
    for (let day = 5; day <= 60; day += 5) {
      pass(house, 5 * DAY)
      expect(await sessions.read(cookie), `day ${day}`).toBeDefined()
    }
    pass(house, 1)
    expect(await sessions.read(cookie)).toBeUndefined()
    expect(await sessions.list(person.id)).toEqual([])
  })

  test('of staff ends after a day, or half a day without use', async () => {
    const house = await aHouse(ground)
    const person = await aPerson(house, { role: 'support' })
    const sessions = openSessions(house, house.config.appUrl)
    const idle = sent((await sessions.start(person.id, meta)).cookie)
    const used = sent((await sessions.start(person.id, meta)).cookie)
    pass(house, 11 * HOUR)
    expect(await sessions.read(used)).toBeDefined()
    pass(house, 2 * HOUR)
    expect(await sessions.read(idle)).toBeUndefined()
    expect(await sessions.read(used)).toBeDefined()
    pass(house, 10 * HOUR)
    expect(await sessions.read(used)).toBeDefined()
    pass(house, 2 * HOUR)
    expect(await sessions.read(used)).toBeUndefined()
  })

  test('is over when its person is suspended', async () => {
    const house = await aHouse(ground)
    const person = await aPerson(house)
    const sessions = openSessions(house, house.config.appUrl)
    const cookie = sent((await sessions.start(person.id, meta)).cookie)
    await house.db.transaction((tx) => setStatus(tx, person.id, 'suspended', house.clock.now()))
    expect(await sessions.read(cookie)).toBeUndefined()
  })

  test('a copy of the cookie is worthless after signing out', async () => {
    const house = await aHouse(ground)
    const person = await aPerson(house)
    const sessions = openSessions(house, house.config.appUrl)
    const cookie = sent((await sessions.start(person.id, meta)).cookie)
    const session = await sessions.read(cookie)
    if (!session) throw new Error('Not signed in')
    expect((await sessions.end(session)).cookie).toMatch(/^session=;.*Max-Age=0/)
    expect(await sessions.read(cookie)).toBeUndefined()
  })

  test('notes its use once a minute, and ends the others on request', async () => {
    const house = await aHouse(ground)
    const person = await aPerson(house)
    const sessions = openSessions(house, house.config.appUrl)
    const cookie = sent((await sessions.start(person.id, meta)).cookie)
    await sessions.start(person.id, { ...meta, deviceClass: 'phone' })
    const began = house.clock.now()
    house.clock.advance(MINUTE)
    await sessions.read(cookie)
    expect((await sessions.list(person.id)).map((one) => one.lastSeenAt)).toEqual([began, began])
    house.clock.advance(1)
    const session = await sessions.read(cookie)
    if (!session) throw new Error('Not signed in')
    expect((await sessions.list(person.id))[0]).toMatchObject({ lastSeenAt: house.clock.now() })
    expect(await sessions.endOthers(session)).toBe(1)
    expect((await sessions.list(person.id)).map((one) => one.deviceClass)).toEqual(['computer'])
  })
})

test('the cookie is out of reach of scripts and other sites, stays sixty days, and is bound to the host on https', async () => {
  const house = await aHouse()
  const person = await aPerson(house)
  const plain = await openSessions(house, new URL('http://localhost:3000')).start(person.id, meta)
  expect(plain.cookie).toMatch(/^session=[a-z0-9]{40};/)
  const tls = await openSessions(house, new URL('https://video.example.org')).start(person.id, meta)
  expect(tls.cookie).toMatch(/^__Host-session=[a-z0-9]{40};/)
  for (const part of ['HttpOnly', 'SameSite=Lax', 'Path=/', 'Secure', 'Max-Age=5184000'])
    expect(tls.cookie).toContain(part)
  expect(plain.cookie).not.toContain('Secure')
  expect(tls.cookie).not.toContain('Domain')
})

test('whatever stands in the cookie header, reading it does not throw', async () => {
  const house = await aHouse()
  const sessions = openSessions(house, house.config.appUrl)
  const stray = [
    '%',
    '%E0%A4%A',
    '=',
    ';;;',
    'session',
    'session=',
    'session=%00',
    `session=${'a'.repeat(9000)}`,
  ]
  for (const header of stray) expect(await sessions.read(header)).toBeUndefined()
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (header) => {
      cookieOf(header, 'session')
    }),
  )
})

test('a cookie is found among any others, by its whole name', () => {
  const name = fc.stringMatching(/^[a-z]{1,8}$/).filter((text) => text !== 'session')
  const value = fc.stringMatching(/^[a-zA-Z0-9=%.-]{0,20}$/)
  fc.assert(
    fc.property(fc.array(fc.tuple(name, value)), fc.nat(), value, (others, at, wanted) => {
      const pairs = others.map(([key, text]) => `${key}=${text}`)
      pairs.splice(at % (pairs.length + 1), 0, `session=${wanted}`)
      expect(cookieOf(pairs.join('; '), 'session')).toBe(wanted)
    }),
  )
  expect(cookieOf('xsession=1; session_=2', 'session')).toBeUndefined()
})
