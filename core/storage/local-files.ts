/** Reading and writing files of the local store in large steps, one step ahead of whoever waits for it. */
import { type FileHandle, open } from 'node:fs/promises'
import { isAppError } from '#core/errors/errors.ts'
import { say } from '#core/i18n/say.ts'
import type { ByteRange } from './byte-range.ts'
import type { LentBuffers } from './lent-buffers.ts'
import { StoreFull, StoreUnusable } from './object-store.ts'

const STEP = 512 * 1024
/** The kernel takes at most 1024 buffers in one writev (IOV_MAX). */
const MOST_BUFFERS = 512

/**
 * Writes all of `body` to the file and says how many bytes that were. While a step is on its way to the disk the next is pulled from
 * the body; never more than two are held. Errors of the body pass unchanged.
 */
export async function writeAll(file: FileHandle, body: AsyncIterable<Uint8Array>): Promise<number> {
  let size = 0
  let step: Uint8Array[] = []
  let stepSize = 0
  let writing: Promise<void> = Promise.resolve()
  try {
    for await (const piece of body) {
      step.push(piece)
      stepSize += piece.length
      if (stepSize < STEP && step.length < MOST_BUFFERS) continue
      await writing
      writing = writeStep(file, step)
      // Its failure is met at the next await; until then it must not count as unhandled.
      writing.catch(() => {})
      size += stepSize
      step = []
      stepSize = 0
    }
    await writing
    await writeStep(file, step)
    return size + stepSize
  } finally {
    await writing.catch(() => {})
  }
}

async function writeStep(file: FileHandle, step: Uint8Array[]): Promise<void> {
  let rest = step.filter((piece) => piece.length > 0)
  while (rest.length > 0) {
    let { bytesWritten } = await understood(file.writev(rest))
    // A write may be partial, as when the disk is nearly full; the next call then says why.
    while (rest[0] && bytesWritten >= rest[0].length) {
      bytesWritten -= rest[0].length
      rest = rest.slice(1)
    }
    if (rest[0] && bytesWritten > 0) rest = [rest[0].subarray(bytesWritten), ...rest.slice(1)]
  }
}

/** What may be done differently in reading. */
export interface Reading {
  /** Checked before each step: a read from a disk cannot be called back, but it ends by itself. */
  readonly signal?: AbortSignal
  /** Steps of so many bytes (at most `LENT_BYTES`) in memory from here, each the reader's until it asks for the next. */
  readonly lent?: { readonly step: number; readonly buffers: LentBuffers }
}

/**
 * The bytes of `range`, which must lie in the file, in steps of 512 KiB; the next step is read while one is consumed. The file is
 * closed at the end, at an error and when the reader leaves. An object and not a generator, for leaving a generator that was
 * never begun would not close the file.
 */
export function readAll(
  file: FileHandle,
  range: ByteRange,
  { signal, lent }: Reading = {},
): AsyncIterableIterator<Uint8Array, undefined> {
  const stepBytes = lent?.step ?? STEP
  let at = range.start
  let ahead: Promise<Buffer | undefined> | undefined
  let held: Buffer | undefined

  function readStep(): Promise<Buffer | undefined> {
    if (at > range.end) return Promise.resolve(undefined)
    const length = Math.min(stepBytes, range.end - at + 1)
    const from = at
    at += length
    const memory = lent ? lent.buffers.take().subarray(0, length) : Buffer.allocUnsafeSlow(length)
    const step = fill(file, memory, from)
    step.catch(() => {})
    return step
  }

  function giveBack(step: Buffer | undefined): void {
    if (step) lent?.buffers.giveBack(whole(step))
  }

  async function leave(): Promise<void> {
    at = range.end + 1
    const [last, read] = [held, ahead]
    held = ahead = undefined
    // Waits for the read that is on its way, so that nobody else's bytes are written over.
    await file.close()
    giveBack(last)
    giveBack(await read?.catch(() => undefined))
  }

  return {
    [Symbol.asyncIterator]() {
      return this
    },
    async next() {
      giveBack(held)
      held = undefined
      try {
        signal?.throwIfAborted()
        const current = ahead ?? readStep()
        ahead = undefined
        const value = await current
        if (value) {
          held = value
          ahead = readStep()
          return { done: false, value }
        }
      } catch (error) {
        await leave()
        throw error
      }
      await leave()
      return { done: true, value: undefined }
    },
    async return() {
      await leave()
      return { done: true, value: undefined }
    },
  }
}

/** All of the memory that a step is the beginning of. */
function whole({ buffer }: Buffer): Buffer {
  return Buffer.from(buffer)
}

async function fill(file: FileHandle, buffer: Buffer, from: number): Promise<Buffer> {
  let filled = 0
  while (filled < buffer.length) {
    const { bytesRead } = await understood(file.read(buffer, filled, buffer.length - filled, from + filled))
    if (bytesRead === 0) throw new StoreUnusable(say('A stored file ended early.'))
    filled += bytesRead
  }
  return buffer
}

/** Makes names in a folder durable: a rename is on disk only when its folder is. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/** Turns an error of the file system into one that a person understands; any other passes. */
export async function understood<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    const code = codeOf(error)
    if (isAppError(error) || code === undefined || !(error as NodeJS.ErrnoException).syscall) throw error
    if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG') throw new StoreFull(error)
    throw new StoreUnusable(say('The storage folder cannot be used ({code}).', { code }), error)
  }
}

export function isAbsent(error: unknown): boolean {
  const code = codeOf(error)
  return code === 'ENOENT' || code === 'ENOTDIR'
}

export function codeOf(error: unknown): string | undefined {
  return error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined
}
