/**
 * Pins: an answer that tells who has an account; a suspended person let in; a reset link that works twice, too late, or
 * signs somebody in; sessions that survive a new password; a reset link that survives a change from within.
 */
import { expect, test } from 'vitest'
import { openSessions } from '#app/http/session.ts'
import { MINUTE } from '#core/clock/clock.ts'
import { isAppError } from '#core/errors/errors.ts'
import { aHouse, aPerson, type TestHouse } from '#test/factories/house.ts'
import { mailedToken, mailsOf } from '#test/factories/mails.ts'
import { onBothGrounds } from '#test/grounds.ts'
import { changePassword, requestReset, resetPassword, signIn } from './sign-in.ts'
import * as queries from './subjects.queries.ts'

const fresh = 'a kettle sings at dawn'

async function refusalOf(work: Promise<unknown>) {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!isAppError(error)) throw new Error('Was not refused')
  return { code: error.code, sentence: error.sentence, status: error.status, fields: error.fields }
}

async function acts(house: TestHouse) {
  const rows = await house.db.read.selectFrom('audit').select(['act', 'target_id']).orderBy('seq').execute()
  return rows.map((row) => row.act)
}

onBothGrounds('signing in', (ground) => {
  test('an unknown address and a wrong password get the same answer, and leave the same trace', async () => {
    const house = await aHouse(ground)
    const person = await aPerson(house)
    const unknown = await refusalOf(signIn(house, 'nobody@example.org', person.password))
    const wrong = await refusalOf(signIn(house, person.email, 'not this one'))
    expect(wrong).toEqual(unknown)
    expect(unknown).toMatchObject({ code: 'wrong_sign_in', status: 401 })
    expect(await acts(house)).toEqual(['sign_in.failed', 'sign_in.failed'])
  })

  test('an unknown address takes as much work as a wrong password', async () => {
    const house = await aHouse(ground)
    const person = await aPerson(house)
    const work = async (email: string) => {
      const before = process.cpuUsage()
      await refusalOf(signIn(house, email, 'not this one'))
      const { user, system } = process.cpuUsage(before)
      return user + system
    }
    await work(person.email)
    const [unknown, wrong] = [await work('nobody@example.org'), await work(person.email)]
    // Without the hash it is a twentieth; how long either takes depends on the machine.
    expect(unknown).toBeGreaterThan(wrong / 4)
  })

  test('the right password lets in, however the address is typed', async () => {
    const house = await aHouse(ground)
    const person = await aPerson(house, { email: 'mara@example.org' })
    expect((await signIn(house, ' MARA@example.org ', person.password)).id).toBe(person.id)
    expect(await acts(house)).toEqual(['sign_in.succeeded'])
  })

  test('that an account is unconfirmed or suspended is told only after the right password', async () => {
    const house = await aHouse(ground)
    const person = await aPerson(house, { verified: false })
    expect((await refusalOf(signIn(house, person.email, 'not this one'))).code).toBe('wrong_sign_in')
    expect((await refusalOf(signIn(house, person.email, person.password))).code).toBe('unverified')
    await house.db.transaction((tx) => queries.setStatus(tx, person.id, 'suspended', house.clock.now()))
    expect((await refusalOf(signIn(house, person.email, 'not this one'))).code).toBe('wrong_sign_in')
    expect((await refusalOf(signIn(house, person.email, person.password))).code).toBe('suspended')
  })

  test('a hash below the cost of today is made anew', async () => {
    const house = await aHouse(ground)
    const person = await aPerson(house)
    const { hash } = await import('@node-rs/argon2')
    const cheap = await hash(person.password, { memoryCost: 8192, timeCost: 1, parallelism: 1 })
    await house.db.transaction((tx) => queries.setPassword(tx, person.id, cheap, 0))
    await signIn(house, person.email, person.password)
    expect(await queries.passwordOf(house.db.read, person.id)).toMatch(/m=19456,t=2,p=1/)
    await signIn(house, person.email, person.password)
  })
})

onBothGrounds('a forgotten password', (ground) => {
  test('a link sets a new one once: every session ends, nobody is signed in, a note is mailed', async () => {
    const house = await aHouse(ground)
    const person = await aPerson(house)
    const sessions = openSessions(house, house.config.appUrl)
    const meta = { authMethod: 'password', deviceClass: 'phone' }
    await sessions.start(person.id, meta)
    await sessions.start(person.id, meta)
    await requestReset(house, person.email)
    const token = await mailedToken(house, 'reset_password')

    house.clock.advance(1)
    await resetPassword(house, token, fresh)
    expect(await sessions.list(person.id)).toEqual([])
    expect((await mailsOf(house)).map((mail) => mail.kind)).toEqual(['reset_password', 'password_changed'])
    expect((await refusalOf(signIn(house, person.email, person.password))).code).toBe('wrong_sign_in')
    expect((await signIn(house, person.email, fresh)).id).toBe(person.id)
    expect((await refusalOf(resetPassword(house, token, 'yet another one'))).code).toBe('link_used')
    expect(await acts(house)).toContain('password.reset')
  })

  test('a link is over after half an hour, and when a newer one was asked for', async () => {
    const house = await aHouse(ground)
    const person = await aPerson(house)
    await requestReset(house, person.email)
    const first = await mailedToken(house, 'reset_password')
    house.clock.advance(1)
    await requestReset(house, person.email)
    const second = await mailedToken(house, 'reset_password')
    expect((await refusalOf(resetPassword(house, first, fresh))).code).toBe('link_used')
    house.clock.advance(30 * MINUTE)
    expect((await refusalOf(resetPassword(house, second, fresh))).code).toBe('link_used')
    await signIn(house, person.email, person.password)
  })

  test('an unknown address gets no mail; a refused password leaves the link good', async () => {
    const house = await aHouse(ground)
    const person = await aPerson(house)
    await requestReset(house, 'nobody@example.org')
    expect(await mailsOf(house)).toEqual([])
    await requestReset(house, person.email)
    const token = await mailedToken(house, 'reset_password')
    expect((await refusalOf(resetPassword(house, token, 'short'))).code).toBe('password_short')
    await resetPassword(house, token, fresh)
  })

  test('a link to confirm an address resets no password', async () => {
    const house = await aHouse(ground)
    const person = await aPerson(house, { verified: false })
    const { resendVerification } = await import('./sign-up.ts')
    await resendVerification(house, person.email)
    const token = await mailedToken(house, 'verify_email')
    expect((await refusalOf(resetPassword(house, token, fresh))).code).toBe('link_used')
  })

  test('a suspended person stays suspended whatever they reset', async () => {
    const house = await aHouse(ground)
    const person = await aPerson(house)
    await house.db.transaction((tx) => queries.setStatus(tx, person.id, 'suspended', house.clock.now()))
    await requestReset(house, person.email)
    await resetPassword(house, await mailedToken(house, 'reset_password'), fresh)
    expect((await refusalOf(signIn(house, person.email, fresh))).code).toBe('suspended')
  })
})

onBothGrounds('changing the password from within', (ground) => {
  test('asks for the one of now, ends the other sessions and every mailed link', async () => {
    const house = await aHouse(ground)
    const person = await aPerson(house)
    const sessions = openSessions(house, house.config.appUrl)
    const { cookie } = await sessions.start(person.id, { authMethod: 'password', deviceClass: 'computer' })
    await sessions.start(person.id, { authMethod: 'password', deviceClass: 'phone' })
    const here = await sessions.read(cookie.split(';')[0])
    if (!here) throw new Error('Not signed in')
    await requestReset(house, person.email)
    const token = await mailedToken(house, 'reset_password')

    const wrong = changePassword(house, person.id, { current: 'no', next: fresh, session: here.id })
    expect(await refusalOf(wrong)).toMatchObject({
      code: 'wrong_password',
      fields: { current: expect.anything() },
    })
    expect(await sessions.list(person.id)).toHaveLength(2)

    house.clock.advance(1)
    await changePassword(house, person.id, { current: person.password, next: fresh, session: here.id })
    expect((await sessions.list(person.id)).map((one) => one.deviceClass)).toEqual(['computer'])
    expect((await refusalOf(resetPassword(house, token, 'another long one'))).code).toBe('link_used')
    expect((await mailsOf(house)).at(-1)?.kind).toBe('password_changed')
  })
})

test('of a password only an argon2id hash at the cost of today is stored', async () => {
  const house = await aHouse()
  const person = await aPerson(house)
  expect(await queries.passwordOf(house.db.read, person.id)).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
})
