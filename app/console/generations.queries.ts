import { isBeingMade } from '#app/studio/generations/generations.queries.ts'
import { liveStates } from '#app/studio/generations/states.ts'
import { ofCanary } from '#compliance/promises/canary.ts'
import type { ReadOrTx } from '#core/db/schema/schema.ts'
import type { AttemptTable, GenerationState, GenerationTable } from '#core/db/schema/studio.ts'
import type { GenerationId, SubjectId } from '#core/ids/ids.ts'

/** What a list shows: nothing of the prompt is read. */
const listed = [
  'id',
  'subject_id',
  'model',
  'state',
  'price',
  'error_code',
  'created_at',
  'started_at',
  'ended_at',
  'deadline_at',
] as const

export async function page(
  read: ReadOrTx,
  filter: {
    before?: GenerationId
    state?: GenerationState
    subject?: SubjectId
    /** Those that run although they should have ended by then. */
    lateAt?: number
    limit: number
  },
) {
  let query = read
    .selectFrom('generation')
    .select(listed)
    .where('model', '<>', ofCanary)
    .orderBy('id', 'desc')
    .limit(filter.limit)
  if (filter.before) query = query.where('id', '<', filter.before)
  if (filter.state) query = query.where('state', '=', filter.state)
  if (filter.lateAt !== undefined)
    query = query.where('state', 'in', liveStates).where('deadline_at', '<', filter.lateAt)
  if (filter.subject) query = query.where('subject_id', '=', filter.subject)
  return query.execute()
}

/** What is being made for a person. */
export async function liveOf(read: ReadOrTx, subject: SubjectId): Promise<GenerationId[]> {
  const rows = await read
    .selectFrom('generation')
    .select('id')
    .where('subject_id', '=', subject)
    .where(isBeingMade)
    .orderBy('id')
    .execute()
  return rows.map((row) => row.id)
}

export async function attemptsOf(read: ReadOrTx, id: GenerationId): Promise<AttemptTable[]> {
  return read.selectFrom('attempt').selectAll().where('generation_id', '=', id).orderBy('number').execute()
}

export async function holdOf(read: ReadOrTx, id: GenerationTable['credit_hold_id']) {
  if (id === null) return undefined
  return read
    .selectFrom('credit_hold')
    .select(['amount', 'state', 'ended_at'])
    .where('id', '=', id)
    .executeTakeFirst()
}
