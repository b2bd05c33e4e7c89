/** Pins: a wrong value that is silently replaced by the standard one; a secret that shows in an error; two sources for one secret. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { aFolder } from '#test/grounds.ts'
import { loadConfig } from './config.ts'
import { settings } from './settings.ts'

const wrong: Partial<Record<keyof typeof settings, string>> = {
  PORT: '70000',
  APP_URL: 'https://example.org/path',
  DATABASE_URL: 'mysql://x/y',
  KEYRING_URL: 'nonsense',
  MASTER_KEY: 'short',
  STORAGE: 'ftp',
  S3_FORCE_PATH_STYLE: 'yes',
  SMTP_URL: 'http://mail',
  SIGN_UP: 'maybe',
  WELCOME_CREDITS: '-1',
  KEEP_UNSAVED_DAYS: 'forever',
  KEEP_API_LOG_DAYS: '0',
  LOG_LEVEL: 'loud',
  TRUSTED_PROXIES: '10.0.0.0/8, proxy.local',
  PROVENANCE_ENGINE: 'magic',
  WORKER_CONCURRENCY: '1.5',
}

test('nothing set is a whole installation on this machine', () => {
  const config = loadConfig({})
  expect(config.database.kind).toBe('sqlite')
  expect(config.storage.kind).toBe('local')
  expect(config.smtp).toBeUndefined()
  expect(config.appUrl.origin).toBe('http://localhost:3000')
})

test.each(Object.entries(wrong))(
  'a wrong %s stops the start with a sentence that names it',
  (name, value) => {
    expect(() => loadConfig({ [name]: value })).toThrow(
      new RegExp(`^${name} must be ${settings[name as keyof typeof settings].expects.slice(0, 12)}`),
    )
  },
)

test('each setting may come from a file, and not from both', async () => {
  const file = join(await aFolder(), 'port')
  await writeFile(file, '4100\n')
  expect(loadConfig({ PORT_FILE: file }).port).toBe(4100)
  expect(() => loadConfig({ PORT_FILE: file, PORT: '4200' })).toThrow('PORT is given twice')
  expect(() => loadConfig({ PORT_FILE: `${file}.missing` })).toThrow(
    'PORT_FILE names a file that cannot be read',
  )
})

test('paths begin at the folder that is named, the one of DATA_DIR_FILE too', async () => {
  const folder = await aFolder()
  await writeFile(join(folder, 'where'), 'own/data\n')
  expect(loadConfig({}, folder).dataDir).toBe(join(folder, 'data'))
  expect(loadConfig({ DATA_DIR: 'other' }, folder).dataDir).toBe(join(folder, 'other'))
  expect(loadConfig({ DATA_DIR: '', DATA_DIR_FILE: 'where' }, folder).dataDir).toBe(join(folder, 'own/data'))
  await writeFile(join(folder, 'empty'), '\n')
  expect(() => loadConfig({ DATA_DIR_FILE: 'empty' }, folder)).toThrow(
    'DATA_DIR_FILE names a file with nothing in it',
  )
})

test('a published example is no installation key, and no message repeats it', () => {
  const example = Buffer.from('changeme-changeme-changeme-12345').toString('hex')
  const zeros = Buffer.alloc(32).toString('base64')
  for (const value of [zeros, Buffer.alloc(32, 1).toString('hex')])
    expect(() => loadConfig({ MASTER_KEY: value })).toThrow(/^MASTER_KEY is an example(?!.*AAAA)/)
  expect(() => loadConfig({ MASTER_KEY: example })).not.toThrow()
})

test('a former installation key without the one that follows it is refused, not ignored', () => {
  const key = (step: number) => Buffer.from(Array.from({ length: 32 }, (_, i) => i * step)).toString('base64')
  expect(() => loadConfig({ MASTER_KEY_PREVIOUS: key(7) })).toThrow(
    /^MASTER_KEY_PREVIOUS is the key before MASTER_KEY, which is not set/,
  )
  expect(() => loadConfig({ MASTER_KEY: key(5), MASTER_KEY_PREVIOUS: key(7) })).not.toThrow()
})

test('S3 without its bucket, or SMTP without a sender, names what is missing', () => {
  expect(() => loadConfig({ STORAGE: 's3', S3_SECRET_ACCESS_KEY: 'x' })).toThrow('S3_BUCKET is needed')
  expect(() => loadConfig({ SMTP_URL: 'smtp://localhost' })).toThrow('MAIL_FROM is needed')
})

test('secrets do not show when the configuration is printed', () => {
  const config = loadConfig({
    MASTER_KEY: Buffer.from(Array.from({ length: 32 }, (_, i) => i * 7)).toString('base64'),
    SMTP_URL: 'smtps://me:hunter2@mail.example.org',
    MAIL_FROM: 'a@b.c',
  })
  expect(JSON.stringify({ ...config, smtp: config.smtp })).not.toContain('hunter2')
  expect(config.smtp?.url()).toContain('hunter2')
})
