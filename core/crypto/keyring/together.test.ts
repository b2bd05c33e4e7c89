/** Pins: a commit to the disk for each of many requests at once; one failure that takes later requests with it. */
import { expect, test } from 'vitest'
import { aHouse, aPerson } from '#test/factories/house.ts'
import { inOneCommit } from './together.ts'

test('keys that are asked for together are made in one commit, each for its person', async () => {
  const house = await aHouse()
  const [ana, ben] = [await aPerson(house), await aPerson(house)]
  const before = await house.keyring.version()
  const keys = await Promise.all(
    [ana, ben, ana, ben].map(({ id }) => house.keyring.create({ class: 'content', subject: id })),
  )
  expect(await house.keyring.version()).toBe(before + 1)
  expect(new Set(keys.map(({ id }) => id)).size).toBe(4)
  const bens = await house.keyring.keysOf(ben.id, ['content'])
  expect(bens.map(({ id }) => id).sort()).toEqual([keys[1]?.id, keys[3]?.id].sort())
})

test('a failure reaches those who waited together, and nobody after them', async () => {
  const house = await aHouse()
  let away = true
  const create = inOneCommit((wanted) =>
    away ? Promise.reject(new Error('away')) : house.keyring.createMany(wanted),
  )
  const wanted = [{ class: 'content' }] as const
  const both = await Promise.allSettled([create(wanted), create(wanted)])
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  away = false
  expect(await create(wanted)).toHaveLength(1)
})
