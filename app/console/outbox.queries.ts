import type { MailTable } from '#core/db/schema/accounts.ts'
import type { ReadOrTx } from '#core/db/schema/schema.ts'
import type { IdOf } from '#core/ids/ids.ts'

export async function page(
  read: ReadOrTx,
  filter: { before?: IdOf<'mail'>; limit: number },
): Promise<MailTable[]> {
  let query = read.selectFrom('mail').selectAll().orderBy('id', 'desc').limit(filter.limit)
  if (filter.before) query = query.where('id', '<', filter.before)
  return query.execute()
}

export async function mail(read: ReadOrTx, id: IdOf<'mail'>): Promise<MailTable | undefined> {
  return read.selectFrom('mail').selectAll().where('id', '=', id).executeTakeFirst()
}
