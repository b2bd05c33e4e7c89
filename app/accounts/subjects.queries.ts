import type { Role, SubjectStatus, SubjectTable } from '#core/db/schema/accounts.ts'
import type { ReadOrTx, Tx } from '#core/db/schema/schema.ts'
import type { SubjectId } from '#core/ids/ids.ts'

export async function insertSubject(tx: Tx, row: SubjectTable): Promise<boolean> {
  const made = await tx
    .insertInto('subject')
    .values(row)
    .onConflict((c) => c.column('email_hash').doNothing())
    .returning('id')
    .executeTakeFirst()
  return made !== undefined
}

export async function subjectByHash(read: ReadOrTx, emailHash: string): Promise<SubjectTable | undefined> {
  return read.selectFrom('subject').selectAll().where('email_hash', '=', emailHash).executeTakeFirst()
}

export async function subjectById(read: ReadOrTx, id: SubjectId): Promise<SubjectTable | undefined> {
  return read.selectFrom('subject').selectAll().where('id', '=', id).executeTakeFirst()
}

export async function setStatus(tx: Tx, id: SubjectId, status: SubjectStatus, now: number): Promise<void> {
  await tx.updateTable('subject').set({ status, updated_at: now }).where('id', '=', id).execute()
}

/**
 * False for one who is shut out. The row is written, to itself, and so stays as it is until the caller's transaction has
 * ended: PostgreSQL would let a status change between a read of it and the commit.
 */
export async function stillActive(tx: Tx, id: SubjectId): Promise<boolean> {
  const held = await tx
    .updateTable('subject')
    .set((row) => ({ status: row.ref('status') }))
    .where('id', '=', id)
    .where('status', 'not in', ['suspended', 'deleted'])
    .executeTakeFirst()
  return held.numUpdatedRows > 0n
}

/** What a person may change of their own row; it carries its own `updated_at`. */
export async function change(
  tx: Tx,
  id: SubjectId,
  columns: Partial<
    Pick<SubjectTable, 'name_sealed' | 'region' | 'locale' | 'time_zone' | 'theme' | 'updated_at'>
  >,
): Promise<void> {
  await tx.updateTable('subject').set(columns).where('id', '=', id).execute()
}

export async function setRole(tx: Tx, id: SubjectId, role: Role, now: number): Promise<void> {
  await tx.updateTable('subject').set({ role, updated_at: now }).where('id', '=', id).execute()
}

export async function markVerified(tx: Tx, id: SubjectId, now: number): Promise<void> {
  await tx
    .updateTable('subject')
    .set({ status: 'active', email_verified_at: now, updated_at: now })
    .where('id', '=', id)
    .where('status', '=', 'unverified')
    .execute()
}

export async function setPassword(tx: Tx, id: SubjectId, hash: string, now: number): Promise<void> {
  await tx
    .insertInto('password')
    .values({ subject_id: id, hash, changed_at: now })
    .onConflict((c) => c.column('subject_id').doUpdateSet({ hash, changed_at: now }))
    .execute()
}

export async function passwordOf(read: ReadOrTx, id: SubjectId): Promise<string | undefined> {
  const row = await read.selectFrom('password').select('hash').where('subject_id', '=', id).executeTakeFirst()
  return row?.hash
}

export async function deleteSessions(tx: Tx, id: SubjectId, except?: string): Promise<number> {
  let query = tx.deleteFrom('session').where('subject_id', '=', id)
  if (except) query = query.where('id', '<>', except)
  return Number((await query.executeTakeFirst()).numDeletedRows)
}

export async function sessionIds(read: ReadOrTx, id: SubjectId): Promise<string[]> {
  const rows = await read.selectFrom('session').select('id').where('subject_id', '=', id).execute()
  return rows.map((row) => row.id)
}

export async function deleteSession(tx: Tx, id: SubjectId, session: string): Promise<boolean> {
  const gone = await tx
    .deleteFrom('session')
    .where('subject_id', '=', id)
    .where('id', '=', session)
    .executeTakeFirst()
  return gone.numDeletedRows > 0n
}

export async function ownerExists(read: ReadOrTx): Promise<boolean> {
  const row = await read
    .selectFrom('subject')
    .select('id')
    .where('role', '=', 'owner')
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}
