import type Sqlite from 'better-sqlite3'
import { openSqlite } from '#core/db/sqlite.ts'

/**
 * Notices that somebody wrote to the file. A connection does not see its own commits in `data_version`, so this one is
 * for looking only; a look takes 14 µs, of which SQLite's own documentation promises no lock (pragma.html#pragma_data_version).
 */
export class SqliteWatch {
  readonly #path: string
  #open: { file: Sqlite.Database; version: Sqlite.Statement<[], number> } | undefined

  constructor(path: string) {
    this.#path = path
  }

  /** A number that changes with every commit of any other connection, of this process or another. */
  version(): number {
    if (!this.#open) {
      const file = openSqlite(this.#path, { readonly: true })
      this.#open = { file, version: file.prepare<[], number>('pragma data_version').pluck() }
    }
    return this.#open.version.get() as number
  }

  close(): void {
    this.#open?.file.close()
    this.#open = undefined
  }
}
