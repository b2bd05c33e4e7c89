import { sql } from 'kysely'
import { DAY } from '#core/clock/clock.ts'
import type { ReadOrTx, Tx } from '#core/db/schema/schema.ts'
import type {
  AssetTable,
  GenerationState,
  GenerationTable,
  ScreeningTable,
  StampTable,
} from '#core/db/schema/studio.ts'
import { firstIdAt, type GenerationId, type SubjectId } from '#core/ids/ids.ts'

export async function insert(tx: Tx, row: GenerationTable): Promise<void> {
  await tx.insertInto('generation').values(row).execute()
}

/** Changes the state if it is one of `from`, and answers the new sequence number; undefined if it is not. */
export async function moveOn(
  tx: Tx,
  id: GenerationId,
  from: readonly GenerationState[],
  change: Partial<GenerationTable> & { state: GenerationState; updated_at: number },
) {
  return tx
    .updateTable('generation')
    .set({ ...change, seq: sql<number>`seq + 1` })
    .where('id', '=', id)
    .where('state', 'in', from)
    .returning(['seq', 'subject_id', 'credit_hold_id', 'key_id'])
    .executeTakeFirst()
}

interface NewEvent {
  generation_id: GenerationId
  seq: number
  subject_id: SubjectId
  state: GenerationState
  phase: string
  at: number
}

export async function insertEvent(tx: Tx, event: NewEvent): Promise<void> {
  await insertEvents(tx, [event])
}

export async function insertEvents(tx: Tx, events: readonly NewEvent[]): Promise<void> {
  await tx.insertInto('generation_event').values(events).execute()
}

/** By id and owner together: somebody else's is not there. */
export async function ownGeneration(
  read: ReadOrTx,
  subject: SubjectId,
  id: GenerationId,
): Promise<GenerationTable | undefined> {
  return read
    .selectFrom('generation')
    .selectAll()
    .where('id', '=', id)
    .where('subject_id', '=', subject)
    .executeTakeFirst()
}

/** Without the owner, for the worker and for staff. */
export async function anyGeneration(read: ReadOrTx, id: GenerationId): Promise<GenerationTable | undefined> {
  return read.selectFrom('generation').selectAll().where('id', '=', id).executeTakeFirst()
}

/** A page of a person's generations, newest first unless told otherwise; `before` is the id to go on from. */
export async function pageOfSubject(
  read: ReadOrTx,
  subject: SubjectId,
  options: { before?: GenerationId; limit: number; withGone?: boolean; oldestFirst?: boolean },
): Promise<GenerationTable[]> {
  let query = read
    .selectFrom('generation')
    .selectAll()
    .where('subject_id', '=', subject)
    .orderBy('id', options.oldestFirst ? 'asc' : 'desc')
    .limit(options.limit)
  if (options.before) query = query.where('id', options.oldestFirst ? '>' : '<', options.before)
  // Written out, not bound: a partial index serves only a condition that it can see.
  if (!options.withGone) query = query.where(sql<boolean>`state not in ('expired', 'removed')`)
  return query.execute()
}

/** Those of a person that changed since, for the live view. */
export async function changedSince(
  read: ReadOrTx,
  subject: SubjectId,
  since: number,
): Promise<GenerationTable[]> {
  return (
    read
      .selectFrom('generation')
      .selectAll()
      .where('subject_id', '=', subject)
      .where('updated_at', '>=', since)
      // What is live is no older than the longest deadline: this lets the index find the few that may have changed.
      .where('id', '>=', firstIdAt('generation', since - DAY))
      .orderBy('id', 'desc')
      .limit(100)
      .execute()
  )
}

export async function assetsOf(read: ReadOrTx, ids: GenerationId[]): Promise<AssetTable[]> {
  if (ids.length === 0) return []
  return read.selectFrom('asset').selectAll().where('generation_id', 'in', ids).execute()
}

export async function insertAsset(tx: Tx, row: AssetTable): Promise<void> {
  await tx.insertInto('asset').values(row).execute()
}

export async function insertStamp(tx: Tx, row: StampTable): Promise<void> {
  await tx.insertInto('stamp').values(row).execute()
}

/** That of the video itself. */
export async function stampOf(read: ReadOrTx, id: GenerationId): Promise<StampTable | undefined> {
  return read
    .selectFrom('stamp as s')
    .innerJoin('asset as a', 'a.id', 's.asset_id')
    .selectAll('s')
    .where('s.generation_id', '=', id)
    .where('a.kind', '=', 'video')
    .executeTakeFirst()
}

export async function insertScreening(tx: Tx, row: ScreeningTable): Promise<void> {
  await tx.insertInto('screening').values(row).execute()
}

export async function screeningsOf(read: ReadOrTx, id: GenerationId): Promise<ScreeningTable[]> {
  return read.selectFrom('screening').selectAll().where('generation_id', '=', id).orderBy('at').execute()
}

export async function eventsOf(read: ReadOrTx, id: GenerationId) {
  return read
    .selectFrom('generation_event')
    .selectAll()
    .where('generation_id', '=', id)
    .orderBy('seq')
    .execute()
}

/** How long the newest of this model took, for an honest estimate. */
export async function recentDurations(read: ReadOrTx, model: string, limit: number) {
  return read
    .selectFrom('generation')
    .select(['settings', 'started_at', 'ended_at'])
    .where('model', '=', model)
    .where('state', '=', 'ready')
    .orderBy('ended_at', 'desc')
    .limit(limit)
    .execute()
}

/** Being made. Written out, not bound: a partial index serves only a condition that it can see. */
export const isBeingMade = sql<boolean>`state in ('queued', 'submitted', 'rendering', 'finishing')`

export async function liveCount(read: ReadOrTx, subject: SubjectId): Promise<number> {
  const row = await read
    .selectFrom('generation')
    .select((e) => e.fn.countAll<number>().as('n'))
    .where('subject_id', '=', subject)
    .where(isBeingMade)
    .executeTakeFirstOrThrow()
  return Number(row.n)
}

/** Those that wait for a provider to have room, the oldest first. Those made here wait in the queue instead. */
export async function waitingForProvider(
  read: ReadOrTx,
  madeHere: readonly string[],
  limit: number,
): Promise<GenerationTable[]> {
  return read
    .selectFrom('generation')
    .selectAll()
    .where('state', '=', 'queued')
    .where('model', 'not in', madeHere.length > 0 ? madeHere : [''])
    .orderBy('id')
    .limit(limit)
    .execute()
}

/** What whoever watches was told last. */
export async function newestPhase(read: ReadOrTx, id: GenerationId): Promise<string | undefined> {
  const row = await read
    .selectFrom('generation_event')
    .select('phase')
    .where('generation_id', '=', id)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.phase
}

export async function pastDeadline(read: ReadOrTx, now: number, limit: number) {
  return read
    .selectFrom('generation')
    .select('id')
    .where('state', 'in', ['queued', 'submitted', 'rendering', 'finishing'])
    .where('deadline_at', '<', now)
    .limit(limit)
    .execute()
}
