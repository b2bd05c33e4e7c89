/**
 * Pins: an answer that tells who has an account; a mail that goes to the asker instead of the owner; a child's answer
 * that leaves a trace; a link that works twice, or after a newer one; credits given twice; an address in the clear.
 */
import { expect, test } from 'vitest'
import { balanceOf } from '#app/billing/ledger/ledger.ts'
import { DAY } from '#core/clock/clock.ts'
import { aHouse, aPerson, type TestHouse } from '#test/factories/house.ts'
import { mailedToken, mailsOf, rowCounts } from '#test/factories/mails.ts'
import { onBothGrounds } from '#test/grounds.ts'
import { addressHash } from './addresses.ts'
import { resendVerification, signUp, verifyEmail } from './sign-up.ts'
import * as queries from './subjects.queries.ts'

const form = {
  email: 'Mara@Example.org',
  password: 'a bridge over calm water',
  region: 'DE',
  birth_year: 1990,
  birth_month: 4,
}
const visitor = { locale: 'de', timeZone: 'Europe/Berlin' }

async function subjectOf(house: TestHouse, email: string) {
  return queries.subjectByHash(house.db.read, await addressHash(house.keyring, email))
}

onBothGrounds('signing up', (ground) => {
  test('makes an unverified account with its credits and mails a link to it', async () => {
    const house = await aHouse(ground)
    await signUp(house, form, visitor)
    const subject = await subjectOf(house, ' mara@example.ORG ')
    expect(subject).toMatchObject({
      status: 'unverified',
      role: 'person',
      region: 'DE',
      locale: 'de',
      time_zone: 'Europe/Berlin',
      old_enough: 1,
    })
    expect(JSON.stringify(subject)).not.toMatch(/mara|1990/i)
    if (!subject) return
    expect((await balanceOf(house.db.read, subject.id)).available).toBe(house.config.welcomeCredits)
    expect(await mailsOf(house)).toMatchObject([{ kind: 'verify_email', to: 'mara@example.org' }])
  })

  test('with a taken address answers the same, changes nothing, and mails its owner', async () => {
    const house = await aHouse(ground)
    const owner = await aPerson(house, { email: 'mara@example.org' })
    const before = await rowCounts(house)
    await expect(signUp(house, form, visitor)).resolves.toBeUndefined()
    const after = await rowCounts(house)
    expect(after).toEqual({ ...before, mail: 1 })
    const [mail] = await mailsOf(house)
    expect(mail).toMatchObject({ kind: 'address_taken', to: owner.email })
    expect(mail?.body.action?.url).not.toContain('token')
  })

  test('by somebody too young stores nothing at all, and names no age', async () => {
    const house = await aHouse(ground)
    const before = await rowCounts(house)
    const keys = await house.keyring.version()
    const refusal = await signUp(house, { ...form, birth_year: 2018 }, visitor).catch((error) => error)
    expect(refusal).toMatchObject({ code: 'too_young', status: 403 })
    expect(JSON.stringify(refusal.sentence)).not.toMatch(/\d|age|young|old/i)
    expect(await rowCounts(house)).toEqual(before)
    expect(await house.keyring.version()).toBe(keys)
    expect(house.logged.join()).not.toContain('2018')
  })

  test('a link confirms once, and only the newest', async () => {
    const house = await aHouse(ground)
    await signUp(house, form, visitor)
    const first = await mailedToken(house, 'verify_email')
    house.clock.advance(1)
    await resendVerification(house, form.email)
    const second = await mailedToken(house, 'verify_email')
    expect(second).not.toBe(first)
    await expect(verifyEmail(house, first)).rejects.toMatchObject({ code: 'link_used', status: 410 })
    await verifyEmail(house, second)
    expect((await subjectOf(house, form.email))?.status).toBe('active')
    await expect(verifyEmail(house, second)).rejects.toMatchObject({ code: 'link_used' })
  })

  test('a link is over after a day, and asking again mails only who is unconfirmed', async () => {
    const house = await aHouse(ground)
    await signUp(house, form, visitor)
    house.clock.advance(DAY + 1)
    await expect(verifyEmail(house, await mailedToken(house, 'verify_email'))).rejects.toMatchObject({
      code: 'link_used',
    })
    await resendVerification(house, 'nobody@example.org')
    await aPerson(house, { email: 'done@example.org' })
    await resendVerification(house, 'done@example.org')
    expect(await mailsOf(house)).toHaveLength(1)
  })

  test('the same form sent twice at once makes one account', async () => {
    const house = await aHouse(ground)
    await Promise.all([signUp(house, form, visitor), signUp(house, form, visitor)])
    const counts = await rowCounts(house)
    expect(counts).toMatchObject({ subject: 1, password: 1 })
    const subject = await subjectOf(house, form.email)
    if (!subject) throw new Error('No account')
    expect((await balanceOf(house.db.read, subject.id)).balance).toBe(house.config.welcomeCredits)
  })
})

test.each([
  ['a closed site', {}, { signUp: 'closed' as const }, 'sign_up_closed'],
  ['a birth to come', { birth_year: 2100 }, {}, 'bad_birth'],
  ['a short password', { password: 'seven77' }, {}, 'password_short'],
  ['a password of everybody', { password: 'Password123' }, {}, 'password_common'],
  ['the address as password', { password: 'mara@example.org' }, {}, 'password_common'],
])('%s is refused with a sentence, and nothing is stored', async (_, change, config, code) => {
  const house = await aHouse('sqlite', config)
  const before = await rowCounts(house)
  await expect(signUp(house, { ...form, ...change }, visitor)).rejects.toMatchObject({ code })
  expect(await rowCounts(house)).toEqual(before)
})
