/**
 * Pins: two first starts that make two keys; a key file that others may read; a placeholder taken for a key; a change of
 * keys begun twice, or killed halfway, which would lose the key that still wraps something; a key that shows when it is printed.
 */
import { execFile } from 'node:child_process'
import { chmod, link, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { inspect, promisify } from 'node:util'
import { expect, test } from 'vitest'
import { isAppError } from '#core/errors/errors.ts'
import { aFolder } from '#test/grounds.ts'
import {
  beginKeyChange,
  endKeyChange,
  installationKeyFrom,
  loadInstallationKeys,
} from './installation-key.ts'

const run = promisify(execFile)
const hex = '00112233445566778899aabbccddeeff0123456789abcdef0f1e2d3c4b5a6978'
const base64 = Buffer.from(hex, 'hex').toString('base64')

async function refusal(promise: Promise<unknown>) {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!isAppError(error)) throw new Error(`not refused in a sentence: ${error}`)
  return error
}

test('hex, base64 and base64url of the same bytes are the same key, whose id does not show them', () => {
  const ids = [
    hex,
    hex.toUpperCase(),
    base64,
    `${base64}\n`,
    Buffer.from(hex, 'hex').toString('base64url'),
  ].map((text) => installationKeyFrom(text).id)
  expect(new Set(ids).size).toBe(1)
  expect(ids[0]).toMatch(/^kek_[0-9a-f]{16}$/)
  const printed =
    inspect(installationKeyFrom(hex), { depth: 5, showHidden: true }) +
    JSON.stringify(installationKeyFrom(hex))
  expect(printed).not.toContain('00, 17, 34')
  expect(printed.length).toBeLessThan(400)
})

test('what is no key is refused with a sentence that does not repeat it', async () => {
  const wrong = ['', 'hunter2', hex.slice(2), `${hex}00`, base64.slice(0, 40), '0'.repeat(64), 'A'.repeat(43)]
  for (const value of wrong) {
    const error = await refusal(loadInstallationKeys({ dir: '/nowhere', value }))
    expect(error.sentence.text).toContain('openssl rand')
    if (value) expect(error.message).not.toContain(value)
  }
})

test('the first start makes the file for its owner alone; the second finds it', async () => {
  const dir = await aFolder()
  const first = await loadInstallationKeys({ dir })
  expect(first.made).toBe(true)
  expect((await stat(join(dir, 'master.key'))).mode & 0o777).toBe(0o600)
  const second = await loadInstallationKeys({ dir })
  expect(second).toMatchObject({ made: false, current: { id: first.current.id } })
  expect(await readdir(dir)).toEqual(['master.key'])
})

test('processes that start at once end with the same key, and one of them made it', async () => {
  const program = fileURLToPath(new URL('../../test/programs/keyring-master-key.ts', import.meta.url))
  for (let round = 0; round < 3; round++) {
    const dir = await aFolder()
    const runs = await Promise.all(Array.from({ length: 4 }, () => run(process.execPath, [program, dir])))
    const answers = runs.map(({ stdout }) => JSON.parse(stdout) as { id: string; made: boolean })
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1)
    expect(answers.filter(({ made }) => made)).toHaveLength(1)
    expect(await readdir(dir)).toEqual(['master.key'])
  }
})

test('the same within one process', async () => {
  const dir = await aFolder()
  const answers = await Promise.all(Array.from({ length: 20 }, () => loadInstallationKeys({ dir })))
  expect(new Set(answers.map(({ current }) => current.id)).size).toBe(1)
  expect(answers.filter(({ made }) => made)).toHaveLength(1)
})

test('a file that others may read is refused', async () => {
  const dir = await aFolder()
  await loadInstallationKeys({ dir })
  for (const mode of [0o640, 0o604, 0o660]) {
    await chmod(join(dir, 'master.key'), mode)
    expect((await refusal(loadInstallationKeys({ dir }))).code).toBe('master_key_open')
  }
})

test('a damaged file is refused and left as it is', async () => {
  const dir = await aFolder()
  await writeFile(join(dir, 'master.key'), 'half a ke', { mode: 0o600 })
  expect((await refusal(loadInstallationKeys({ dir }))).code).toBe('master_key_malformed')
  expect(await readFile(join(dir, 'master.key'), 'utf8')).toBe('half a ke')
})

test('a change of keys keeps both until it ends, and begun twice it is the same change', async () => {
  const dir = await aFolder()
  const { current: old } = await loadInstallationKeys({ dir })
  const changed = await beginKeyChange(dir, { wraps: old.id })
  expect(changed.resumed).toBe(false)
  expect(changed.current.id).not.toBe(old.id)
  const again = await beginKeyChange(dir, { wraps: old.id })
  expect([again.resumed, again.current.id]).toEqual([true, changed.current.id])
  const during = await loadInstallationKeys({ dir })
  expect([during.current.id, during.previous?.id, during.made]).toEqual([changed.current.id, old.id, false])
  await endKeyChange(dir, { needed: new Set([old.id, changed.current.id]) })
  expect((await loadInstallationKeys({ dir })).previous?.id).toBe(old.id)
  await endKeyChange(dir, { needed: new Set([changed.current.id]) })
  const after = await loadInstallationKeys({ dir })
  expect([after.current.id, after.previous]).toEqual([changed.current.id, undefined])
  expect(await readdir(dir)).toEqual(['master.key'])
})

test('a change that was killed between its two names makes the new key yet', async () => {
  const dir = await aFolder()
  const { current: old } = await loadInstallationKeys({ dir })
  await link(join(dir, 'master.key'), join(dir, 'master.key.previous'))
  const changed = await beginKeyChange(dir, { wraps: old.id })
  expect(changed).toMatchObject({ resumed: false })
  const during = await loadInstallationKeys({ dir })
  expect([during.current.id, during.previous?.id]).toEqual([changed.current.id, old.id])
  expect(changed.current.id).not.toBe(old.id)
})

test('a file that is not the key of the keyring, or none, is not changed', async () => {
  const dir = await aFolder()
  expect((await refusal(beginKeyChange(dir, { wraps: 'kek_0' }))).code).toBe('master_key_absent')
  await loadInstallationKeys({ dir })
  expect((await refusal(beginKeyChange(dir, { wraps: 'kek_0' }))).code).toBe('master_key_other')
  expect(await readdir(dir)).toEqual(['master.key'])
})

test('keys in a file are read again when asked for, those given as values are not', async () => {
  const dir = await aFolder()
  const keys = await loadInstallationKeys({ dir })
  const { current } = await beginKeyChange(dir, { wraps: keys.current.id })
  const again = await keys.again?.()
  expect([again?.current.id, again?.previous?.id]).toEqual([current.id, keys.current.id])
  await rm(join(dir, 'master.key'))
  expect(await keys.again?.()).toBeUndefined()
  expect(await readdir(dir)).toEqual(['master.key.previous'])
  expect((await loadInstallationKeys({ dir, value: hex })).again).toBeUndefined()
})
