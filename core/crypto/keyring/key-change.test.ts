/**
 * Pins: a change of the key file that is killed and loses the only key, or says that it changed what it did not; two changes
 * at once that throw away each other's key; a server that was not started again and makes keys under a key that is deleted.
 */
import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { systemClock } from '#core/clock/clock.ts'
import { aFolder, anAddress, onBothGrounds } from '#test/grounds.ts'
import { beginKeyChange, endKeyChange, loadInstallationKeys } from '../installation-key.ts'
import type { ThingKey } from '../thing-key.ts'
import { changeKeyFile } from './key-change.ts'
import { type Keyring, openKeyring } from './keyring.ts'
import type { Access } from './tally.ts'

const run = promisify(execFile)
const program = fileURLToPath(new URL('../../../test/programs/keyring-change.ts', import.meta.url))
const access: Access = { actor: { kind: 'system', id: 'test' }, purpose: 'test' }

const hex = ({ bytes }: ThingKey) => Buffer.from(bytes).toString('hex')

onBothGrounds('a change of the key file', (ground) => {
  async function aKeyring() {
    const [address, dir] = [await anAddress(ground, { migrated: false }), await aFolder()]
    const made: ThingKey[] = []
    const opened = async () =>
      openKeyring({ address, installationKeys: await loadInstallationKeys({ dir }), clock: systemClock })
    // Opened once: the server that nobody starts again.
    const running = await opened()
    onTestFinished(() => running.close())
    const make = async (keyring: Keyring) => made.push(await keyring.create({ class: 'content' }))
    const secret = await running.secret('links')
    await make(running)
    const keepsAll = async (keyring: Keyring) => {
      const ids = made.map(({ id }) => id)
      const found = await keyring.open(ids, access)
      expect(ids.map((id) => hex(found.get(id) ?? { id, bytes: new Uint8Array() }))).toEqual(made.map(hex))
      expect(await keyring.secret('links')).toEqual(secret)
      expect((await keyring.verify(1000)).broken).toEqual([])
    }
    /** Another process opens it with what the files hold now. */
    const startedNow = async (look: (keyring: Keyring) => unknown = () => {}) => {
      const keyring = await opened()
      try {
        await keepsAll(keyring)
        await look(keyring)
      } finally {
        await keyring.close()
      }
    }
    const childChanges = async (dieBefore = 0) => {
      const { stdout } = await run(process.execPath, [program, JSON.stringify([address, dir, dieBefore])])
      return JSON.parse(stdout) as { broken: string[]; steps: number }
    }
    const keyFiles = async () => (await readdir(dir)).filter((name) => name.startsWith('master')).sort()
    return { dir, running, make, keepsAll, startedNow, childChanges, keyFiles }
  }

  test('killed before any of its steps, it loses nothing, and ends with a new key when it is run again', {
    timeout: 400_000,
  }, async () => {
    const { dir, running, make, keepsAll, startedNow, childChanges, keyFiles } = await aKeyring()
    const { steps } = await childChanges()
    expect(steps).toBeGreaterThanOrEqual(9)
    for (let dieBefore = 1; dieBefore <= steps; dieBefore++) {
      const former = await readFile(join(dir, 'master.key'), 'utf8')
      await expect(childChanges(dieBefore)).rejects.toMatchObject({ signal: 'SIGKILL' })
      await startedNow(make)
      await make(running)
      await keepsAll(running)
      const { broken } = await changeKeyFile(running, dir, async () => {})
      // Whether it went on with what was begun or began anew: the key of before is gone.
      const same = former === (await readFile(join(dir, 'master.key'), 'utf8'))
      const ended = { dieBefore, broken, same, files: await keyFiles() }
      expect(ended).toEqual({ dieBefore, broken: [], same: false, files: ['master.key'] })
      await startedNow()
    }
  })

  test('two at once, and keys made meanwhile by a process that is not started again: all open in the end', {
    timeout: 240_000,
  }, async () => {
    const { running, make, keepsAll, startedNow, childChanges, keyFiles } = await aKeyring()
    let going = true
    const both = Promise.all([childChanges(), childChanges()]).finally(() => {
      going = false
    })
    while (going) {
      await make(running)
      await new Promise(setImmediate)
    }
    for (const { broken } of await both) expect(broken).toEqual([])
    expect(await keyFiles()).toEqual(['master.key'])
    await startedNow()
    await keepsAll(running)
  })

  test('a process that was started before makes its first secret and opens new keys without a restart', async () => {
    const { running, keepsAll, make, startedNow, childChanges } = await aKeyring()
    await childChanges()
    await startedNow(make)
    await keepsAll(running)
    const made = await running.secret('made after the change')
    await startedNow(async (keyring) => expect(await keyring.secret('made after the change')).toEqual(made))
  })

  test('who ends late does not delete the previous key of the change that was begun after', async () => {
    const { dir, running, make, startedNow, keyFiles } = await aKeyring()
    await changeKeyFile(running, dir, async () => {})
    await running.alone((state) => beginKeyChange(dir, state))
    await running.alone((state) => endKeyChange(dir, state))
    expect(await keyFiles()).toEqual(['master.key', 'master.key.previous'])
    await make(running)
    await startedNow()
    expect(await changeKeyFile(running, dir, async () => {})).toMatchObject({ resumed: true, broken: [] })
    expect(await keyFiles()).toEqual(['master.key'])
    await startedNow()
  })
})
