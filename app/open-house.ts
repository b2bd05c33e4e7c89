import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { openCatalogue } from '#app/studio/catalogue/catalogue.ts'
import { builtinProvider } from '#app/studio/providers/builtin/provider.ts'
import { openProviders } from '#app/studio/providers/registry.ts'
import { openAuthority } from '#compliance/provenance/authority.ts'
import { openEngine } from '#compliance/provenance/engine.ts'
import { type Clock, systemClock } from '#core/clock/clock.ts'
import type { Config } from '#core/config/config.ts'
import { loadInstallationKeys } from '#core/crypto/installation-key.ts'
import { openKeyring } from '#core/crypto/keyring/keyring.ts'
import { sealBytes, unsealBytes } from '#core/crypto/sealed-bytes.ts'
import { openGround } from '#core/db/ground.ts'
import { migrationState } from '#core/db/migrate.ts'
import { migrations } from '#core/db/migrations/all.ts'
import type { Db, Schema } from '#core/db/schema/schema.ts'
import type { Log } from '#core/log/log.ts'
import { findMediaTools } from '#core/media/find.ts'
import { openQueue } from '#core/queue/open.ts'
import { localStore } from '#core/storage/local-store.ts'
import type { ObjectStore } from '#core/storage/object-store.ts'
import { sealedStore } from '#core/storage/sealed-store.ts'
import type { House, Workshop } from './house.ts'
import { type JobPayloads, queueNames } from './job-payloads.ts'
import { changeSettings, siteSettings } from './settings.ts'

export interface OpenOptions {
  config: Config
  log: Log
  clock?: Clock
}

export interface OpenedHouse extends House {
  /** True when this start made the installation key: the operator must keep a copy of it. */
  readonly madeInstallationKey: boolean
  close(): Promise<void>
}

/**
 * Opens what every process of the house stands on. Throws a sentence when it must not start: no writable folder, a
 * schema that is not this code's, a keyring that is older than the data or of another installation.
 */
export async function openHouse({ config, log, clock = systemClock }: OpenOptions): Promise<OpenedHouse> {
  const keyringDir = join(config.dataDir, 'keyring')
  await mkdir(keyringDir, { recursive: true, mode: 0o700 })
  const db = openDatabase(config, log)
  const { made, ...installationKeys } = await loadInstallationKeys({
    dir: keyringDir,
    value: config.masterKey?.(),
    previousValue: config.previousMasterKey?.(),
  })
  const keyring = await openKeyring({
    address: config.keyring,
    installationKeys,
    clock,
    onTallyFailed: (error) => log.error('The tally of unsealings cannot be written', { error }),
  })
  await refuseWrongSchema(db)
  await refuseWrongKeyring(db, keyring, clock)
  const objects = await openStore(config, clock)
  const queue = await openQueue<JobPayloads>(db, config.database, {
    queues: queueNames,
    clock,
    random: Math.random,
    onError: (error) => log.warn('The queue met an error and goes on', { error }),
  })
  return {
    config,
    clock,
    log,
    db,
    keyring,
    objects,
    store: sealedStore(objects),
    queue,
    catalogue: openCatalogue({ db, clock }),
    providers: openProviders({ db, keyring, clock }, []),
    madeInstallationKey: made,
    async close() {
      await queue.close()
      await noteKeyringVersion(db, keyring, clock)
      await keyring.close()
      await db.close()
    },
  }
}

export function openDatabase(config: Config, log: Log): Db {
  return openGround<Schema>(config.database, {
    onSlowTransaction: (ms) => log.warn('A transaction was slow', { ms: Math.round(ms) }),
  })
}

/** What the worker has besides. Throws when ffmpeg is missing or nothing can sign. */
export async function openWorkshop(house: OpenedHouse): Promise<Workshop & { close(): Promise<void> }> {
  const { config, keyring, clock } = house
  const tools = await findMediaTools({
    ...process.env,
    FFMPEG_PATH: config.ffmpegPath,
    FFPROBE_PATH: config.ffprobePath,
  })
  if ('missing' in tools)
    throw new Error(`${tools.missing.join(' and ')} cannot be found. Install ffmpeg, or set FFMPEG_PATH.`)
  const secret = await keyring.secret('provenance-keys')
  const authority = await openAuthority({
    directory: join(config.dataDir, 'provenance'),
    host: config.appUrl.hostname,
    clock,
    protect: async (plain) => sealBytes(secret, 'provenance', plain),
    unprotect: async (sealed) => unsealBytes(secret, 'provenance', sealed),
  })
  const engine = await openEngine({ setting: config.provenanceEngine, roots: [authority.rootPem] })
  const scratch = join(config.dataDir, 'scratch')
  return {
    ...house,
    providers: openProviders(house, [builtinProvider(tools)]),
    tools,
    authority,
    engine,
    scratch,
    close: () => engine.close(),
  }
}

/** Plain frames of a process that was killed must not stay. Only the first worker of a start may do this. */
export async function wipeScratch(config: Config): Promise<void> {
  const scratch = join(config.dataDir, 'scratch')
  await mkdir(scratch, { recursive: true, mode: 0o700 })
  for (const name of await readdir(scratch)) await rm(join(scratch, name), { recursive: true, force: true })
}

async function openStore(config: Config, clock: Clock): Promise<ObjectStore> {
  if (config.storage.kind === 'local') return localStore({ root: config.storage.dir, clock })
  const { kind: _, secretAccessKey, ...storage } = config.storage
  // Loaded only where it is configured: the client takes 20 MB of memory.
  const { s3Store } = await import('#core/storage/s3-store.ts')
  return s3Store({ ...storage, secretAccessKey: secretAccessKey(), clock })
}

async function refuseWrongSchema(db: Db): Promise<void> {
  const { missing, unknown } = await migrationState(db, migrations)
  if (unknown.length > 0)
    throw new Error(
      `The database was written by a newer version (it has ${unknown.join(', ')}). Start that version, or restore a backup from before.`,
    )
  if (missing.length > 0) throw new Error(`The database lacks ${missing.join(', ')}. Run: fairframe migrate`)
}

/** A keyring from an older backup would bring destroyed keys back to life; one of another house opens nothing. */
async function refuseWrongKeyring(db: Db, keyring: House['keyring'], clock: Clock): Promise<void> {
  const known = await siteSettings(db.read)
  const instance = await keyring.instanceId()
  if (known.keyring_instance && known.keyring_instance !== instance)
    throw new Error(
      'This keyring belongs to another installation. Restore the keyring that belongs to this data.',
    )
  if ((await keyring.version()) < known.keyring_version)
    throw new Error(
      'This keyring is older than the data. Restore its newest copy; older ones hold destroyed keys.',
    )
  if (!known.keyring_instance)
    await db.transaction((tx) => changeSettings(tx, { keyring_instance: instance }, clock.now()))
}

export async function noteKeyringVersion(db: Db, keyring: House['keyring'], clock: Clock): Promise<void> {
  const version = await keyring.version()
  await db.transaction((tx) => changeSettings(tx, { keyring_version: version }, clock.now()))
}
