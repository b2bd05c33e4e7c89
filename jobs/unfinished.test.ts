/**
 * Pins: half a file that stays on the disk for ever after a kill -9 in the middle of storing it; the parts of an upload to S3
 * that are billed for ever; a sweep that takes what is being stored now, or that ends when a store cannot be asked.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import type { House } from '#app/house.ts'
import { DAY, HOUR } from '#core/clock/clock.ts'
import { type S3StoreOptions, s3Store } from '#core/storage/s3-store.ts'
import { s3Double } from '#test/doubles/s3.ts'
import { aHouse } from '#test/factories/house.ts'
import { sweep } from './retention.ts'

const always = new AbortController().signal
const module = (name: string) =>
  JSON.stringify(fileURLToPath(new URL(`../core/storage/${name}`, import.meta.url)))

/** Runs `store` (an expression) in a process of its own, and kills that in the middle of a put. */
async function killedInPut(imports: string, store: string): Promise<void> {
  const script = `
    ${imports}
    async function* stalling() {
      for (let i = 0; i < 10; i++) yield Buffer.alloc(1024 * 1024)
      process.stdout.write('stalled')
      setInterval(() => {}, 1000)
      await new Promise(() => {})
    }
    await (${store}).put('generations/one/video', stalling())`
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  child.kill('SIGKILL')
  expect(await once(child, 'exit')).toEqual([null, 'SIGKILL'])
}

const proofs = (house: House) =>
  house.db.read
    .selectFrom('retention_run')
    .select(['considered', 'deleted', 'failed'])
    .where('rule', '=', 'object.unfinished')
    .execute()

test('a worker killed while it stored a file on the disk: the half is gone a day later', async () => {
  const house = await aHouse()
  const root = join(house.config.dataDir, 'objects')
  await killedInPut(
    `import { localStore } from ${module('local-store.ts')}`,
    `localStore({ root: ${JSON.stringify(root)}, clock: { now: () => Date.now() } })`,
  )
  const halves = () => readdir(join(root, '.temporary'))
  expect(await halves()).toHaveLength(1)
  await sweep(house, always)
  expect(await halves()).toHaveLength(1)
  house.clock.advance(DAY + HOUR)
  await sweep(house, always)
  expect(await halves()).toEqual([])
  expect(await proofs(house)).toEqual([{ considered: 1, deleted: 1, failed: 0 }])
})

test('a worker killed while it stored a file on S3: its parts are gone a day later', async () => {
  const double = await s3Double()
  const house = await aHouse()
  const options: Omit<S3StoreOptions, 'clock'> = { ...double, forcePathStyle: true }
  const objects = s3Store({ ...options, clock: house.clock })
  onTestFinished(async () => {
    objects.close()
    await double.close()
  })
  await killedInPut(
    `import { s3Store } from ${module('s3-store.ts')}`,
    `s3Store({ ...${JSON.stringify(options)}, clock: { now: () => Date.now() } })`,
  )
  const onS3: House = { ...house, objects }
  expect(double.openUploads()).toBe(1)
  await sweep(onS3, always)
  expect(double.openUploads()).toBe(1)
  house.clock.advance(DAY + HOUR)
  double.failNext({ status: 403, code: 'AccessDenied', method: 'GET' })
  await sweep(onS3, always)
  expect(double.openUploads()).toBe(1)
  await sweep(onS3, always)
  expect(double.openUploads()).toBe(0)
  expect(await proofs(house)).toEqual([
    { considered: 0, deleted: 0, failed: 1 },
    { considered: 1, deleted: 1, failed: 0 },
  ])
})
