/**
 * Pinned failures: a cut at a chunk boundary that reads like a shorter file; chunks exchanged, repeated or moved, within an
 * object or between two under the same key; a header that can be changed; bytes given out before they were verified; a range
 * that is off by one at a chunk's edge or reads the whole object; an empty file that cannot be told from a cut one; bytes of
 * the next step opened for those of this one, where both were read into the same memory.
 */
import { createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ByteRange } from '#core/storage/byte-range.ts'
import { RangeOutside } from '#core/storage/byte-range.ts'
import {
  LONGEST_HEADER,
  newHeader,
  nonceOf,
  plainSize,
  readSealedHeader,
  SealBroken,
  sealedSize,
} from './format.ts'
import { openRange } from './open.ts'
import { Pieces } from './pieces.ts'
import { sealStream } from './seal.ts'
import { CHUNK, inPieces, join, key, LOG2, open, STRIDE, seal, source } from './stream.testing.ts'

describe('what was sealed opens', () => {
  test('any size, given and read in pieces of any size', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.integer({ min: 0, max: 5 * CHUNK }),
          fc.constantFrom(0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK),
        ),
        fc.integer({ min: 1, max: 3 * CHUNK }),
        fc.integer({ min: 1, max: 3 * CHUNK }),
        async (size, given, read) => {
          const plain = randomBytes(size)
          const sealed = await seal(plain, { pieceSize: given })
          const header = readSealedHeader(sealed)
          expect(sealed.length).toBe(sealedSize(size, header))
          expect(plainSize(sealed.length, header)).toBe(size)
          expect((await open(sealed, undefined, { pieceSize: read })).equals(plain)).toBe(true)
        },
      ),
      { numRuns: 200 },
    )
  })

  test('any range equals that part of the plain bytes and reads its chunks alone', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 6 * CHUNK }),
        fc.nat(),
        fc.nat({ max: 7 * CHUNK }),
        fc.integer({ min: 1, max: 2 * CHUNK }),
        async (size, offset, length, pieceSize) => {
          const plain = randomBytes(size)
          const sealed = await seal(plain)
          const start = offset % size
          const end = start + length
          const from = source(sealed, { pieceSize })
          expect((await join(openRange(from, { start, end }))).equals(plain.subarray(start, end + 1))).toBe(
            true,
          )

          const first = Math.floor(start / CHUNK)
          const last = Math.floor(Math.min(end, size - 1) / CHUNK)
          expect(from.fetched).toHaveLength(1)
          const { start: read, end: readEnd } = from.fetched[0] as ByteRange
          expect(read).toBe(from.header.length + first * STRIDE)
          expect(readEnd).toBe(Math.min(from.header.length + (last + 1) * STRIDE, sealed.length) - 1)
        },
      ),
      { numRuns: 300 },
    )
  })

  test('ranges that hold nothing are refused, and of an empty object only all can be read', async () => {
    const sealed = await seal(randomBytes(10))
    await expect(open(sealed, { start: 10, end: 10 })).rejects.toThrow(RangeOutside)
    await expect(open(sealed, { start: 3, end: 2 })).rejects.toThrow(RangeOutside)
    const empty = await seal(Buffer.alloc(0))
    await expect(open(empty, { start: 0, end: 0 })).rejects.toThrow(RangeOutside)
    expect((await open(empty)).length).toBe(0)
  })

  test('the format is the documented one, opened here by hand', async () => {
    const plain = randomBytes(CHUNK + 5)
    const sealed = await seal(plain, { context: 'a/b' })
    expect(sealed.toString('latin1', 0, 4)).toBe('FFS1')
    expect([...sealed.subarray(4, 7)]).toEqual([1, LOG2, 6])
    expect(sealed.toString('latin1', 7, 13)).toBe('key_01')
    const header = sealed.subarray(0, 45)
    const info = Buffer.concat([Buffer.from('fairframe sealed object v1\0'), header, Buffer.from('a/b')])
    const derived = Buffer.from(hkdfSync('sha256', key.bytes, header.subarray(13), info, 39))
    const nonce = Buffer.concat([derived.subarray(32), Buffer.from([0, 0, 0, 1, 1])])
    const decipher = createDecipheriv('aes-256-gcm', derived.subarray(0, 32), nonce)
    decipher.setAuthTag(sealed.subarray(-16))
    const last = Buffer.concat([decipher.update(sealed.subarray(45 + STRIDE, -16)), decipher.final()])
    expect(last.equals(plain.subarray(CHUNK))).toBe(true)
  })

  test('sealing holds one chunk of its source, and leaving it leaves the source', async () => {
    let given = 0
    let left = false
    async function* endless() {
      try {
        for (;;) {
          given += CHUNK
          yield randomBytes(CHUNK)
        }
      } finally {
        left = true
      }
    }
    let taken = 0
    for await (const piece of sealStream(key, endless(), { chunkLog2: LOG2 })) {
      taken += piece.length
      expect(given - taken).toBeLessThanOrEqual(2 * CHUNK)
      if (taken > 50 * CHUNK) break
    }
    expect(left).toBe(true)
  })
})

describe('what was changed is refused', () => {
  const plain = randomBytes(3 * CHUNK + 100)

  /** All bytes that come out before the refusal must be right, whatever was done to the object. */
  async function expectRefused(sealed: Buffer, options: { context?: string; own?: Buffer } = {}) {
    const given: Uint8Array[] = []
    const reading = (async () => {
      for await (const piece of openRange(source(sealed, options))) given.push(piece)
    })()
    await expect(reading).rejects.toThrow(SealBroken)
    const out = Buffer.concat(given)
    expect(out.equals(plain.subarray(0, out.length))).toBe(true)
  }

  test('any single bit, header included', async () => {
    const sealed = await seal(plain)
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.nat({ max: 45 * 8 - 1 }), fc.nat({ max: sealed.length * 8 - 1 })),
        async (bit) => {
          const changed = Buffer.from(sealed)
          changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7))
          await expectRefused(changed)
        },
      ),
      { numRuns: 500 },
    )
  })

  test('any cut, also where a chunk ends', async () => {
    const sealed = await seal(plain)
    const header = readSealedHeader(sealed).length
    for (const length of [
      header + 3 * STRIDE,
      header + 2 * STRIDE,
      header + STRIDE,
      header + 16,
      header,
      header - 1,
      6,
      0,
    ])
      await expectRefused(sealed.subarray(0, length))
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: sealed.length - 1 }), (length) =>
        expectRefused(sealed.subarray(0, length)),
      ),
    )
  })

  test('any extension, also by chunks of its own', async () => {
    const sealed = await seal(plain)
    const header = readSealedHeader(sealed).length
    await expectRefused(Buffer.concat([sealed, sealed.subarray(header, header + STRIDE)]))
    await expectRefused(Buffer.concat([sealed, sealed.subarray(header + 3 * STRIDE)]))
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 3 * STRIDE }), (more) =>
        expectRefused(Buffer.concat([sealed, more])),
      ),
    )
  })

  test('chunks in another order, missing or repeated', async () => {
    const sealed = await seal(plain)
    const header = readSealedHeader(sealed).length
    const chunk = (i: number) => sealed.subarray(header + i * STRIDE, header + (i + 1) * STRIDE)
    for (const order of [[1, 0, 2, 3], [0, 2, 1, 3], [0, 1, 3], [1, 2, 3], [0, 0, 1, 2, 3], [3], [0, 1, 2]])
      await expectRefused(Buffer.concat([sealed.subarray(0, header), ...order.map(chunk)]))
  })

  test('chunks and headers of another object under the same key', async () => {
    const [one, two] = [await seal(plain), await seal(plain)]
    const header = readSealedHeader(one).length
    expect(one.subarray(header).equals(two.subarray(header))).toBe(false)
    await expectRefused(Buffer.concat([one.subarray(0, header + STRIDE), two.subarray(header + STRIDE)]))
    await expectRefused(Buffer.concat([one.subarray(0, header), two.subarray(header)]))
  })

  test('another key, another key id or another context', async () => {
    await expectRefused(await seal(plain), { own: randomBytes(32) })
    await expectRefused(await seal(plain, { context: 'gen_1/video' }), { context: 'gen_1/poster' })
    const renamed = await seal(plain)
    renamed.write('key_02', 7, 'latin1')
    expect(readSealedHeader(renamed).keyId).toBe('key_02')
    await expectRefused(renamed)
  })

  test('a store that gives less or more than was asked for', async () => {
    const sealed = await seal(plain)
    const honest = source(sealed)
    for (const answer of [
      sealed.subarray(45, 45 + STRIDE - 1),
      sealed.subarray(45, 45 + STRIDE + 1),
      sealed,
      Buffer.alloc(0),
    ])
      await expect(
        join(openRange({ ...honest, fetch: async () => inPieces(answer) }, { start: 0, end: 5 })),
      ).rejects.toThrow(SealBroken)
  })

  test('a changed chunk outside the range does not matter, one inside does before its first byte', async () => {
    const sealed = await seal(plain)
    const at = 45 + STRIDE + 900
    sealed[at] = (sealed[at] as number) ^ 1
    expect((await open(sealed, { start: 0, end: CHUNK - 1 })).equals(plain.subarray(0, CHUNK))).toBe(true)
    await expect(open(sealed, { start: CHUNK, end: CHUNK })).rejects.toThrow(SealBroken)
  })
})

describe('memory', () => {
  const plain = randomBytes(9 * CHUNK + 77)

  test('lent by the store may be overwritten as soon as the next piece is asked for', async () => {
    const sealed = await seal(plain)
    for (const size of [STRIDE, 2 * STRIDE, 2 * STRIDE - 1, 700]) {
      const memory = Buffer.alloc(size)
      async function* overwritten(range: ByteRange) {
        for await (const piece of inPieces(sealed.subarray(range.start, range.end + 1), size)) {
          memory.set(piece)
          yield memory.subarray(0, piece.length)
          memory.fill(0)
        }
      }
      const lending = async (range: ByteRange) => Object.assign(overwritten(range), { lent: true })
      const opened = await join(
        openRange({ ...source(sealed), fetch: lending }, { start: 5, end: 8 * CHUNK }),
      )
      expect(opened.equals(plain.subarray(5, 8 * CHUNK + 1)), `pieces of ${size}`).toBe(true)
    }
  })

  test('of what is given out is shared with nothing, so that whoever is done with it may let go of it', async () => {
    const sealed = await seal(plain)
    for (const pieceSize of [undefined, STRIDE, 300, 16, 1]) {
      const seen = new Set<ArrayBufferLike>([sealed.buffer, Buffer.from('pooled').buffer])
      let size = 0
      for await (const piece of openRange(source(sealed, { pieceSize }))) {
        expect(seen.has(piece.buffer), `pieces of ${pieceSize}`).toBe(false)
        seen.add(piece.buffer)
        size += piece.length
      }
      expect(size).toBe(plain.length)
    }
  })
})

test('what is no key id, key or context is refused', async () => {
  for (const id of ['', 'a b', 'ä', 'k'.repeat(129)])
    expect(() => newHeader(id, randomBytes(32), 18), id).toThrow(RangeError)
  await expect(seal(Buffer.alloc(1), { own: { id: 'k', bytes: randomBytes(16) } })).rejects.toThrow(
    RangeError,
  )
  await expect(seal(Buffer.alloc(1), { context: 'c'.repeat(513) })).rejects.toThrow(RangeError)
  expect(newHeader('k'.repeat(128), randomBytes(32), 18).length).toBe(LONGEST_HEADER)
})

test('no nonce beyond the last chunk number', () => {
  expect(nonceOf(Buffer.alloc(7), 2 ** 32 - 1, true).toString('hex')).toBe('00000000000000ffffffff01')
  expect(() => nonceOf(Buffer.alloc(7), 2 ** 32, false)).toThrow(RangeError)
})

test('a queue of pieces gives exact amounts as views of what it was given', () => {
  const queue = new Pieces()
  const given = Buffer.from('abcdef')
  queue.push(given.subarray(0, 4))
  queue.push(Buffer.alloc(0))
  queue.push(given.subarray(4))
  expect(queue.take(3).map(String)).toEqual(['abc'])
  const rest = queue.take(3)
  expect(rest.map(String)).toEqual(['d', 'ef'])
  expect(rest[1]?.buffer).toBe(given.buffer)
  expect(queue.size).toBe(0)
  expect(() => queue.take(1)).toThrow(RangeError)
})
