import type { MigrationFor } from '../migrate.ts'
import * as first from './0001-first/up.ts'
import * as live from './0002-what-is-live/up.ts'

/** In the order of their names. A migration that has been released is never edited; a new one mends it. */
export const migrations: Record<string, MigrationFor> = {
  '0001-first': first.up,
  '0002-what-is-live': live.up,
}
