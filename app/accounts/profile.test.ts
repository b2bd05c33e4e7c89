/** Pins: a name in the clear; a region that lets a child past the question; a chosen time zone overwritten by a browser's. */
import { expect, test } from 'vitest'
import { aHouse, aPerson, type TestHouse } from '#test/factories/house.ts'
import { onBothGrounds } from '#test/grounds.ts'
import { profileSchema } from './accounts.schema.ts'
import { changeProfile, changeTheme, learnTimeZone, readProfile } from './profile.ts'
import { subjectById } from './subjects.queries.ts'

const wanted = { name: 'Mara', region: 'US-CA', locale: 'en-GB', time_zone: 'Europe/London' }

async function rowOf(house: TestHouse, id: Parameters<typeof subjectById>[1]) {
  const row = await subjectById(house.db.read, id)
  if (!row) throw new Error('No account')
  return row
}

onBothGrounds('a profile', (ground) => {
  test('is corrected and read back, the name sealed, and taken away again', async () => {
    const house = await aHouse(ground)
    const person = await aPerson(house, { email: 'mara@example.org' })
    await changeProfile(house, await rowOf(house, person.id), wanted)
    const row = await rowOf(house, person.id)
    expect(JSON.stringify(row)).not.toContain('Mara')
    expect(await readProfile(house, row)).toEqual({
      email: 'mara@example.org',
      name: 'Mara',
      region: 'US-CA',
      locale: 'en-GB',
      timeZone: 'Europe/London',
    })
    await changeProfile(house, row, { ...wanted, name: '' })
    expect((await rowOf(house, person.id)).name_sealed).toBeNull()
  })

  test('a region with a higher age asks the question again, and a child stays where it was', async () => {
    const house = await aHouse(ground)
    const person = await aPerson(house, { region: 'US-CA' })
    const before = await rowOf(house, person.id)
    const move = { ...wanted, region: 'DE' }
    await expect(changeProfile(house, before, move)).rejects.toMatchObject({ code: 'age_needed' })
    const year = new Date(house.clock.now()).getUTCFullYear()
    await expect(
      changeProfile(house, before, { ...move, birth_year: year - 14, birth_month: 1 }),
    ).rejects.toMatchObject({ code: 'region_refused' })
    expect(await rowOf(house, person.id)).toEqual(before)
    await changeProfile(house, before, { ...move, birth_year: year - 30, birth_month: 1 })
    expect((await rowOf(house, person.id)).region).toBe('DE')
  })

  test('a browser tells the time zone only where none was known', async () => {
    const house = await aHouse(ground)
    const person = await aPerson(house)
    await changeProfile(house, await rowOf(house, person.id), { ...wanted, time_zone: 'UTC' })
    await learnTimeZone(house, await rowOf(house, person.id), 'Asia/Tokyo')
    await learnTimeZone(house, await rowOf(house, person.id), 'America/Lima')
    expect((await rowOf(house, person.id)).time_zone).toBe('Asia/Tokyo')
    await changeTheme(house, person.id, 'dark')
    expect((await rowOf(house, person.id)).theme).toBe('dark')
  })
})

test.each([
  ['a made-up region', { region: 'XX' }],
  ['a made-up zone', { time_zone: 'Mars/Olympus' }],
  ['a made-up language', { locale: '!!' }],
  ['an unknown field', { role: 'owner' }],
])('%s is refused', (_, change) => {
  expect(profileSchema.safeParse(wanted).success).toBe(true)
  expect(profileSchema.safeParse({ ...wanted, ...change }).success).toBe(false)
})
