import { sql } from 'kysely'
import pg from 'pg'
import type { Ground, GroundAddress } from './ground.ts'

/**
 * Tells a process that something in the database may have changed, also by another process. SQLite: `PRAGMA
 * data_version`, which sees other processes' commits for 14 µs a look; PostgreSQL: LISTEN, fed by a trigger. It says
 * when to look, never what changed, so a lost or doubled notice does no harm.
 */
export interface Changes {
  subscribe(listener: () => void): () => void
  close(): Promise<void>
}

export const CHANNEL = 'fairframe_changed'
const LOOK_EVERY = 150
/** Although nothing rang: a notice may be lost while a connection is made anew. */
const ANYWAY_EVERY = 5000

export function watchChanges<Schema>(
  ground: Ground<Schema>,
  address: GroundAddress,
  anywayEvery = ANYWAY_EVERY,
): Changes {
  const listeners = new Set<() => void>()
  const ring = () => {
    for (const listener of listeners) listener()
  }
  const stop = address.kind === 'sqlite' ? lookAtVersion(ground, listeners, ring) : listen(address.url, ring)
  const anyway = setInterval(ring, anywayEvery).unref()
  return {
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async close() {
      clearInterval(anyway)
      listeners.clear()
      await stop()
    },
  }
}

function lookAtVersion<Schema>(ground: Ground<Schema>, listeners: Set<() => void>, ring: () => void) {
  let last: number | undefined
  const timer = setInterval(async () => {
    if (listeners.size === 0) return
    // A look that fails (the database is closing, the disk is full) is made up for by the next one.
    const version = await versionOf(ground).catch(() => last)
    if (version !== last) ring()
    last = version
  }, LOOK_EVERY).unref()
  return async () => clearInterval(timer)
}

async function versionOf<Schema>(ground: Ground<Schema>): Promise<number | undefined> {
  const { rows } = await sql<{ data_version: number }>`pragma data_version`.execute(ground.read as never)
  return rows[0]?.data_version
}

function listen(url: string, ring: () => void) {
  let closed = false
  let client: pg.Client | undefined
  const connect = async () => {
    if (closed) return
    client = new pg.Client({ connectionString: url })
    client.on('notification', ring)
    client.on('error', () => {})
    client.on('end', () => setTimeout(() => void connect(), 1000).unref())
    try {
      await client.connect()
      await client.query(`listen ${CHANNEL}`)
      ring()
    } catch {
      await client.end().catch(() => {})
    }
  }
  void connect()
  return async () => {
    closed = true
    await client?.end().catch(() => {})
  }
}
