import type { Db } from '#core/db/schema/schema.ts'

/** Every table of ours and its columns, as the database itself has them. */
export async function liveColumns(db: Db): Promise<Record<string, string[]>> {
  const tables = await db.maintenance.introspection.getTables()
  return Object.fromEntries(
    tables
      // The queue's engine has a schema of its own on PostgreSQL; the data map names it among what is no table of ours.
      .filter(({ name, schema }) => !name.startsWith('kysely_') && (schema ?? 'public') === 'public')
      .map(({ name, columns }) => [name, columns.map((column) => column.name).sort()]),
  )
}
