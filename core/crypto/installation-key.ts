/**
 * The installation key: the one secret that opens the keyring. It comes from the configuration (`MASTER_KEY`) or from
 * the file `master.key`, which the first start makes. Whoever has it and the keyring reads everything; whoever loses it
 * has lost everything.
 */
import { createHash, createSecretKey, hkdfSync, type KeyObject, randomBytes } from 'node:crypto'
import { link, mkdir, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '#core/errors/errors.ts'
import { say } from '#core/i18n/say.ts'

export interface InstallationKey {
  /** `kek_` and 16 hex digits: says which key it is and nothing about it. */
  readonly id: string
  /** Wraps the keyring's keys. A KeyObject, for it shows no bytes when printed. */
  readonly wrapping: KeyObject
}

export interface InstallationKeys {
  current: InstallationKey
  /** The key before the current one, while a change of keys is under way. */
  previous?: InstallationKey
  /** Reads both once more where a file holds them, for that changes while processes run; undefined when it is gone. */
  again?: () => Promise<InstallationKeys | undefined>
}

const KEY_BYTES = 32
const FILE = 'master.key'
const PREVIOUS_FILE = 'master.key.previous'

/** From 32 bytes as hex, base64 or base64url. Throws an AppError with a sentence for the operator. */
export function installationKeyFrom(text: string): InstallationKey {
  const spelled = text.trim()
  const bytes = /^[0-9a-f]{64}$/i.test(spelled)
    ? Buffer.from(spelled, 'hex')
    : /^[A-Za-z0-9+/_-]{43}=?$/.test(spelled)
      ? Buffer.from(spelled, 'base64')
      : undefined
  if (bytes?.length !== KEY_BYTES) {
    throw refuse(
      'master_key_malformed',
      'MASTER_KEY must be 32 random bytes as hex or base64. Make one with: openssl rand -base64 32',
    )
  }
  // A placeholder of zeros or of one repeated letter is nobody's secret.
  if (new Set(bytes).size < 8) {
    throw refuse('master_key_weak', 'MASTER_KEY is not random. Make one with: openssl rand -base64 32')
  }
  const derived = (info: string) => Buffer.from(hkdfSync('sha256', bytes, '', info, KEY_BYTES))
  const print = createHash('sha256').update(derived('fairframe installation key id v1')).digest('hex')
  return { id: `kek_${print.slice(0, 16)}`, wrapping: createSecretKey(derived('fairframe key wrapping v1')) }
}

/**
 * The keys given as values (`MASTER_KEY`, `MASTER_KEY_PREVIOUS`), else those in `dir`. Without either, `master.key` is
 * made with mode 0600 and `made` is true: the caller must then tell the operator to back it up apart from the data.
 * Processes that start at once end with the same key, and one of them has `made`.
 */
export async function loadInstallationKeys(options: {
  dir: string
  value?: string
  previousValue?: string
}): Promise<InstallationKeys & { made: boolean }> {
  if (options.value !== undefined) {
    const previous =
      options.previousValue === undefined ? undefined : installationKeyFrom(options.previousValue)
    return { current: installationKeyFrom(options.value), previous, made: false }
  }
  await mkdir(options.dir, { recursive: true, mode: 0o700 })
  const { dir } = options
  const there = await keysIn(dir)
  const made = there === undefined && (await placeKeyFile(dir))
  const keys = there ?? (await keysIn(dir))
  if (!keys) throw new Error(`${join(dir, FILE)} vanished while it was read`)
  return { ...keys, made, again: () => keysIn(dir) }
}

async function keysIn(dir: string): Promise<InstallationKeys | undefined> {
  const current = await readKeyFile(join(dir, FILE))
  return current && { current, previous: await readKeyFile(join(dir, PREVIOUS_FILE)) }
}

/**
 * Begins a change of the key file, or goes on with one that was begun and killed: `master.key` becomes
 * `master.key.previous`, and a new `master.key` takes its place. `resumed` when that stood there already. `wraps` is the id of the key that the keyring names.
 * Not for two at once: call it in `keyring.alone`. Next comes `keyring.rotate`, then `endKeyChange`.
 */
export async function beginKeyChange(
  dir: string,
  { wraps }: { wraps: string },
): Promise<{ current: InstallationKey; resumed: boolean }> {
  const [path, previousPath] = [join(dir, FILE), join(dir, PREVIOUS_FILE)]
  const { current, previous } = (await keysIn(dir)) ?? {}
  if (!current) throw refuse('master_key_absent', 'There is no {path} to change.', { path })
  if (previous && previous.id !== current.id) return { current, resumed: true }
  if (current.id !== wraps)
    throw refuse('master_key_other', '{path} is not the key of this keyring. Put that one back.', { path })
  const temporary = await writeNewKey(dir)
  try {
    // Killed between these two, both names are of one file: then the second is still to be done.
    if (!previous) await link(path, previousPath)
    await syncFolder(dir)
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
  await syncFolder(dir)
  const made = await readKeyFile(path)
  if (!made) throw new Error(`${path} vanished while it was read`)
  return { current: made, resumed: false }
}

/**
 * Deletes `master.key.previous`, unless it is `needed`: the keyring names it, or has something that it wraps. Call it in
 * `keyring.alone`, which says so: somebody may have begun the next change, whose previous key is this one's new key.
 */
export async function endKeyChange(dir: string, { needed }: { needed: ReadonlySet<string> }): Promise<void> {
  const path = join(dir, PREVIOUS_FILE)
  const previous = await readKeyFile(path)
  if (!previous || needed.has(previous.id)) return
  await rm(path, { force: true })
  await syncFolder(dir)
}

/** True when it was this process that put the file there. */
async function placeKeyFile(dir: string): Promise<boolean> {
  const temporary = await writeNewKey(dir)
  try {
    // Unlike a rename, a link never replaces what another process has just placed; and the file appears whole.
    await link(temporary, join(dir, FILE))
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  } finally {
    await rm(temporary, { force: true })
    await syncFolder(dir)
  }
}

async function writeNewKey(dir: string): Promise<string> {
  const path = join(dir, `.${FILE}.${randomBytes(6).toString('hex')}`)
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(`${randomBytes(KEY_BYTES).toString('base64')}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  return path
}

async function readKeyFile(path: string): Promise<InstallationKey | undefined> {
  const file = await open(path, 'r').catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  })
  if (!file) return undefined
  try {
    const { mode } = await file.stat()
    // Windows has no such modes: there the folder's access list is what counts.
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      throw refuse('master_key_open', 'Others on this machine can read {path}. Run: chmod 600 {path}', {
        path,
      })
    }
    return installationKeyFrom(await file.readFile('utf8'))
  } finally {
    await file.close()
  }
}

/** Makes the new name in the folder survive a power cut. */
async function syncFolder(dir: string): Promise<void> {
  if (process.platform === 'win32') return
  const folder = await open(dir, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

function refuse(code: string, text: string, values?: Record<string, string>): AppError {
  return new AppError(code, say(text, values), { status: 500 })
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException | undefined)?.code
}
