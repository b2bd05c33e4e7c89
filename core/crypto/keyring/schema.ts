/** The keyring's own database: its tables, and how they are made. Nothing in it names or describes anybody. */
import { sql } from 'kysely'
import { createTable, type TableShape } from '#core/db/columns.ts'
import type { Ground, Tx } from '#core/db/ground.ts'
import type { MigrationFor } from '#core/db/migrate.ts'
import type { KeyId, SubjectId } from '#core/ids/ids.ts'

/**
 * Why a key is kept: while the person wants the thing, while the account lives, as long as a law demands (then `ground` and
 * `ends_at` say which and until when), or as evidence of a case (`ground`).
 */
export type KeyClass = 'content' | 'account' | 'kept_by_law' | 'preserved'

export interface ThingKeyTable {
  id: KeyId
  class: KeyClass
  subject: SubjectId | null
  ground: string | null
  ends_at: number | null
  wrapped: Uint8Array
  /** The id of the installation key it is wrapped by. */
  wrapped_by: string
  created_at: number
}

export interface SecretTable {
  name: string
  wrapped: Uint8Array
  wrapped_by: string
  created_at: number
}

/** How many keys an actor opened on a day (UTC, its first ms), what for, and of whom ('' when of nobody). */
export interface TallyTable {
  day: number
  actor_kind: string
  actor_id: string
  purpose: string
  subject: string
  opened: number
}

export interface JournalTable {
  seq: number
  at: number
  kind: string
  thing: string | null
  hash: string | null
  detail: string | null
}

/** One row. `version` grows with every change of keys, secrets or journal, so that an older copy can be told. */
export interface StateTable {
  id: 1
  instance_id: string
  /** The id of the only installation key that may wrap anything now, whatever a process was given at its start. */
  wraps: string
  version: number
  journal_seq: number
  created_at: number
}

/**
 * One row: the newest signed checkpoint of the audit log, and up to where rows may have gone by their age. It lies here so
 * that whoever can write the data alone can neither cut the log's end off nor its beginning.
 */
export interface AuditMarkTable {
  id: 1
  seq: number
  hash: string
  at: number
  signature: string
  pruned_to: number
}

export interface KeyringSchema {
  thing_key: ThingKeyTable
  secret: SecretTable
  tally: TallyTable
  journal: JournalTable
  state: StateTable
  audit_mark: AuditMarkTable
}

export type KeyringGround = Ground<KeyringSchema>
export type KeyringTx = Tx<KeyringSchema>

const tables: Record<string, TableShape> = {
  thing_key: {
    columns: {
      id: 'id',
      class: 'text',
      subject: 'id?',
      ground: 'text?',
      ends_at: 'time?',
      wrapped: 'bytes',
      wrapped_by: 'id',
      created_at: 'time',
    },
    primary: ['id'],
    checks: {
      class: sql`class in ('content', 'account', 'kept_by_law', 'preserved')`,
      kept_by_law: sql`class <> 'kept_by_law' or (ground is not null and ends_at is not null)`,
      preserved: sql`class <> 'preserved' or ground is not null`,
    },
    indexes: {
      by_wrap: { on: ['wrapped_by', 'id'] },
      of_subject: { on: ['subject', 'id'], where: 'subject is not null' },
    },
  },
  secret: {
    columns: { name: 'id', wrapped: 'bytes', wrapped_by: 'id', created_at: 'time' },
    primary: ['name'],
  },
  tally: {
    columns: { day: 'time', actor_kind: 'id', actor_id: 'id', purpose: 'id', subject: 'id', opened: 'count' },
    primary: ['day', 'actor_kind', 'actor_id', 'purpose', 'subject'],
  },
  journal: {
    columns: { seq: 'count', at: 'time', kind: 'text', thing: 'id?', hash: 'id?', detail: 'json?' },
    primary: ['seq'],
  },
  state: {
    columns: {
      id: 'count',
      instance_id: 'id',
      wraps: 'id',
      version: 'count',
      journal_seq: 'count',
      created_at: 'time',
    },
    primary: ['id'],
    checks: { one: sql`id = 1` },
  },
  audit_mark: {
    columns: { id: 'count', seq: 'count', hash: 'text', at: 'time', signature: 'text', pruned_to: 'count' },
    primary: ['id'],
    checks: { one: sql`id = 1` },
  },
}

/** In the order of their names. A migration that has been released is never edited; a new one mends it. */
export const keyringMigrations: Record<string, MigrationFor> = {
  'keyring-0001-first': async (db, dialect) => {
    for (const [name, shape] of Object.entries(tables)) await createTable(db, dialect, name, shape)
  },
}

/**
 * Takes the next version. The first statement of every writing transaction: its row lock puts them in one order, so none
 * waits for another in a circle, and the journal's numbers appear in the order in which they were taken. Answers the id
 * of the installation key that wraps; it stays so until the transaction ends.
 */
export async function nextVersion(tx: KeyringTx): Promise<string> {
  const { wraps } = await tx
    .updateTable('state')
    .set((eb) => ({ version: eb('version', '+', 1) }))
    .returning('wraps')
    .executeTakeFirstOrThrow()
  return wraps
}
