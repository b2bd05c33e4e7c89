/**
 * Who opened how many keys, what for, and of whom: counted here, apart from the audit log, so that the one can be held
 * against the other (promises S5 and D4).
 */
import { type Clock, DAY } from '#core/clock/clock.ts'
import type { SubjectId } from '#core/ids/ids.ts'
import type { KeyringGround, TallyTable } from './schema.ts'

export interface Access {
  readonly actor: { readonly kind: 'person' | 'api_key' | 'staff' | 'system'; readonly id: string }
  readonly purpose: string
  /** Whose data it is, for keys that do not themselves say. A key that names its subject is counted for that one. */
  readonly subject?: SubjectId | null
}

export interface TallyQuery {
  /** Days from the one (UTC) that this time lies in. */
  since: number
  actorKind?: Access['actor']['kind']
  purpose?: string
  subject?: SubjectId
}

export interface TallyRow {
  /** The first ms of the day, UTC. */
  day: number
  actorKind: string
  actorId: string
  purpose: string
  subject: SubjectId | null
  opened: number
}

/** Rows in one insert: SQLite takes 32,766 parameters. */
const CHUNK = 1000

export class Tally {
  readonly #ground: KeyringGround
  readonly #clock: Clock
  #waiting = new Map<string, TallyTable>()
  #writing: Promise<unknown> = Promise.resolve()
  #behind = false

  constructor(ground: KeyringGround, clock: Clock) {
    this.#ground = ground
    this.#clock = clock
  }

  /**
   * Counts one opening for each of `subjects`. For staff it is written down before this resolves; for others within a
   * second, so a killed process may lose one second of theirs. While the tally cannot be written nobody opens anything.
   */
  async count(access: Access, subjects: Iterable<SubjectId | null>): Promise<void> {
    const { actor, purpose } = access
    const day = startOfDay(this.#clock.now())
    for (const own of subjects) {
      const subject = own ?? access.subject ?? ''
      this.#add({ day, actor_kind: actor.kind, actor_id: actor.id, purpose, subject, opened: 1 })
    }
    if (actor.kind === 'staff' || this.#behind) await this.flush()
  }

  /** Writes what was counted. When it fails, the counts stay for the next try. */
  flush(): Promise<void> {
    const turn = this.#writing.then(() => this.#write())
    this.#writing = turn.catch(() => {})
    return turn
  }

  async read(query: TallyQuery): Promise<TallyRow[]> {
    await this.flush()
    let rows = this.#ground.read.selectFrom('tally').selectAll().where('day', '>=', startOfDay(query.since))
    if (query.actorKind) rows = rows.where('actor_kind', '=', query.actorKind)
    if (query.purpose !== undefined) rows = rows.where('purpose', '=', query.purpose)
    if (query.subject) rows = rows.where('subject', '=', query.subject)
    const found = await rows
      .orderBy('day')
      .orderBy('actor_kind')
      .orderBy('actor_id')
      .orderBy('purpose')
      .execute()
    return found.map((row) => ({
      day: row.day,
      actorKind: row.actor_kind,
      actorId: row.actor_id,
      purpose: row.purpose,
      subject: row.subject === '' ? null : (row.subject as SubjectId),
      opened: row.opened,
    }))
  }

  /** Forgets the days before the one that `before` lies in. */
  async prune(before: number): Promise<void> {
    await this.#ground.transaction((tx) =>
      tx.deleteFrom('tally').where('day', '<', startOfDay(before)).execute(),
    )
  }

  #add(row: TallyTable): void {
    const name = JSON.stringify([row.day, row.actor_kind, row.actor_id, row.purpose, row.subject])
    const there = this.#waiting.get(name)
    if (there) there.opened += row.opened
    else this.#waiting.set(name, row)
  }

  async #write(): Promise<void> {
    const taken = this.#waiting
    if (taken.size === 0) return
    this.#waiting = new Map()
    // In one order everywhere: two processes that lock the same rows in different orders would block each other.
    const rows = [...taken].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)
    try {
      await this.#ground.transaction(async (tx) => {
        for (let start = 0; start < rows.length; start += CHUNK) {
          await tx
            .insertInto('tally')
            .values(rows.slice(start, start + CHUNK))
            .onConflict((conflict) =>
              conflict
                .columns(['day', 'actor_kind', 'actor_id', 'purpose', 'subject'])
                .doUpdateSet((eb) => ({ opened: eb('tally.opened', '+', eb.ref('excluded.opened')) })),
            )
            .execute()
        }
      })
      this.#behind = false
    } catch (error) {
      this.#behind = true
      for (const row of rows) this.#add(row)
      throw error
    }
  }
}

function startOfDay(time: number): number {
  return time - (((time % DAY) + DAY) % DAY)
}
