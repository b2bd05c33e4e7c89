import { balanceOf } from '#app/billing/ledger/ledger.ts'
import type { House } from '#app/house.ts'
import { changedSince } from '#app/studio/generations/generations.queries.ts'
import type { Actor } from '#core/actor.ts'
import { MINUTE, SECOND } from '#core/clock/clock.ts'
import type { GenerationTable } from '#core/db/schema/studio.ts'
import type { Creation, CreditCount, QueueCount } from './creation.schema.ts'
import * as queries from './creations.queries.ts'
import { countQueue, creationsOf } from './creations.ts'

export type LiveEvent =
  | { event: 'generation'; data: Creation }
  | { event: 'queue'; data: QueueCount }
  | { event: 'credits'; data: CreditCount }

/** The worker's clock and the order of commits differ a little from ours; what was sent is not sent again. */
const OVERLAP = 10 * SECOND

export interface LiveFeed {
  /** What is new since the last time it was asked; the first time everything live and what changed a minute ago. */
  next(): Promise<LiveEvent[]>
}

/**
 * What one browser is told of a person's work. A prompt is unsealed once for each stream: later events of the same
 * creation come without it. `onEnded` is called when the session does not stand any more; nothing is said after that.
 */
export function liveFeed(
  house: House,
  who: { actor: Extract<Actor, { kind: 'person' }>; sessionId: string },
  onEnded: () => void,
): LiveFeed {
  const { db, clock } = house
  const { actor, sessionId } = who
  /** By id, the change that was sent last. */
  const sent = new Map<string, string>()
  let since = clock.now() - MINUTE
  let first = true
  let said = { queue: '', available: -1 }

  return {
    async next() {
      const now = clock.now()
      if (!(await queries.sessionStands(db.read, sessionId, actor.id, now))) {
        onEnded()
        return []
      }
      const [changed, live, { available }] = await Promise.all([
        changedSince(db.read, actor.id, since),
        queries.liveOf(db.read, actor.id),
        balanceOf(db.read, actor.id),
      ])
      const rows = first
        ? [...live, ...changed.filter((row) => !live.some(({ id }) => id === row.id))]
        : changed
      const fresh = rows.filter((row) => sent.get(row.id) !== markOf(row))
      const shown = fresh.map((row) => (sent.has(row.id) ? { ...row, prompt_sealed: '' } : row))
      const events: LiveEvent[] = (await creationsOf(house, actor, shown)).map((data) => ({
        event: 'generation',
        data,
      }))
      for (const row of fresh) sent.set(row.id, markOf(row))
      const queue = countQueue(live)
      const queueMark = JSON.stringify(queue)
      if (queueMark !== said.queue) events.push({ event: 'queue', data: queue })
      if (available !== said.available) events.push({ event: 'credits', data: { available, at: now } })
      said = { queue: queueMark, available }
      since = now - OVERLAP
      first = false
      return events
    },
  }
}

function markOf(row: Pick<GenerationTable, 'seq' | 'updated_at'>): string {
  return `${row.seq} ${row.updated_at}`
}
