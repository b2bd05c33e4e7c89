import { sql } from 'kysely'
import type { CreditHoldTable, LedgerTransferTable } from '#core/db/schema/billing.ts'
import type { ReadOrTx } from '#core/db/schema/schema.ts'
import type { GenerationState } from '#core/db/schema/studio.ts'
import { type GenerationId, prefixes, type SubjectId } from '#core/ids/ids.ts'

/**
 * Transfers and holds of a person in one order. Both kinds of id go on from their prefix with the time, so what follows
 * the prefix is the place of either in the statement. A captured hold stands for its own transfer, which is left out.
 */
export interface Line {
  place: string
  at: number
  /** Of a transfer. */
  kind: LedgerTransferTable['kind'] | null
  key: string | null
  /** Of a hold. */
  state: CreditHoldTable['state'] | null
  generation_id: GenerationId | null
  generation_state: GenerationState | null
  amount: number
  /** What it changed in what can be spent. */
  effect: number
  /** What can be spent now, less what came after this page's beginning. */
  left_at_top: number
}

const placeOf = (column: 't.id' | 'h.id') => sql<string>`substr(${sql.ref(column)}, 5)`
const takenBy = sql<number>`case when h.state = 'released' then 0 else -h.amount end`

/** Newest first, in one statement: a hold that begins meanwhile is in all of it or in none. */
export async function lines(
  read: ReadOrTx,
  subject: SubjectId,
  options: { before?: string; limit: number },
): Promise<Line[]> {
  const { before, limit } = options
  const transfers = read
    .selectFrom('ledger_transfer as t')
    .innerJoin('ledger_entry as e', 'e.transfer_id', 't.id')
    .where('t.subject_id', '=', subject)
    .where('e.account_id', '=', subject)
    .where('t.kind', '<>', 'capture')
  const holds = read.selectFrom('credit_hold as h').where('h.subject_id', '=', subject)
  const fromTransfer = before === undefined ? undefined : (`${prefixes.transfer}_${before}` as never)
  const fromHold = before === undefined ? undefined : (`${prefixes.creditHold}_${before}` as never)

  const newestTransfers = transfers
    .$if(before !== undefined, (q) => q.where('t.id', '<', fromTransfer as never))
    .select([placeOf('t.id').as('place'), 't.at as at', 't.kind as kind', 't.key as key'])
    .select(({ lit }) => [lit(null).as('state'), lit(null).as('generation_id')])
    .select(({ lit }) => [lit(null).as('generation_state'), 'e.amount as amount', 'e.amount as effect'])
    .orderBy('t.id', 'desc')
    .limit(limit)
  const newestHolds = holds
    .leftJoin('generation as g', 'g.id', 'h.generation_id')
    .$if(before !== undefined, (q) => q.where('h.id', '<', fromHold as never))
    .select([placeOf('h.id').as('place'), 'h.created_at as at'])
    .select(({ lit }) => [lit(null).as('kind'), lit(null).as('key')])
    .select(['h.state as state', 'h.generation_id as generation_id', 'g.state as generation_state'])
    .select(['h.amount as amount', takenBy.as('effect')])
    .orderBy('h.id', 'desc')
    .limit(limit)
  const newerThanPage =
    before === undefined
      ? sql<number>`0`
      : sql<number>`coalesce((${transfers.where('t.id', '>=', fromTransfer as never).select((e) => e.fn.sum('e.amount').as('n'))}), 0)
        + coalesce((${holds.where('h.id', '>=', fromHold as never).select(sql`sum(${takenBy})`.as('n'))}), 0)`
  const spendable = sql<number>`(select balance - held from ledger_account where id = ${subject})`

  const { rows } = await sql<Line>`
    select l.*, ${spendable} - (${newerThanPage}) as left_at_top
    from (select * from (${newestTransfers}) x union all select * from (${newestHolds}) y) l
    order by place desc limit ${limit}`.execute(read as never)
  return rows.map((row) => ({ ...row, left_at_top: Number(row.left_at_top), effect: Number(row.effect) }))
}
