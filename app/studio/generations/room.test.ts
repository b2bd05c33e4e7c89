/** Pins: a full disk that is written on; a look that failed once and is believed ever after. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { aHouse } from '#test/factories/house.ts'
import { aFolder } from '#test/grounds.ts'
import { assertRoom } from './room.ts'

test('less room than the reserve refuses, however often it is asked', async () => {
  const house = await aHouse()
  const full = { code: 'storage_full', status: 507 }
  for (let i = 0; i < 3; i++)
    await expect(assertRoom(house, Number.MAX_SAFE_INTEGER)).rejects.toMatchObject(full)
  await assertRoom(house, 1)
})

test('a disk that could not be looked at is looked at again', async () => {
  const dataDir = join(await aFolder(), 'not yet mounted')
  const config = { ...(await aHouse()).config, dataDir }
  await expect(assertRoom({ config }, 1)).rejects.toMatchObject({ code: 'ENOENT' })
  await mkdir(dataDir)
  await assertRoom({ config }, 1)
})
