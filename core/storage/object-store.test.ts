/**
 * The contract over both stores, and what only one of them can get wrong.
 *
 * Pinned failures: files that others on the machine can read; a symbolic link followed out of the store; leftovers of a killed
 * put that stay for ever, or those of a running one that are swept; a full disk as a bare errno; folders that keep the id of
 * what was deleted; an upload the server misread counted as stored; a broken download that ends like a complete one; a wrong
 * access key that is reported as a missing file.
 */
import { execFile, execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { HOUR, systemClock } from '#core/clock/clock.ts'
import { type S3Double, s3Double } from '#test/doubles/s3.ts'
import { localStore } from './local-store.ts'
import { allOf, bytesOf, objectStoreContract, pieces } from './object-store.contract.ts'
import { type ObjectStore, StoreUnusable } from './object-store.ts'
import { type S3Store, s3Store } from './s3-store.ts'

const MIB = 1024 * 1024

async function temporaryRoot() {
  return await mkdtemp(join(tmpdir(), 'store-'))
}

objectStoreContract('local disk', async () => {
  const root = await temporaryRoot()
  return {
    store: localStore({ root, clock: systemClock }),
    leftovers: async () => (await readdir(join(root, '.temporary'))).length,
    close: () => rm(root, { recursive: true }),
  }
})

objectStoreContract('S3, by the double', async () => {
  const double = await s3Double({ pageSize: 3 })
  const store = s3Store({ ...double, forcePathStyle: true, clock: systemClock })
  return {
    store,
    leftovers: async () => double.openUploads(),
    close: () => {
      store.close()
      return double.close()
    },
  }
})

describe('local disk alone', () => {
  let root: string
  let store: ObjectStore
  beforeEach(async () => {
    root = await temporaryRoot()
    store = localStore({ root, clock: systemClock })
  })
  afterEach(() => rm(root, { recursive: true, force: true }))

  test('files and folders are for the owner only', async () => {
    await store.put('a/b/c', pieces(Buffer.from('x')))
    expect((await stat(join(root, 'a/b/c'))).mode & 0o777).toBe(0o600)
    for (const folder of ['a', 'a/b', '.temporary'])
      expect((await stat(join(root, folder))).mode & 0o777).toBe(0o700)
  })

  test('symbolic links are not followed, neither for a file nor for a folder', async () => {
    const outside = await temporaryRoot()
    await writeFile(join(outside, 'secret'), 'secret')
    await symlink(join(outside, 'secret'), join(root, 'file'))
    await symlink(outside, join(root, 'folder'))
    await expect(store.get('file')).rejects.toThrow('symbolic link')
    await expect(store.head('file')).rejects.toThrow('symbolic link')
    await expect(store.get('folder/secret')).rejects.toThrow('symbolic link')
    await expect(store.head('folder/secret')).rejects.toThrow('symbolic link')
    await expect(store.put('folder/new', pieces(Buffer.from('x')))).rejects.toThrow('symbolic link')
    await expect(store.delete('folder/secret')).rejects.toThrow('symbolic link')
    expect(await allOf(store.list(''))).toEqual([])
    expect(await readdir(outside)).toEqual(['secret'])
    await rm(outside, { recursive: true })
  })

  test('a deleted object takes its empty folders along, and no others', async () => {
    await store.put('subject/thing/file', pieces(Buffer.from('x')))
    await store.put('other/file', pieces(Buffer.from('x')))
    await store.delete('subject/thing/file')
    expect((await readdir(root)).sort()).toEqual(['.temporary', 'other'])
  })

  test('the sweep removes what a killed put left, and spares one that is running', async () => {
    await store.put('a', pieces(Buffer.from('x')))
    await writeFile(join(root, '.temporary', 'killed'), 'half')
    const old = (Date.now() - 2 * HOUR) / 1000
    await utimes(join(root, '.temporary', 'killed'), old, old)
    const running = store.put(
      'b',
      (async function* () {
        yield randomBytes(MIB)
        expect(await store.sweepTemporary(HOUR)).toBe(1)
      })(),
    )
    expect(await running).toEqual({ size: MIB })
    expect(await store.sweepTemporary(HOUR)).toBe(0)
  })

  test('where a file stands in the way of a folder, the error says what is wrong', async () => {
    await store.put('a', pieces(Buffer.from('x')))
    await expect(store.put('a/b', pieces(Buffer.from('x')))).rejects.toThrow(StoreUnusable)
    await expect(store.get('a/b')).rejects.toThrow('object_missing')
  })

  test('a root that is no folder fails the check', async () => {
    await writeFile(join(root, 'file'), '')
    const broken = localStore({ root: join(root, 'file'), clock: systemClock })
    await expect(broken.check()).rejects.toThrow(StoreUnusable)
  })

  test('a file that was cut while it is read is an error', async () => {
    await store.put('cut', pieces(randomBytes(3 * MIB)))
    async function readCut() {
      for await (const _ of await store.get('cut')) await writeFile(join(root, 'cut'), 'short')
    }
    await expect(readCut()).rejects.toThrow('ended early')
  })

  const mayMount = (() => {
    try {
      execFileSync('unshare', ['-Urm', 'mount', '-t', 'tmpfs', 'none', '/mnt'], { stdio: 'ignore' })
      return true
    } catch {
      return false
    }
  })()

  test.skipIf(!mayMount)('a full disk is named, and the failed put leaves nothing on it', async () => {
    const script = `
      import { localStore } from ${JSON.stringify(join(import.meta.dirname, 'local-store.ts'))}
      import { readdirSync } from 'node:fs'
      const store = localStore({ root: '/mnt/root', clock: { now: () => Date.now() } })
      async function* much() { for (let i = 0; i < 40; i++) yield Buffer.alloc(100_000) }
      const code = await store.put('much', much()).catch((error) => error.code)
      console.log(JSON.stringify([code, readdirSync('/mnt/root/.temporary'), await store.head('much') ?? null]))`
    const { stdout } = await promisify(execFile)(
      'unshare',
      [
        '-Urm',
        'sh',
        '-c',
        'mount -t tmpfs -o size=1m none /mnt && exec "$0" --input-type=module-typescript -e "$1"',
        process.execPath,
        script,
      ],
      { cwd: process.cwd() },
    )
    expect(JSON.parse(stdout)).toEqual(['storage_full', [], null])
  })
})

describe('S3 alone', () => {
  let double: S3Double
  let store: S3Store
  beforeAll(async () => {
    double = await s3Double({ pageSize: 2 })
    store = s3Store({ ...double, forcePathStyle: true, clock: systemClock })
  })
  afterAll(async () => {
    store.close()
    await double.close()
  })
  const small = Buffer.from('a small object')
  const threeParts = () => pieces(...Array.from({ length: 20 }, () => randomBytes(MIB)))

  test('a server that stored another length than was sent is not believed', async () => {
    double.truncateNext()
    await expect(store.put('misread', pieces(small))).rejects.toThrow('another number of bytes')
    expect(double.stored('misread')).toBeUndefined()
  })

  test('a moment of trouble is tried again, for single and for multipart uploads', async () => {
    double.failNext({ status: 503, code: 'SlowDown' })
    expect(await store.put('tried', pieces(small))).toEqual({ size: small.length })
    double.failNext({ status: 500, code: 'InternalError', method: 'PUT' })
    expect(await store.put('tried-parts', threeParts())).toEqual({ size: 20 * MIB })
    double.dropNext()
    expect(await store.put('tried', pieces(small))).toEqual({ size: small.length })
  })

  test('a part that keeps failing aborts the upload and stops reading the source', async () => {
    double.failNext({ status: 500, code: 'InternalError', method: 'PUT', times: 3 })
    let given = 0
    let left = false
    async function* endless() {
      try {
        for (;;) {
          given += 1
          yield randomBytes(MIB)
        }
      } finally {
        left = true
      }
    }
    await expect(store.put('failing', endless())).rejects.toThrow(StoreUnusable)
    expect(given).toBeLessThan(20)
    expect(left).toBe(true)
    expect(double.openUploads()).toBe(0)
  })

  test('an upload whose completion fails is aborted', async () => {
    double.failNext({ status: 403, code: 'AccessDenied', method: 'POST' })
    await expect(store.put('incomplete', threeParts())).rejects.toThrow('may not use the bucket')
    expect(double.openUploads()).toBe(0)
    expect(await store.head('incomplete')).toBeUndefined()
  })

  test('a download that breaks off is an error, not a short file', async () => {
    await store.put('broken', pieces(randomBytes(MIB)))
    double.dropNext()
    await expect(store.get('broken').then(bytesOf)).rejects.toThrow('before the file was complete')
  })

  test('the sweep aborts old multipart uploads over all pages and leaves younger ones', async () => {
    const killed = s3Store({ ...double, forcePathStyle: true, clock: systemClock })
    const stop = new AbortController()
    const begun: Promise<unknown>[] = []
    for (const key of ['s/1', 's/2', 's/3']) {
      await new Promise<void>((started) => {
        async function* stalled() {
          for (let i = 0; i < 10; i++) yield randomBytes(MIB)
          started()
          await new Promise(() => {})
        }
        begun.push(killed.put(key, stalled(), { signal: stop.signal }).catch(() => {}))
      })
    }
    expect(double.openUploads()).toBe(3)
    expect(await store.sweepTemporary(HOUR)).toBe(0)
    const later = s3Store({ ...double, forcePathStyle: true, clock: { now: () => Date.now() + 2 * HOUR } })
    expect(await later.sweepTemporary(HOUR)).toBe(3)
    expect(double.openUploads()).toBe(0)
    stop.abort()
    await Promise.all(begun)
    killed.close()
    later.close()
  })

  test('objects of others in the bucket are not listed', async () => {
    double.replace('others/Not Ours.MP4', small)
    expect(await allOf(store.list('others/'))).toEqual([])
  })

  test.each([
    [{ bucket: 'nowhere' }, 'The bucket {bucket} does not exist.'],
    [{ accessKeyId: 'stranger' }, 'The object storage refuses the access key ({code}).'],
    [{ secretAccessKey: 'wrong' }, 'The object storage refuses the access key ({code}).'],
    [{ endpoint: 'http://127.0.0.1:9' }, 'The object storage cannot be reached ({code}).'],
  ])('with %o the check says what is wrong, and a file is not called missing', async (wrong, sentence) => {
    const broken = s3Store({ ...double, forcePathStyle: true, clock: systemClock, ...wrong })
    await expect(broken.check()).rejects.toMatchObject({
      code: 'storage_unusable',
      sentence: { text: sentence },
    })
    await expect(broken.get('some/file')).rejects.toThrow(StoreUnusable)
    broken.close()
  })
})
