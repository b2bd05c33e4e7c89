/** Making, opening and deleting the keys of things. */
import { randomBytes } from 'node:crypto'
import type { Clock } from '#core/clock/clock.ts'
import { type KeyId, newId, type SubjectId } from '#core/ids/ids.ts'
import type { ThingKey } from '../thing-key.ts'
import { KeyCache, type OpenedKey } from './key-cache.ts'
import { type KeyClass, type KeyringGround, nextVersion, type ThingKeyTable } from './schema.ts'
import type { Access, Tally } from './tally.ts'
import { writeWrapped } from './wrapped-write.ts'
import { type InstallationRing, ownerOfKey } from './wrapping.ts'

/** What a new key is for. What the law keeps says by which ground and until when (ms); what is preserved, for which case. */
export type NewKey =
  | { class: 'content' | 'account'; subject?: SubjectId | null; ground?: undefined; endsAt?: undefined }
  | { class: 'kept_by_law'; subject?: SubjectId | null; ground: string; endsAt: number }
  | { class: 'preserved'; subject?: SubjectId | null; ground: string; endsAt?: number }

export interface KeyFacts {
  id: KeyId
  class: KeyClass
  subject: SubjectId | null
  ground: string | null
  endsAt: number | null
  createdAt: number
}

/** The key is not in the keyring: it was destroyed, or never made. */
export class KeyGone extends Error {
  readonly id: KeyId

  constructor(id: KeyId) {
    super(`The key ${id} is gone`)
    this.name = 'KeyGone'
    this.id = id
  }
}

/** Ids in one query: SQLite takes 32,766 parameters. */
const MOST_IDS = 10_000
const ROWS_IN_ONE_INSERT = 1000
const PAGE = 500

export class ThingKeys {
  readonly #ground: KeyringGround
  readonly #ring: InstallationRing
  readonly #clock: Clock
  readonly #tally: Tally
  readonly cache: KeyCache
  /** Grows with each deletion: what was read before one must not be cached after it. */
  #deletions = 0

  constructor(ground: KeyringGround, ring: InstallationRing, clock: Clock, tally: Tally) {
    this.#ground = ground
    this.#ring = ring
    this.#clock = clock
    this.#tally = tally
    this.cache = new KeyCache(clock)
  }

  async createMany(wanted: readonly NewKey[]): Promise<ThingKey[]> {
    const now = this.#clock.now()
    const made = wanted.map(({ class: keyClass, subject = null, ground = null, endsAt = null }) => {
      const key: ThingKey = { id: newId('key', now), bytes: Uint8Array.from(randomBytes(32)) }
      const facts = { id: key.id, class: keyClass, subject, ground, ends_at: endsAt, created_at: now }
      return { key, facts }
    })
    const wrapped = (): ThingKeyTable[] =>
      made.map(({ key, facts }) => ({ ...facts, ...this.#ring.wrap(ownerOfKey(facts), key.bytes) }))
    await writeWrapped(this.#ground, this.#ring, wrapped, async (tx, rows) => {
      for (const some of inParts(rows, ROWS_IN_ONE_INSERT))
        await tx.insertInto('thing_key').values(some).execute()
    })
    return made.map(({ key }) => key)
  }

  async open(ids: readonly KeyId[], access: Access): Promise<Map<KeyId, ThingKey>> {
    const wanted = [...new Set(ids)]
    const opened = await this.#unwrapped(wanted)
    await this.#tally.count(
      access,
      [...opened.values()].map(({ subject }) => subject),
    )
    return new Map([...opened].map(([id, { bytes }]) => [id, { id, bytes }]))
  }

  async of(subject: SubjectId, classes?: readonly KeyClass[]): Promise<KeyFacts[]> {
    let rows = this.#ground.read.selectFrom('thing_key').where('subject', '=', subject)
    if (classes) rows = rows.where('class', 'in', classes)
    const found = await rows
      .select(['id', 'class', 'subject', 'ground', 'ends_at', 'created_at'])
      .orderBy('id')
      .execute()
    return found.map(({ ends_at, created_at, ...row }) => ({
      ...row,
      endsAt: ends_at,
      createdAt: created_at,
    }))
  }

  /** Deletes; answers how many there were. What it leaves on the disk is for `clearResidue`. */
  async delete(ids: readonly KeyId[]): Promise<number> {
    const destroyed = await this.#ground.transaction(async (tx) => {
      await nextVersion(tx)
      let deleted = 0
      for (const some of inParts(ids, MOST_IDS)) {
        const result = await tx.deleteFrom('thing_key').where('id', 'in', some).executeTakeFirst()
        deleted += Number(result.numDeletedRows)
      }
      return deleted
    })
    this.#deletions += 1
    this.cache.drop(ids)
    return destroyed
  }

  async *orphans(
    olderThanMs: number,
    referenced: (ids: KeyId[]) => Promise<ReadonlySet<KeyId>>,
  ): AsyncGenerator<KeyId, void, undefined> {
    const before = this.#clock.now() - olderThanMs
    for (let last = '' as KeyId; ; ) {
      const rows = await this.#ground.read
        .selectFrom('thing_key')
        .select(['id', 'created_at'])
        .where('id', '>', last)
        .orderBy('id')
        .limit(PAGE)
        .execute()
      const old = rows.filter((row) => row.created_at < before).map((row) => row.id)
      if (old.length > 0) {
        const used = await referenced(old)
        yield* old.filter((id) => !used.has(id))
      }
      const end = rows.at(-1)
      if (!end || rows.length < PAGE) return
      last = end.id
    }
  }

  /** Copies of the keys' bytes, so that wiping the cache takes no key away from whoever is using it. */
  async #unwrapped(ids: readonly KeyId[]): Promise<Map<KeyId, OpenedKey>> {
    const deletions = this.#deletions
    const found = new Map<KeyId, OpenedKey>()
    for (const id of ids) {
      const held = this.cache.get(id)
      if (held) found.set(id, { ...held, bytes: Uint8Array.from(held.bytes) })
    }
    for (const some of inParts(
      ids.filter((id) => !found.has(id)),
      MOST_IDS,
    )) {
      const rows = await this.#ground.read
        .selectFrom('thing_key')
        .selectAll()
        .where('id', 'in', some)
        .execute()
      await this.#ring.find(rows.map((row) => row.wrapped_by))
      for (const row of rows) {
        const opened = { bytes: this.#ring.unwrap(ownerOfKey(row), row), subject: row.subject }
        found.set(row.id, { ...opened, bytes: Uint8Array.from(opened.bytes) })
        if (deletions === this.#deletions) this.cache.keep(row.id, opened)
      }
    }
    return found
  }
}

function* inParts<T>(all: readonly T[], size: number): Generator<T[]> {
  for (let start = 0; start < all.length; start += size) yield all.slice(start, start + size)
}
