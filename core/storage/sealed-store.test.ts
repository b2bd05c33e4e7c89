/**
 * Pinned failures: plain bytes in the store; a small range of a large file that reads the whole of it; a file exchanged for
 * another of the same thing; a missing file and a damaged one told apart wrongly; a key asked for under the wrong id; memory
 * that grows with the file.
 */
import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { systemClock } from '#core/clock/clock.ts'
import { SealBroken } from '#core/crypto/stream/format.ts'
import { s3Double } from '#test/doubles/s3.ts'
import { localStore } from './local-store.ts'
import { bytesOf, pieces } from './object-store.contract.ts'
import { ObjectMissing, type ObjectStore } from './object-store.ts'
import { s3Store } from './s3-store.ts'
import { type SealedStore, sealedStore } from './sealed-store.ts'

const MIB = 1024 * 1024

const grounds: [string, () => Promise<{ store: ObjectStore; close(): Promise<void> }>][] = [
  [
    'local disk',
    async () => {
      const root = await mkdtemp(join(tmpdir(), 'sealed-'))
      return { store: localStore({ root, clock: systemClock }), close: () => rm(root, { recursive: true }) }
    },
  ],
  [
    'S3, by the double',
    async () => {
      const double = await s3Double()
      const store = s3Store({ ...double, forcePathStyle: true, clock: systemClock })
      return {
        store,
        close: () => {
          store.close()
          return double.close()
        },
      }
    },
  ],
]

describe.each(grounds)('sealed files on %s', (_, make) => {
  let ground: { store: ObjectStore; close(): Promise<void> }
  let reads: string[]
  let sealed: SealedStore
  beforeAll(async () => {
    ground = await make()
  })
  afterAll(() => ground?.close())
  beforeEach(() => {
    reads = []
    sealed = sealedStore({
      ...ground.store,
      get: (key, range, opts) => {
        reads.push(`${range?.start}-${range?.end}`)
        return ground.store.get(key, range, opts)
      },
    })
  })

  const key = { id: 'key_a', bytes: randomBytes(32) }
  const keyOf = async (id: string) => {
    expect(id).toBe('key_a')
    return key.bytes
  }
  const video = randomBytes(20 * MIB + 11)

  test('a file comes back whole, with the size and hash of its plain bytes', async () => {
    const put = await sealed.put('gen/video.mp4', key, pieces(video.subarray(0, MIB), video.subarray(MIB)))
    expect(put).toEqual({ size: video.length, sha256: createHash('sha256').update(video).digest('hex') })
    const opened = await sealed.open('gen/video.mp4', keyOf, { expectedSize: video.length })
    expect(opened).toMatchObject({ size: video.length, keyId: 'key_a' })
    expect((await bytesOf(opened.read())).equals(video)).toBe(true)
  })

  test('without a digest it is not hashed', async () => {
    expect(await sealed.put('gen/unhashed', key, pieces(video), { digest: false })).toEqual({
      size: video.length,
    })
  })

  test('what lies in the store holds nothing of the plain bytes', async () => {
    const marker = Buffer.from('a sentence about a person ').toString()
    await sealed.put('gen/prompt', key, pieces(Buffer.from(marker.repeat(1000))))
    const raw = await bytesOf(await ground.store.get('gen/prompt'))
    expect(raw.includes(marker)).toBe(false)
    expect(raw.includes(key.bytes)).toBe(false)
  })

  test('a small range takes two reads and no more than the chunks it lies in', async () => {
    await sealed.put('gen/range', key, pieces(video))
    const opened = await sealed.open('gen/range', keyOf)
    const middle = 10 * MIB + 5
    expect(
      (await bytesOf(opened.read({ start: middle, end: middle + 9 }))).equals(
        video.subarray(middle, middle + 10),
      ),
    ).toBe(true)
    expect(reads).toHaveLength(2)
    const [start, end] = (reads[1] as string).split('-').map(Number)
    expect((end as number) - (start as number) + 1).toBe(256 * 1024 + 16)
    await bytesOf(opened.read({ start: video.length - 1, end: video.length + 100 }))
    expect(reads).toHaveLength(3)
  })

  test('a poster takes one read, and an empty file is one', async () => {
    await sealed.put('gen/poster', key, pieces(video.subarray(0, 50_000)))
    const opened = await sealed.open('gen/poster', keyOf)
    expect((await bytesOf(opened.read())).equals(video.subarray(0, 50_000))).toBe(true)
    expect((await bytesOf(opened.read({ start: 1, end: 2 }))).equals(video.subarray(1, 3))).toBe(true)
    expect(reads).toHaveLength(1)
    await sealed.put('gen/empty', key, pieces())
    const empty = await sealed.open('gen/empty', keyOf)
    expect(empty.size).toBe(0)
    expect((await bytesOf(empty.read())).length).toBe(0)
  })

  test('a file put in the place of another of the same thing does not open', async () => {
    await sealed.put('gen/one', key, pieces(Buffer.from('one')))
    await ground.store.put('gen/two', await ground.store.get('gen/one'))
    const opened = await sealed.open('gen/two', keyOf)
    await expect(bytesOf(opened.read())).rejects.toThrow(SealBroken)
  })

  test('missing, damaged, cut and keyless files are told apart', async () => {
    await expect(sealed.open('gen/none', keyOf)).rejects.toThrow(ObjectMissing)
    await ground.store.put('gen/nothing', pieces())
    await expect(sealed.open('gen/nothing', keyOf)).rejects.toThrow(SealBroken)
    await ground.store.put('gen/plain', pieces(video.subarray(0, 1000)))
    await expect(sealed.open('gen/plain', keyOf)).rejects.toThrow(SealBroken)

    await sealed.put('gen/cut', key, pieces(video.subarray(0, 3 * MIB)))
    const raw = await bytesOf(await ground.store.get('gen/cut'))
    await ground.store.put('gen/cut', pieces(raw.subarray(0, 44 + 4 * (256 * 1024 + 16))))
    await expect(sealed.open('gen/cut', keyOf, { expectedSize: 3 * MIB })).rejects.toThrow(SealBroken)
    const opened = await sealed.open('gen/cut', keyOf)
    expect(opened.size).toBe(MIB)
    await expect(bytesOf(opened.read())).rejects.toThrow(SealBroken)

    const gone = new Error('the key was destroyed')
    await expect(sealed.open('gen/cut', () => Promise.reject(gone))).rejects.toBe(gone)
  })

  test('a source that fails leaves nothing', async () => {
    async function* failing() {
      yield video
      throw new Error('render failed')
    }
    await expect(sealed.put('gen/failed', key, failing())).rejects.toThrow('render failed')
    expect(await ground.store.head('gen/failed')).toBeUndefined()
  })

  test('a deleted file is gone', async () => {
    await sealed.put('gen/deleted', key, pieces(video.subarray(0, 10)))
    await sealed.delete('gen/deleted')
    await expect(sealed.open('gen/deleted', keyOf)).rejects.toThrow(ObjectMissing)
  })

  test('an aborted read stops', async () => {
    await sealed.put('gen/aborted', key, pieces(video))
    const controller = new AbortController()
    const opened = await sealed.open('gen/aborted', keyOf)
    async function readOn() {
      for await (const _ of opened.read(undefined, controller.signal)) controller.abort(new Error('left'))
    }
    await expect(readOn()).rejects.toThrow('left')
  })
})
