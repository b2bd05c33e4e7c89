import { firstPerson } from '#compliance/promises/canary.ts'
import type { Role, SubjectTable } from '#core/db/schema/accounts.ts'
import type { ReadOrTx, Tx } from '#core/db/schema/schema.ts'
import type { GenerationState } from '#core/db/schema/studio.ts'
import type { SubjectId } from '#core/ids/ids.ts'

export async function newest(read: ReadOrTx, limit: number): Promise<SubjectTable[]> {
  return read
    .selectFrom('subject')
    .selectAll()
    .where('id', '>=', firstPerson)
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
}

export async function liveSessions(read: ReadOrTx, subject: SubjectId, now: number): Promise<number> {
  const row = await read
    .selectFrom('session')
    .select((e) => e.fn.countAll<number>().as('n'))
    .where('subject_id', '=', subject)
    .where('expires_at', '>', now)
    .executeTakeFirstOrThrow()
  return Number(row.n)
}

export async function livingKeys(read: ReadOrTx, subject: SubjectId, now: number): Promise<number> {
  const row = await read
    .selectFrom('api_key')
    .select((e) => e.fn.countAll<number>().as('n'))
    .where('subject_id', '=', subject)
    .where('revoked_at', 'is', null)
    .where((e) => e.or([e('expires_at', 'is', null), e('expires_at', '>', now)]))
    .executeTakeFirstOrThrow()
  return Number(row.n)
}

export async function generationCounts(
  read: ReadOrTx,
  subject: SubjectId,
): Promise<{ state: GenerationState; count: number }[]> {
  const rows = await read
    .selectFrom('generation')
    .select(['state', (e) => e.fn.countAll<number>().as('n')])
    .where('subject_id', '=', subject)
    .groupBy('state')
    .execute()
  return rows.map(({ state, n }) => ({ state, count: Number(n) }))
}

/** How many others could still run the house if this one could not. */
export async function otherActiveOwners(read: ReadOrTx, except: SubjectId): Promise<number> {
  const row = await read
    .selectFrom('subject')
    .select((e) => e.fn.countAll<number>().as('n'))
    .where('role', '=', 'owner')
    .where('status', '=', 'active')
    .where('id', '<>', except)
    .executeTakeFirstOrThrow()
  return Number(row.n)
}

/** False when the person was not as expected any more. */
export async function changeRole(
  tx: Tx,
  id: SubjectId,
  change: { from: Role; to: Role; now: number },
): Promise<boolean> {
  const row = await tx
    .updateTable('subject')
    .set({ role: change.to, updated_at: change.now })
    .where('id', '=', id)
    .where('role', '=', change.from)
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}
