/**
 * Destroying keys in two phases: the intent stands in the data's database, in the transaction that decides it; then the
 * keyring deletes; then the intent is marked done. A process killed anywhere is followed by one that goes on from there.
 * Only so many go in an hour, whoever asks: a bug or an insider who wants to shred everybody is noticed in time.
 */
import { HOUR } from '#core/clock/clock.ts'
import type { Db, Tx } from '#core/db/schema/schema.ts'
import type { KeyId } from '#core/ids/ids.ts'
import type { Keyring } from './keyring.ts'

const BATCH = 50
const ROWS_IN_ONE_INSERT = 1000

/** Writes down that these keys are to be destroyed. `cause` is a word for the certificate, without personal content. */
export async function intendDestruction(
  tx: Tx,
  ids: readonly KeyId[],
  cause: string,
  now: number,
): Promise<void> {
  for (let start = 0; start < ids.length; start += ROWS_IN_ONE_INSERT) {
    await tx
      .insertInto('key_destruction')
      .values(
        ids
          .slice(start, start + ROWS_IN_ONE_INSERT)
          .map((id) => ({ key_id: id, cause, intended_at: now, done_at: null })),
      )
      .onConflict((conflict) => conflict.column('key_id').doNothing())
      .execute()
  }
}

/**
 * Carries out what was intended, oldest first, at most `limitPerHour` keys in any hour (two processes at once may go over
 * it by one batch of 50). `waiting` says how many remain: for the limit, or because a reader kept the bytes of deleted
 * keys in SQLite's log; the next run goes on.
 */
export async function finishDestructions(
  db: Db,
  keyring: Pick<Keyring, 'destroy'>,
  options: { now: number; limitPerHour: number },
): Promise<{ done: number; waiting: number }> {
  const { now, limitPerHour } = options
  let done = 0
  for (;;) {
    const room = limitPerHour - (await doneSince(db, now - HOUR))
    if (room <= 0) break
    const ids = await nextIntended(db, Math.min(room, BATCH))
    if (ids.length === 0) break
    const { residue } = await keyring.destroy(ids)
    if (residue === 'wal') break
    done += await markDone(db, ids, now)
  }
  return { done, waiting: await stillWaiting(db) }
}

async function nextIntended(db: Db, limit: number): Promise<KeyId[]> {
  const rows = await db.read
    .selectFrom('key_destruction')
    .select('key_id')
    .where('done_at', 'is', null)
    .orderBy('intended_at')
    .orderBy('key_id')
    .limit(limit)
    .execute()
  return rows.map((row) => row.key_id)
}

async function markDone(db: Db, ids: KeyId[], now: number): Promise<number> {
  const { numUpdatedRows } = await db.transaction((tx) =>
    tx
      .updateTable('key_destruction')
      .set({ done_at: now })
      .where('key_id', 'in', ids)
      .where('done_at', 'is', null)
      .executeTakeFirstOrThrow(),
  )
  return Number(numUpdatedRows)
}

async function doneSince(db: Db, after: number): Promise<number> {
  const { many } = await counted(db).where('done_at', '>', after).executeTakeFirstOrThrow()
  return many
}

async function stillWaiting(db: Db): Promise<number> {
  const { many } = await counted(db).where('done_at', 'is', null).executeTakeFirstOrThrow()
  return many
}

function counted(db: Db) {
  return db.read.selectFrom('key_destruction').select((eb) => eb.fn.countAll<number>().as('many'))
}
