/**
 * Pins: an upload or a video that a crash left without its row, and that stays for good; a sent file whose deletion failed;
 * a file swept away that something still needs, that is young, or that is none of ours; a sweep that takes a store for empty
 * because its database is the wrong one or does not answer; orphans of long ago that no run comes to.
 */
import { expect, onTestFinished, test } from 'vitest'
import { aReadyVideo } from '#app/studio/creations/testing.ts'
import { DAY, HOUR, MINUTE, systemClock } from '#core/clock/clock.ts'
import type { Db } from '#core/db/schema/schema.ts'
import { newId } from '#core/ids/ids.ts'
import type { ObjectStore } from '#core/storage/object-store.ts'
import { s3Store } from '#core/storage/s3-store.ts'
import { s3Double } from '#test/doubles/s3.ts'
import { aHouse, aPerson, type TestHouse } from '#test/factories/house.ts'
import { onBothGrounds } from '#test/grounds.ts'
import { orphanObjects } from './orphan-objects.ts'
import { runRule } from './run.ts'

async function* some() {
  yield Buffer.from('sealed')
}

async function keysOf(objects: ObjectStore): Promise<string[]> {
  const found: string[] = []
  for await (const { key } of objects.list('')) found.push(key)
  return found
}

/** As often as the sweep runs in these hours. */
async function sweepFor(house: TestHouse & { objects: ObjectStore }, hours: number): Promise<number> {
  let deleted = 0
  for (let gone = 0; gone < hours * HOUR; gone += 10 * MINUTE) {
    deleted += (await runRule(house, orphanObjects(house), new AbortController().signal)).deleted
    house.clock.advance(10 * MINUTE)
  }
  return deleted
}

async function aReference(house: TestHouse, state: 'receiving' | 'ready') {
  const { id: subject } = await aPerson(house)
  const id = newId('reference', house.clock.now())
  await house.db.transaction(async (tx) => {
    const row = { id, subject_id: subject, key_id: newId('key', 1), kind: 'clip', error_code: null } as const
    await tx
      .insertInto('reference')
      .values({ ...row, state, created_at: house.clock.now() })
      .execute()
  })
  return id
}

onBothGrounds('files without a row', (ground) => {
  test('go within hours of their first day, and what something needs stays', async () => {
    const house = await aHouse(ground)
    const { id: ana } = await aPerson(house)
    const { id: video } = await aReadyVideo(house, ana)
    const [receiving, settled] = [await aReference(house, 'receiving'), await aReference(house, 'ready')]
    const now = house.clock.now()
    const kept = [`references/${receiving}/sent`, 'generations/not-an-id/video', 'others/x/y']
    const crashed = [
      `references/${newId('reference', now)}/sent`,
      `references/${newId('reference', now)}/picture`,
      `generations/${newId('generation', now)}/video`,
      `references/${settled}/sent`,
      `generations/${video}/left-over`,
    ]
    for (const key of [...kept, ...crashed]) await house.objects.put(key, some())
    const all = await keysOf(house.objects)
    expect(await sweepFor(house, 23)).toBe(0)
    expect(await keysOf(house.objects)).toEqual(all)
    house.clock.advance(HOUR)
    expect(await sweepFor(house, 2)).toBe(crashed.length)
    expect(await keysOf(house.objects)).toEqual(all.filter((key) => !crashed.includes(key)))
    const proofs = await house.db.read.selectFrom('retention_run').select('rule').execute()
    expect(proofs[0]).toEqual({ rule: 'object.orphan' })
  })

  test('of long ago are come to as well, and in S3', async () => {
    const double = await s3Double({ pageSize: 2 })
    const objects = s3Store({ ...double, forcePathStyle: true, clock: systemClock })
    onTestFinished(async () => {
      objects.close()
      await double.close()
    })
    const house = { ...(await aHouse(ground)), objects }
    await aPerson(house)
    for (const age of [0, 1, 2])
      await objects.put(`references/${newId('reference', house.clock.now() + age * DAY)}/sent`, some())
    house.clock.advance(10 * DAY)
    expect(await sweepFor(house, 12)).toBe(3)
    expect(await keysOf(objects)).toEqual([])
  })

  test('stay in a house without a person, which may be the wrong database', async () => {
    const house = await aHouse(ground)
    await house.objects.put(`references/${newId('reference', house.clock.now())}/sent`, some())
    house.clock.advance(DAY + HOUR)
    expect(await sweepFor(house, 2)).toBe(0)
    expect(await keysOf(house.objects)).toHaveLength(1)
  })

  test.each(['asset', 'reference'])('stay while the rows of %s cannot be read', async (mute) => {
    const house = await aHouse(ground)
    await aPerson(house)
    await house.objects.put(`references/${newId('reference', house.clock.now())}/sent`, some())
    house.clock.advance(DAY + HOUR)
    const selectFrom = (table: 'subject') => {
      if ((table as string).startsWith(mute)) throw new Error('The database does not answer')
      return house.db.read.selectFrom(table)
    }
    const db = { ...house.db, read: { selectFrom } } as unknown as Db
    let failed = 0
    for (let turn = 0; turn < 6; turn++) {
      await orphanObjects({ ...house, db })
        .batch(100)
        .catch(() => (failed += 1))
      house.clock.advance(10 * MINUTE)
    }
    expect(failed).toBeGreaterThan(0)
    expect(await keysOf(house.objects)).toHaveLength(1)
    expect(await sweepFor(house, 2)).toBe(1)
  })
})

test('a batch takes no more than it may', async () => {
  const house = await aHouse()
  await aPerson(house)
  for (let n = 0; n < 5; n++)
    await house.objects.put(`references/${newId('reference', house.clock.now())}/sent`, some())
  house.clock.advance(DAY + HOUR)
  const found: number[] = []
  for (let turn = 0; turn < 6; turn++) {
    found.push((await orphanObjects(house).batch(2)).deleted)
    house.clock.advance(10 * MINUTE)
  }
  expect(Math.max(...found)).toBe(2)
})
