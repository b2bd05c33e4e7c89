/**
 * The keyring: the key of every thing, wrapped, in a database of its own. What is sealed under a key that was destroyed
 * here is unreadable everywhere at once, in every copy of the data (promise T7).
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { sql } from 'kysely'
import { type Clock, SECOND } from '#core/clock/clock.ts'
import { type GroundAddress, openGround } from '#core/db/ground.ts'
import { migrate } from '#core/db/migrate.ts'
import type { KeyId, SubjectId } from '#core/ids/ids.ts'
import type { InstallationKey, InstallationKeys } from '../installation-key.ts'
import type { ThingKey } from '../thing-key.ts'
import { type AuditMark, AuditMarks, type KnownMark } from './audit-mark.ts'
import { Journal, type JournalEntry, type NewJournalEntry } from './journal.ts'
import { clearResidue, type Residue, type Wait } from './residue.ts'
import { type Rotated, rewrapAll, turnTo, type Verified, verifySample, wrappers } from './rotation.ts'
import {
  type KeyClass,
  type KeyringGround,
  type KeyringSchema,
  keyringMigrations,
  nextVersion,
} from './schema.ts'
import { Secrets } from './secrets.ts'
import { type Access, Tally, type TallyQuery, type TallyRow } from './tally.ts'
import { type KeyFacts, KeyGone, type NewKey, ThingKeys } from './thing-keys.ts'
import { inOneCommit } from './together.ts'
import { InstallationRing, installationKeyMissing } from './wrapping.ts'

export interface Keyring {
  /** A new key, committed when this resolves: the transaction that writes the row with its id begins after. */
  create(wanted: NewKey): Promise<ThingKey>
  /** New keys in the order asked for, in one transaction. */
  createMany(wanted: readonly NewKey[]): Promise<ThingKey[]>
  /** The keys that are there; destroyed ones are absent. Throws WrapBroken for a changed or moved one. */
  open(ids: readonly KeyId[], access: Access): Promise<Map<KeyId, ThingKey>>
  /** As `open`; throws `KeyGone` when it was destroyed. */
  openOne(id: KeyId, access: Access): Promise<ThingKey>
  /** What keys there are of a person, without opening them. */
  keysOf(subject: SubjectId, classes?: readonly KeyClass[]): Promise<KeyFacts[]>
  /**
   * Deletes keys for good; those already gone do no harm. Other processes forget theirs within 30 seconds. With residue `wal`
   * the deleted bytes are still on the disk: do it again later.
   */
  destroy(ids: readonly KeyId[]): Promise<{ destroyed: number; residue: Residue }>
  /** Truncates SQLite's log, so that nothing deleted is left in it. */
  checkpoint(): Promise<Residue>

  /** 32 bytes under a name of the code's own: made at first use, the same in every process and after a change of keys. */
  secret(name: string): Promise<Uint8Array>
  /** HMAC-SHA-256 of `text` under that secret, as base64url. */
  keyedHash(name: string, text: string): Promise<string>

  /** How many keys were opened, by day, actor, purpose and subject; this process's newest included. */
  tally(query: TallyQuery): Promise<TallyRow[]>
  /** Forgets the tally of the days before this time. */
  pruneTally(before: number): Promise<void>
  /** Writes down the openings counted in memory; happens each second by itself, and on close. */
  flush(): Promise<void>

  record(entry: NewJournalEntry): Promise<number>
  journalSince(seq: number, limit?: number): Promise<JournalEntry[]>

  /** What is remembered here of the audit log (`audit-mark.ts`); undefined before its first checkpoint. */
  auditMark(): Promise<KnownMark | undefined>
  /** Remembers a checkpoint once it is committed; an older one changes nothing, unless it is to stand `instead`. */
  noteAuditMark(mark: AuditMark, options?: { instead?: boolean }): Promise<void>
  /** Remembers, before it happens, that the log's rows up to `seq` go by their age. */
  noteAuditPruning(seq: number): Promise<void>

  /**
   * Wraps everything under `next`, while others make keys: from its first step on they wrap under `next` too, or refuse
   * when they cannot get it. Can be killed and run again. `onBatch` is awaited after each batch. Throws an AppError when
   * another change is under way. Only an answer without `broken` allows the former key to go.
   */
  rotate(
    next: InstallationKey,
    options?: { onBatch?: (done: number) => unknown; batch?: number },
  ): Promise<Rotated>
  /** Runs `work`, which must be short, while no process changes the keyring or runs such work. */
  alone<T>(work: (state: KeyringState) => Promise<T>): Promise<T>
  /** Opens every secret and about `sampleSize` keys, without counting it as reading. */
  verify(sampleSize: number): Promise<Verified>
  /** Keys older than that which no row refers to, left by a crash between key and row. */
  orphans(
    olderThanMs: number,
    referenced: (ids: KeyId[]) => Promise<ReadonlySet<KeyId>>,
  ): AsyncIterable<KeyId>

  /** Made at the first start; a keyring with another id belongs to another installation. */
  instanceId(): Promise<string>
  /** Grows with every change of keys, secrets or journal: data that has seen a higher one must not run on this copy. */
  version(): Promise<number>
  /** `same_cluster` when a deleted key stays in the log and backups that also hold the data. Asks both servers. */
  placement(data: GroundAddress): Promise<'apart' | 'same_cluster'>
  close(): Promise<void>
}

export interface KeyringState {
  /** The id of the installation key that wraps now. */
  wraps: string
  /** The ids of all installation keys without which something could not be opened; `wraps` among them. */
  needed: ReadonlySet<string>
}

export interface KeyringOptions {
  address: GroundAddress
  installationKeys: InstallationKeys
  clock: Clock
  /** Told when counted openings could not be written; nobody opens a key until they are. */
  onTallyFailed?: (error: unknown) => void
  wait?: Wait
}

/** Opens the keyring, and makes it at the first start. Throws an AppError when the installation keys do not fit. */
export async function openKeyring(options: KeyringOptions): Promise<Keyring> {
  const { clock, wait = delay } = options
  const address = options.address.kind === 'sqlite' ? { ...options.address, durable: true } : options.address
  const ground = openGround<KeyringSchema>(address)
  const ring = new InstallationRing(options.installationKeys)
  try {
    await makeReady(ground, ring, clock)
  } catch (error) {
    await ground.close()
    throw error
  }
  const tally = new Tally(ground, clock)
  const keys = new ThingKeys(ground, ring, clock, tally)
  const secrets = new Secrets(ground, ring, clock)
  const journal = new Journal(ground, clock)
  const marks = new AuditMarks(ground)
  const state = () => ground.read.selectFrom('state').selectAll().executeTakeFirstOrThrow()

  const together = inOneCommit((wanted) => keys.createMany(wanted))
  const eachSecond = setInterval(() => {
    keys.cache.sweep()
    tally.flush().catch((error: unknown) => options.onTallyFailed?.(error))
  }, SECOND).unref()

  return {
    async create(wanted) {
      const [key] = await together([wanted])
      return key as ThingKey
    },
    createMany: together,
    open: (ids, access) => keys.open(ids, access),
    async openOne(id, access) {
      const key = (await keys.open([id], access)).get(id)
      if (!key) throw new KeyGone(id)
      return key
    },
    keysOf: (subject, classes) => keys.of(subject, classes),
    async destroy(ids) {
      const destroyed = await keys.delete(ids)
      return { destroyed, residue: await clearResidue(ground, wait) }
    },
    checkpoint: () => clearResidue(ground, wait),
    secret: (name) => secrets.secret(name),
    keyedHash: (name, text) => secrets.keyedHash(name, text),
    tally: (query) => tally.read(query),
    pruneTally: (before) => tally.prune(before),
    flush: () => tally.flush(),
    record: (entry) => journal.record(entry),
    journalSince: (seq, limit) => journal.since(seq, limit),
    auditMark: () => marks.known(),
    noteAuditMark: (mark, noted) => marks.note(mark, noted),
    noteAuditPruning: (seq) => marks.notePruning(seq),
    async rotate(next, { onBatch = () => {}, batch } = {}) {
      await turnTo(ground, ring, next)
      const rotated = await rewrapAll(ground, ring, onBatch, batch)
      // The former wrappings must not stay readable in the log either.
      await clearResidue(ground, wait)
      return rotated
    },
    alone: (work) =>
      ground.transaction(async (tx) => {
        const wraps = await nextVersion(tx)
        return work({ wraps, needed: new Set([wraps, ...(await wrappers(tx))]) })
      }),
    verify: (sampleSize) => verifySample(ground, ring, sampleSize, clock),
    orphans: (olderThanMs, referenced) => keys.orphans(olderThanMs, referenced),
    instanceId: async () => (await state()).instance_id,
    version: async () => (await state()).version,
    placement: (data) => placement(ground, data),
    async close() {
      clearInterval(eachSecond)
      try {
        await tally.flush()
      } finally {
        keys.cache.clear()
        await ground.close()
      }
    },
  }
}

async function makeReady(ground: KeyringGround, ring: InstallationRing, clock: Clock): Promise<void> {
  await migrate(ground, keyringMigrations)
  const fresh = {
    id: 1 as const,
    instance_id: randomUUID(),
    wraps: ring.currentId,
    version: 0,
    journal_seq: 0,
    created_at: clock.now(),
  }
  await ground.transaction((tx) =>
    tx
      .insertInto('state')
      .values(fresh)
      .onConflict((conflict) => conflict.column('id').doNothing())
      .execute(),
  )
  const named = await wrapsNow(ground)
  await ring.find([named])
  if (!ring.has(named)) await turnEmpty(ground, named, ring.currentId)
  // The keyring says which key wraps, not the order of those given: a change of keys may have been begun and go on later.
  const wraps = await wrapsNow(ground)
  const needed = [wraps, ...(await wrappers(ground.read))]
  await ring.find(needed)
  const unknown = needed.find((id) => !ring.has(id))
  if (unknown) throw installationKeyMissing(unknown)
  await ring.turnTo(wraps)
}

async function wrapsNow(ground: KeyringGround): Promise<string> {
  return (await ground.read.selectFrom('state').select('wraps').executeTakeFirstOrThrow()).wraps
}

/** A keyring that wraps nothing yet takes any key, such as a MASTER_KEY that was set after the first start. */
async function turnEmpty(ground: KeyringGround, from: string, to: string): Promise<void> {
  await ground.transaction(async (tx) => {
    const wraps = await nextVersion(tx)
    if (wraps === from && (await wrappers(tx)).length === 0)
      await tx.updateTable('state').set({ wraps: to }).execute()
  })
}

async function placement(ground: KeyringGround, data: GroundAddress): Promise<'apart' | 'same_cluster'> {
  if (ground.dialect === 'sqlite' || data.kind === 'sqlite') return 'apart'
  const other = openGround<KeyringSchema>(data)
  try {
    // Names of hosts prove nothing: two of them may lead to one server, or to it and its replica.
    const [own, theirs] = [await clusterOf(ground), await clusterOf(other)]
    return own === theirs ? 'same_cluster' : 'apart'
  } finally {
    await other.close()
  }
}

async function clusterOf(ground: KeyringGround): Promise<string> {
  const { rows } = await sql<{
    id: string
  }>`select system_identifier::text as id from pg_control_system()`.execute(ground.maintenance)
  if (!rows[0]) throw new Error('The server does not say which cluster it is')
  return rows[0].id
}
