/** Objects as files under one folder of a local disk. Files are 0600 and folders 0700: nobody else's on this machine. */
import { randomBytes } from 'node:crypto'
import { constants, fstatSync, realpathSync } from 'node:fs'
import {
  type FileHandle,
  lstat,
  mkdir,
  open,
  readdir,
  realpath,
  rename,
  rm,
  rmdir,
  unlink,
} from 'node:fs/promises'
import { dirname, join, relative, resolve, sep } from 'node:path'
import type { Clock } from '#core/clock/clock.ts'
import { say } from '#core/i18n/say.ts'
import { abortable } from './abortable.ts'
import { clampRange } from './byte-range.ts'
import { LENT_BYTES, LentBuffers } from './lent-buffers.ts'
import { codeOf, isAbsent, readAll, syncFolder, understood, writeAll } from './local-files.ts'
import {
  checkKey,
  checkPrefix,
  isKey,
  type ObjectBody,
  type ObjectEntry,
  ObjectMissing,
  type ObjectStore,
  StoreUnusable,
} from './object-store.ts'

export interface LocalStoreOptions {
  /** Made when missing. It belongs to the store alone. */
  readonly root: string
  readonly clock: Clock
}

/** No key begins with a dot, so puts in progress cannot meet an object. On the same file system, so renaming is atomic. */
const TEMPORARY = '.temporary'
const ATTEMPTS = 8

export function localStore({ root: folder, clock }: LocalStoreOptions): ObjectStore {
  const root = resolve(folder)
  const temporaryFolder = join(root, TEMPORARY)
  const buffers = new LentBuffers()
  let realRoot: string | undefined

  function pathOf(key: string): string {
    checkKey(key)
    const path = resolve(root, key)
    if (!path.startsWith(root + sep)) throw new RangeError('Not a key of the object store')
    return path
  }

  /** Refuses a folder reached over a symbolic link. The root itself may be one: that is the operator's choice. */
  function checkReal(path: string, real: string): void {
    const below = relative(root, path)
    if (realRoot !== undefined && real === resolve(realRoot, below)) return
    // Not known yet, or the operator has moved it.
    realRoot = realpathSync.native(root)
    if (real !== resolve(realRoot, below)) throw linked()
  }

  async function checkFolder(path: string): Promise<void> {
    checkReal(path, await realpath(path))
  }

  async function makeFolder(path: string): Promise<void> {
    const first = await mkdir(path, { recursive: true, mode: 0o700 })
    if (first === undefined) return
    // A new folder is durable once the one above it is on disk.
    for (let made = path; made.length >= first.length; made = dirname(made)) await syncFolder(dirname(made))
  }

  /** Moves a finished file to its place. Tries again when a delete removed the empty folder in between. */
  async function moveInto(temporary: string, target: string): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await makeFolder(dirname(target))
        await checkFolder(dirname(target))
        await rename(temporary, target)
        await syncFolder(dirname(target))
        return
      } catch (error) {
        if (codeOf(error) !== 'ENOENT' || attempt === ATTEMPTS) throw error
      }
    }
  }

  async function put(
    key: string,
    body: AsyncIterable<Uint8Array>,
    signal?: AbortSignal,
  ): Promise<{ size: number }> {
    const target = pathOf(key)
    const temporary = join(temporaryFolder, randomBytes(16).toString('hex'))
    await understood(makeFolder(temporaryFolder))
    const file = await understood(open(temporary, 'wx', 0o600))
    try {
      const size = await writeAll(file, abortable(body, signal))
      await understood(file.sync())
      await understood(file.close())
      signal?.throwIfAborted()
      await understood(moveInto(temporary, target))
      return { size }
    } catch (error) {
      await file.close().catch(() => {})
      await rm(temporary, { force: true })
      throw error
    }
  }

  async function openObject(key: string): Promise<{ file: FileHandle; size: number }> {
    const path = pathOf(key)
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW).catch((error: unknown) => {
      if (codeOf(error) === 'ELOOP') throw linked()
      throw isAbsent(error) ? new ObjectMissing(key, error) : error
    })
    try {
      // Both at once, for opening has just brought what they look at into memory: a turn of the thread pool for each would cost
      // ten times as much.
      const stat = fstatSync(file.fd)
      if (!stat.isFile()) throw new ObjectMissing(key)
      checkReal(dirname(path), realpathSync.native(dirname(path)))
      return { file, size: stat.size }
    } catch (error) {
      await file.close()
      throw error
    }
  }

  async function remove(key: string): Promise<void> {
    const path = pathOf(key)
    try {
      await checkFolder(dirname(path))
      await unlink(path)
    } catch (error) {
      if (isAbsent(error) || codeOf(error) === 'EISDIR' || codeOf(error) === 'EPERM') {
        if (await statOf(key)) throw error
        return
      }
      throw error
    }
    await syncFolder(dirname(path)).catch(ignoreAbsent)
    // Empty folders would keep the ids of what is gone.
    for (let above = dirname(path); above !== root; above = dirname(above)) {
      const removed = await rmdir(above).then(
        () => true,
        () => false,
      )
      if (!removed) return
    }
  }

  async function statOf(key: string): Promise<{ size: number; modifiedAt: number } | undefined> {
    const path = pathOf(key)
    try {
      const stat = await lstat(path)
      if (stat.isSymbolicLink()) throw linked()
      if (!stat.isFile()) return undefined
      await checkFolder(dirname(path))
      return { size: stat.size, modifiedAt: Math.floor(stat.mtimeMs) }
    } catch (error) {
      if (isAbsent(error)) return undefined
      throw error
    }
  }

  async function* walk(inside: string, prefix: string): AsyncGenerator<ObjectEntry> {
    const entries = await readdir(join(root, inside), { withFileTypes: true }).catch((error: unknown) => {
      if (isAbsent(error)) return []
      throw error
    })
    // A folder sorts as its children do, by the slash that follows its name.
    const names = entries
      .map((entry) => `${inside}${entry.name}${entry.isDirectory() ? '/' : ''}`)
      .sort(byBytes)
    for (const name of names) {
      if (name.endsWith('/')) {
        if (isKey(name.slice(0, -1)) && (name.startsWith(prefix) || prefix.startsWith(name)))
          yield* walk(name, prefix)
      } else if (isKey(name) && name.startsWith(prefix)) {
        const stat = await lstat(join(root, name)).catch(ignoreAbsent)
        if (stat?.isFile()) yield { key: name, size: stat.size, modifiedAt: Math.floor(stat.mtimeMs) }
      }
    }
  }

  async function check(): Promise<void> {
    const probe = randomBytes(32)
    const path = join(temporaryFolder, randomBytes(16).toString('hex'))
    await makeFolder(temporaryFolder)
    const file = await open(path, 'wx+', 0o600)
    try {
      await file.writeFile(probe)
      await file.sync()
      const { buffer } = await file.read(Buffer.alloc(probe.length), 0, probe.length, 0)
      if (!buffer.equals(probe))
        throw new StoreUnusable(say('The storage folder gave back other bytes than were written.'))
    } finally {
      await file.close()
      await rm(path, { force: true })
    }
  }

  async function sweep(olderThanMs: number): Promise<number> {
    const before = clock.now() - olderThanMs
    let removed = 0
    for (const name of await readdir(temporaryFolder).catch((error: unknown) =>
      isAbsent(error) ? [] : Promise.reject(error),
    )) {
      const path = join(temporaryFolder, name)
      const stat = await lstat(path).catch(ignoreAbsent)
      // Every write moves the time on, so a put that is still running stays.
      if (!stat || stat.mtimeMs > before) continue
      await rm(path, { force: true })
      removed += 1
    }
    return removed
  }

  return {
    put: (key, body, opts) => put(key, body, opts?.signal),
    delete: (key) => understood(remove(key)),
    head: (key) => understood(statOf(key)),
    check: () => understood(check()),
    sweepTemporary: (olderThanMs) => understood(sweep(olderThanMs)),
    async get(key, range, opts): Promise<ObjectBody> {
      opts?.signal?.throwIfAborted()
      const { file, size } = await understood(openObject(key))
      try {
        const part = range ? clampRange(range, size) : { start: 0, end: size - 1 }
        const lent = opts?.lend && opts.lend <= LENT_BYTES ? { step: opts.lend, buffers } : undefined
        const bytes = readAll(file, part, { signal: opts?.signal, lent })
        return { size, lent: lent !== undefined, [Symbol.asyncIterator]: () => bytes }
      } catch (error) {
        await file.close()
        throw error
      }
    },
    async *list(prefix) {
      checkPrefix(prefix)
      yield* walk(prefix.slice(0, prefix.lastIndexOf('/') + 1), prefix)
    },
  }
}

function linked(): StoreUnusable {
  return new StoreUnusable(say('The storage folder holds a symbolic link where a file of ours should be.'))
}

function ignoreAbsent(error: unknown): undefined {
  if (!isAbsent(error)) throw error
  return undefined
}

function byBytes(a: string, b: string): number {
  return a < b ? -1 : 1
}
