import { chmodSync, existsSync } from 'node:fs'
import Sqlite from 'better-sqlite3'
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  SqliteAdapter,
  type SqliteDatabase,
  SqliteDialect,
  SqliteDriver,
} from 'kysely'

/**
 * One connection with the settings that the rest relies on. `durable` is for the keyring and nothing else: there a
 * commit must survive a power cut, since the row that needs the key is written right after.
 */
export function openSqlite(
  path: string,
  options: { readonly?: boolean; durable?: boolean } = {},
): Sqlite.Database {
  const fresh = !existsSync(path)
  const db = new Sqlite(path, { readonly: options.readonly ?? false })
  // Before WAL: switching the journal takes a lock, and two processes starting at once would collide.
  db.pragma('busy_timeout = 5000')
  if (!options.readonly) {
    const mode = db.pragma('journal_mode = WAL', { simple: true })
    if (mode !== 'wal' && path !== ':memory:') {
      throw new Error(
        `SQLite could not switch to WAL at ${path}: put DATA_DIR on a local disk, not a network share`,
      )
    }
    db.pragma(`synchronous = ${options.durable ? 'FULL' : 'NORMAL'}`)
    // Deleted text must leave the file, not only the index: without this every erased row stayed readable.
    db.pragma('secure_delete = ON')
    db.pragma('journal_size_limit = 67108864')
    if (fresh) chmodSync(path, 0o600)
  }
  db.pragma('foreign_keys = ON')
  db.pragma('trusted_schema = OFF')
  db.pragma('mmap_size = 268435456')
  return db
}

/**
 * Kysely begins deferred transactions, which upgrade at the first write and then fail with SQLITE_BUSY when another
 * process wrote in between (213 of 900 lost in a trial with three processes). Beginning immediate waits instead.
 */
class ImmediateDriver extends SqliteDriver {
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'))
  }
}

/** DDL is transactional in SQLite; saying so makes Kysely's migrator atomic. */
class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true
  }
}

export function sqliteDialect(connection: Sqlite.Database): Dialect {
  const database = withStatements(connection)
  const base = new SqliteDialect({ database })
  return {
    createAdapter: () => new TransactionalAdapter(),
    createDriver: () => new ImmediateDriver({ database }),
    createIntrospector: (db) => base.createIntrospector(db),
    createQueryCompiler: () => base.createQueryCompiler(),
  }
}

/** How many prepared statements a connection keeps; the house has a few hundred. */
const MOST_STATEMENTS = 500

/**
 * Kysely prepares each query anew, which took a tenth of the time of an API call. The same text gives the same statement,
 * so it is kept; one that is being stepped through (a stream) is left alone and gets a twin.
 */
function withStatements(connection: Sqlite.Database): SqliteDatabase {
  const kept = new Map<string, Sqlite.Statement>()
  return {
    prepare(sql) {
      const known = kept.get(sql)
      if (known && !known.busy) return known as never
      const statement = connection.prepare(sql)
      if (kept.size >= MOST_STATEMENTS) kept.delete(kept.keys().next().value as string)
      kept.set(sql, statement)
      return statement as never
    },
    close: () => connection.close(),
  }
}
