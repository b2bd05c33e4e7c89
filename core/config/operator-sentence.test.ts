/**
 * Pins: a placeholder or a code word in what an operator reads; "ECONNREFUSED" and nothing else of a database that is away; the
 * stack of a driver where a sentence was wanted; a fault of ours that hides where it is, or shows what a driver hung on it.
 */
import { mkdirSync, openSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { expect, test } from 'vitest'
import { openSqlite } from '#core/db/sqlite.ts'
import { AppError } from '#core/errors/errors.ts'
import { say } from '#core/i18n/say.ts'
import { aFolder, anAddress } from '#test/grounds.ts'
import { faultLines, sentenceOf } from './operator-sentence.ts'
import { ConfigError } from './read-env.ts'

const thrownBy = async (work: () => unknown) => {
  try {
    await work()
  } catch (error) {
    return sentenceOf(error)
  }
  throw new Error('It did not throw')
}

const connecting = (url: string) => async () => {
  const client = new pg.Client({ connectionString: url })
  await client.connect().finally(() => client.end().catch(() => {}))
}

test('sentences of ours are told as they are, with their values in them', () => {
  expect(sentenceOf(new AppError('key_open', say('Run: chmod 600 {path}', { path: '/a/b' })))).toBe(
    'Run: chmod 600 /a/b',
  )
  expect(sentenceOf(new ConfigError('PORT', 'must be a port'))).toBe('PORT must be a port.')
  expect(sentenceOf(new Error('The pages are not built. Run: npm start'))).toContain('Run: npm start')
})

test('a database server that is away, unknown or refuses says where to look', async () => {
  expect(await thrownBy(connecting('postgres://a:b@127.0.0.1:1/x'))).toMatch(
    /^The database server 127\.0\.0\.1:1 does not answer \(ECONNREFUSED\)\. Look at DATABASE_URL/,
  )
  expect(await thrownBy(connecting('postgres://a:b@localhost:1/x'))).toContain('Look at DATABASE_URL')
  expect(await thrownBy(connecting('postgres://a:b@nowhere.invalid/x'))).toMatch(
    /nowhere\.invalid cannot be found\. Look at DATABASE_URL/,
  )
  const address = await anAddress('postgres', { migrated: false })
  if (address.kind !== 'postgres') throw new Error('not PostgreSQL')
  const none = new URL(address.url)
  none.pathname = '/none_of_that_name'
  expect(await thrownBy(connecting(none.href))).toContain('no database of that name')
  const refused = Object.assign(new Error('password authentication failed for user "ana"'), { code: '28P01' })
  expect(sentenceOf(refused)).toBe(
    'The database server refuses the password. Set it right in DATABASE_URL, or in KEYRING_URL.',
  )
  expect(sentenceOf(new AggregateError([Object.assign(new Error(''), { code: 'ECONNREFUSED' })]))).toContain(
    'does not answer',
  )
})

test('a file that is no database, or a folder in its place, is no stack', async () => {
  const folder = await aFolder()
  const file = join(folder, 'fairframe.sqlite')
  writeFileSync(file, 'nothing of the kind '.repeat(100))
  expect(await thrownBy(() => openSqlite(file))).toMatch(/damaged, or is none.*restore the newest backup/)
  mkdirSync(join(folder, 'taken'))
  expect(await thrownBy(() => openSqlite(join(folder, 'taken')))).toMatch(/cannot be opened.*chown -R/)
})

test('what the file system refuses names the path and what to do', async () => {
  const folder = await aFolder()
  writeFileSync(join(folder, 'file'), '')
  expect(await thrownBy(() => mkdirSync(join(folder, 'file', 'logs'), { recursive: true }))).toMatch(
    /file.* cannot be made or opened \(ENOTDIR\)\. Set DATA_DIR/,
  )
  expect(await thrownBy(() => openSync(join(folder, 'none'), 'r'))).toContain('Set DATA_DIR')
  for (const [code, says] of [
    ['EACCES', 'chown -R'],
    ['EROFS', 'read-only'],
    ['ENOSPC', 'The disk is full. Make room'],
  ] as const)
    expect(sentenceOf(Object.assign(new Error(code), { code, path: '/data/logs' }))).toContain(says)
})

test('a fault of ours has no sentence, and shows where it is without what a driver hung on it', () => {
  const fault = Object.assign(new TypeError('no such thing for ana@example.org'), {
    detail: 'Key (email)=(ben@example.org) already exists.',
  })
  expect(sentenceOf(fault)).toBeUndefined()
  expect(sentenceOf('thrown text')).toBeUndefined()
  const lines = faultLines(fault)
  expect(lines).toMatch(/^TypeError: no such thing for \[mail\]\n {4}at /)
  expect(lines).not.toContain('example.org')
  expect(faultLines('ana@example.org')).toBe('a value that is no error (string)')
})
