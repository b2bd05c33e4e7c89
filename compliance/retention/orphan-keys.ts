import { sql } from 'kysely'
import { dataMap } from '#compliance/data-map/map.ts'
import { DAY } from '#core/clock/clock.ts'
import { intendDestruction } from '#core/crypto/keyring/destruction.ts'
import type { Db } from '#core/db/schema/schema.ts'
import type { Ground } from '#core/house.ts'
import type { KeyId } from '#core/ids/ids.ts'
import type { RetentionRule } from './run.ts'

/**
 * Keys without a row. A key is committed before the row that needs it, so a crash in between leaves one over; after a
 * day nothing can still be waiting for it, and it is destroyed. Which columns name keys, the data map says.
 */
export function orphanKeys({ db, keyring, clock }: Pick<Ground, 'db' | 'keyring' | 'clock'>): RetentionRule {
  return {
    name: 'key.orphan',
    async batch(limit) {
      const found: KeyId[] = []
      for await (const id of keyring.orphans(DAY, (ids) => referenced(db, ids))) {
        found.push(id)
        if (found.length >= limit) break
      }
      await db.transaction((tx) => intendDestruction(tx, found, 'key.orphan', clock.now()))
      return { considered: found.length, deleted: found.length }
    },
  }
}

/** Every column that names a key, but the list of those that are to be destroyed. */
export const keyColumns: readonly { table: string; column: string }[] = Object.entries(dataMap).flatMap(
  ([table, rule]) =>
    table === 'key_destruction'
      ? []
      : Object.keys(rule.columns)
          .filter((column) => column === 'key_id' || column.endsWith('_key_id'))
          // Of an API key, not of the keyring.
          .filter((column) => column !== 'api_key_id')
          .map((column) => ({ table, column })),
)

/** Those of `ids` that a row names, and those whose destruction is under way. */
async function referenced(db: Db, ids: KeyId[]): Promise<ReadonlySet<KeyId>> {
  const named = new Set<KeyId>()
  for (const { table, column } of [...keyColumns, { table: 'key_destruction', column: 'key_id' }]) {
    const { rows } = await sql<{ id: KeyId }>`select ${sql.ref(column)} as id from ${sql.table(table)}
      where ${sql.ref(column)} in (${sql.join(ids)})`.execute(db.read as never)
    for (const { id } of rows) named.add(id)
  }
  return named
}
