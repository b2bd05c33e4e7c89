/**
 * What sealing files costs against plain AES-256-GCM over the same bytes in the same steps, in memory and through the local
 * store, and what a range in the middle of a large sealed file costs. `node bench/storage.ts` prints the figures.
 */
import { type CipherGCM, createCipheriv, createDecipheriv, type DecipherGCM, randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { systemClock } from '#core/clock/clock.ts'
import { readSealedHeader } from '#core/crypto/stream/format.ts'
import { openRange } from '#core/crypto/stream/open.ts'
import { sealStream } from '#core/crypto/stream/seal.ts'
import { localStore } from '#core/storage/local-store.ts'
import type { ObjectStore } from '#core/storage/object-store.ts'
import { type SealedStore, sealedStore } from '#core/storage/sealed-store.ts'
import { atLeast, atMost, type Figure } from './figure.ts'

const MIB = 1024 * 1024
const STEP = 256 * 1024
const IN_MEMORY = 64 * MIB
const ON_DISK = 64 * MIB
const LARGE = 1024 * MIB
const SMALL = 4 * MIB

type Bytes = AsyncIterable<Uint8Array>

const key = { id: 'key_bench', bytes: randomBytes(32) }
const keyOf = async () => key.bytes
const iv = Buffer.alloc(12)
const encrypting = () => createCipheriv('aes-256-gcm', key.bytes, iv)
const decrypting = () => createDecipheriv('aes-256-gcm', key.bytes, iv)

export async function benchStorage(): Promise<Figure[]> {
  const root = await mkdtemp(join(tmpdir(), 'bench-storage-'))
  try {
    const store = localStore({ root, clock: systemClock })
    const sealed = sealedStore(store)
    const memory = await largeFile(sealed)
    return [...(await inMemory()), ...(await onDisk(store, sealed)), await middleRange(sealed), memory]
  } finally {
    await rm(root, { recursive: true, force: true })
  }
}

/** The construction alone: nothing but the ciphers and the steps between them. */
async function inMemory(): Promise<Figure[]> {
  const write = await compared(
    processor,
    () => drained(sealStream(key, steps(IN_MEMORY))),
    () => drained(plain(encrypting(), steps(IN_MEMORY))),
  )
  const stored = await joined(sealStream(key, steps(IN_MEMORY)))
  const header = readSealedHeader(stored)
  const opened = () =>
    openRange({
      header,
      key: key.bytes,
      sealedSize: stored.length,
      fetch: async ({ start, end }) => views(stored.subarray(start, end + 1)),
    })
  const read = await compared(
    processor,
    () => drained(opened()),
    () => drained(plain(decrypting(), views(stored))),
  )
  return [
    atLeast(0.8, { name: 'sealing, against AES-256-GCM in the same steps', ...speeds(IN_MEMORY, write) }),
    atLeast(0.8, { name: 'opening, against AES-256-GCM in the same steps', ...speeds(IN_MEMORY, read) }),
  ]
}

/** As files are really written and read: through the store, to and from its disk. */
async function onDisk(store: ObjectStore, sealed: SealedStore): Promise<Figure[]> {
  const plainPut = () => store.put('plain', plain(encrypting(), steps(ON_DISK)))
  const write = await compared(
    processor,
    () => sealed.put('sealed', key, steps(ON_DISK), { digest: false }),
    plainPut,
  )
  const hashed = await compared(processor, () => sealed.put('sealed', key, steps(ON_DISK)), plainPut)
  const read = await compared(
    processor,
    async () => drained((await sealed.open('sealed', keyOf)).read()),
    async () => drained(plain(decrypting(), await store.get('plain'))),
  )
  return [
    atLeast(0.8, {
      name: 'writing a sealed file, against the same store with AES-256-GCM',
      ...speeds(ON_DISK, write),
    }),
    atLeast(0.8, {
      name: 'reading a sealed file, against the same store with AES-256-GCM',
      ...speeds(ON_DISK, read),
    }),
    // SHA-256 itself costs as much again as the sealing; the bound only notices if it became worse.
    atLeast(0.3, {
      name: 'writing a sealed file with its SHA-256, against the same',
      ...speeds(ON_DISK, hashed),
    }),
  ]
}

/** 1 MiB from the middle of 1 GiB against the first of 4 MiB, each opened anew. */
async function middleRange(sealed: SealedStore): Promise<Figure> {
  const range = async (name: string, start: number) =>
    drained((await sealed.open(name, keyOf)).read({ start, end: start + MIB - 1 }))
  await sealed.put('small', key, steps(SMALL), { digest: false })
  const {
    one: middle,
    other: first,
    ratio,
  } = await compared(
    elapsed,
    () => range('large', LARGE / 2 + 12345),
    () => range('small', 12345),
    101,
  )
  return atMost(1.2, {
    name: '1 MiB from the middle of a 1 GiB sealed file, against the start of a small one',
    value: `${middle.toFixed(2)} ms, ${first.toFixed(2)} ms`,
    ratio,
  })
}

/** Writes and reads 1 GiB; the growth is that of the second half over the first, when all is warm. */
async function largeFile(sealed: SealedStore): Promise<Figure> {
  let peaks = [0, 0]
  async function* watched(bytes: Bytes) {
    let seen = 0
    for await (const piece of bytes) {
      const half = seen < LARGE / 2 ? 0 : 1
      peaks[half] = Math.max(peaks[half] ?? 0, process.memoryUsage.rss())
      seen += piece.length
      yield piece
    }
  }
  await sealed.put('large', key, watched(steps(LARGE)), { digest: false })
  const [writeFirst = 0, writeSecond = 0] = peaks
  peaks = [0, 0]
  await drained(watched((await sealed.open('large', keyOf)).read()))
  const [readFirst = 0, readSecond = 0] = peaks
  const growth = Math.max(0, writeSecond - writeFirst) + Math.max(0, readSecond - readFirst)
  return atMost(0.05, {
    name: 'memory that writing and reading 1 GiB adds in its second half, against the file',
    value: `${(growth / MIB).toFixed(0)} MiB; at most ${(Math.max(writeSecond, readSecond) / MIB).toFixed(0)} MiB resident`,
    ratio: growth / LARGE,
  })
}

type Measure = () => number
const elapsed: Measure = () => performance.now()
/** All threads of this process, so that other processes on the machine do not count. */
const processor: Measure = () => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

interface Comparison {
  /** Least ms of each: what else goes on can only add. */
  readonly one: number
  readonly other: number
  /** `one` by `other`, the median over rounds in which they follow each other: a busy machine troubles both. */
  readonly ratio: number
}

async function compared(
  measure: Measure,
  one: () => Promise<unknown>,
  other: () => Promise<unknown>,
  rounds = 21,
): Promise<Comparison> {
  const timed = async (work: () => Promise<unknown>) => {
    const start = measure()
    await work()
    return measure() - start
  }
  const times: [number, number][] = []
  for (let round = 0; round < rounds; round++) times.push([await timed(one), await timed(other)])
  const ratios = times.map(([a, b]) => a / b).sort((a, b) => a - b)
  return {
    one: Math.min(...times.map(([a]) => a)),
    other: Math.min(...times.map(([, b]) => b)),
    ratio: ratios[ratios.length >> 1] as number,
  }
}

function speeds(bytes: number, { one, other, ratio }: Comparison): { value: string; ratio: number } {
  const speed = (ms: number) => (bytes / ms / 1e6).toFixed(2)
  return { value: `${speed(one)} of ${speed(other)} GB a second of processor time`, ratio: 1 / ratio }
}

async function* steps(total: number): AsyncGenerator<Uint8Array> {
  const bytes = randomBytes(4 * MIB)
  for (let at = 0; at < total; at += STEP) yield bytes.subarray(at % bytes.length, (at % bytes.length) + STEP)
}

async function* views(bytes: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += STEP) yield bytes.subarray(at, at + STEP)
}

async function* plain(cipher: CipherGCM | DecipherGCM, source: Bytes): AsyncGenerator<Uint8Array> {
  for await (const piece of source) yield cipher.update(piece)
}

async function drained(source: Bytes): Promise<void> {
  for await (const _ of source);
}

async function joined(source: Bytes): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  for await (const piece of source) pieces.push(piece)
  return Buffer.concat(pieces)
}

if (import.meta.main) {
  for (const { name, value, ratio, target, ok } of await benchStorage())
    console.log(`${ok ? 'ok  ' : 'MISS'} ${ratio.toFixed(2).padStart(5)} (${target})  ${name}: ${value}`)
}
