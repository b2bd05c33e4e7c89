import type { MigrationFor } from '../migrate.ts'
import * as first from './0001-start/up.ts'

/** In the order of their names. A migration that has been released is never edited; a new one mends it. */
export const migrations: Record<string, MigrationFor> = {
  '0001-start': first.up,
}
