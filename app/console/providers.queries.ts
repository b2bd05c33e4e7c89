import type { ProcessorTable, ProviderConnectionTable } from '#core/db/schema/providers.ts'
import type { ReadOrTx, Tx } from '#core/db/schema/schema.ts'

export async function connections(read: ReadOrTx): Promise<ProviderConnectionTable[]> {
  return read.selectFrom('provider_connection').selectAll().orderBy('created_at').orderBy('id').execute()
}

/** False when there is one of this id already. */
export async function insertConnection(tx: Tx, row: ProviderConnectionTable): Promise<boolean> {
  const done = await tx
    .insertInto('provider_connection')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .executeTakeFirst()
  return done !== undefined
}

/** False when it was changed since it was read: what was tested would not be what is kept. */
export async function replaceConnection(
  tx: Tx,
  row: ProviderConnectionTable,
  readAt: number,
): Promise<boolean> {
  const { id, created_at, ...rest } = row
  const done = await tx
    .updateTable('provider_connection')
    .set(rest)
    .where('id', '=', id)
    .where('updated_at', '=', readAt)
    .executeTakeFirst()
  return done.numUpdatedRows > 0n
}

/** The connection with its secrets, and what the provider listed. Readings stay: they are accounts. So does the register. */
export async function deleteConnection(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('provider_connection').where('id', '=', id).execute()
  await tx.deleteFrom('offer').where('provider', '=', id).execute()
  await tx.deleteFrom('offer_change').where('provider', '=', id).execute()
}

export async function processors(read: ReadOrTx): Promise<ProcessorTable[]> {
  return read.selectFrom('processor').selectAll().execute()
}

export async function keepProcessor(tx: Tx, row: ProcessorTable): Promise<void> {
  const { id, ...rest } = row
  await tx
    .insertInto('processor')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doUpdateSet(rest))
    .execute()
}

export async function openChangeCounts(read: ReadOrTx): Promise<Map<string, number>> {
  const rows = await read
    .selectFrom('offer_change')
    .select(['provider', (e) => e.fn.countAll<number>().as('n')])
    .where('dismissed_at', 'is', null)
    .groupBy('provider')
    .execute()
  return new Map(rows.map(({ provider, n }) => [provider, Number(n)]))
}

/** The newest first. */
export async function openChanges(read: ReadOrTx, provider: string, limit: number) {
  return read
    .selectFrom('offer_change')
    .select(['id', 'offer', 'kind', 'was', 'is_now', 'at'])
    .where('provider', '=', provider)
    .where('dismissed_at', 'is', null)
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
}

/** Answers how many were put aside: the one, or all of them. */
export async function dismissChanges(
  tx: Tx,
  provider: string,
  change: string | undefined,
  now: number,
): Promise<number> {
  let update = tx
    .updateTable('offer_change')
    .set({ dismissed_at: now })
    .where('provider', '=', provider)
    .where('dismissed_at', 'is', null)
  if (change !== undefined) update = update.where('id', '=', change as never)
  return Number((await update.executeTakeFirst()).numUpdatedRows)
}

/** The newest first. */
export async function readings(read: ReadOrTx, provider: string, limit: number) {
  return read
    .selectFrom('provider_reading')
    .select(['at', 'balance_micro_usd', 'counted_micro_usd', 'drift_micro_usd'])
    .where('provider', '=', provider)
    .orderBy('at', 'desc')
    .limit(limit)
    .execute()
}

/** Routes that failed for a reason that only an operator mends, and have not succeeded since. */
export async function plainFaults(
  read: ReadOrTx,
): Promise<{ model: string; route: string; fault: string }[]> {
  const rows = await read
    .selectFrom('route_health')
    .select(['model', 'route', 'last_error'])
    .where('failures_in_row', '>', 0)
    .where('last_error', 'in', ['provider_auth', 'provider_out_of_credit'])
    .execute()
  return rows.map(({ model, route, last_error }) => ({ model, route, fault: String(last_error) }))
}
