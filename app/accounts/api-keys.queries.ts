import type { ApiKeyTable } from '#core/db/schema/accounts.ts'
import type { ReadOrTx, Tx } from '#core/db/schema/schema.ts'
import type { SubjectId } from '#core/ids/ids.ts'

export async function insert(tx: Tx, row: ApiKeyTable): Promise<void> {
  await tx.insertInto('api_key').values(row).execute()
}

/** By its hash, if it works and its account is active. */
export async function living(read: ReadOrTx, hash: string, now: number) {
  return read
    .selectFrom('api_key as k')
    .innerJoin('subject as s', 's.id', 'k.subject_id')
    .select(['k.id', 'k.subject_id', 'k.scopes', 'k.last_used_at'])
    .where('k.hash', '=', hash)
    .where('k.revoked_at', 'is', null)
    .where((e) => e.or([e('k.expires_at', 'is', null), e('k.expires_at', '>', now)]))
    .where('s.status', '=', 'active')
    .executeTakeFirst()
}

export async function touch(tx: Tx, id: ApiKeyTable['id'], now: number): Promise<void> {
  await tx.updateTable('api_key').set({ last_used_at: now }).where('id', '=', id).execute()
}

export async function ofSubject(read: ReadOrTx, subject: SubjectId): Promise<ApiKeyTable[]> {
  return read
    .selectFrom('api_key')
    .selectAll()
    .where('subject_id', '=', subject)
    .orderBy('created_at', 'desc')
    .execute()
}

/** Living keys that end before `before` and whose owner was not told. */
export async function ending(read: ReadOrTx, now: number, before: number, limit: number) {
  return read
    .selectFrom('api_key')
    .select(['id', 'subject_id', 'expires_at'])
    .where('revoked_at', 'is', null)
    .where('reminded_at', 'is', null)
    .where('expires_at', '>', now)
    .where('expires_at', '<', before)
    .limit(limit)
    .execute()
}

/** False when somebody else told them a moment ago. */
export async function markReminded(tx: Tx, id: ApiKeyTable['id'], now: number): Promise<boolean> {
  const row = await tx
    .updateTable('api_key')
    .set({ reminded_at: now })
    .where('id', '=', id)
    .where('reminded_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

/** False when this person has no such living key. */
export async function revoke(
  tx: Tx,
  subject: SubjectId,
  id: ApiKeyTable['id'],
  now: number,
): Promise<boolean> {
  const row = await tx
    .updateTable('api_key')
    .set({ revoked_at: now })
    .where('id', '=', id)
    .where('subject_id', '=', subject)
    .where('revoked_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}
