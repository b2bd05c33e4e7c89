import type { ReadOrTx, Tx } from '#core/db/schema/schema.ts'
import type { AssetTable, ReferenceTable } from '#core/db/schema/studio.ts'
import { firstIdAt, type ReferenceId, type SubjectId } from '#core/ids/ids.ts'

export async function insert(tx: Tx, row: ReferenceTable): Promise<void> {
  await tx.insertInto('reference').values(row).execute()
}

export async function own(
  read: ReadOrTx,
  subject: SubjectId,
  id: ReferenceId,
): Promise<ReferenceTable | undefined> {
  return read
    .selectFrom('reference')
    .selectAll()
    .where('id', '=', id)
    .where('subject_id', '=', subject)
    .executeTakeFirst()
}

export async function fileOf(read: ReadOrTx, id: ReferenceId): Promise<AssetTable | undefined> {
  return read.selectFrom('asset').selectAll().where('reference_id', '=', id).executeTakeFirst()
}

/** The oldest of a person's references since `since` whose content is the same, byte for byte. */
export async function firstLike(
  read: ReadOrTx,
  subject: SubjectId,
  id: ReferenceId,
  since: number,
): Promise<ReferenceId | undefined> {
  const row = await read
    .selectFrom('asset as given')
    .innerJoin('asset as same', (join) =>
      join.onRef('same.subject_id', '=', 'given.subject_id').onRef('same.sha256', '=', 'given.sha256'),
    )
    .innerJoin('reference as r', 'r.id', 'same.reference_id')
    .select('r.id')
    .where('given.reference_id', '=', id)
    .where('same.subject_id', '=', subject)
    .where('same.id', '>=', firstIdAt('asset', since))
    .orderBy('r.id')
    .limit(1)
    .executeTakeFirst()
  return row?.id
}

/** References that no generation needs any more, older than `before`; oldest first. */
export async function unused(read: ReadOrTx, before: number, limit: number): Promise<ReferenceTable[]> {
  return read
    .selectFrom('reference as r')
    .selectAll()
    .where('r.created_at', '<', before)
    .where((e) =>
      e.not(
        e.exists(
          e
            .selectFrom('generation_input as i')
            .innerJoin('generation as g', 'g.id', 'i.generation_id')
            .select('g.id')
            .whereRef('i.reference_id', '=', 'r.id')
            .where('g.state', 'not in', ['expired', 'removed']),
        ),
      ),
    )
    .orderBy('r.id')
    .limit(limit)
    .execute()
}

/** Without the owner, for the worker. */
export async function any(read: ReadOrTx, id: ReferenceId): Promise<ReferenceTable | undefined> {
  return read.selectFrom('reference').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Ends the receiving. False when it had ended, or the reference is gone. */
export async function settle(
  tx: Tx,
  id: ReferenceId,
  change: Pick<ReferenceTable, 'state' | 'error_code'>,
): Promise<boolean> {
  const done = await tx
    .updateTable('reference')
    .set(change)
    .where('id', '=', id)
    .where('state', '=', 'receiving')
    .executeTakeFirst()
  return done.numUpdatedRows > 0n
}
