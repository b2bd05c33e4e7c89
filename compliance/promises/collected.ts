import { sql } from 'kysely'
import { DAY, HOUR } from '#core/clock/clock.ts'
import type { Schema } from '#core/db/schema/schema.ts'
import { say } from '#core/i18n/say.ts'
import { dataMap, type TableRule } from '../data-map/map.ts'
import type { Category } from '../data-map/rules.ts'
import { liveColumns } from './live-columns.ts'
import { orphanedObjects, orphanedRows } from './orphans.ts'
import { type Kept, keptIf } from './promise.ts'

/** What is collected. */

/** The tables that make up an account. */
const accountTables = ['subject', 'password', 'session', 'one_time_token', 'api_key', 'mail'] as const

/** What the policy says an account consists of: a column of another kind in those tables breaks the promise. */
export const publishedAccountData: readonly Category[] = [
  'account_state',
  'age_answer',
  'device_class',
  'email',
  'language',
  'name',
  'password_hash',
  'region',
  'security',
  'usage',
]

type Map = { readonly [T in keyof Schema]: Pick<TableRule<T>, 'columns'> }

/** The kinds of data in the account's tables. Text of mails goes with the mail, and technical columns say nothing of anybody. */
export function accountCategories(map: Map): string[] {
  const kinds = accountTables.flatMap((table) =>
    Object.values(map[table].columns as Record<string, { data: Category }>).map(({ data }) => data),
  )
  return [...new Set(kinds)].filter((kind) => kind !== 'technical' && kind !== 'content').sort()
}

export const C1: Kept = {
  id: 'C1',
  sentence: say(
    'Account data is your mail address, a name if you give one, region, language, the class of your devices, the hash of your password, and how the account is used and secured. Nothing else.',
  ),
  keptBy: say('A map that classifies every column of the database.'),
  async check({ db }) {
    const live = await liveColumns(db)
    const mapped = Object.fromEntries(
      Object.entries(dataMap).map(([table, rule]) => [table, Object.keys(rule.columns)]),
    )
    const missing = (from: Record<string, string[]>, to: Record<string, string[]>) =>
      Object.entries(from).flatMap(([table, columns]) =>
        columns.filter((column) => !to[table]?.includes(column)).map((column) => `${table}.${column}`),
      )
    const unmapped = missing(live, mapped)
    const gone = missing(mapped, live)
    const found = accountCategories(dataMap)
    const asPublished = found.join() === [...publishedAccountData].sort().join()
    return keptIf(unmapped.length + gone.length === 0 && asPublished, {
      tables: Object.keys(live).length,
      columns: Object.values(live).flat().length,
      columns_without_entry: unmapped.slice(0, 10).join(', '),
      entries_without_column: gone.slice(0, 10).join(', '),
      account_data: found.join(', '),
      as_published: asPublished,
    })
  },
}

export const C2: Kept = {
  id: 'C2',
  sentence: say('Your password is never stored, only a salted hash of it that takes much memory to guess.'),
  keptBy: say('argon2id at the cost that OWASP recommends, or above.'),
  async check({ db, passwordAtCost }, previous) {
    const from = typeof previous.next === 'string' ? previous.next : ''
    const rows = await db.read
      .selectFrom('password')
      .select(['subject_id', 'hash'])
      .where('subject_id', '>', from as never)
      .orderBy('subject_id')
      .limit(HASHES_IN_ONE_RUN)
      .execute()
    const wrong = rows.filter((row) => !passwordAtCost(row.hash)).length
    const behind = rows.length < HASHES_IN_ONE_RUN ? '' : (rows.at(-1)?.subject_id ?? '')
    return keptIf(wrong === 0, { hashes: rows.length, wrong, next: wrong > 0 ? from : behind })
  },
}
const HASHES_IN_ONE_RUN = 10_000

export const C5: Kept = {
  id: 'C5',
  sentence: say(
    'Prompts, references, videos and settings are kept with the account that made them, and nowhere else.',
  ),
  keptBy: say('An owner on each row; each stored file belongs to a row.'),
  async check(ground, previous) {
    const rows = await orphanedRows(ground.db.read, previous)
    const objects = await orphanedObjects(ground, previous)
    return keptIf(rows.wrong + objects.wrong === 0, {
      rows: rows.looked,
      rows_without_owner: rows.wrong,
      files: objects.looked,
      files_without_row: objects.wrong,
      ...rows.cursors,
      ...objects.cursors,
    })
  },
}

/** What a line of the request log may have. */
const logColumns = ['api_key_id', 'at', 'bytes', 'endpoint', 'id', 'method', 'ms', 'status']

export const C6: Kept = {
  id: 'C6',
  sentence: say(
    'Of a call of the API we write down the endpoint, the time, the result, its size and which key it was. Neither what was sent nor from which address.',
  ),
  keptBy: say('The request log has no place for anything else.'),
  async check({ db, clock, config }) {
    const columns = (await liveColumns(db)).api_request ?? []
    const surplus = columns.filter((column) => !logColumns.includes(column))
    const { rows } = await sql<{ endpoint: string; method: string }>`select distinct endpoint, method from
      (select endpoint, method from api_request order by id desc limit 5000) as newest limit 500`.execute(
      db.read as never,
    )
    const telling = rows.filter(
      ({ endpoint, method }) =>
        !/^(other|\/api(\/[a-z0-9._-]{1,20}|\/\{id\})*)$/.test(endpoint) ||
        !/^(other|[A-Z]{3,10})$/.test(method),
    )
    const { old } = await db.read
      .selectFrom('api_request')
      .select((e) => e.fn.countAll<number>().as('old'))
      .where('at', '<', clock.now() - config.keepApiLogDays * DAY - HOUR)
      .executeTakeFirstOrThrow()
    return keptIf(surplus.length === 0 && telling.length === 0 && Number(old) === 0, {
      columns: columns.join(', '),
      surplus_columns: surplus.join(', '),
      endpoints: rows.length,
      endpoints_that_tell: telling.length,
      too_old: Number(old),
    })
  },
}
