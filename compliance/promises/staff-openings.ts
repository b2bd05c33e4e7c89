import { setTimeout as delay } from 'node:timers/promises'
import { DAY, HOUR, MINUTE, SECOND } from '#core/clock/clock.ts'
import { fromJson } from '#core/db/columns.ts'
import type { Read } from '#core/db/schema/schema.ts'
import { say } from '#core/i18n/say.ts'
import * as audit from '../records/audit.queries.ts'
import { type Kept, keptIf, type PromiseGround } from './promise.ts'

/** Two counts of the same openings, each by somebody else: the keyring as it opens, the audit log as the look is recorded. */
interface Day {
  counted: number
  recorded: number
  /** Of the recorded, those of the day's first minute: they may have been counted just before midnight. */
  early: number
}

type Openings = Map<string, Map<number, Day>>

/** What lies in both: the keyring forgets after 400 days (`jobs/retention.ts`). */
const COUNTED_FOR = 398 * DAY
/** A look is counted first and recorded a moment later; who looks in between must not cry wolf. */
const LOOKS = 4
const BETWEEN = SECOND

/**
 * Both counts are compared once a day as far as both go back, and in between from yesterday on. A difference is looked at
 * again for some seconds, since a look may be under way. `pause` waits so many ms; a test does not.
 */
export const staffOpenings = (pause: (ms: number) => Promise<unknown> = delay): Kept => ({
  id: 'S5',
  sentence: say('Staff see personal data only when their task needs it, and each look is on record.'),
  keptBy: say(
    'Roles and masked addresses; the keyring counts every opening by staff, apart from the audit log.',
  ),
  async check(ground, previous) {
    const now = ground.clock.now()
    const due = Number(previous.next_whole ?? 0)
    const whole = previous.differs_on !== null || due <= now || due > now + DAY
    const start = whole ? await bothSince(ground) : startOfDay(now) - DAY
    let found = await compared(ground, start)
    for (let look = 1; look < LOOKS && found.differs_on !== null; look++) {
      await pause(BETWEEN)
      found = await compared(ground, start)
    }
    return keptIf(found.differs_on === null, { ...found, next_whole: whole ? now + DAY : due })
  },
})

export const S5 = staffOpenings()

/** The first day of which both know everything. */
async function bothSince({ db, clock }: PromiseGround): Promise<number> {
  const counted = startOfDay(clock.now() - COUNTED_FOR)
  const pruned = (await audit.prunedTo(db.read)) - 1
  const seam = (await audit.checkpoints(db.read)).find(({ seq }) => seq === pruned)
  return Math.max(counted, seam ? startOfDay(seam.at) + DAY : 0)
}

async function compared({ db, keyring }: PromiseGround, start: number) {
  const openings: Openings = new Map()
  // In this order a look under way can only seem unrecorded, however long the log takes to read.
  const last = (await audit.lastLink(db.read))?.seq ?? 0
  for (const { actorId, day, opened } of await keyring.tally({ since: start, actorKind: 'staff' }))
    at(openings, actorId, day).counted += opened
  for await (const { actor_id, at: when, detail } of recordedByStaff(db.read, start, last)) {
    const opened = Number(fromJson(detail).opened ?? 0)
    const day = at(openings, actor_id, startOfDay(when))
    day.recorded += opened
    if (when - startOfDay(when) < MINUTE) day.early += opened
  }
  return { staff: openings.size, ...differences(openings, start) }
}

function differences(openings: Openings, start: number) {
  const sums = { openings: 0, unrecorded: 0, uncounted: 0 }
  const wrong: number[] = []
  const miss = (kind: 'unrecorded' | 'uncounted', day: number, many: number) => {
    if (many <= 0) return
    sums[kind] += many
    wrong.push(day)
  }
  for (const days of openings.values()) {
    let over = 0
    let before = Number.NaN
    for (const [day, { counted, recorded, early }] of [...days].sort(([a], [b]) => a - b)) {
      sums.openings += counted
      const carried = day === before + DAY ? Math.min(over, early) : 0
      miss('unrecorded', before, over - carried)
      over = counted - (recorded - carried)
      // Nobody counted here what belongs to the day before the first.
      if (day === start) over = Math.max(over, Math.min(0, over + early))
      miss('uncounted', day, -over)
      over = Math.max(0, over)
      before = day
    }
    miss('unrecorded', before, over)
  }
  const first = wrong.length > 0 ? new Date(Math.min(...wrong)).toISOString().slice(0, 10) : null
  return {
    openings: sums.openings,
    opened_without_a_record: sums.unrecorded,
    recorded_without_an_opening: sums.uncounted,
    differs_on: first,
  }
}

/** The log's rows from this time on, up to a row. Whatever was written down before an older checkpoint is older. */
async function* recordedByStaff(read: Read, start: number, last: number) {
  const known = await read
    .selectFrom('audit_checkpoint')
    .select((e) => e.fn.max('seq').as('seq'))
    .where('at', '<', start - HOUR)
    .executeTakeFirst()
  let after = Number(known?.seq ?? 0)
  for (;;) {
    const page = await read
      .selectFrom('audit')
      .select(['seq', 'at', 'actor_kind', 'actor_id', 'detail'])
      .where('seq', '>', after)
      .where('seq', '<=', last)
      .orderBy('seq')
      .limit(1000)
      .execute()
    // Whoever works at the machine's command line counts as staff (`core/actor.ts`).
    yield* page.filter(
      (row) => row.at >= start && (row.actor_kind === 'staff' || row.actor_kind === 'command'),
    )
    if (page.length < 1000) return
    after = page.at(-1)?.seq ?? after
  }
}

function at(openings: Openings, actor: string, day: number): Day {
  const days = openings.get(actor) ?? new Map<number, Day>()
  openings.set(actor, days)
  const there = days.get(day) ?? { counted: 0, recorded: 0, early: 0 }
  days.set(day, there)
  return there
}

function startOfDay(time: number): number {
  return time - (time % DAY)
}
