/**
 * Failures this pins: two processes that each make a root, so that half of what they stamp is nobody's; a private key
 * readable on the disk; a certificate that is used until the day it expires; a wrong secret that quietly makes new keys.
 */
import { X509Certificate } from 'node:crypto'
import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { DAY, movableClock } from '#core/clock/clock.ts'
import { run, temporaryFolder, testAuthority } from './testing.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let keys: string

beforeEach(async () => {
  folder = await temporaryFolder()
  keys = join(folder.path, 'provenance')
})
afterEach(() => folder.remove())

test('the first start makes a root and a certificate of the shape C2PA asks for', async () => {
  const clock = movableClock()
  const authority = await testAuthority(keys, { clock })
  const leaf = await authority.leaf()
  const root = new X509Certificate(authority.rootPem)
  const certificate = new X509Certificate(leaf.chain[0] ?? '')

  expect(root.subject).toBe('CN=video.example.org local provenance root\nO=video.example.org')
  expect(root.ca).toBe(true)
  expect(certificate.ca).toBe(false)
  expect(certificate.checkIssued(root) && certificate.verify(root.publicKey)).toBe(true)
  expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.4', '1.3.6.1.4.1.62558.2.1'])
  expect(authority.rootFingerprint).toBe(root.fingerprint256.replaceAll(':', '').toLowerCase())
  expect(leaf.fingerprint).toBe(certificate.fingerprint256.replaceAll(':', '').toLowerCase())
  expect(leaf.renewsAt).toBe(clock.now() + 365 * DAY)
  expect(leaf.expiresAt).toBe(clock.now() + 3650 * DAY)
  expect(Date.parse(root.validTo)).toBe(clock.now() + 7300 * DAY)
  await authority.trialSign()
})

test('openssl accepts the chain', async () => {
  const authority = await testAuthority(keys)
  await writeFile(join(folder.path, 'root.pem'), authority.rootPem)
  await writeFile(join(folder.path, 'leaf.pem'), (await authority.leaf()).chain.join('\n'))
  const { stdout } = await run('openssl', ['verify', '-x509_strict', '-CAfile', 'root.pem', 'leaf.pem'], {
    cwd: folder.path,
  })
  expect(stdout).toBe('leaf.pem: OK\n')
})

test('the next start finds the same', async () => {
  const first = await testAuthority(keys)
  const second = await testAuthority(keys, { host: 'renamed.example.org' })
  expect(second.rootPem).toBe(first.rootPem)
  expect((await second.leaf()).fingerprint).toBe((await first.leaf()).fingerprint)
})

test('processes that start at the same moment end with the same root and certificate', async () => {
  const module = join(import.meta.dirname, 'testing.ts')
  const code = `
    const { testAuthority } = await import(${JSON.stringify(module)})
    process.stdin.once('data', async () => {
      const authority = await testAuthority(${JSON.stringify(keys)})
      console.log(authority.rootFingerprint, (await authority.leaf()).fingerprint)
      process.exit(0)
    })
    console.error('ready')`
  const children = Array.from({ length: 4 }, () => run(process.execPath, ['--input-type=module', '-e', code]))
  await Promise.all(children.map(({ child }) => new Promise((ready) => child.stderr?.once('data', ready))))
  for (const { child } of children) child.stdin?.end('go')
  const answers = await Promise.all(children.map(async (child) => (await child).stdout))
  expect(new Set(answers).size).toBe(1)
  expect((await readdir(keys)).sort()).toEqual(['leaf-0001.json', 'root.json'])
})

test('a certificate signs for one year, then the next one does, whoever notices first', async () => {
  const clock = movableClock()
  const [here, there] = [await testAuthority(keys, { clock }), await testAuthority(keys, { clock })]
  const first = await here.leaf()
  clock.advance(364 * DAY)
  expect((await here.leaf()).fingerprint).toBe(first.fingerprint)
  clock.advance(1 * DAY)
  const [second, same] = await Promise.all([here.leaf(), there.leaf()])
  expect(second.fingerprint).not.toBe(first.fingerprint)
  expect(same.fingerprint).toBe(second.fingerprint)
  expect((await (await testAuthority(keys, { clock })).leaf()).fingerprint).toBe(second.fingerprint)
  clock.advance(3 * 365 * DAY)
  const third = await there.leaf()
  expect(third.renewsAt).toBe(clock.now() + 365 * DAY)
  expect((await readdir(keys)).sort()).toEqual([
    'leaf-0001.json',
    'leaf-0002.json',
    'leaf-0003.json',
    'root.json',
  ])
})

test('no certificate outlives the root that vouches for it', async () => {
  const clock = movableClock()
  const authority = await testAuthority(keys, { clock })
  clock.advance(15 * 365 * DAY)
  expect((await authority.leaf()).expiresAt).toBe(Date.parse(new X509Certificate(authority.rootPem).validTo))
  clock.advance(6 * 365 * DAY)
  await expect(authority.trialSign()).rejects.toMatchObject({ code: 'provenance_key_unreadable' })
})

test('keys lie encrypted, in files and a folder for this user alone', async () => {
  const plain: Buffer[] = []
  await testAuthority(keys, {
    protect: async (bytes) => {
      plain.push(Buffer.from(bytes))
      return bytes.map((byte) => byte ^ 0x5a)
    },
  })
  expect(plain).toHaveLength(2)
  expect((await stat(keys)).mode & 0o777).toBe(0o700)
  for (const name of await readdir(keys)) {
    expect((await stat(join(keys, name))).mode & 0o777).toBe(0o600)
    const content = await readFile(join(keys, name), 'utf8')
    for (const key of plain) expect(content).not.toContain(key.toString('base64'))
  }
})

test('with another secret, or a damaged file, it stops and makes nothing new', async () => {
  await testAuthority(keys)
  const before = await readdir(keys)
  const wrong = testAuthority(keys, { unprotect: () => Promise.reject(new Error('bad tag')) })
  await expect(wrong).rejects.toMatchObject({ code: 'provenance_key_unreadable', status: 503 })
  await expect(testAuthority(keys, { unprotect: async (bytes) => bytes })).rejects.toMatchObject({
    code: 'provenance_key_unreadable',
  })
  await writeFile(join(keys, 'root.json'), '{"certificate":')
  await expect(testAuthority(keys)).rejects.toMatchObject({ code: 'provenance_key_unreadable' })
  expect(await readdir(keys)).toEqual(before)
})

test('a certificate under another root is not signed with', async () => {
  const other = join(folder.path, 'other')
  await Promise.all([testAuthority(keys), testAuthority(other)])
  await writeFile(join(keys, 'leaf-0001.json'), await readFile(join(other, 'leaf-0001.json')))
  await expect(testAuthority(keys)).rejects.toMatchObject({ code: 'provenance_key_unreadable' })
})
