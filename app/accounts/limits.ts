import { createHmac } from 'node:crypto'
import { sql } from 'kysely'
import { HOUR, MINUTE } from '#core/clock/clock.ts'
import type { Db } from '#core/db/schema/schema.ts'
import { AppError } from '#core/errors/errors.ts'
import { say } from '#core/i18n/say.ts'

/**
 * The catalogue of rate limits. Each counts by the address that asks and by whom it concerns (an account, a mail
 * address, a key), for either alone can be worked around. What cannot be counted is refused.
 */
export const limits = {
  sign_in: { each: 15 * MINUTE, identity: 10, address: 50 },
  sign_up: { each: HOUR, identity: 5, address: 10 },
  verify_mail: { each: HOUR, identity: 5, address: 20 },
  reset_mail: { each: HOUR, identity: 3, address: 20 },
  use_link: { each: HOUR, identity: 20, address: 60 },
  set_up: { each: HOUR, identity: 20, address: 20 },
  confirm_password: { each: 15 * MINUTE, identity: 10, address: 50 },
  find_person: { each: 15 * MINUTE, identity: 60, address: 120 },
  make_key: { each: HOUR, identity: 30, address: 60 },
  compose: { each: MINUTE, identity: 30, address: 120 },
  upload: { each: MINUTE, identity: 30, address: 60 },
  guess_key: { each: 15 * MINUTE, identity: 60, address: 60 },
  api: { each: MINUTE, identity: 60_000, address: 60_000 },
} as const satisfies Record<string, { each: number; identity: number; address: number }>

export type LimitName = keyof typeof limits

/** Counts one try and throws `too_many` when either counter is full. Identifiers are stored as keyed hashes only. */
export async function countTry(
  ground: { db: Db; hashKey: Uint8Array; now: number },
  name: LimitName,
  who: { address: string; identity?: string },
): Promise<void> {
  const limit = limits[name]
  const counters: { kind: string; value: string; most: number }[] = [
    { kind: 'address', value: who.address, most: limit.address },
  ]
  if (who.identity !== undefined)
    counters.push({ kind: 'identity', value: who.identity, most: limit.identity })
  const { now } = ground
  const left = await ground.db.transaction(async (tx) => {
    let resets = 0
    for (const { kind, value, most } of counters) {
      const key = `${name}:${kind}:${createHmac('sha256', ground.hashKey).update(value).digest('base64url').slice(0, 24)}`
      const row = await tx
        .insertInto('rate_counter')
        .values({ key, used: 1, resets_at: now + limit.each })
        .onConflict((c) =>
          c.column('key').doUpdateSet({
            used: sql`case when rate_counter.resets_at <= ${now} then 1 else rate_counter.used + 1 end`,
            resets_at: sql`case when rate_counter.resets_at <= ${now} then ${now + limit.each} else rate_counter.resets_at end`,
          }),
        )
        .returning(['used', 'resets_at'])
        .executeTakeFirstOrThrow()
      if (row.used > most) resets = Math.max(resets, row.resets_at)
    }
    return resets
  })
  if (left > 0) throw new TooMany(Math.max(1, Math.ceil((left - now) / 1000)))
}

export class TooMany extends AppError {
  readonly retryAfterSeconds: number
  constructor(retryAfterSeconds: number) {
    super(
      'too_many',
      say(
        'That was tried too often. Please wait {minutes, plural, one {a minute} other {# minutes}} and try again.',
        {
          minutes: Math.ceil(retryAfterSeconds / 60),
        },
      ),
      { status: 429 },
    )
    this.retryAfterSeconds = retryAfterSeconds
  }
}
