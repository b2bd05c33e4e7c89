import { sql } from 'kysely'
import { DAY } from '#core/clock/clock.ts'
import type { Read } from '#core/db/schema/schema.ts'
import { firstIdAt } from '#core/ids/ids.ts'
import { ORPHAN_SURELY_GONE, unnamedFiles } from '../retention/orphan-objects.ts'
import { firstPerson } from './canary.ts'
import type { Evidence, PromiseGround } from './promise.ts'
import { walk } from './walk.ts'

/** What is stored and belongs to nobody: rows without their owner, files without their row. */
export async function orphanedRows(read: Read, previous: Evidence) {
  const noSubject = sql`not exists (select 1 from subject as s where s.id = r.subject_id)`
  const noOwner = sql`${noSubject}
    or (r.generation_id is not null and not exists
      (select 1 from generation as g where g.id = r.generation_id and g.subject_id = r.subject_id))
    or (r.reference_id is not null and not exists
      (select 1 from reference as f where f.id = r.reference_id and f.subject_id = r.subject_id))`
  const walked = {
    generation: await walk(
      read,
      { table: 'generation', key: 'id', wrong: noSubject },
      previous.next_generation,
    ),
    reference: await walk(read, { table: 'reference', key: 'id', wrong: noSubject }, previous.next_reference),
    asset: await walk(read, { table: 'asset', key: 'id', wrong: noOwner }, previous.next_asset),
  }
  const all = Object.values(walked)
  return {
    looked: all.reduce((sum, one) => sum + one.looked, 0),
    wrong: all.reduce((sum, one) => sum + one.wrong, 0),
    cursors: Object.fromEntries(Object.entries(walked).map(([table, { next }]) => [`next_${table}`, next])),
  }
}

const FILES_IN_ONE_RUN = 20_000
/** Characters of an id, prefix included, that are the same for twelve days: the files are listed in such portions. */
const PORTION = 'gen_'.length + 4

/**
 * Walks the stored files portion by portion, by the time in their ids, until enough were looked at; the next run goes on
 * with the next portion. A portion in which something was wrong is looked at again.
 */
export async function orphanedObjects(
  { db, objects, clock }: Pick<PromiseGround, 'db' | 'objects' | 'clock'>,
  previous: Evidence,
) {
  const portions = await portionsOf(db.read, clock.now())
  const first = Math.max(0, portions.indexOf(String(previous.next_portion ?? '')))
  let looked = 0
  let wrong = 0
  let at = first
  for (; at < portions.length && looked < FILES_IN_ONE_RUN && wrong === 0; at++) {
    const found = await inPortion(db.read, objects, portions[at] as string, clock.now() - ORPHAN_SURELY_GONE)
    looked += found.looked
    wrong += found.wrong
  }
  const next = wrong > 0 ? portions[at - 1] : portions[at]
  return { looked, wrong, cursors: { next_portion: next ?? '' } }
}

async function inPortion(read: Read, objects: PromiseGround['objects'], prefix: string, before: number) {
  let looked = 0
  let wrong = 0
  for await (const found of unnamedFiles(read, objects, prefix, before)) {
    looked += found.looked
    wrong += found.unnamed.length
  }
  return { looked, wrong }
}

/** From before the first account to now. */
async function portionsOf(read: Read, now: number): Promise<string[]> {
  const oldest = await read
    .selectFrom('subject')
    .select('created_at')
    .where('id', '>=', firstPerson)
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
  const found = new Set<string>()
  for (let time = (oldest?.created_at ?? now) - 13 * DAY; time <= now + DAY; time += DAY) {
    found.add(`generations/${firstIdAt('generation', time).slice(0, PORTION)}`)
    found.add(`references/${firstIdAt('reference', time).slice(0, PORTION)}`)
  }
  return [...found].sort()
}
