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

export function watchChanges<Schema>(ground: Ground<Schema>, address: GroundAddress): Changes {
  const listeners = new Set<() => void>()
  const ring = () => {
    for (const listener of listeners) listener()
  }
  const stop = address.kind === 'sqlite' ? lookAtVersion(ground, listeners, ring) : listen(address.url, ring)
  const anyway = setInterval(ring, ANYWAY_EVERY).unref()
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
    const { rows } = await sql<{ data_version: number }>`pragma data_version`.execute(ground.read as never)
    const version = rows[0]?.data_version
    if (version !== last) ring()
    last = version
  }, LOOK_EVERY).unref()
  return async () => clearInterval(timer)
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
