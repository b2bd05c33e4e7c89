import { type RawBuilder, sql } from 'kysely'
import { DAY } from '#core/clock/clock.ts'
import { intendDestruction } from '#core/crypto/keyring/destruction.ts'
import type { Schema } from '#core/db/schema/schema.ts'
import type { Ground } from '#core/house.ts'
import { firstIdAt } from '#core/ids/ids.ts'
import type { RetentionRule } from './run.ts'

/** What goes by its age alone, with nothing else depending on it. The times are those of the data map. */
export function houseRules({ db, clock, config }: Pick<Ground, 'db' | 'clock' | 'config'>): RetentionRule[] {
  const byAge = <T extends keyof Schema>(
    name: string,
    table: T,
    key: (keyof Schema[T] & string) | readonly (keyof Schema[T] & string)[],
    column: keyof Schema[T] & string,
    before: number | string,
  ): RetentionRule => ({
    name,
    async batch(limit) {
      const deleted = await db.transaction(async (tx) => {
        const statement = deleteOld({ table, key: [key].flat(), column, before }, limit)
        const { numAffectedRows } = await statement.execute(tx)
        return Number(numAffectedRows ?? 0)
      })
      return { considered: deleted, deleted }
    },
  })
  const now = clock.now()
  return [
    byAge('api_request.age', 'api_request', 'id', 'at', now - config.keepApiLogDays * DAY),
    byAge('session.ended', 'session', 'id', 'expires_at', now),
    byAge('session.oldest', 'session', 'id', 'created_at', now - 60 * DAY),
    byAge('one_time_token.age', 'one_time_token', 'id', 'expires_at', now - 7 * DAY),
    byAge('rate_counter.window', 'rate_counter', 'key', 'resets_at', now),
    byAge('retention_run.age', 'retention_run', 'id', 'started_at', now - 1095 * DAY),
    // Their ids begin with the time, so the primary key finds the old ones.
    byAge('transfer.age', 'transfer', 'id', 'id', firstIdAt('handover', now - 1095 * DAY)),
    byAge('offer_change.age', 'offer_change', 'id', 'at', now - 365 * DAY),
    byAge('webhook_delivery.age', 'webhook_delivery', ['provider', 'delivery'], 'at', now - 7 * DAY),
    byAge('provider_reading.age', 'provider_reading', ['provider', 'at'], 'at', now - 1095 * DAY),
    byAge('idempotency.age', 'idempotency', ['subject_id', 'key_hash'], 'created_at', now - DAY),
    {
      name: 'mail.age',
      async batch(limit) {
        const deleted = await db.transaction(async (tx) => {
          const rows = await tx
            .selectFrom('mail')
            .select(['id', 'key_id'])
            .where('id', '<', firstIdAt('mail', now - 30 * DAY))
            .limit(limit)
            .execute()
          if (rows.length === 0) return 0
          await intendDestruction(
            tx,
            rows.map((row) => row.key_id),
            'mail.age',
            now,
          )
          await tx
            .deleteFrom('mail')
            .where(
              'id',
              'in',
              rows.map((row) => row.id),
            )
            .execute()
          return rows.length
        })
        return { considered: deleted, deleted }
      },
    },
  ]
}

/**
 * One batch. The age is asked twice: the inner question finds rows by the index, the outer one is asked again of a row that
 * changed while this waited for it (PostgreSQL, "Read Committed Isolation Level"), such as a session that was prolonged.
 */
function deleteOld(
  old: { table: string; key: readonly string[]; column: string; before: number | string },
  limit: number,
): RawBuilder<unknown> {
  const table = sql.table(old.table)
  const key = sql.join(old.key.map((part) => sql.ref(part)))
  const past = sql`${sql.ref(old.column)} < ${old.before}`
  return sql`delete from ${table}
    where (${key}) in (select ${key} from ${table} where ${past} limit ${limit}) and ${past}`
}
