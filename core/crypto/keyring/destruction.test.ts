/**
 * Pins: an intent that is forgotten when its process is killed; a destruction marked done while the bytes are still in the
 * log; a decision that was rolled back and destroys anyway; one run that shreds everybody.
 */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { HOUR, movableClock } from '#core/clock/clock.ts'
import { openGround } from '#core/db/ground.ts'
import type { Db, Schema } from '#core/db/schema/schema.ts'
import type { KeyId } from '#core/ids/ids.ts'
import { aDatabase, anAddress, onBothGrounds } from '#test/grounds.ts'
import type { Point } from '#test/programs/keyring-destroy.ts'
import { installationKeyFrom } from '../installation-key.ts'
import { finishDestructions, intendDestruction } from './destruction.ts'
import { openKeyring } from './keyring.ts'
import type { Access } from './tally.ts'

const run = promisify(execFile)
const program = fileURLToPath(new URL('../../../test/programs/keyring-destroy.ts', import.meta.url))
const master = '00112233445566778899aabbccddeeff0123456789abcdef0f1e2d3c4b5a6978'
const access: Access = { actor: { kind: 'system', id: 'test' }, purpose: 'test' }

onBothGrounds('destroying keys', (ground) => {
  async function aKeyring(count: number) {
    const address = await anAddress(ground, { migrated: false })
    const clock = movableClock()
    const keyring = await openKeyring({
      address,
      installationKeys: { current: installationKeyFrom(master) },
      clock,
    })
    onTestFinished(() => keyring.close())
    const made = await keyring.createMany(
      Array.from({ length: count }, () => ({ class: 'content' as const })),
    )
    const ids = made.map(({ id }) => id)
    const left = async () => (await keyring.open(ids, access)).size
    return { address, clock, keyring, ids, left }
  }

  const rows = (db: Db) =>
    db.read.selectFrom('key_destruction').select(['key_id', 'cause', 'done_at']).orderBy('key_id').execute()
  const intend = (db: Db, ids: KeyId[], now: number) =>
    db.transaction((tx) => intendDestruction(tx, ids, 'erasure', now))

  test('what is intended is destroyed, marked, and nothing else goes', async () => {
    const db = await aDatabase(ground)
    const { keyring, ids, clock, left } = await aKeyring(5)
    const now = clock.now()
    const doomed = ids.slice(0, 3)
    await intend(db, doomed, now)
    await intend(db, doomed.slice(0, 1), now + 1)
    expect(await left()).toBe(5)
    expect(await finishDestructions(db, keyring, { now, limitPerHour: 100 })).toEqual({ done: 3, waiting: 0 })
    expect(await left()).toBe(2)
    expect(await rows(db)).toEqual(
      [...doomed].sort().map((key_id) => ({ key_id, cause: 'erasure', done_at: now })),
    )
    expect(await finishDestructions(db, keyring, { now, limitPerHour: 100 })).toEqual({ done: 0, waiting: 0 })
  })

  test('a decision that was rolled back destroys nothing', async () => {
    const db = await aDatabase(ground)
    const { keyring, ids, clock, left } = await aKeyring(2)
    const broken = db.transaction(async (tx) => {
      await intendDestruction(tx, ids, 'erasure', clock.now())
      throw new Error('changed my mind')
    })
    await expect(broken).rejects.toThrow('changed my mind')
    expect(await finishDestructions(db, keyring, { now: clock.now(), limitPerHour: 9 })).toEqual({
      done: 0,
      waiting: 0,
    })
    expect(await left()).toBe(2)
  })

  test('in any hour only so many go, however often it is asked; the rest waits and is reported', async () => {
    const db = await aDatabase(ground)
    const { keyring, ids, clock, left } = await aKeyring(200)
    await intend(db, ids, clock.now())
    const finish = () => finishDestructions(db, keyring, { now: clock.now(), limitPerHour: 70 })
    expect(await finish()).toEqual({ done: 70, waiting: 130 })
    expect(await finish()).toEqual({ done: 0, waiting: 130 })
    expect(await left()).toBe(130)
    clock.advance(HOUR / 2)
    expect(await finish()).toEqual({ done: 0, waiting: 130 })
    clock.advance(HOUR / 2)
    expect(await finish()).toEqual({ done: 70, waiting: 60 })
    clock.advance(HOUR)
    expect(await finish()).toEqual({ done: 60, waiting: 0 })
    expect(await left()).toBe(0)
  })

  test('while the bytes are still in the log it is not done', async () => {
    const db = await aDatabase(ground)
    const { keyring, ids, clock } = await aKeyring(2)
    await intend(db, ids, clock.now())
    const held = {
      destroy: async (some: readonly KeyId[]) => ({
        ...(await keyring.destroy(some)),
        residue: 'wal' as const,
      }),
    }
    const options = { now: clock.now(), limitPerHour: 9 }
    expect(await finishDestructions(db, held, options)).toEqual({ done: 0, waiting: 2 })
    expect(await finishDestructions(db, keyring, options)).toEqual({ done: 2, waiting: 0 })
  })

  const points: [Point, { gone: boolean; intended: boolean }][] = [
    ['in the intent', { gone: false, intended: false }],
    ['after the intent', { gone: false, intended: true }],
    ['after the deletion', { gone: true, intended: true }],
  ]
  if (ground === 'sqlite') points.push(['before the log is cut', { gone: true, intended: true }])
  for (const [point, { gone, intended }] of points) {
    test(`a process killed ${point} is followed by one that ends what was intended`, async () => {
      const data = await anAddress(ground, { migrated: true })
      const { address, keyring, ids, clock, left } = await aKeyring(3)
      const asked = JSON.stringify([data, address, master, ids.slice(0, 2), point])
      await expect(run(process.execPath, [program, asked])).rejects.toMatchObject({ signal: 'SIGKILL' })
      const db = openGround<Schema>(data)
      onTestFinished(() => db.close())
      expect((await rows(db)).map((row) => row.done_at)).toEqual(intended ? [null, null] : [])
      expect(await left()).toBe(gone ? 1 : 3)
      // The next process: the timer's, which intends nothing itself.
      const options = { now: clock.now(), limitPerHour: 9 }
      expect(await finishDestructions(db, keyring, options)).toEqual({ done: intended ? 2 : 0, waiting: 0 })
      expect((await rows(db)).every((row) => row.done_at !== null)).toBe(true)
      clock.advance(HOUR)
      expect(await left()).toBe(intended ? 1 : 3)
    })
  }
})
