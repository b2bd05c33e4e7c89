/** Making what was deleted leave the disk, as far as this process can. */
import { sql } from 'kysely'
import type { KeyringGround } from './schema.ts'

/**
 * What is left of a deleted key: nothing; a copy in SQLite's write-ahead log, because someone is still reading an older
 * state (try again); or, on PostgreSQL, a copy in the server's own log and its base backups until those are gone.
 */
export type Residue = 'none' | 'wal' | 'log'

/** Resolves after `ms`. */
export type Wait = (ms: number) => Promise<unknown>

const TRIES = 40
const PAUSE_MS = 25

/**
 * SQLite zeroes what is deleted (secure_delete), but only in the newest page: the log still holds the page before. A
 * truncating checkpoint ends that; it answers busy while any connection reads an older state, so it is tried for a second.
 */
export async function clearResidue(ground: KeyringGround, wait: Wait, tries = TRIES): Promise<Residue> {
  if (ground.dialect === 'postgres') return 'log'
  for (let left = tries; ; ) {
    if (await truncateLog(ground)) return 'none'
    left -= 1
    if (left <= 0) return 'wal'
    await wait(PAUSE_MS)
  }
}

function truncateLog(ground: KeyringGround): Promise<boolean> {
  return ground.maintenance.connection().execute(async (db) => {
    // SQLite's own waiting would stop the event loop.
    await sql`pragma busy_timeout = 0`.execute(db)
    try {
      const { rows } = await sql<{ busy: number }>`pragma wal_checkpoint(truncate)`.execute(db)
      return rows[0]?.busy === 0
    } finally {
      await sql`pragma busy_timeout = 5000`.execute(db)
    }
  })
}
