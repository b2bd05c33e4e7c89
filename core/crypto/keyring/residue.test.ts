/**
 * Pins: a deleted key whose bytes are still in the file or its log; a busy log that is taken for a clean one; a keyring file
 * that others may read.
 */
import { readdir, readFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { movableClock } from '#core/clock/clock.ts'
import { type KeyId, newId } from '#core/ids/ids.ts'
import { anAddress } from '#test/grounds.ts'
import { installationKeyFrom } from '../installation-key.ts'
import { type KeyringOptions, openKeyring } from './keyring.ts'

const masterText = '00112233445566778899aabbccddeeff0123456789abcdef0f1e2d3c4b5a6978'
const master = installationKeyFrom(masterText)
const ada = newId('subject', 1)

/** Which of the files beside `path` hold these bytes. */
async function filesWith(path: string, needle: Buffer | string): Promise<string[]> {
  const found: string[] = []
  for (const name of await readdir(dirname(path))) {
    if ((await readFile(join(dirname(path), name))).includes(needle)) found.push(name)
  }
  return found
}

async function aKeyringFile(wait?: KeyringOptions['wait']) {
  const address = await anAddress('sqlite', { migrated: false })
  if (address.kind !== 'sqlite') throw new Error('not SQLite')
  const keyring = await openKeyring({
    address,
    installationKeys: { current: master },
    clock: movableClock(),
    wait,
  })
  onTestFinished(() => keyring.close())
  const made = await keyring.createMany(
    Array.from({ length: 300 }, () => ({ class: 'content' as const, subject: ada })),
  )
  const db = new Sqlite(address.path, { readonly: true })
  const wrapped = new Map(
    db
      .prepare<[], { id: KeyId; wrapped: Buffer }>('select id, wrapped from thing_key')
      .all()
      .map((row) => [row.id, row.wrapped]),
  )
  db.close()
  return { keyring, path: address.path, made, wrapped }
}

test('of a deleted key no byte is left in the file or in its log', async () => {
  const { keyring, path, made, wrapped } = await aKeyringFile()
  const doomed = made.filter((_, i) => i % 3 === 0).map(({ id }) => id)
  for (const id of doomed) expect(await filesWith(path, wrapped.get(id) as Buffer)).not.toEqual([])
  expect(await keyring.destroy(doomed)).toEqual({ destroyed: 100, residue: 'none' })
  for (const id of doomed) {
    expect(await filesWith(path, (wrapped.get(id) as Buffer).subarray(13, 29))).toEqual([])
    expect(await filesWith(path, id)).toEqual([])
  }
  const kept = made.find(({ id }) => !doomed.includes(id))
  expect(await filesWith(path, wrapped.get(kept?.id as KeyId) as Buffer)).not.toEqual([])
  for (const { bytes } of made) expect(await filesWith(path, Buffer.from(bytes))).toEqual([])
})

test('a reader of an older state delays the end of the bytes, and the answer says so', async () => {
  let waits = 0
  let release = () => {}
  const { keyring, path, made, wrapped } = await aKeyringFile(async () => {
    waits += 1
    if (waits === 45) release()
  })
  const id = made[0]?.id as KeyId
  const reader = new Sqlite(path, { readonly: true })
  reader.exec('begin')
  reader.prepare('select count(*) from thing_key').get()
  release = () => reader.close()
  expect(await keyring.destroy([id])).toEqual({ destroyed: 1, residue: 'wal' })
  expect(await filesWith(path, wrapped.get(id) as Buffer)).not.toEqual([])
  expect(await keyring.destroy([id])).toEqual({ destroyed: 0, residue: 'none' })
  expect(await filesWith(path, wrapped.get(id) as Buffer)).toEqual([])
})

test('the file and its log are their owner’s alone', async () => {
  const { path } = await aKeyringFile()
  for (const file of [path, `${path}-wal`]) expect((await stat(file)).mode & 0o077).toBe(0)
})
