/**
 * What a restore must not undo. It outlives the data it speaks of and stands outside every backup of it, so it holds random
 * ids and keyed hashes only.
 */
import type { Clock } from '#core/clock/clock.ts'
import { type KeyringGround, nextVersion } from './schema.ts'

export const journalKinds = [
  'deletion',
  'takedown',
  'withdrawal',
  'objection',
  'restriction',
  'correction',
  'unsubscription',
  'revocation',
  'ban',
  'hold',
] as const
export type JournalKind = (typeof journalKinds)[number]

/**
 * Names that a detail may have. Values are numbers, flags, or one word of ASCII (an id, a code): no room for content.
 * `lifted` ends every entry of its kind and thing before it; `lifts` ends the one with that `seq` alone.
 */
export const journalDetails = [
  'purpose',
  'scope',
  'ground',
  'case',
  'field',
  'class',
  'count',
  'until',
  'lifted',
  'lifts',
] as const
export type JournalDetail = Partial<Record<(typeof journalDetails)[number], string | number | boolean>>

export interface NewJournalEntry {
  kind: JournalKind
  /** The id of what it is about. */
  thing?: string
  /** A keyed hash (`keyring.keyedHash`) of what it is about, where there is no id, as for an unsubscribed address. */
  hash?: string
  detail?: JournalDetail
}

export interface JournalEntry extends NewJournalEntry {
  seq: number
  at: number
}

const ID = /^[a-z]{2,8}_[0-9a-z]{26}$/
const HASH = /^[A-Za-z0-9_-]{43}$/
const WORD = /^[A-Za-z0-9_.:-]{1,64}$/

export class Journal {
  readonly #ground: KeyringGround
  readonly #clock: Clock

  constructor(ground: KeyringGround, clock: Clock) {
    this.#ground = ground
    this.#clock = clock
  }

  /** Answers its number. Throws RangeError for what could carry content. Writing the same twice does no harm. */
  async record(entry: NewJournalEntry): Promise<number> {
    refuseContent(entry)
    return this.#ground.transaction(async (tx) => {
      await nextVersion(tx)
      const { journal_seq: seq } = await tx
        .updateTable('state')
        .set((eb) => ({ journal_seq: eb('journal_seq', '+', 1) }))
        .returning('journal_seq')
        .executeTakeFirstOrThrow()
      const { kind, thing = null, hash = null } = entry
      const detail = entry.detail ? JSON.stringify(entry.detail) : null
      await tx
        .insertInto('journal')
        .values({ seq, at: this.#clock.now(), kind, thing, hash, detail })
        .execute()
      return seq
    })
  }

  /** The entries after number `seq`, oldest first, at most `limit`. */
  async since(seq: number, limit = 1000): Promise<JournalEntry[]> {
    const rows = await this.#ground.read
      .selectFrom('journal')
      .selectAll()
      .where('seq', '>', seq)
      .orderBy('seq')
      .limit(limit)
      .execute()
    return rows.map((row) => ({
      seq: row.seq,
      at: row.at,
      kind: row.kind as JournalKind,
      thing: row.thing ?? undefined,
      hash: row.hash ?? undefined,
      detail: row.detail === null ? undefined : (JSON.parse(row.detail) as JournalDetail),
    }))
  }
}

function refuseContent({ kind, thing, hash, detail = {} }: NewJournalEntry): void {
  if (!journalKinds.includes(kind)) throw new RangeError('No such kind of journal entry')
  if (thing === undefined && hash === undefined) throw new RangeError('A journal entry is about something')
  if (thing !== undefined && !ID.test(thing))
    throw new RangeError('A thing in the journal is named by its id')
  if (hash !== undefined && !HASH.test(hash)) throw new RangeError('A hash in the journal is a keyed hash')
  for (const [name, value] of Object.entries(detail)) {
    const fits =
      typeof value === 'string' ? WORD.test(value) : typeof value === 'boolean' || Number.isSafeInteger(value)
    if (!fits || !(journalDetails as readonly string[]).includes(name)) {
      throw new RangeError(`The journal takes no detail ${name} of this form`)
    }
  }
}
