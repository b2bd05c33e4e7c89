import { sql } from 'kysely'
import type { AuditCheckpointTable, AuditTable } from '#core/db/schema/compliance.ts'
import type { Read, ReadOrTx, Tx } from '#core/db/schema/schema.ts'

export type Checkpoint = AuditCheckpointTable

/** Holds the chain's end until the transaction ends: two rows must not follow the same one. */
export async function lockChain(tx: Tx): Promise<void> {
  await tx
    .insertInto('audit_prune')
    .values({ id: 1, prune_before: 0 })
    .onConflict((c) => c.column('id').doUpdateSet({ prune_before: sql`audit_prune.prune_before` }))
    .execute()
}

export async function lastLink(read: ReadOrTx): Promise<{ seq: number; hash: string } | undefined> {
  const row = await read
    .selectFrom('audit')
    .select(['seq', 'hash'])
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (row) return row
  // All rows may have gone behind a checkpoint; the chain goes on from there.
  return read
    .selectFrom('audit_checkpoint')
    .select(['seq', 'hash'])
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
}

export async function insert(tx: Tx, row: AuditTable): Promise<void> {
  await tx.insertInto('audit').values(row).execute()
}

export async function insertCheckpoint(tx: Tx, row: Checkpoint): Promise<void> {
  await tx
    .insertInto('audit_checkpoint')
    .values(row)
    .onConflict((c) => c.column('seq').doNothing())
    .execute()
}

export async function checkpoints(read: ReadOrTx): Promise<Checkpoint[]> {
  return read.selectFrom('audit_checkpoint').selectAll().orderBy('seq').execute()
}

/** The hash of a row, also of one that went by its age with a checkpoint as its last word. */
export async function hashAt(read: ReadOrTx, seq: number): Promise<string | undefined> {
  for (const table of ['audit', 'audit_checkpoint'] as const) {
    const row = await read.selectFrom(table).select('hash').where('seq', '=', seq).executeTakeFirst()
    if (row) return row.hash
  }
  return undefined
}

/** The first seq that must still be there. */
export async function prunedTo(read: ReadOrTx): Promise<number> {
  const row = await read.selectFrom('audit_prune').select('prune_before').executeTakeFirst()
  return Math.max(1, row?.prune_before ?? 0)
}

/** The chain from `seq` on, in pages, so that a long log does not fill the memory. */
export async function* chain(read: Read, from: number): AsyncGenerator<AuditTable> {
  let next = from
  for (;;) {
    const page = await read
      .selectFrom('audit')
      .selectAll()
      .where('seq', '>=', next)
      .orderBy('seq')
      .limit(500)
      .execute()
    yield* page
    const last = page.at(-1)
    if (!last || page.length < 500) return
    next = last.seq + 1
  }
}

export async function newestCheckpointBefore(
  read: ReadOrTx,
  before: number,
): Promise<Checkpoint | undefined> {
  return read
    .selectFrom('audit_checkpoint')
    .selectAll()
    .where('at', '<', before)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
}

export async function releaseSegment(tx: Tx, upTo: number): Promise<{ rows: number; noteKeys: string[] }> {
  await tx
    .updateTable('audit_prune')
    .set({ prune_before: upTo + 1 })
    .where('id', '=', 1)
    .execute()
  const noteKeys = await tx
    .selectFrom('audit')
    .select('note_key_id')
    .where('seq', '<=', upTo)
    .where('note_key_id', 'is not', null)
    .execute()
  const gone = await tx.deleteFrom('audit').where('seq', '<=', upTo).executeTakeFirst()
  return { rows: Number(gone.numDeletedRows), noteKeys: noteKeys.flatMap((r) => r.note_key_id ?? []) }
}

/** A page of the log, newest first, by actor, act or target. */
export async function page(
  read: ReadOrTx,
  filter: { before?: number; actor?: string; target?: string; act?: string; limit: number },
) {
  let query = read.selectFrom('audit').selectAll().orderBy('seq', 'desc').limit(filter.limit)
  if (filter.before) query = query.where('seq', '<', filter.before)
  if (filter.actor) query = query.where('actor_id', '=', filter.actor)
  if (filter.target) query = query.where('target_id', '=', filter.target)
  if (filter.act) query = query.where('act', '=', filter.act)
  return query.execute()
}
