/**
 * What every object store does, as tests. Run over local disk and the S3 double in `object-store.test.ts` and over a real
 * server in `test/slow/s3.test.ts`.
 *
 * Pinned failures: a range answered with the whole object; a failed or aborted put that leaves half an object or destroys
 * the one before; a listing that stops after its first page; deleting twice being an error; keys that climb out of the store.
 */
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { RangeOutside } from './byte-range.ts'
import { ObjectMissing, type ObjectStore } from './object-store.ts'

export interface ContractSubject {
  readonly store: ObjectStore
  /** Leftovers of puts that have not ended well: temporary files or open multipart uploads. */
  leftovers(): Promise<number>
  close(): Promise<void>
}

export async function* pieces(...parts: Uint8Array[]): AsyncGenerator<Uint8Array, void, undefined> {
  yield* parts
}

export async function bytesOf(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = []
  for await (const part of body) parts.push(part)
  return Buffer.concat(parts)
}

export async function allOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

const MIB = 1024 * 1024

export function objectStoreContract(name: string, open: () => Promise<ContractSubject>): void {
  describe(name, () => {
    let subject: ContractSubject
    let store: ObjectStore
    beforeAll(async () => {
      subject = await open()
      store = subject.store
    })
    afterAll(() => subject?.close())

    const bytes = randomBytes(3 * MIB + 17)

    test('what was put comes back, byte for byte', async () => {
      expect(await store.put('back/whole.mp4', pieces(bytes.subarray(0, 5), bytes.subarray(5)))).toEqual({
        size: bytes.length,
      })
      const body = await store.get('back/whole.mp4')
      expect(body.size).toBe(bytes.length)
      expect((await bytesOf(body)).equals(bytes)).toBe(true)
    })

    test('an empty object is an object', async () => {
      expect(await store.put('empty', pieces())).toEqual({ size: 0 })
      expect((await bytesOf(await store.get('empty'))).length).toBe(0)
      await expect(store.get('empty', { start: 0, end: 0 })).rejects.toThrow(RangeOutside)
    })

    test('an object larger than one upload part comes back', async () => {
      const large = randomBytes(19 * MIB + 3)
      async function* inSteps() {
        for (let at = 0; at < large.length; at += 300_001) yield large.subarray(at, at + 300_001)
      }
      expect(await store.put('large', inSteps())).toEqual({ size: large.length })
      expect((await bytesOf(await store.get('large'))).equals(large)).toBe(true)
      const part = await store.get('large', { start: 8 * MIB - 1, end: 8 * MIB })
      expect((await bytesOf(part)).equals(large.subarray(8 * MIB - 1, 8 * MIB + 1))).toBe(true)
    })

    test.each([
      [0, 0],
      [0, 9],
      [5, 2 * MIB],
      [bytes.length - 1, bytes.length - 1],
    ])('the range %i to %i holds both of its ends', async (start, end) => {
      await store.put('range', pieces(bytes))
      const body = await store.get('range', { start, end })
      expect(body.size).toBe(bytes.length)
      expect((await bytesOf(body)).equals(bytes.subarray(start, end + 1))).toBe(true)
    })

    test('a range that reaches beyond the end stops there, one that begins there is refused', async () => {
      await store.put('range-end', pieces(Buffer.from('0123456789')))
      expect((await bytesOf(await store.get('range-end', { start: 7, end: 1000 }))).toString()).toBe('789')
      await expect(store.get('range-end', { start: 10, end: 11 })).rejects.toThrow(RangeOutside)
      await expect(store.get('range-end', { start: 5, end: 4 })).rejects.toThrow(RangeOutside)
      await expect(store.get('range-end', { start: -1, end: 4 })).rejects.toThrow(RangeOutside)
    })

    test('a reader may leave early, and the object is still there', async () => {
      await store.put('left', pieces(bytes))
      for await (const piece of await store.get('left')) {
        expect(piece.length).toBeGreaterThan(0)
        break
      }
      expect((await store.head('left'))?.size).toBe(bytes.length)
    })

    test('what is not there is missing, and says so', async () => {
      await expect(store.get('nothing/here')).rejects.toThrow(ObjectMissing)
      await expect(store.get('nothing/here', { start: 0, end: 1 })).rejects.toThrow(ObjectMissing)
      expect(await store.head('nothing/here')).toBeUndefined()
    })

    test('head tells size and time', async () => {
      const before = Date.now()
      await store.put('head', pieces(Buffer.from('four')))
      const found = await store.head('head')
      expect(found?.size).toBe(4)
      // S3 keeps whole seconds.
      expect(Math.abs((found?.modifiedAt ?? 0) - before)).toBeLessThan(60_000)
    })

    test('deleting twice is fine', async () => {
      await store.put('gone/soon', pieces(Buffer.from('x')))
      await store.delete('gone/soon')
      await store.delete('gone/soon')
      expect(await store.head('gone/soon')).toBeUndefined()
      await expect(store.get('gone/soon')).rejects.toThrow(ObjectMissing)
    })

    test('a second put replaces the first', async () => {
      await store.put('twice', pieces(Buffer.from('the first, longer one')))
      await store.put('twice', pieces(Buffer.from('second')))
      expect((await bytesOf(await store.get('twice'))).toString()).toBe('second')
    })

    test.each([
      ['at once', 0],
      ['in the first part', 2 * MIB],
      ['after some parts', 18 * MIB],
    ])('a source that fails %s leaves nothing, and the object before it stays', async (_, after) => {
      await store.put('kept', pieces(Buffer.from('before')))
      // Looks like an error of the store, and is not: it must come back as it is.
      const failure = Object.assign(new Error('the provider hung up'), {
        code: 'ECONNRESET',
        syscall: 'read',
      })
      async function* failing() {
        for (let sent = 0; sent < after; sent += MIB) yield randomBytes(MIB)
        throw failure
      }
      await expect(store.put('kept', failing())).rejects.toBe(failure)
      await expect(store.put('never', failing())).rejects.toBe(failure)
      expect((await bytesOf(await store.get('kept'))).toString()).toBe('before')
      expect(await store.head('never')).toBeUndefined()
      expect(await subject.leftovers()).toBe(0)
    })

    test('an aborted put ends although its source hangs, and leaves nothing', async () => {
      const controller = new AbortController()
      const reason = new Error('no longer wanted')
      async function* hanging() {
        for (let sent = 0; sent < 10; sent++) yield randomBytes(MIB)
        controller.abort(reason)
        await new Promise(() => {})
      }
      await expect(store.put('aborted', hanging(), { signal: controller.signal })).rejects.toBe(reason)
      expect(await store.head('aborted')).toBeUndefined()
      expect(await subject.leftovers()).toBe(0)
    })

    test('a put with a signal that was aborted before does nothing', async () => {
      const put = store.put('aborted-before', pieces(bytes), {
        signal: AbortSignal.abort(new Error('early')),
      })
      await expect(put).rejects.toThrow('early')
      expect(await store.head('aborted-before')).toBeUndefined()
    })

    test('an aborted read stops with the reason', async () => {
      await store.put('read-aborted', pieces(bytes, bytes, bytes, bytes))
      const controller = new AbortController()
      const body = await store.get('read-aborted', undefined, { signal: controller.signal })
      async function readOn() {
        for await (const _ of body) controller.abort(new Error('closed the page'))
      }
      await expect(readOn()).rejects.toThrow('closed the page')
      const between = new AbortController()
      const unread = await store.get('read-aborted', undefined, { signal: between.signal })
      between.abort(new Error('closed at once'))
      await new Promise(setImmediate)
      await expect(bytesOf(unread)).rejects.toThrow('closed at once')
      const late = store.get('read-aborted', undefined, { signal: controller.signal })
      await expect(late).rejects.toThrow('closed the page')
    })

    test('lists every key under a prefix, in order, over all pages', async () => {
      const keys = ['l/a-b', 'l/a.b', 'l/a/1', 'l/a/2', 'l/a0', 'l/b/c/d', 'l/b/c_d', 'l2/x']
      for (const key of [...keys].reverse()) await store.put(key, pieces(Buffer.from(key)))
      const under = async (prefix: string) => (await allOf(store.list(prefix))).map((entry) => entry.key)
      expect(await under('l/')).toEqual(keys.slice(0, 7))
      expect(await under('l/a')).toEqual(keys.slice(0, 5))
      expect(await under('l/a/')).toEqual(['l/a/1', 'l/a/2'])
      expect(await under('l')).toEqual(expect.arrayContaining(keys))
      expect(await under('l/none')).toEqual([])
      const everything = await under('')
      expect(everything).toEqual(expect.arrayContaining(keys))
      expect(everything).toEqual([...everything].sort())
      const [entry] = await allOf(store.list('l/a-b'))
      expect(entry?.size).toBe(5)
      expect(Math.abs((entry?.modifiedAt ?? 0) - Date.now())).toBeLessThan(60_000)
    })

    test.each([
      '',
      '/a',
      'a/',
      'a//b',
      '../a',
      'a/../b',
      'a/./b',
      '.a',
      'a/.b',
      'A',
      'a b',
      'a\\b',
      'ä',
      'a\n',
      'a\0',
      `a${'b'.repeat(512)}`,
    ])('the key %j is refused', async (key) => {
      await expect(store.put(key, pieces(bytes))).rejects.toThrow(RangeError)
      await expect(store.get(key)).rejects.toThrow(RangeError)
      await expect(store.head(key)).rejects.toThrow(RangeError)
      await expect(store.delete(key)).rejects.toThrow(RangeError)
    })

    test('prefixes that climb are refused', async () => {
      await expect(allOf(store.list('../'))).rejects.toThrow(RangeError)
      await expect(allOf(store.list('/'))).rejects.toThrow(RangeError)
    })

    test('many puts and deletes in one folder at once', async () => {
      const putAndDelete = async (key: string) => {
        for (let round = 0; round < 25; round++) {
          await store.put(key, pieces(Buffer.from(key)))
          await store.delete(key)
        }
      }
      await Promise.all(['1', '2', '3', '4'].map((name) => putAndDelete(`busy/folder/${name}`)))
      expect(await allOf(store.list('busy/'))).toEqual([])
    })

    test('a usable store says so, and its check leaves nothing to list', async () => {
      const before = (await allOf(store.list(''))).length
      await store.check()
      expect((await allOf(store.list(''))).length).toBe(before)
      expect(await subject.leftovers()).toBe(0)
    })
  })
}
