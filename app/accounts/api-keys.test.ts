/**
 * Pins: a key that the database could give away; a key that works after its end, its revocation or its account's
 * suspension; somebody else's key revoked, or told apart from none.
 */
import { expect, test } from 'vitest'
import { DAY, MINUTE } from '#core/clock/clock.ts'
import { newId } from '#core/ids/ids.ts'
import { aHouse, aPerson, type TestHouse, type TestPerson } from '#test/factories/house.ts'
import { onBothGrounds } from '#test/grounds.ts'
import { createApiKey, keyLifetimeDays, listApiKeys, recogniseApiKey, revokeApiKey } from './api-keys.ts'
import * as queries from './subjects.queries.ts'

const aKey = (house: TestHouse, { id }: TestPerson, name = 'Nightly trailers') =>
  createApiKey(house, { kind: 'person', id }, { subject: id, name })

onBothGrounds('an API key', (ground) => {
  test('is shown once: only its hash and its first characters are stored, and its name is sealed', async () => {
    const house = await aHouse(ground)
    const person = await aPerson(house)
    const { id, key } = await aKey(house, person)
    const row = await house.db.read.selectFrom('api_key').selectAll().executeTakeFirstOrThrow()
    expect(JSON.stringify(row)).not.toContain(key.slice(9))
    expect(JSON.stringify(row)).not.toContain('Nightly')
    expect(key.startsWith(row.prefix)).toBe(true)
    expect(await recogniseApiKey(house, row.hash)).toBeUndefined()
    expect(await recogniseApiKey(house, `ff_${row.hash}`)).toBeUndefined()
    expect(await recogniseApiKey(house, key)).toEqual({
      id,
      subject: person.id,
      scopes: ['generations:read', 'generations:write'],
    })
    expect(await listApiKeys(house, person.id)).toMatchObject([{ id, name: 'Nightly trailers' }])
  })

  test('stops when it is revoked, and only its owner can do that', async () => {
    const house = await aHouse(ground)
    const [mara, otto] = [await aPerson(house), await aPerson(house)]
    const { id, key } = await aKey(house, mara)
    const gone = { code: 'not_found', status: 404 }
    await expect(revokeApiKey(house, otto.id, id)).rejects.toMatchObject(gone)
    await expect(revokeApiKey(house, otto.id, newId('apiKey', 0))).rejects.toMatchObject(gone)
    expect(await recogniseApiKey(house, key)).toBeDefined()
    expect(await listApiKeys(house, otto.id)).toEqual([])
    await revokeApiKey(house, mara.id, id)
    expect(await recogniseApiKey(house, key)).toBeUndefined()
    await expect(revokeApiKey(house, mara.id, id)).rejects.toMatchObject(gone)
  })

  test('stops at its end and while its account is suspended', async () => {
    const house = await aHouse(ground)
    const person = await aPerson(house)
    const { key } = await aKey(house, person)
    const status = (to: 'suspended' | 'active') =>
      house.db.transaction((tx) => queries.setStatus(tx, person.id, to, house.clock.now()))
    await status('suspended')
    expect(await recogniseApiKey(house, key)).toBeUndefined()
    await status('active')
    house.clock.advance(keyLifetimeDays * DAY - 1)
    expect(await recogniseApiKey(house, key)).toBeDefined()
    house.clock.advance(1)
    expect(await recogniseApiKey(house, key)).toBeUndefined()
  })

  test('notes when it was last used, at most once a minute', async () => {
    const house = await aHouse(ground)
    const person = await aPerson(house)
    const { key } = await aKey(house, person)
    const lastUsed = async () => (await listApiKeys(house, person.id))[0]?.lastUsedAt
    expect(await lastUsed()).toBeNull()
    await recogniseApiKey(house, key)
    const first = house.clock.now()
    house.clock.advance(MINUTE)
    await recogniseApiKey(house, key)
    expect(await lastUsed()).toBe(first)
    house.clock.advance(1)
    await recogniseApiKey(house, key)
    expect(await lastUsed()).toBe(house.clock.now())
  })

  test('is made for oneself, or at the command line; every making and ending is on record', async () => {
    const house = await aHouse(ground)
    const [mara, otto] = [await aPerson(house), await aPerson(house)]
    const forOtto = createApiKey(house, { kind: 'person', id: mara.id }, { subject: otto.id, name: 'x' })
    await expect(forOtto).rejects.toMatchObject({ status: 404 })
    const { id } = await createApiKey(
      house,
      { kind: 'command', id: 'fairframe' },
      { subject: otto.id, name: 'x' },
    )
    await revokeApiKey(house, otto.id, id)
    const rows = await house.db.read
      .selectFrom('audit')
      .select(['act', 'actor_kind'])
      .orderBy('seq')
      .execute()
    expect(rows).toEqual([
      { act: 'api_key.created_by_command', actor_kind: 'command' },
      { act: 'api_key.revoked', actor_kind: 'person' },
    ])
  })
})

test('garbage is no key', async () => {
  const house = await aHouse()
  for (const text of ['', 'ff_', `ff_${'x'.repeat(500)}`, 'Bearer', 'ff_\u0000', "ff_' or 1=1"])
    expect(await recogniseApiKey(house, text)).toBeUndefined()
})
