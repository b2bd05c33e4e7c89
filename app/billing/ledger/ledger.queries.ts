import { sql } from 'kysely'
import type {
  CreditHoldTable,
  LedgerAccountTable,
  LedgerEntryTable,
  LedgerTransferTable,
} from '#core/db/schema/billing.ts'
import type { ReadOrTx, Tx } from '#core/db/schema/schema.ts'

export async function account(read: ReadOrTx, id: string) {
  return read.selectFrom('ledger_account').select(['balance', 'held']).where('id', '=', id).executeTakeFirst()
}

export async function insertAccount(tx: Tx, row: LedgerAccountTable) {
  await tx
    .insertInto('ledger_account')
    .values(row)
    .onConflict((c) => c.column('id').doNothing())
    .execute()
}

/** Takes `amount` out of what is free, in one statement; false when that is less. */
export async function setAside(tx: Tx, id: string, amount: number): Promise<boolean> {
  const result = await tx
    .updateTable('ledger_account')
    .set({ held: sql`held + ${amount}` })
    .where('id', '=', id)
    .where(sql<number>`balance - held`, '>=', amount)
    .executeTakeFirst()
  return result.numUpdatedRows === 1n
}

export async function giveBack(tx: Tx, id: string, amount: number) {
  await tx
    .updateTable('ledger_account')
    .set({ held: sql`held - ${amount}` })
    .where('id', '=', id)
    .execute()
}

export async function move(tx: Tx, id: string, amount: number) {
  await tx
    .updateTable('ledger_account')
    .set({ balance: sql`balance + ${amount}` })
    .where('id', '=', id)
    .execute()
}

export async function insertHold(tx: Tx, row: CreditHoldTable) {
  await tx.insertInto('credit_hold').values(row).execute()
}

/** Ends an open hold and answers it; undefined when it had ended already. */
export async function endHold(
  tx: Tx,
  id: CreditHoldTable['id'],
  state: 'captured' | 'released',
  now: number,
) {
  return tx
    .updateTable('credit_hold')
    .set({ state, ended_at: now })
    .where('id', '=', id)
    .where('state', '=', 'open')
    .returning(['account_id', 'subject_id', 'amount'])
    .executeTakeFirst()
}

/** False when a transfer with this key was made before. */
export async function insertTransfer(tx: Tx, row: LedgerTransferTable): Promise<boolean> {
  const made = await tx
    .insertInto('ledger_transfer')
    .values(row)
    .onConflict((c) => c.column('key').doNothing())
    .returning('id')
    .executeTakeFirst()
  return made !== undefined
}

export async function insertEntry(tx: Tx, row: LedgerEntryTable) {
  await tx.insertInto('ledger_entry').values(row).execute()
}

/** What must always hold, as numbers: all zero when the books are in order. */
export async function discrepancies(read: ReadOrTx) {
  const entries = await read
    .selectFrom('ledger_entry')
    .select((e) => e.fn.coalesce(e.fn.sum<number>('amount'), sql<number>`0`).as('sum'))
    .executeTakeFirstOrThrow()
  const balances = await sql<{ n: number }>`select count(*) as n from ledger_account a
    where a.balance <> coalesce((select sum(e.amount) from ledger_entry e where e.account_id = a.id), 0)`.execute(
    read as never,
  )
  const holds = await sql<{ n: number }>`select count(*) as n from ledger_account a
    where a.held <> coalesce((select sum(h.amount) from credit_hold h where h.account_id = a.id and h.state = 'open'), 0)`.execute(
    read as never,
  )
  return {
    sumOfEntries: Number(entries.sum),
    wrongBalances: Number(balances.rows[0]?.n),
    wrongHolds: Number(holds.rows[0]?.n),
  }
}
