/**
 * Pins: a change of the installation key that is killed halfway and leaves keys nobody can open; a key that is made during
 * the change, by a process that knows only the former one, and forgotten; two changes that need three keys; a damaged key that stops the change of all others; the former wrapping left in the file.
 */
import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { systemClock } from '#core/clock/clock.ts'
import { type GroundAddress, openGround } from '#core/db/ground.ts'
import { newId } from '#core/ids/ids.ts'
import { anAddress, onBothGrounds } from '#test/grounds.ts'
import { installationKeyFrom } from '../installation-key.ts'
import { openKeyring } from './keyring.ts'
import type { KeyringSchema } from './schema.ts'
import type { Access } from './tally.ts'

const run = promisify(execFile)
const program = fileURLToPath(new URL('../../../test/programs/keyring-rotate.ts', import.meta.url))
const oldText = '00112233445566778899aabbccddeeff0123456789abcdef0f1e2d3c4b5a6978'
const newText = 'ff112233445566778899aabbccddeeff0123456789abcdef0f1e2d3c4b5a6978'
const former = installationKeyFrom(oldText)
const next = installationKeyFrom(newText)
const access: Access = { actor: { kind: 'system', id: 'test' }, purpose: 'test' }

onBothGrounds('a change of the installation key', (ground) => {
  const opened = async (address: GroundAddress, current = former, previous?: typeof former) => {
    const keyring = await openKeyring({
      address,
      installationKeys: { current, previous },
      clock: systemClock,
    })
    onTestFinished(() => keyring.close())
    return keyring
  }

  async function filled(count: number) {
    const address = await anAddress(ground, { migrated: false })
    const keyring = await opened(address)
    const made = await keyring.createMany(
      Array.from({ length: count }, () => ({ class: 'content' as const })),
    )
    const secret = await keyring.secret('links')
    const bytes = () => new Map(made.map((key) => [key.id, Buffer.from(key.bytes).toString('hex')]))
    return { address, keyring, made, secret, bytes: bytes() }
  }

  test('killed after any batch and run again, it loses no key and ends with the new one alone', {
    timeout: 240_000,
  }, async () => {
    const { address, made, secret, bytes } = await filled(100)
    const run25 = (dieAfter: number) =>
      run(process.execPath, [program, JSON.stringify([address, oldText, newText, 25, dieAfter])])
    for (const dieAfter of [1, 2]) {
      await expect(run25(dieAfter)).rejects.toMatchObject({ signal: 'SIGKILL' })
      const between = await opened(address, next, former)
      const found = await between.open([...bytes.keys()], access)
      expect(new Map([...found].map(([id, key]) => [id, Buffer.from(key.bytes).toString('hex')]))).toEqual(
        bytes,
      )
      // Half is under each: neither key alone will do.
      await expect(opened(address, former)).rejects.toMatchObject({ code: 'installation_key_missing' })
      await expect(opened(address, next)).rejects.toMatchObject({ code: 'installation_key_missing' })
    }
    const { stdout } = await run25(0)
    expect(JSON.parse(stdout)).toEqual({ rewrapped: 26, broken: [] })
    const after = await opened(address, next)
    expect((await after.open([...bytes.keys()], access)).size).toBe(made.length)
    expect(await after.secret('links')).toEqual(secret)
    await expect(opened(address, former)).rejects.toMatchObject({ code: 'installation_key_missing' })
  })

  test('a process that was given only the former key refuses to make keys from its first step on', async () => {
    const { address, keyring } = await filled(30)
    const other = await opened(address)
    await other.create({ class: 'content' })
    const refused = { code: 'installation_key_changed' }
    const rotated = await keyring.rotate(next, {
      batch: 10,
      onBatch: async () => {
        await expect(other.create({ class: 'content' })).rejects.toMatchObject(refused)
        await expect(other.secret('made too late')).rejects.toMatchObject(refused)
      },
    })
    expect(rotated).toEqual({ rewrapped: 32, broken: [] })
    // Deleting and the journal need no key.
    expect(await other.record({ kind: 'hold', thing: newId('subject', 1) })).toBe(1)
    expect((await (await opened(address, next)).verify(100)).broken).toEqual([])
    expect((await other.verify(100)).broken).toHaveLength(32)
  })

  test('a process that was given both makes keys under the one that the keyring names', async () => {
    const { address, keyring } = await filled(3)
    const other = await opened(address, next, former)
    await other.create({ class: 'content' })
    // Nothing was wrapped anew yet: the former key alone still opens everything.
    await opened(address, former)
    await keyring.rotate(next)
    await other.create({ class: 'content' })
    expect((await (await opened(address, next)).verify(10)).broken).toEqual([])
  })

  test('of two changes to different keys one is refused, so that no third key is ever needed', async () => {
    const { address, keyring } = await filled(20)
    const third = installationKeyFrom(newText.replace('ff', 'ee'))
    const other = await opened(address, third, former)
    const rotated = await keyring.rotate(next, {
      batch: 5,
      onBatch: () => expect(other.rotate(third)).rejects.toMatchObject({ code: 'installation_key_changed' }),
    })
    expect(rotated).toEqual({ rewrapped: 21, broken: [] })
    await opened(address, next)
  })

  test('a keyring that wraps nothing yet takes another key; afterwards the first process cannot use it', async () => {
    const address = await anAddress(ground, { migrated: false })
    const first = await opened(address, former)
    const second = await opened(address, next)
    await second.create({ class: 'content' })
    await expect(first.create({ class: 'content' })).rejects.toMatchObject({
      code: 'installation_key_changed',
    })
    await expect(opened(address, former)).rejects.toMatchObject({ code: 'installation_key_missing' })
  })

  test('a damaged key is named, stays as it is, and stops no other', async () => {
    const { address, keyring, made } = await filled(5)
    const damaged = made[2]
    const raw = openGround<KeyringSchema>(address)
    onTestFinished(() => raw.close())
    await raw.transaction((tx) =>
      tx
        .updateTable('thing_key')
        .set({ wrapped: new Uint8Array(61) })
        .where('id', '=', damaged?.id as never)
        .execute(),
    )
    expect(await keyring.rotate(next, { batch: 2 })).toEqual({ rewrapped: 5, broken: [damaged?.id] })
    expect((await keyring.verify(50)).broken).toEqual([damaged?.id])
  })

  test('new keys are wrapped by the new one at once', async () => {
    const { address, keyring } = await filled(1)
    await keyring.rotate(next)
    await keyring.create({ class: 'content' })
    expect((await (await opened(address, next)).verify(10)).broken).toEqual([])
  })
})

test('of the former wrapping no byte is left in the file or its log', async () => {
  const address = await anAddress('sqlite', { migrated: false })
  if (address.kind !== 'sqlite') throw new Error('not SQLite')
  const keyring = await openKeyring({ address, installationKeys: { current: former }, clock: systemClock })
  onTestFinished(() => keyring.close())
  await keyring.createMany(Array.from({ length: 100 }, () => ({ class: 'content' as const })))
  const raw = openGround<KeyringSchema>(address)
  const before = await raw.read.selectFrom('thing_key').select('wrapped').execute()
  await raw.close()
  await keyring.rotate(next, { batch: 30 })
  for (const name of await readdir(dirname(address.path))) {
    const content = await readFile(join(dirname(address.path), name))
    for (const { wrapped } of before) expect(content.includes(Buffer.from(wrapped))).toBe(false)
  }
})
