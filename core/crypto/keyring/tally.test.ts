/**
 * Pins: an opening by staff that nobody counted, or that was counted after the key was given; openings lost at the end of a
 * process; a person's key counted for somebody else.
 */
import { expect, onTestFinished, test } from 'vitest'
import { DAY, type MovableClock, movableClock } from '#core/clock/clock.ts'
import { type GroundAddress, openGround } from '#core/db/ground.ts'
import { type KeyId, newId } from '#core/ids/ids.ts'
import { anAddress, onBothGrounds } from '#test/grounds.ts'
import { installationKeyFrom } from '../installation-key.ts'
import { openKeyring } from './keyring.ts'
import type { KeyringGround, KeyringSchema } from './schema.ts'
import type { Access } from './tally.ts'

const masterText = '00112233445566778899aabbccddeeff0123456789abcdef0f1e2d3c4b5a6978'
const master = installationKeyFrom(masterText)
const ada = newId('subject', 1)
const bob = newId('subject', 1)
const worker: Access = { actor: { kind: 'system', id: 'worker' }, purpose: 'render' }
const support: Access = { actor: { kind: 'staff', id: ada }, purpose: 'support' }

onBothGrounds('the tally', (ground) => {
  async function aKeyring(same?: { address: GroundAddress; clock: MovableClock }) {
    const address = same?.address ?? (await anAddress(ground, { migrated: false }))
    const clock = same?.clock ?? movableClock()
    const keyring = await openKeyring({ address, clock, installationKeys: { current: master } })
    onTestFinished(() => keyring.close())
    return { keyring, address, clock }
  }

  function tables(address: GroundAddress): KeyringGround {
    const opened = openGround<KeyringSchema>(address)
    onTestFinished(() => opened.close())
    return opened
  }

  test('an opening by staff is written down before the key is given, from the cache too', async () => {
    const { keyring, address } = await aKeyring()
    const raw = tables(address)
    const [one, two] = await keyring.createMany([
      { class: 'content', subject: ada },
      { class: 'content', subject: bob },
    ])
    const written = async () => {
      const rows = await raw.read
        .selectFrom('tally')
        .select(['subject', 'opened'])
        .orderBy('subject')
        .execute()
      return Object.fromEntries(rows.map((row) => [row.subject, row.opened]))
    }
    await keyring.open([one?.id, two?.id] as KeyId[], support)
    expect(await written()).toEqual({ [ada]: 1, [bob]: 1 })
    await keyring.openOne(one?.id as KeyId, support)
    expect(await written()).toEqual({ [ada]: 2, [bob]: 1 })
  })

  test('while the tally cannot be written, staff open nothing', async () => {
    const { keyring, address } = await aKeyring()
    const { id } = await keyring.create({ class: 'content', subject: ada })
    const raw = tables(address)
    await raw.maintenance.schema.alterTable('tally').renameTo('tally_away').execute()
    await expect(keyring.openOne(id, support)).rejects.toThrow(/tally/)
    // Nobody else either, once it is known.
    await expect(keyring.openOne(id, worker)).rejects.toThrow(/tally/)
    await raw.maintenance.schema.alterTable('tally_away').renameTo('tally').execute()
    await keyring.openOne(id, worker)
    expect((await keyring.tally({ since: 0, actorKind: 'staff' })).length).toBe(1)
  })

  test('openings by others are counted in memory, and written at a flush and at the end', async () => {
    const { keyring, address, clock } = await aKeyring()
    const raw = tables(address)
    const { id } = await keyring.create({ class: 'content', subject: ada })
    const sum = async () =>
      (await raw.read.selectFrom('tally').selectAll().execute()).map((row) => row.opened)
    await keyring.openOne(id, worker)
    await keyring.openOne(id, worker)
    await keyring.flush()
    expect(await sum()).toEqual([2])
    const { keyring: elsewhere } = await aKeyring({ address, clock })
    await elsewhere.openOne(id, worker)
    await elsewhere.close()
    expect(await sum()).toEqual([3])
  })

  test('the tally says who, what for, whose and when; the key itself says whose it is', async () => {
    const { keyring, clock } = await aKeyring()
    const [ofAda, ofNobody] = await keyring.createMany([
      { class: 'content', subject: ada },
      { class: 'preserved', ground: 'c' },
    ])
    await keyring.openOne(ofAda?.id as KeyId, { ...worker, subject: bob })
    await keyring.openOne(ofNobody?.id as KeyId, { ...worker, subject: bob })
    await keyring.openOne(ofNobody?.id as KeyId, worker)
    const first = clock.now()
    clock.advance(DAY)
    await keyring.openOne(ofAda?.id as KeyId, support)
    const day = first - (first % DAY)
    const all = await keyring.tally({ since: first })
    expect(all).toHaveLength(4)
    expect(await keyring.tally({ since: first, subject: bob })).toEqual([
      { day, actorKind: 'system', actorId: 'worker', purpose: 'render', subject: bob, opened: 1 },
    ])
    expect((await keyring.tally({ since: first, purpose: 'render' })).map((row) => row.subject)).toContain(
      null,
    )
    expect(await keyring.tally({ since: clock.now(), subject: ada })).toMatchObject([
      { actorKind: 'staff', actorId: ada, purpose: 'support', opened: 1 },
    ])
    await keyring.pruneTally(clock.now())
    expect(await keyring.tally({ since: 0 })).toHaveLength(1)
  })
})
