import type { AuditTable } from '#core/db/schema/compliance.ts'
import type { ReadOrTx } from '#core/db/schema/schema.ts'

export async function row(read: ReadOrTx, seq: number): Promise<AuditTable | undefined> {
  return read.selectFrom('audit').selectAll().where('seq', '=', seq).executeTakeFirst()
}
