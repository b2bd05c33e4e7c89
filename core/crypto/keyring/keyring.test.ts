/**
 * Pins: a wrapped key that opens in another row or as another class; a key that stays open past 30 seconds or past its
 * destruction; a keyring opened with the wrong installation key; an old copy of it that cannot be told from the newest.
 */
import { expect, onTestFinished, test } from 'vitest'
import { DAY, HOUR, type MovableClock, movableClock, SECOND } from '#core/clock/clock.ts'
import { type GroundAddress, openGround } from '#core/db/ground.ts'
import { type KeyId, newId } from '#core/ids/ids.ts'
import { anAddress, onBothGrounds } from '#test/grounds.ts'
import { type InstallationKey, installationKeyFrom } from '../installation-key.ts'
import { type KeyringOptions, openKeyring } from './keyring.ts'
import type { KeyringGround, KeyringSchema } from './schema.ts'
import type { Access } from './tally.ts'
import { KeyGone } from './thing-keys.ts'
import { WrapBroken } from './wrapping.ts'

const master = installationKeyFrom('00112233445566778899aabbccddeeff0123456789abcdef0f1e2d3c4b5a6978')
const other = installationKeyFrom('ff112233445566778899aabbccddeeff0123456789abcdef0f1e2d3c4b5a6978')
const ada = newId('subject', 1)
const bob = newId('subject', 1)
const worker: Access = { actor: { kind: 'system', id: 'worker' }, purpose: 'render' }
const support: Access = { actor: { kind: 'staff', id: ada }, purpose: 'support' }

onBothGrounds('the keyring', (ground) => {
  async function aKeyring(
    options: Partial<KeyringOptions> & { key?: InstallationKey; clock?: MovableClock } = {},
  ) {
    const address = options.address ?? (await anAddress(ground, { migrated: false }))
    const clock = options.clock ?? movableClock()
    const { key = master } = options
    const keyring = await openKeyring({ installationKeys: { current: key }, ...options, address, clock })
    onTestFinished(() => keyring.close())
    return { keyring, address, clock }
  }

  /** The keyring's own tables, as somebody who tampers with them would reach them. */
  function tables(address: GroundAddress): KeyringGround {
    const opened = openGround<KeyringSchema>(address)
    onTestFinished(() => opened.close())
    return opened
  }

  test('a key that was made opens, in another process too', async () => {
    const { keyring, address } = await aKeyring()
    const made = await keyring.create({ class: 'content', subject: ada })
    const { keyring: elsewhere } = await aKeyring({ address })
    for (const at of [keyring, elsewhere]) {
      const opened = await at.openOne(made.id, worker)
      expect(Buffer.from(opened.bytes).equals(made.bytes)).toBe(true)
    }
  })

  test('many are made and opened at once, each its own; unknown ones are absent', async () => {
    const { keyring } = await aKeyring()
    const made = await keyring.createMany(
      Array.from({ length: 2500 }, () => ({ class: 'content', subject: ada })),
    )
    const ids = made.map(({ id }) => id)
    const opened = await keyring.open([newId('key', 1), ...ids, ...ids], worker)
    expect(opened.size).toBe(2500)
    expect(new Set([...opened.values()].map(({ bytes }) => Buffer.from(bytes).toString('hex'))).size).toBe(
      2500,
    )
    expect((await keyring.open([], worker)).size).toBe(0)
    expect(await keyring.createMany([])).toEqual([])
  })

  test('what the law keeps is apart from what a person may have deleted', async () => {
    const { keyring, address } = await aKeyring()
    const endsAt = Date.UTC(2034, 0, 1)
    const [content, account, kept, preserved] = await keyring.createMany([
      { class: 'content', subject: ada },
      { class: 'account', subject: ada },
      { class: 'kept_by_law', subject: ada, ground: 'de-ao-147', endsAt },
      { class: 'preserved', subject: ada, ground: 'case_1' },
    ])
    await keyring.create({ class: 'content', subject: bob })
    const erasable = await keyring.keysOf(ada, ['content', 'account'])
    expect(erasable.map(({ id }) => id)).toEqual([content?.id, account?.id].sort())
    await keyring.destroy(erasable.map(({ id }) => id))
    const left = await keyring.keysOf(ada)
    expect(left.map(({ id }) => id)).toEqual([kept?.id, preserved?.id].sort())
    expect(left.find((key) => key.class === 'kept_by_law')).toMatchObject({ ground: 'de-ao-147', endsAt })

    const endless = { class: 'kept_by_law', subject: ada } as never
    await expect(keyring.create(endless)).rejects.toThrow(/constraint|CHECK/)
    // Renamed to a class that erasure takes, it does not open any more: nothing sealed by law is read as content.
    await tables(address).transaction((tx) =>
      tx
        .updateTable('thing_key')
        .set({ class: 'content' })
        .where('id', '=', kept?.id as KeyId)
        .execute(),
    )
    await expect(keyring.openOne(kept?.id as KeyId, worker)).rejects.toThrow(WrapBroken)
  })

  test('a wrapped key in another row, or given to another person, does not open', async () => {
    const { keyring, address } = await aKeyring()
    const [one, two, three] = await keyring.createMany([
      { class: 'content', subject: ada },
      { class: 'content', subject: ada },
      { class: 'content', subject: ada },
    ])
    await tables(address).transaction(async (tx) => {
      const from = tx
        .selectFrom('thing_key')
        .select('wrapped')
        .where('id', '=', one?.id as KeyId)
      await tx
        .updateTable('thing_key')
        .set({ wrapped: from })
        .where('id', '=', two?.id as KeyId)
        .execute()
      await tx
        .updateTable('thing_key')
        .set({ subject: bob })
        .where('id', '=', three?.id as KeyId)
        .execute()
    })
    await expect(keyring.open([one?.id, two?.id] as KeyId[], worker)).rejects.toThrow(WrapBroken)
    await expect(keyring.openOne(three?.id as KeyId, worker)).rejects.toThrow(WrapBroken)
    expect((await keyring.openOne(one?.id as KeyId, worker)).bytes).toEqual(one?.bytes)
    const verified = await keyring.verify(40)
    expect(verified.broken.length).toBeGreaterThan(0)
    expect(verified.opened).toBe(verified.sampled - verified.broken.length)
    expect(verified.broken).not.toContain(one?.id)
  })

  test('what another process destroyed opens here for 30 seconds at most; what this one destroyed, not once more', async () => {
    const { keyring, address, clock } = await aKeyring()
    const { keyring: elsewhere } = await aKeyring({ address, clock })
    const { id } = await keyring.create({ class: 'content' })
    await keyring.openOne(id, worker)
    await elsewhere.openOne(id, worker)
    expect((await elsewhere.destroy([id])).destroyed).toBe(1)
    await expect(elsewhere.openOne(id, worker)).rejects.toThrow(KeyGone)
    clock.advance(30 * SECOND - 1)
    await keyring.openOne(id, worker)
    clock.advance(1)
    await expect(keyring.openOne(id, worker)).rejects.toThrow(KeyGone)
  })

  test('using a cached key does not prolong its time, and neither does a clock set back', async () => {
    const { keyring, address, clock } = await aKeyring()
    const { keyring: elsewhere } = await aKeyring({ address, clock })
    const { id } = await keyring.create({ class: 'content' })
    await keyring.openOne(id, worker)
    clock.advance(20 * SECOND)
    await keyring.openOne(id, worker)
    await elsewhere.destroy([id])
    clock.advance(10 * SECOND)
    await expect(keyring.openOne(id, worker)).rejects.toThrow(KeyGone)

    const { id: second } = await keyring.create({ class: 'content' })
    await keyring.openOne(second, worker)
    await elsewhere.destroy([second])
    clock.advance(-HOUR)
    await expect(keyring.openOne(second, worker)).rejects.toThrow(KeyGone)
  })

  test('whoever wipes the key they were given takes it from nobody else', async () => {
    const { keyring } = await aKeyring()
    const made = await keyring.create({ class: 'content' })
    const first = await keyring.openOne(made.id, worker)
    const second = await keyring.openOne(made.id, worker)
    first.bytes.fill(0)
    expect(second.bytes).toEqual(Uint8Array.from(made.bytes))
    expect((await keyring.openOne(made.id, worker)).bytes).toEqual(second.bytes)
  })

  test('a keyring does not open with another installation key, and says which one it needs', async () => {
    const { keyring, address } = await aKeyring()
    await keyring.secret('links')
    await expect(aKeyring({ address, key: other })).rejects.toMatchObject({
      code: 'installation_key_missing',
      sentence: { values: { id: master.id } },
    })
    await keyring.create({ class: 'content' })
    await expect(aKeyring({ address, key: other })).rejects.toMatchObject({
      code: 'installation_key_missing',
    })
  })

  test('every change of keys makes the keyring newer; reading does not', async () => {
    const { keyring, address, clock } = await aKeyring()
    const versions: number[] = [await keyring.version()]
    const { id } = await keyring.create({ class: 'content' })
    versions.push(await keyring.version())
    await keyring.secret('links')
    versions.push(await keyring.version())
    await keyring.record({ kind: 'deletion', thing: id })
    versions.push(await keyring.version())
    await keyring.destroy([id])
    versions.push(await keyring.version())
    expect(versions).toEqual([0, 1, 2, 3, 4])
    await keyring.open([id], support)
    const { keyring: elsewhere } = await aKeyring({ address, clock })
    expect(await elsewhere.version()).toBe(4)
    expect(await elsewhere.instanceId()).toBe(await keyring.instanceId())
    const { keyring: another } = await aKeyring()
    expect(await another.instanceId()).not.toBe(await keyring.instanceId())
  })

  test('keys without a row are found once they are old enough', async () => {
    const { keyring, clock } = await aKeyring()
    const made = await keyring.createMany(Array.from({ length: 1200 }, () => ({ class: 'content' as const })))
    const used = new Set(made.filter((_, i) => i % 400 !== 7).map(({ id }) => id))
    clock.advance(DAY + 1)
    const young = await keyring.create({ class: 'content' })
    const asked: number[] = []
    const found: KeyId[] = []
    const referenced = async (ids: KeyId[]) => {
      asked.push(ids.length)
      return new Set(ids.filter((id) => used.has(id)))
    }
    for await (const id of keyring.orphans(DAY, referenced)) found.push(id)
    expect(found.sort()).toEqual(
      made
        .map(({ id }) => id)
        .filter((id) => !used.has(id))
        .sort(),
    )
    expect(found).not.toContain(young.id)
    expect(Math.max(...asked)).toBeLessThanOrEqual(500)
  })

  test('where it lies is known, whatever the servers are called', async () => {
    const { keyring, address } = await aKeyring()
    expect(await keyring.placement({ kind: 'sqlite', path: '/somewhere/house.sqlite' })).toBe('apart')
    if (address.kind === 'sqlite') return
    const neighbour = await anAddress('postgres', { migrated: false })
    if (neighbour.kind !== 'postgres') throw new Error('not PostgreSQL')
    const url = neighbour.url.replace('127.0.0.1', 'localhost')
    expect(await keyring.placement({ kind: 'postgres', url })).toBe('same_cluster')
    expect((await keyring.destroy([newId('key', 1)])).residue).toBe('log')
  })
})
