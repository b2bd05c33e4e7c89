import { type Kysely, sql } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import type { Ground } from './ground.ts'

export type Dialect = 'sqlite' | 'postgres'
/** A migration is told which database it is on; both must end with the same tables and columns. */
export type MigrationFor = (db: Kysely<unknown>, dialect: Dialect) => Promise<void>

/**
 * Brings the database to the newest schema: all of it or nothing, and once, however many processes start together.
 * On SQLite the whole run stands in one immediate transaction, for Kysely's migrator takes no lock there; on
 * PostgreSQL the migrator's own advisory lock does it. Answers the names that were applied now.
 */
export async function migrate<Schema>(
  ground: Ground<Schema>,
  migrations: Record<string, MigrationFor>,
): Promise<string[]> {
  const provider = {
    getMigrations: async () =>
      Object.fromEntries(
        Object.entries(migrations).map(([name, up]): [string, Migration] => [
          name,
          { up: (db) => up(db as Kysely<unknown>, ground.dialect) },
        ]),
      ),
  }
  if (ground.dialect === 'postgres') return report(new Migrator({ db: ground.maintenance, provider }))
  return ground.maintenance.connection().execute(async (db) => {
    await sql`pragma busy_timeout = 15000`.execute(db)
    await sql`begin immediate`.execute(db)
    try {
      const applied = await report(new Migrator({ db, provider }), { disableTransactions: true })
      await sql`commit`.execute(db)
      return applied
    } catch (error) {
      await sql`rollback`.execute(db)
      throw error
    } finally {
      await sql`pragma busy_timeout = 5000`.execute(db)
    }
  })
}

/** PostgreSQL's undefined_table, and what SQLite says. */
function isMissingTable(error: unknown): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown }
  return code === '42P01' || (typeof message === 'string' && message.startsWith('no such table'))
}

/** Names in the code that the database has not got yet, and names it has that this code does not know. */
export async function migrationState<Schema>(
  ground: Ground<Schema>,
  migrations: Record<string, MigrationFor>,
): Promise<{ missing: string[]; unknown: string[] }> {
  const rows = await sql<{ name: string }>`select name from kysely_migration order by name`
    .execute(ground.maintenance)
    .then((result) => result.rows)
    .catch((error: unknown) => {
      // A database that cannot be reached is not an empty one.
      if (isMissingTable(error)) return []
      throw error
    })
  const applied = rows.map((row) => row.name)
  const known = Object.keys(migrations)
  return {
    missing: known.filter((name) => !applied.includes(name)),
    unknown: applied.filter((name) => !known.includes(name)),
  }
}

async function report(
  migrator: Migrator,
  options: { disableTransactions?: boolean } = {},
): Promise<string[]> {
  // migrateToLatest does not throw: it answers the error.
  const { error, results } = await migrator.migrateToLatest(options)
  if (error) throw error
  return (results ?? []).filter((r) => r.status === 'Success').map((r) => r.migrationName)
}
