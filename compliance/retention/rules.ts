import { sql } from 'kysely'
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
    key: keyof Schema[T] & string,
    column: keyof Schema[T] & string,
    before: number | string,
  ): RetentionRule => ({
    name,
    async batch(limit) {
      const deleted = await db.transaction(async (tx) => {
        const { ref } = tx.dynamic
        const ids = await tx
          .selectFrom(table as 'session')
          .select(sql.ref<string>(key).as('id') as never)
          .where(ref(column), '<', before as never)
          .limit(limit)
          .execute()
        if (ids.length === 0) return 0
        const keys = (ids as unknown as { id: string }[]).map((row) => row.id)
        await tx
          .deleteFrom(table as 'session')
          .where(ref(key), 'in', keys as never)
          .execute()
        return keys.length
      })
      return { considered: deleted, deleted }
    },
  })
  /** For tables whose rows are told by several columns: small, and all that is past its time goes at once. */
  const allByAge = <T extends keyof Schema>(
    name: string,
    table: T,
    column: keyof Schema[T] & string,
    before: number,
  ): RetentionRule => ({
    name,
    async batch() {
      const gone = await db.transaction((tx) =>
        tx
          .deleteFrom(table as 'idempotency')
          .where(tx.dynamic.ref(column), '<', before as never)
          .executeTakeFirst(),
      )
      const deleted = Number(gone.numDeletedRows)
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
    allByAge('webhook_delivery.age', 'webhook_delivery', 'at', now - 7 * DAY),
    allByAge('provider_reading.age', 'provider_reading', 'at', now - 1095 * DAY),
    allByAge('idempotency.age', 'idempotency', 'created_at', now - DAY),
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
