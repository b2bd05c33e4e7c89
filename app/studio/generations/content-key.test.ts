/** Pins: a commit to the disk for each of many requests at once; one failure that takes later requests with it. */
import { expect, test } from 'vitest'
import { aHouse, aPerson } from '#test/factories/house.ts'
import { contentKey } from './content-key.ts'

test('keys that are asked for together are made together, each for its person', async () => {
  const house = await aHouse()
  const [ana, ben] = [await aPerson(house), await aPerson(house)]
  const before = await house.keyring.version()
  const keys = await Promise.all([ana, ben, ana, ben].map(({ id }) => contentKey(house.keyring, id)))
  expect(await house.keyring.version()).toBe(before + 1)
  expect(new Set(keys.map(({ id }) => id)).size).toBe(4)
  const bens = await house.keyring.keysOf(ben.id, ['content'])
  expect(bens.map(({ id }) => id).sort()).toEqual([keys[1]?.id, keys[3]?.id].sort())
})

test('a failure reaches those who waited together, and nobody after them', async () => {
  const house = await aHouse()
  const ana = await aPerson(house)
  let away = true
  const createMany: typeof house.keyring.createMany = (wanted) =>
    away ? Promise.reject(new Error('away')) : house.keyring.createMany(wanted)
  const keyring = { ...house.keyring, createMany }
  const both = await Promise.allSettled([contentKey(keyring, ana.id), contentKey(keyring, ana.id)])
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  away = false
  expect((await contentKey(keyring, ana.id)).bytes).toHaveLength(32)
})
