/** Pins: a second first owner; a set-up link that works twice, or after somebody set the house up another way. */
import { expect, test } from 'vitest'
import { siteSettings } from '#app/settings.ts'
import { aHouse, aPerson } from '#test/factories/house.ts'
import { onBothGrounds } from '#test/grounds.ts'
import { setUp, setUpLink } from './set-up.ts'
import { signIn } from './sign-in.ts'
import { subjectById } from './subjects.queries.ts'

const form = {
  site_name: 'Lantern',
  contact: 'hello@example.org',
  email: 'olga@example.org',
  password: 'a bridge over calm water',
  region: 'DE',
}
const visitor = { locale: 'en', timeZone: 'UTC' }
const tokenOf = (link: URL | undefined) => link?.searchParams.get('token') ?? ''

onBothGrounds('setting up', (ground) => {
  test('makes a confirmed owner, names the site, and closes the door', async () => {
    const house = await aHouse(ground)
    const token = tokenOf(await setUpLink(house))
    const id = await setUp(house, { ...form, token }, visitor)
    expect(await subjectById(house.db.read, id)).toMatchObject({ role: 'owner', status: 'active' })
    expect(await siteSettings(house.db.read)).toMatchObject({
      site_name: 'Lantern',
      contact: 'hello@example.org',
      set_up_at: house.clock.now(),
    })
    await signIn(house, form.email, form.password)
    expect(await setUpLink(house)).toBeUndefined()
    const again = setUp(house, { ...form, token, email: 'eve@example.org' }, visitor)
    await expect(again).rejects.toMatchObject({ status: 410 })
  })

  test('a new start makes the old link worthless', async () => {
    const house = await aHouse(ground)
    const old = tokenOf(await setUpLink(house))
    const token = tokenOf(await setUpLink(house))
    await expect(setUp(house, { ...form, token: old }, visitor)).rejects.toMatchObject({ code: 'link_used' })
    await setUp(house, { ...form, token }, visitor)
  })

  test('two at once make one owner', async () => {
    const house = await aHouse(ground)
    const token = tokenOf(await setUpLink(house))
    const both = await Promise.allSettled(
      ['olga@example.org', 'eve@example.org'].map((email) =>
        setUp(house, { ...form, email, token }, visitor),
      ),
    )
    expect(both.map((one) => one.status).sort()).toEqual(['fulfilled', 'rejected'])
    const owners = await house.db.read
      .selectFrom('subject')
      .select('id')
      .where('role', '=', 'owner')
      .execute()
    expect(owners).toHaveLength(1)
  })

  test('is over once there is an owner, whoever still has a link', async () => {
    const house = await aHouse(ground)
    const token = tokenOf(await setUpLink(house))
    await aPerson(house, { role: 'owner' })
    await expect(setUp(house, { ...form, token }, visitor)).rejects.toMatchObject({ code: 'already_set_up' })
    expect((await siteSettings(house.db.read)).site_name).toBe('Fairframe')
  })

  test('a refused form leaves the link good', async () => {
    const house = await aHouse(ground)
    await aPerson(house, { email: form.email })
    const token = tokenOf(await setUpLink(house))
    await expect(setUp(house, { ...form, token, password: 'short' }, visitor)).rejects.toMatchObject({
      code: 'password_short',
    })
    await expect(setUp(house, { ...form, token }, visitor)).rejects.toMatchObject({ code: 'address_taken' })
    await setUp(house, { ...form, token, email: 'other@example.org' }, visitor)
  })
})
