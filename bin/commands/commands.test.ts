/**
 * Pins: a key printed among other words, so that a script takes the wrong thing; an account from the command line that cannot
 * sign in; an act at the command line that is on no record; a change of keys that leaves things unreadable, or ends while the
 * former key is needed, or is made of no effect by a server that runs on; a doctor that says "well" of a house that is not; a command that ends with 0 though it failed.
 */
import { chmod, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { sql } from 'kysely'
import { beforeEach, expect, test } from 'vitest'
import { recogniseApiKey } from '#app/accounts/api-keys.ts'
import { signIn } from '#app/accounts/sign-in.ts'
import { type OpenedHouse, openHouse } from '#app/open-house.ts'
import { signAudit } from '#compliance/records/audit-signing.ts'
import { system } from '#core/actor.ts'
import { loadConfig } from '#core/config/config.ts'
import { beginKeyChange } from '#core/crypto/installation-key.ts'
import { createLog } from '#core/log/log.ts'
import { aFolder, anAddress, onBothGrounds } from '#test/grounds.ts'
import { main } from './main.ts'

const password = 'seven small boats at sea'

onBothGrounds('the command line', (ground) => {
  let env: Record<string, string>
  let out: string[]
  let errors: string[]

  beforeEach(async () => {
    const address = await anAddress(ground, { migrated: false })
    env = {
      DATA_DIR: await aFolder(),
      ...(address.kind === 'postgres' ? { DATABASE_URL: address.url } : {}),
    }
  })

  const run = async (line: string, stdin = '') => {
    out = []
    errors = []
    return main(['node', 'fairframe', ...line.split(' ').filter(Boolean)], {
      out: (text) => out.push(text),
      error: (text) => errors.push(text),
      env,
      stdin: Readable.from([stdin]),
    })
  }
  const json = () => JSON.parse(out.join('\n'))
  const inHouse = async <T>(look: (house: OpenedHouse) => Promise<T>): Promise<T> => {
    const house = await openHouse({ config: loadConfig(env), log: createLog({ level: 'silent' }) })
    try {
      return await look(house)
    } finally {
      await house.close()
    }
  }
  const acts = () =>
    inHouse(async ({ db }) => {
      const rows = await db.read.selectFrom('audit').select(['act', 'actor_kind']).orderBy('seq').execute()
      return rows.map(({ act, actor_kind }) => `${actor_kind} ${act}`)
    })
  const user = 'user create --email Ana@Example.org --password-file -'

  test('from nothing to a key that works: migrate, an account, a key', async () => {
    expect(await run(user, password)).toBe(1)
    expect(errors.join()).toContain('Run: fairframe migrate')
    expect(await run('migrate')).toBe(0)
    expect(await run('migrate --json')).toBe(0)
    expect(json()).toEqual({ ok: true, applied: [] })

    expect(await run(`${user} --role privacy-officer --credits 7 --json`, `${password}\n`)).toBe(0)
    expect(json()).toMatchObject({ ok: true, role: 'privacy_officer', credits: 7, region: 'DE' })
    expect(await run('api-key create --email ana@example.org --name laptop')).toBe(0)
    expect(out).toEqual([expect.stringMatching(/^ff_[A-Za-z0-9_-]{43}$/)])

    const key = out[0] as string
    const [holder, person] = await inHouse(async (house) => [
      await recogniseApiKey(house, key),
      await signIn(house, 'ana@example.org', password),
    ])
    expect(holder?.subject).toBe(person.id)
    expect(await acts()).toEqual(
      expect.arrayContaining([
        'command schema.migrated',
        'command account.created_by_command',
        'command api_key.created_by_command',
      ]),
    )
  })

  test('what cannot be is said in a sentence, with a code that a script sees', async () => {
    await run('migrate')
    await run(user, password)
    expect(await run(user, password)).toBe(1)
    expect(errors).toEqual(['There is an account with this address already. Use another one.'])
    expect(await run(`${user.replace('Ana', 'ben')} --json`, 'password')).toBe(1)
    expect(json()).toMatchObject({ ok: false, error: expect.stringMatching(/^password_/) })
    for (const wrong of [
      'user create --email nobody --password x',
      'user create --email a@b.org --region US',
      'user create --email a@b.org --role king',
      'user create --email a@b.org --credits -1',
      'user create',
      'fly',
      'api-key create --email a@b.org',
    ])
      expect([wrong, await run(wrong)]).toEqual([wrong, 2])
    expect(await run('api-key create --email nobody@example.org --name x')).toBe(1)
    expect(out).toEqual([])
    expect(await run('user create --email a@b.org')).toBe(1)
    expect(await run('user create --email a@b.org --password-file /nowhere/at/all')).toBe(1)
    for (const help of ['--help', 'user create --help', 'doctor --help', 'keys rotate --help'])
      expect([help, await run(help), out.join().includes('Usage')]).toEqual([help, 0, true])
    env.PORT = 'x'
    expect(await run('audit verify')).toBe(1)
    expect(errors.join()).toMatch(/^PORT must be/)
  })

  test('the audit log is verified, and the verifying is in it', async () => {
    await run('migrate')
    expect(await run('audit verify --json')).toBe(0)
    expect(json()).toMatchObject({ ok: true, rows: 1 })
    expect(await acts()).toContain('command audit.verified')
    await inHouse(async ({ db }) => {
      const off =
        ground === 'sqlite' ? 'drop trigger audit_no_update' : 'drop trigger audit_append_only on audit'
      await sql.raw(off).execute(db.maintenance)
      await sql`update audit set actor_id = 'nobody' where seq = 1`.execute(db.maintenance)
    })
    expect(await run('audit verify')).toBe(1)
    expect(out.join()).toContain('Row 1 was changed')
  })

  test('after an older backup was put back the audit log says what happened, and goes on once that is accepted', async () => {
    await run('migrate')
    await run(user, password)
    await inHouse(async (house) => {
      const { seq } = await signAudit(house, { actor: system('audit'), act: 'audit.checkpointed' })
      const off =
        ground === 'sqlite' ? 'drop trigger audit_no_delete' : 'drop trigger audit_append_only on audit'
      await sql.raw(off).execute(house.db.maintenance)
      await sql`delete from audit where seq = ${seq}`.execute(house.db.maintenance)
      await sql`delete from audit_checkpoint`.execute(house.db.maintenance)
    })
    expect(await run('audit verify')).toBe(1)
    expect(out.join()).toMatch(/an older backup of the data was put back, or somebody cut/)
    expect(await run('audit accept-restored')).toBe(0)
    expect(await run('audit verify')).toBe(0)
    expect(await acts()).toContain('command audit.restored')
  })

  test('the installation key is changed while a server runs, twice, and the server is not started again', async () => {
    await run('migrate')
    await run(user, password)
    const file = join(env.DATA_DIR as string, 'keyring', 'master.key')
    const keys = new Set([await readFile(file, 'utf8')])
    const server = await openHouse({ config: loadConfig(env), log: createLog({ level: 'silent' }) })
    try {
      for (const after of [1, 2]) {
        expect(await run('keys rotate --json')).toBe(0)
        expect(json()).toMatchObject({ ok: true, step: 'done' })
        expect(json().rewrapped).toBeGreaterThan(1)
        keys.add(await readFile(file, 'utf8'))
        expect(keys.size).toBe(after + 1)
        await expect(readFile(`${file}.previous`)).rejects.toThrow('ENOENT')
        await server.keyring.create({ class: 'content' })
        await signIn(server, 'ana@example.org', password)
      }
    } finally {
      await server.close()
    }
    await inHouse(async (house) => {
      await signIn(house, 'ana@example.org', password)
      expect((await house.keyring.verify(100)).broken).toEqual([])
    })
    expect((await acts()).filter((act) => act === 'command keys.rotated')).toHaveLength(2)
  })

  test('what it says leaves no backup without its key, and does not call an old change a new one', async () => {
    await run('migrate')
    await run(user, password)
    expect(await run('keys rotate')).toBe(0)
    expect(out.join()).toMatch(
      /wrapped anew\.\n1\. Copy .*\n2\. .* new backup of the keyring.*\n3\. Then delete .* former key.*$/,
    )
    const dir = join(env.DATA_DIR as string, 'keyring')
    await inHouse(({ keyring }) => keyring.alone((state) => beginKeyChange(dir, state)))
    expect(await run('doctor --json')).toBe(0)
    expect(out.join()).toContain('Run: fairframe keys rotate')
    expect(await run('keys rotate')).toBe(0)
    expect(out.join()).toContain('begun earlier')
  })

  test('a key from the environment is changed by giving both', async () => {
    const key = () => Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64')
    const former = key()
    env.MASTER_KEY = former
    await run('migrate')
    await run(user, password)
    expect(await run('keys rotate')).toBe(1)
    expect(errors.join()).toContain('MASTER_KEY_PREVIOUS')
    env.MASTER_KEY_PREVIOUS = former
    expect(await run('keys rotate')).toBe(1)
    expect(errors.join()).toContain('are the same key')
    const stale = await openHouse({
      config: loadConfig({ ...env, MASTER_KEY_PREVIOUS: '' }),
      log: createLog({ level: 'silent' }),
    })
    try {
      env.MASTER_KEY = key()
      expect(await run('keys rotate')).toBe(0)
      expect(out.join()).toContain('Take MASTER_KEY_PREVIOUS out')
      await expect(stale.keyring.create({ class: 'content' })).rejects.toMatchObject({
        code: 'installation_key_changed',
      })
    } finally {
      await stale.close()
    }
    expect(await run('keys rotate')).toBe(0)
    expect(out.join()).toContain('were exchanged')
    delete env.MASTER_KEY_PREVIOUS
    await inHouse((house) => signIn(house, 'ana@example.org', password))
    env.MASTER_KEY_PREVIOUS = former
    delete env.MASTER_KEY
    expect(await run('keys rotate')).toBe(1)
    expect(errors.join()).toMatch(/^MASTER_KEY_PREVIOUS is the key before MASTER_KEY/)
  })

  const examined = async () => {
    const code = await run('doctor --json')
    const found = (json().findings as { about: string; state: string }[]).filter(
      ({ state }) => state === 'error',
    )
    return { code, wrong: found.map(({ about }) => about) }
  }

  test('the doctor says so when nothing is wrong, and names a broken promise', async () => {
    await run('migrate')
    expect(await run('doctor')).toBe(0)
    expect(out.join('\n')).toMatch(/ok +provenance: signed and read a picture/)
    await inHouse(({ db }) =>
      sql`insert into promise_check (promise, state, evidence, checked_at)
        values ('T1', 'broken', '{}', ${Date.now()})`.execute(db.maintenance),
    )
    expect(await examined()).toEqual({ code: 1, wrong: ['promises'] })
  })

  test('the doctor names the part that is wrong', async () => {
    const folder = env.DATA_DIR as string
    env.DATA_DIR = join(folder, 'none')
    expect(await examined()).toEqual({ code: 1, wrong: ['folder'] })
    env.DATA_DIR = folder
    expect(await examined()).toEqual({ code: 1, wrong: ['house'] })
    await run('migrate')
    env.FFMPEG_PATH = '/nowhere/ffmpeg'
    env.SMTP_URL = 'smtp://127.0.0.1:1'
    env.MAIL_FROM = 'a@b.org'
    expect(await examined()).toEqual({ code: 1, wrong: ['ffmpeg', 'mail', 'provenance'] })
    env.APP_URL = 'ftp://x'
    expect(await examined()).toEqual({ code: 1, wrong: ['settings'] })
    delete env.APP_URL
    delete env.SMTP_URL
    const key = join(folder, 'keyring', 'master.key')
    await chmod(key, 0o644)
    expect(await examined()).toEqual({ code: 1, wrong: ['ffmpeg', 'house'] })
    await chmod(key, 0o600)
    await writeFile(key, 'x', { mode: 0o600 })
    expect(await examined()).toEqual({ code: 1, wrong: ['ffmpeg', 'house'] })
  })

  test('promises are looked at by name, and a broken one ends with 1', async () => {
    await run('migrate')
    expect(await run('promises t1 S4 --json')).toBe(0)
    expect((json() as { id: string; state: string }[]).map(({ id, state }) => `${id} ${state}`)).toEqual([
      'T1 kept',
      'S4 kept',
    ])
    await inHouse(({ db }) => sql`alter table subject add column shoe_size integer`.execute(db.maintenance))
    expect(await run('promises C1')).toBe(1)
    expect(out.join()).toContain('subject.shoe_size')
    expect(await run('promises Z9')).toBe(1)
    expect(await acts()).toContain('command promises.check_asked')
  })
})
