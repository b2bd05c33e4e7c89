import { createHmac } from 'node:crypto'
import { sql } from 'kysely'
import { DAY, HOUR, MINUTE } from '#core/clock/clock.ts'
import type { Db } from '#core/db/schema/schema.ts'
import { AppError } from '#core/errors/errors.ts'
import { say } from '#core/i18n/say.ts'

/**
 * The catalogue of rate limits. Each counts by the address that asks and by whom it concerns (an account, a mail
 * address, a key), for either alone can be worked around. What cannot be counted is refused.
 *
 * Where strangers can name the account, a `pair` counts one account from one address, and `identity` is far higher:
 * otherwise anybody could shut anybody out by guessing from anywhere.
 */
interface Limit {
  readonly each: number
  readonly address: number
  readonly identity: number
  readonly pair?: number
}

export const limits = {
  sign_in: { each: 15 * MINUTE, pair: 10, identity: 100, address: 50 },
  sign_up: { each: HOUR, identity: 5, address: 10 },
  verify_mail: { each: HOUR, pair: 5, identity: 10, address: 20 },
  reset_mail: { each: HOUR, pair: 3, identity: 10, address: 20 },
  use_link: { each: HOUR, identity: 20, address: 60 },
  set_up: { each: HOUR, identity: 20, address: 20 },
  age_answer: { each: DAY, identity: 1, address: 20 },
  confirm_password: { each: 15 * MINUTE, identity: 10, address: 50 },
  find_person: { each: 15 * MINUTE, identity: 60, address: 120 },
  make_key: { each: HOUR, identity: 30, address: 60 },
  compose: { each: MINUTE, identity: 30, address: 120 },
  upload: { each: MINUTE, identity: 30, address: 60 },
  guess_key: { each: 15 * MINUTE, identity: 60, address: 60 },
  api: { each: MINUTE, identity: 60_000, address: 60_000 },
} as const satisfies Record<string, Limit>

export type LimitName = keyof typeof limits

export interface Counting {
  db: Db
  hashKey: Uint8Array
  now: number
}

/** Who tries, and whom it concerns. `addressCounted`: this try was counted by its address before its identity was known. */
export interface Trying {
  address: string
  identity?: string | undefined
  addressCounted?: boolean
}

/** Counts one try and throws `too_many` when any counter is full. Identifiers are stored as keyed hashes only. */
export async function countTry(ground: Counting, name: LimitName, who: Trying): Promise<void> {
  const { each } = limits[name]
  const { now } = ground
  const left = await ground.db.transaction(async (tx) => {
    let resets = 0
    for (const { key, most } of countersOf(ground.hashKey, name, who)) {
      const row = await tx
        .insertInto('rate_counter')
        .values({ key, used: 1, resets_at: now + each })
        .onConflict((c) =>
          c.column('key').doUpdateSet({
            used: sql`case when rate_counter.resets_at <= ${now} then 1 else rate_counter.used + 1 end`,
            resets_at: sql`case when rate_counter.resets_at <= ${now} then ${now + each} else rate_counter.resets_at end`,
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

/**
 * Takes a counted try back, where only failures shall count. Counted first and taken back later, so that many at once
 * are no more tries than the limit allows.
 */
export async function forgiveTry(ground: Counting, name: LimitName, who: Trying): Promise<void> {
  const keys = countersOf(ground.hashKey, name, who).map(({ key }) => key)
  await ground.db.transaction((tx) =>
    tx
      .updateTable('rate_counter')
      .set((row) => ({ used: row('used', '-', 1) }))
      .where('key', 'in', keys)
      .where('used', '>', 0)
      .where('resets_at', '>', ground.now)
      .execute(),
  )
}

function countersOf(hashKey: Uint8Array, name: LimitName, { address, identity, addressCounted }: Trying) {
  const limit: Limit = limits[name]
  const counters: { kind: string; value: string; most: number }[] = []
  if (!addressCounted) counters.push({ kind: 'address', value: address, most: limit.address })
  if (identity !== undefined) {
    counters.push({ kind: 'identity', value: identity, most: limit.identity })
    // An address holds no space, so two pairs are never written alike.
    if (limit.pair) counters.push({ kind: 'pair', value: `${address} ${identity}`, most: limit.pair })
  }
  return counters.map(({ kind, value, most }) => {
    const hash = createHmac('sha256', hashKey).update(value).digest('base64url').slice(0, 24)
    return { key: `${name}:${kind}:${hash}`, most }
  })
}

export class TooMany extends AppError {
  readonly retryAfterSeconds: number
  constructor(retryAfterSeconds: number) {
    super(
      'too_many',
      retryAfterSeconds > 2 * 3600
        ? say(
            'That was tried too often. Please wait {hours, plural, one {an hour} other {# hours}} and try again.',
            { hours: Math.ceil(retryAfterSeconds / 3600) },
          )
        : say(
            'That was tried too often. Please wait {minutes, plural, one {a minute} other {# minutes}} and try again.',
            { minutes: Math.ceil(retryAfterSeconds / 60) },
          ),
      { status: 429 },
    )
    this.retryAfterSeconds = retryAfterSeconds
  }
}
