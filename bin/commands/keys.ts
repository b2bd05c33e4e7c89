import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '#core/config/config.ts'
import {
  beginKeyChange,
  endKeyChange,
  installationKeyFrom,
  loadInstallationKeys,
} from '#core/crypto/installation-key.ts'
import { type AddTo, configFrom, type Io, onRecord, Unusable, withHouse } from './running.ts'

/** `fairframe keys rotate`: another installation key, so that lost or stolen copies of the keyring open nothing. */
export const addKeysCommands: AddTo = (program, io, ended) => {
  const keys = program.command('keys').description('The installation key')
  keys
    .command('rotate')
    .description(
      'Changes the installation key. Every running process must know both keys before anything is wrapped anew, so it takes two calls with a restart between them; --stopped does it in one when nothing runs.',
    )
    .option('--stopped', 'neither server nor worker is running')
    .option('--json', 'answer as JSON')
    .action(async ({ stopped, json }: { stopped?: boolean; json?: boolean }) => {
      const answer = await rotate(io, stopped === true)
      io.out(json ? JSON.stringify(answer) : answer.message)
      ended(answer.ok ? 0 : 1)
    })
}

interface Answer {
  ok: boolean
  step: 'begun' | 'done' | 'incomplete'
  message: string
  rewrapped?: number
  broken?: string[]
}

async function rotate(io: Io, stopped: boolean): Promise<Answer> {
  const config = configFrom(io)
  const dir = join(config.dataDir, 'keyring')
  const begun = config.masterKey ? bothGiven(config) : existsSync(join(dir, 'master.key.previous'))
  if (!begun) {
    // Nothing is begun with a keyring that does not open: the key in the file may be the only right one.
    await withHouse(io, async ({ keyring }) => {
      const { broken } = await keyring.verify(20)
      if (broken.length > 0) throw new Unusable('Keys in the keyring do not open. Run: fairframe doctor')
    })
    await beginKeyChange(dir)
    if (!stopped)
      return {
        ok: true,
        step: 'begun',
        message: `There is a new ${join(dir, 'master.key')}; keep a copy of it elsewhere. Now start Fairframe again, all its processes, so that they know both keys, and run this command once more.`,
      }
  }
  return wrapAnew(io, config, dir)
}

/** True when the environment gives both keys; throws what to do when it gives one. */
function bothGiven(config: Config): true {
  if (config.previousMasterKey) return true
  throw new Unusable(
    'MASTER_KEY is set, so you give the new key: put the present one into MASTER_KEY_PREVIOUS and a new one (openssl rand -base64 32) into MASTER_KEY, start Fairframe again, and run this command with both set.',
  )
}

async function wrapAnew(io: Io, config: Config, dir: string): Promise<Answer> {
  const { rewrapped, broken } = await withHouse(io, async (house) => {
    const next = config.masterKey
      ? installationKeyFrom(config.masterKey())
      : (await loadInstallationKeys({ dir })).current
    const rotated = await house.keyring.rotate(next)
    await house.keyring.checkpoint()
    await onRecord(house, {
      act: 'keys.rotated',
      detail: { to: next.id, rewrapped: rotated.rewrapped, broken: rotated.broken.length },
    })
    return rotated
  })
  if (broken.length > 0)
    return {
      ok: false,
      step: 'incomplete',
      rewrapped,
      broken,
      message: `${broken.length} keys could not be opened, so the former installation key is still needed. Restore the newest copy of the keyring, and run this command again.`,
    }
  if (!config.masterKey) await endKeyChange(dir)
  const after = config.masterKey
    ? 'Take MASTER_KEY_PREVIOUS out of the environment now.'
    : 'The former key is deleted; delete your copies of it too.'
  return {
    ok: true,
    step: 'done',
    rewrapped,
    message: `Everything is under the new key: ${rewrapped === 1 ? '1 key was' : `${rewrapped} keys were`} wrapped anew. ${after}`,
  }
}
