/**
 * Real processes. Pins: a start that fails with a placeholder, a code word or a stack in what it says, or with 0; a fault that
 * nothing caught and that the log knows nothing of; a start that keeps still about a keyring among the data.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { migrateHouse } from '#app/migrate-house.ts'
import { openHouse } from '#app/open-house.ts'
import { loadConfig } from '#core/config/config.ts'
import { createLog } from '#core/log/log.ts'
import { aFolder, anAddress, onBothGrounds } from '#test/grounds.ts'
import { sameClusterWarning } from './keyring-place.ts'

const root = join(import.meta.dirname, '..')
/** A start takes two seconds, and ten times that on a machine that has much else to do. */
const patient = { timeout: 300_000 }

/** Runs an entry point to its end. */
async function ended(program: string, env: Record<string, string>, options: string[] = []) {
  const child = spawn(process.execPath, [...options, program], {
    cwd: root,
    env: { PATH: process.env.PATH, HOST: '127.0.0.1', NODE_ENV: 'production', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let out = ''
  let error = ''
  child.stdout.on('data', (piece) => {
    out += piece
  })
  child.stderr.on('data', (piece) => {
    error += piece
  })
  const [code] = await once(child, 'close')
  return { code, out, error }
}

const logOf = async (dataDir: string) => {
  const logs = join(dataDir, 'logs')
  const texts = await Promise.all((await readdir(logs)).map((name) => readFile(join(logs, name), 'utf8')))
  return texts.join('')
}

const entries = [
  ['bin/serve.ts', 'Fairframe did not start'],
  ['jobs/worker.ts', 'The worker stopped'],
] as const

test.each(entries)(
  '%s tells an operator what is wrong in one plain sentence',
  patient,
  async (program, begins) => {
    const dataDir = await aFolder()
    await mkdir(join(dataDir, 'keyring'))
    const key = join(dataDir, 'keyring', 'master.key')
    await writeFile(key, Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64'))
    await chmod(key, 0o644)
    expect(await ended(program, { DATA_DIR: dataDir })).toEqual({
      code: 1,
      out: '',
      error: `${begins}: Others on this machine can read ${key}. Run: chmod 600 ${key}\n`,
    })
    expect(await logOf(dataDir)).toContain(`"why":"Others on this machine can read ${key}`)
  },
)

test.each(entries)('%s writes a fault down that nothing caught, and ends', patient, async (program) => {
  const dataDir = await aFolder()
  // Throws as soon as somebody listens for it; while nobody does, the process ends otherwise.
  const fault = `process.on('newListener', (name) => {
    if (name === 'unhandledRejection') setImmediate(() => {
      throw Object.assign(new Error('duplicate key'), { detail: 'Key (email)=(ana@example.org)' })
    })
  })`
  const { code, error } = await ended(program, { DATA_DIR: dataDir }, [
    '--import',
    `data:text/javascript,${encodeURIComponent(fault)}`,
  ])
  expect({ code, error }).toEqual({
    code: 1,
    error: expect.stringMatching(/^The (web server|worker) ended by a fault of its own\. .*\n$/),
  })
  const log = await logOf(dataDir)
  expect(log).toContain('"kind":"uncaught exception","error":{"type":"Error","message":"duplicate key"')
  expect(log + error).not.toContain('example.org')
})

test('a database that is away is one sentence, without the password', patient, async () => {
  const dataDir = await aFolder()
  const { code, error } = await ended('bin/serve.ts', {
    DATA_DIR: dataDir,
    DATABASE_URL: 'postgres://ana:hunter2@127.0.0.1:1/x',
  })
  expect({ code, error }).toEqual({
    code: 1,
    error: expect.stringMatching(/^Fairframe did not start: .*does not answer.*Look at DATABASE_URL.*\n$/),
  })
  expect(error + (await logOf(dataDir))).not.toContain('hunter2')
})

test('a folder that cannot be one is named with its setting', patient, async () => {
  const file = join(await aFolder(), 'file')
  await writeFile(file, '')
  const { code, error } = await ended('bin/serve.ts', { DATA_DIR: file })
  expect({ code, error }).toEqual({
    code: 1,
    error: `Fairframe did not start: DATA_DIR is ${file}, where no folder can be made. Set it to one you own.\n`,
  })
})

onBothGrounds('where the keyring lies', (ground) => {
  test('is said at the start when it is the cluster of the data, and only then', patient, async () => {
    const data = await anAddress(ground, { migrated: false })
    const ring = await anAddress('postgres', { migrated: false })
    const config = loadConfig({
      DATA_DIR: await aFolder(),
      ...(data.kind === 'postgres' ? { DATABASE_URL: data.url } : {}),
      KEYRING_URL: ring.kind === 'postgres' ? ring.url : '',
    })
    const log = createLog({ level: 'silent' })
    await migrateHouse(config, log)
    const house = await openHouse({ config, log })
    onTestFinished(() => house.close())
    const warning = await sameClusterWarning(house)
    if (ground === 'postgres')
      expect(warning).toMatch(/same database server.*T7 is not made: set KEYRING_URL/)
    else expect(warning).toBeUndefined()
  })
})
