import { mkdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import type { Command } from 'commander'
import type { OpenedHouse } from '#app/open-house.ts'
import { openHouse } from '#app/open-house.ts'
import { type AuditEntry, appendAudit, prepareEntry } from '#compliance/records/audit.ts'
import { command } from '#core/actor.ts'
import { systemClock } from '#core/clock/clock.ts'
import { type Config, loadConfig } from '#core/config/config.ts'
import type { Environment } from '#core/config/read-env.ts'
import { logFile } from '#core/log/files.ts'
import { createLog, type Log } from '#core/log/log.ts'
import type { ExitCode } from './main.ts'

/** What the commands share: where they read and write, and how they open the house. */
export interface Io {
  out(line: string): void
  error(line: string): void
  env: Environment
  stdin: Readable
}

export type AddTo = (program: Command, io: Io, ended: (code: ExitCode) => void) => void

/** A sentence for whoever typed the command: what is wrong and what to do. */
export class Unusable extends Error {}

const root = join(import.meta.dirname, '../..')

/** The configuration as the server reads it: paths that are not absolute begin at the folder of the program, as there. */
export function configFrom({ env }: Io): Config {
  return loadConfig(env, root)
}

/**
 * Opens the house for `work` and closes it again. Once in a process: two handles on one SQLite keyring would wait for each
 * other.
 */
export async function withHouse<T>(io: Io, work: (house: OpenedHouse, log: Log) => Promise<T>): Promise<T> {
  const config = configFrom(io)
  await refuseNoFolder(config.dataDir)
  await refuseOtherUser(config.dataDir)
  const { log, close } = await logOf(config)
  const house = await openHouse({ config, log })
  if (house.madeInstallationKey)
    io.error(
      `Keep a copy of ${join(config.dataDir, 'keyring', 'master.key')} elsewhere: without it nothing can be read.`,
    )
  try {
    return await work(house, log)
  } finally {
    await house.close()
    close()
  }
}

export async function logOf(config: Config): Promise<{ log: Log; close(): void }> {
  await mkdir(config.dataDir, { recursive: true, mode: 0o700 })
  const file = logFile(join(config.dataDir, 'logs'), config.keepLogDays, systemClock)
  const log = createLog({ level: config.logLevel, destination: file, base: { process: 'command' } })
  return { log, close: () => file.close() }
}

/** A folder mistyped must not become an installation, with a key of its own that nobody knows of. */
async function refuseNoFolder(folder: string): Promise<void> {
  const { code } = await stat(folder).then(
    () => ({ code: undefined }),
    (error: NodeJS.ErrnoException) => error,
  )
  if (code === 'ENOENT')
    throw new Unusable(
      `${folder} does not exist. Set DATA_DIR to the folder of the installation, or make one with: fairframe migrate`,
    )
}

/** Files that root makes in somebody else's folder would stop that somebody's server. */
async function refuseOtherUser(folder: string): Promise<void> {
  const owner = await stat(folder).then(
    ({ uid }) => uid,
    () => undefined,
  )
  const uid = process.getuid?.()
  if (owner === undefined || uid === undefined || uid !== 0 || owner === 0) return
  throw new Unusable(
    `${folder} belongs to user ${owner}. Run this as that user: sudo -u '#${owner}' fairframe …`,
  )
}

/** Puts on record what was done at the command line. */
export async function onRecord(house: OpenedHouse, entry: Omit<AuditEntry, 'actor'>): Promise<void> {
  const prepared = await prepareEntry(house, { ...entry, actor: command })
  await house.db.transaction((tx) => appendAudit(tx, prepared))
}
