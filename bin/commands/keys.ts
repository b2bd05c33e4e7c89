import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { OpenedHouse } from '#app/open-house.ts'
import type { Config } from '#core/config/config.ts'
import { type InstallationKey, installationKeyFrom } from '#core/crypto/installation-key.ts'
import { changeKeyFile } from '#core/crypto/keyring/key-change.ts'
import type { Rotated } from '#core/crypto/keyring/rotation.ts'
import { type AddTo, configFrom, type Io, onRecord, Unusable, withHouse } from './running.ts'

/** `fairframe keys rotate`: another installation key, so that lost or stolen copies of the keyring open nothing. */
export const addKeysCommands: AddTo = (program, io, ended) => {
  const keys = program.command('keys').description('The installation key')
  keys
    .command('rotate')
    .description(
      'Changes the installation key, while Fairframe runs or stands. With MASTER_KEY in the environment every process has to be started with the new key and MASTER_KEY_PREVIOUS first.',
    )
    .option('--json', 'answer as JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const answer = await rotate(io)
      io.out(json ? JSON.stringify(answer) : answer.message)
      ended(answer.ok ? 0 : 1)
    })
}

interface Answer {
  ok: boolean
  step: 'done' | 'incomplete'
  message: string
  rewrapped: number
  broken?: string[]
}

async function rotate(io: Io): Promise<Answer> {
  const config = configFrom(io)
  const given = givenKey(config)
  const dir = join(config.dataDir, 'keyring')
  return withHouse(io, async (house) => {
    const note = (rotated: Rotated, to: InstallationKey) => onRotated(house, rotated, to)
    if (given) {
      const rotated = await house.keyring.rotate(given)
      await note(rotated, given)
      return answerOf(rotated, inEnvironment(rotated))
    }
    // Nothing is begun with a keyring that does not open; what was begun goes on with all that does.
    const begun = existsSync(join(dir, 'master.key.previous'))
    const broken = begun ? [] : (await house.keyring.verify(20)).broken
    if (broken.length > 0) throw new Unusable('Keys in the keyring do not open. Run: fairframe doctor')
    const rotated = await changeKeyFile(house.keyring, dir, note)
    return answerOf(rotated, inFile(join(dir, 'master.key'), rotated.resumed))
  })
}

/** The new key when the environment gives both; throws what to do when it gives one, or one twice. */
function givenKey({ masterKey, previousMasterKey }: Config): InstallationKey | undefined {
  if (!masterKey) return undefined
  if (!previousMasterKey)
    throw new Unusable(
      'MASTER_KEY is set, so you give the new key: put the present one into MASTER_KEY_PREVIOUS and a new one (openssl rand -base64 32) into MASTER_KEY, start Fairframe again, and run this command with both set.',
    )
  const key = installationKeyFrom(masterKey())
  if (installationKeyFrom(previousMasterKey()).id === key.id)
    throw new Unusable(
      'MASTER_KEY and MASTER_KEY_PREVIOUS are the same key. Put a new one (openssl rand -base64 32) into MASTER_KEY.',
    )
  return key
}

function onRotated(house: OpenedHouse, { rewrapped, broken }: Rotated, to: InstallationKey): Promise<void> {
  return onRecord(house, {
    act: 'keys.rotated',
    detail: { to: to.id, rewrapped, broken: broken.length },
  })
}

function answerOf({ rewrapped, broken }: Rotated, next: string[]): Answer {
  if (broken.length > 0)
    return {
      ok: false,
      step: 'incomplete',
      rewrapped,
      broken,
      message: `${broken.length} keys are damaged and were left as they are; all others are under the new key. Keep both installation keys. Restore the newest backup, the data together with its keyring, and run this command again.`,
    }
  const what =
    rewrapped === 0
      ? 'Everything is under the new key: there was nothing left to wrap anew.'
      : `Everything is under the new key: ${rewrapped === 1 ? '1 key was' : `${rewrapped} keys were`} wrapped anew.`
  return { ok: true, step: 'done', rewrapped, message: [what, ...next].join('\n') }
}

/**
 * What is left for the operator, in the order that never leaves a backup without its key: copies of the keyring from
 * before open with the former key alone, which for whoever stole it is as good as ever.
 */
function inFile(path: string, resumed: boolean): string[] {
  return [
    `1. Copy ${path} to where you keep the copy of the former key.`,
    ...afterwards,
    ...(resumed
      ? [
          'A change that was begun earlier was ended by this; its key is as old as that. For a newer one run this command again.',
        ]
      : []),
  ]
}

function inEnvironment({ rewrapped }: Rotated): string[] {
  return [
    ...(rewrapped === 0
      ? ['If you expected more, look whether MASTER_KEY and MASTER_KEY_PREVIOUS were exchanged.']
      : []),
    '1. Take MASTER_KEY_PREVIOUS out of the environment, and start every process that was started before both were set again.',
    ...afterwards,
  ]
}

const afterwards = [
  '2. Make a new backup of the keyring.',
  '3. Then delete older backups of the keyring and all copies of the former key: together they still open what was made until now.',
]
