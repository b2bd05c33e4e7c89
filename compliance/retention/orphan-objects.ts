import { DAY, HOUR, MINUTE } from '#core/clock/clock.ts'
import type { Read } from '#core/db/schema/schema.ts'
import type { Ground } from '#core/house.ts'
import { firstIdAt, isId } from '#core/ids/ids.ts'
import type { ObjectStore } from '#core/storage/object-store.ts'
import { firstPerson } from '../promises/canary.ts'
import type { RetentionRule } from './run.ts'

/** Files younger than this may belong to something whose row is still to come. */
export const ORPHAN_AFTER = DAY
/** By then the sweep has come by: it looks at each file once an hour in the hours after its first day. */
export const ORPHAN_SURELY_GONE = ORPHAN_AFTER + 2 * HOUR

/** How often the sweep runs. */
const RUN_EVERY = 10 * MINUTE
/** Characters of an id, prefix included, that are the same for nine hours: the files are listed in such windows. */
const WINDOW_LETTERS = 'gen_'.length + 5
const WINDOW = 2 ** 25
/** Windows whose files may have become a day old within the last hours. */
const FRESH = 3

/**
 * Files that nothing needs. A file is stored before the row that names it, so a crash in between leaves it over; so does a
 * deletion that failed. Each run lists one window: in turn one of those that became a day old just now, and one of all, so
 * that everything is looked at again within weeks and no run lists a whole store.
 */
export function orphanObjects({
  db,
  objects,
  clock,
}: Pick<Ground, 'db' | 'clock'> & { objects: ObjectStore }): RetentionRule {
  const now = clock.now()
  return {
    name: 'object.orphan',
    async batch(limit) {
      let deleted = 0
      for (const prefix of await windowOfRun(db.read, now)) {
        for await (const { unnamed } of unnamedFiles(db.read, objects, prefix, now - ORPHAN_AFTER)) {
          if (unnamed.length === 0) continue
          const needed = await stillNeeded(db.read, unnamed)
          for (const key of unnamed.filter((key) => !needed.has(key)).slice(0, limit - deleted)) {
            await objects.delete(key)
            deleted += 1
          }
          if (deleted >= limit) return { considered: deleted, deleted }
        }
      }
      return { considered: deleted, deleted }
    },
  }
}

/**
 * The files under a prefix that were last written before a time, in portions: how many they are, and which of them no row
 * names. They are listed before the rows are asked for, so a row that comes meanwhile counts. Throws when either cannot be read.
 */
export async function* unnamedFiles(
  read: Read,
  objects: Pick<ObjectStore, 'list'>,
  prefix: string,
  before: number,
): AsyncGenerator<{ looked: number; unnamed: string[] }> {
  let looked = 0
  let old: string[] = []
  const settle = async () => {
    const rows =
      old.length === 0
        ? []
        : await read.selectFrom('asset').select('object_key').where('object_key', 'in', old).execute()
    const named = new Set(rows.map(({ object_key }) => object_key))
    return { looked, unnamed: old.filter((key) => !named.has(key)) }
  }
  for await (const { key, modifiedAt } of objects.list(prefix)) {
    looked += 1
    if (modifiedAt < before) old.push(key)
    if (looked < 500) continue
    yield await settle()
    looked = 0
    old = []
  }
  yield await settle()
}

/** Of files that no row names, those of something that is still being made or read, and those that are none of ours. */
async function stillNeeded(read: Read, keys: readonly string[]): Promise<ReadonlySet<string>> {
  const ownerOf = (key: string) => key.split('/')[1] ?? ''
  const owners = [...new Set(keys.map(ownerOf))]
  const generations = owners.filter((id) => isId('generation', id))
  const references = owners.filter((id) => isId('reference', id))
  const live: string[] = []
  // PostgreSQL has no empty list.
  if (generations.length > 0) {
    const making = ['held', 'queued', 'submitted', 'rendering', 'finishing'] as const
    const query = read.selectFrom('generation').select('id').where('id', 'in', generations)
    live.push(...(await query.where('state', 'in', making).execute()).map(({ id }) => id))
  }
  if (references.length > 0) {
    const query = read.selectFrom('reference').select('id').where('id', 'in', references)
    live.push(...(await query.where('state', '=', 'receiving').execute()).map(({ id }) => id))
  }
  const nobodys = new Set<string>([...generations, ...references])
  for (const id of live) nobodys.delete(id)
  return new Set(keys.filter((key) => !nobodys.has(ownerOf(key))))
}

/** The prefixes that this run lists; none in a house without a person, for that may be the wrong database. */
async function windowOfRun(read: Read, now: number): Promise<string[]> {
  const oldest = await read
    .selectFrom('subject')
    .select('created_at')
    .where('id', '>=', firstPerson)
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
  if (!oldest) return []
  const first = Math.floor(oldest.created_at / WINDOW)
  const newest = Math.max(first, Math.floor((now - ORPHAN_AFTER) / WINDOW))
  const count = newest - first + 1
  const turn = Math.floor(now / RUN_EVERY)
  const half = Math.floor(turn / 2)
  // Round by a power of two, which stays the same while windows are added: by their number, some would be skipped for ever.
  const round = 2 ** Math.ceil(Math.log2(count))
  const index = turn % 2 === 0 ? newest - (half % Math.min(FRESH, count)) : first + ((half % round) % count)
  const time = index * WINDOW
  return [
    `generations/${firstIdAt('generation', time).slice(0, WINDOW_LETTERS)}`,
    `references/${firstIdAt('reference', time).slice(0, WINDOW_LETTERS)}`,
  ]
}
