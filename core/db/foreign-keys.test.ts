/** Pins: a row that reads a whole other table when it goes, because nothing finds those that point at it. */
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { aHouse } from '#test/factories/house.ts'

test('whatever points at a row is found by an index', async () => {
  const { db } = await aHouse('sqlite')
  const { rows } = await sql<{ child: string; column: string }>`
    select m.name as child, f."from" as "column"
    from sqlite_master m join pragma_foreign_key_list(m.name) f where m.type = 'table'`.execute(
    db.maintenance,
  )
  expect(rows.length).toBeGreaterThan(20)
  const whole = []
  for (const { child, column } of rows) {
    const plan = await sql<{ detail: string }>`
      explain query plan select 1 from ${sql.table(child)} where ${sql.ref(column)} = ${'x'}`.execute(
      db.maintenance,
    )
    if (!plan.rows.every(({ detail }) => detail.startsWith('SEARCH'))) whole.push(`${child}.${column}`)
  }
  expect(whole).toEqual([])
})
