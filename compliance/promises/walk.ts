import { type RawBuilder, sql } from 'kysely'
import type { Read } from '#core/db/schema/schema.ts'
import type { Evidence } from './promise.ts'

/** Rows that one run looks at; the next run goes on behind them. */
export const rowsInOneRun = 20_000

export interface Walked {
  /** Rows looked at in this run. */
  looked: number
  /** Of them, those that are not as they should be. */
  wrong: number
  /** Where the next run begins: behind these rows, at the start when the end was reached, here again if any was wrong. */
  next: string
}

/**
 * Looks at the next rows of a table in the order of their key, so that an hourly check never reads a large table whole.
 * `wrong` is a condition on the row `r`, true for what breaks the promise; `where` narrows what is looked at.
 */
export async function walk(read: Read, rows: Rows, from: Evidence[string] | undefined): Promise<Walked> {
  const start = typeof from === 'string' ? from : ''
  const found = await pageBehind(read, rows, start)
  // The run before ended with the last row exactly: nothing is left behind it, and nothing looked at would mean nothing there.
  return found.looked === 0 && start !== '' ? pageBehind(read, rows, '') : found
}

type Rows = { table: string; key: string; where?: RawBuilder<unknown>; wrong: RawBuilder<unknown> }

async function pageBehind(read: Read, rows: Rows, start: string): Promise<Walked> {
  const key = sql.ref(`r.${rows.key}`)
  const page = sql`select * from ${sql.table(rows.table)} as r where ${key} > ${start} and ${rows.where ?? sql`1 = 1`}
    order by ${key} limit ${sql.lit(rowsInOneRun)}`
  const { rows: found } = await sql<{ looked: number; wrong: number | null; last: string | null }>`
    select count(*) as looked, sum(case when ${rows.wrong} then 1 else 0 end) as wrong, max(${key}) as last
    from (${page}) as r`.execute(read as never)
  const looked = Number(found[0]?.looked ?? 0)
  const wrong = Number(found[0]?.wrong ?? 0)
  const next = wrong > 0 ? start : looked < rowsInOneRun ? '' : (found[0]?.last ?? '')
  return { looked, wrong, next }
}
