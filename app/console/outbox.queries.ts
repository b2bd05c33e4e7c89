import { ofCanary } from '#compliance/promises/canary.ts'
import type { MailStatus, MailTable } from '#core/db/schema/accounts.ts'
import type { ReadOrTx, Tx } from '#core/db/schema/schema.ts'
import type { IdOf } from '#core/ids/ids.ts'

export async function page(
  read: ReadOrTx,
  filter: { before?: IdOf<'mail'>; status?: MailStatus; kind?: string; limit: number },
): Promise<MailTable[]> {
  let query = read
    .selectFrom('mail')
    .selectAll()
    .where('kind', '<>', ofCanary)
    .orderBy('id', 'desc')
    .limit(filter.limit)
  if (filter.before) query = query.where('id', '<', filter.before)
  if (filter.status) query = query.where('status', '=', filter.status)
  if (filter.kind) query = query.where('kind', '=', filter.kind)
  return query.execute()
}

export async function mail(read: ReadOrTx, id: IdOf<'mail'>): Promise<MailTable | undefined> {
  return read.selectFrom('mail').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Puts a failed mail back on its way. False when it is none, or its text is no longer kept. */
export async function putBack(tx: Tx, id: IdOf<'mail'>, status: 'waiting' | 'held'): Promise<boolean> {
  const row = await tx
    .updateTable('mail')
    .set({ status, failure: null })
    .where('id', '=', id)
    .where('status', '=', 'failed')
    .where('content_sealed', 'is not', null)
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}
