import { type ColumnDataType, type Expression, type Kysely, type RawBuilder, sql } from 'kysely'

/**
 * One schema for both databases. SQLite tables are STRICT; ids and other keys compare by bytes on both (`collate "C"`),
 * since PostgreSQL would otherwise sort them by the rules of a language.
 */
declare const jsonBrand: unique symbol
/** The text of a JSON value of this shape. The data map classifies such a column key by key, from the shape. */
export type Json<T> = string & { readonly [jsonBrand]: T }

export function toJson<T>(value: T): Json<T> {
  return JSON.stringify(value) as Json<T>
}

export function fromJson<T>(text: Json<T>): T {
  return JSON.parse(text) as T
}

export type ColumnKind = 'id' | 'text' | 'count' | 'time' | 'flag' | 'json' | 'bytes'
export type Column = ColumnKind | `${ColumnKind}?`

const types: Record<ColumnKind, { sqlite: ColumnDataType; postgres: ColumnDataType | RawBuilder<unknown> }> =
  {
    id: { sqlite: 'text', postgres: sql`text collate "C"` },
    text: { sqlite: 'text', postgres: 'text' },
    json: { sqlite: 'text', postgres: 'text' },
    count: { sqlite: 'integer', postgres: 'bigint' },
    time: { sqlite: 'integer', postgres: 'bigint' },
    flag: { sqlite: 'integer', postgres: 'bigint' },
    bytes: { sqlite: 'blob', postgres: 'bytea' },
  }

export interface TableShape {
  columns: Record<string, Column>
  primary: string[]
  /** Columns that refer to another table's only primary column. */
  references?: Record<string, `${string}.${string}`>
  checks?: Record<string, Expression<unknown>>
  indexes?: Record<string, { on: string[]; unique?: boolean; where?: string }>
}

export async function createTable(
  db: Kysely<unknown>,
  dialect: 'sqlite' | 'postgres',
  name: string,
  shape: TableShape,
) {
  let table = db.schema.createTable(name)
  for (const [column, spec] of Object.entries(shape.columns)) {
    const kind = spec.replace('?', '') as ColumnKind
    table = table.addColumn(column, types[kind][dialect] as ColumnDataType, (c) =>
      spec.endsWith('?') ? c : c.notNull(),
    )
  }
  table = table.addPrimaryKeyConstraint(`${name}_pk`, shape.primary as never)
  for (const [column, target] of Object.entries(shape.references ?? {})) {
    const [other, key] = target.split('.') as [string, string]
    table = table.addForeignKeyConstraint(`${name}_${column}_fk`, [column] as never, other, [key] as never)
  }
  for (const [check, condition] of Object.entries(shape.checks ?? {})) {
    table = table.addCheckConstraint(`${name}_${check}`, condition as never)
  }
  if (dialect === 'sqlite') table = table.modifyEnd(sql`strict`)
  await table.execute()
  for (const [index, { on, unique, where }] of Object.entries(shape.indexes ?? {})) {
    const condition = where ? sql` where ${sql.raw(where)}` : sql``
    const columns = sql.raw(on.join(', '))
    await sql`create ${sql.raw(unique ? 'unique index' : 'index')} ${sql.raw(`${name}_${index}`)} on ${sql.table(name)} (${columns})${condition}`.execute(
      db,
    )
  }
}
