/**
 * What operators do wrong. Pins: a folder mistyped that becomes an installation; a setting given as a file that stops every
 * command; a driver's word or stack in place of what to do; an answer as JSON that is none.
 */
import { access, chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { beforeEach, expect, test } from 'vitest'
import { aFolder } from '#test/grounds.ts'
import { main } from './main.ts'

let env: Record<string, string>
let out: string
let error: string

beforeEach(async () => {
  env = { DATA_DIR: await aFolder() }
})

const run = (line: string) => {
  out = ''
  error = ''
  return main(['node', 'fairframe', ...line.split(' ')], {
    out: (text) => {
      out += text
    },
    error: (text) => {
      error += text
    },
    env,
    stdin: Readable.from(['']),
  })
}

const each = [
  'audit verify',
  'promises T2',
  'keys rotate',
  'api-key create --email a@b.org --name x',
  'user create --email a@b.org --password seven-small-boats-at-sea',
]

test('a folder that is not there is named, and not made', async () => {
  env.DATA_DIR = join(env.DATA_DIR as string, 'mistyped')
  for (const line of each) {
    expect([line, await run(`${line} --json`)]).toEqual([line, 1])
    expect(error).toBe(
      `${env.DATA_DIR} does not exist. Set DATA_DIR to the folder of the installation, or make one with: fairframe migrate`,
    )
    expect(JSON.parse(out)).toEqual({ ok: false, error: 'failed', message: error })
  }
  await expect(access(env.DATA_DIR)).rejects.toThrow('ENOENT')
})

test('DATA_DIR may stand in a file for the commands too', async () => {
  const folder = env.DATA_DIR as string
  const file = join(folder, 'where')
  await writeFile(file, `${join(folder, 'data')}\n`)
  env = { DATA_DIR_FILE: file }
  expect([await run('migrate'), error]).toEqual([0, expect.stringContaining('Keep a copy of')])
  await access(join(folder, 'data', 'fairframe.sqlite'))
  env.DATA_DIR = folder
  expect([await run('migrate'), error]).toEqual([1, expect.stringContaining('DATA_DIR is given twice')])
})

test('a database that was not made ready, is away or is damaged says what to do', async () => {
  for (const line of each) {
    expect([line, await run(line)]).toEqual([line, 1])
    expect(error).toBe('The database lacks 0001-start. Run: fairframe migrate')
  }
  env.DATABASE_URL = 'postgres://ana:hunter2@127.0.0.1:1/x'
  for (const line of [...each, 'migrate']) {
    expect([line, await run(line)]).toEqual([line, 1])
    expect(error).toMatch(/^The database server 127\.0\.0\.1:1 does not answer.*Look at DATABASE_URL/)
  }
  delete env.DATABASE_URL
  await writeFile(join(env.DATA_DIR as string, 'fairframe.sqlite'), 'nothing of the kind '.repeat(100))
  for (const line of [...each, 'migrate']) {
    expect([line, await run(line)]).toEqual([line, 1])
    expect(error).toMatch(/^A database file in DATA_DIR is damaged.*restore the newest backup\.$/)
  }
})

test('the doctor says the same, with the values in the sentence', async () => {
  const key = join(env.DATA_DIR as string, 'keyring', 'master.key')
  await run('migrate')
  await chmod(key, 0o644)
  expect(await run('doctor')).toBe(1)
  expect(out).toContain(`house: Others on this machine can read ${key}. Run: chmod 600 ${key}`)
  env.DATABASE_URL = 'postgres://ana:hunter2@127.0.0.1:1/x'
  await chmod(key, 0o600)
  expect(await run('doctor')).toBe(1)
  expect(out).toMatch(/house: The database server 127\.0\.0\.1:1 does not answer .*→ Look at DATABASE_URL/s)
})
