import { isBeingMade } from '#app/studio/generations/generations.queries.ts'
import type { ReadOrTx } from '#core/db/schema/schema.ts'
import type { AttemptTable, GenerationTable } from '#core/db/schema/studio.ts'
import type { GenerationId, ReferenceId, SubjectId } from '#core/ids/ids.ts'

/** A page of what a person saved, newest first; `before` is the id to go on from. */
export async function savedPage(
  read: ReadOrTx,
  subject: SubjectId,
  options: { before?: GenerationId; limit: number },
): Promise<GenerationTable[]> {
  let query = read
    .selectFrom('generation')
    .selectAll()
    .where('subject_id', '=', subject)
    .where('saved_at', 'is not', null)
    .where('state', '=', 'ready')
    .orderBy('id', 'desc')
    .limit(options.limit)
  if (options.before) query = query.where('id', '<', options.before)
  return query.execute()
}

/** What is being made of a person's, newest first. */
export async function liveOf(read: ReadOrTx, subject: SubjectId): Promise<GenerationTable[]> {
  return read
    .selectFrom('generation')
    .selectAll()
    .where('subject_id', '=', subject)
    .where(isBeingMade)
    .orderBy('id', 'desc')
    .execute()
}

/** Whether this session still opens anything: a stream outlives the request that began it. */
export async function sessionStands(
  read: ReadOrTx,
  session: string,
  subject: SubjectId,
  now: number,
): Promise<boolean> {
  const row = await read
    .selectFrom('session as s')
    .innerJoin('subject as p', 'p.id', 's.subject_id')
    .select('s.id')
    .where('s.id', '=', session)
    .where('s.subject_id', '=', subject)
    .where('s.expires_at', '>', now)
    .where('p.status', '=', 'active')
    .executeTakeFirst()
  return row !== undefined
}

/** Its files with what they weigh and how large they are, by kind. */
export async function filesOf(read: ReadOrTx, subject: SubjectId, id: GenerationId) {
  return read
    .selectFrom('asset')
    .select(['kind', 'size', 'width', 'height', 'duration_ms', 'media_type'])
    .where('generation_id', '=', id)
    .where('subject_id', '=', subject)
    .execute()
}

/** The pictures that began to move, by generation. */
export async function firstFramesOf(
  read: ReadOrTx,
  ids: readonly GenerationId[],
): Promise<Map<GenerationId, ReferenceId>> {
  if (ids.length === 0) return new Map()
  const rows = await read
    .selectFrom('generation_input')
    .select(['generation_id', 'reference_id'])
    .where('generation_id', 'in', ids)
    .where('role', '=', 'first_frame')
    .execute()
  return new Map(rows.flatMap((row) => (row.reference_id ? [[row.generation_id, row.reference_id]] : [])))
}

/** To whom an attempt gave data, as it was then; undefined when it stayed on the operator's own machines. */
export async function handedOver(read: ReadOrTx, attempt: AttemptTable['id']) {
  return read
    .selectFrom('transfer')
    .select(['processor', 'country'])
    .where('attempt_id', '=', attempt)
    .executeTakeFirst()
}
