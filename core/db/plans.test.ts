/**
 * Pins: a page, a stream, a claim or a sweep that reads a whole table because its index went, or because its question was
 * put in words which no index answers. The statements and their plans are kept in `plans.sqlite.sql` and
 * `plans.postgres.sql`, to be read when they change.
 */
import { sql } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import { createApiKey, recogniseApiKey } from '#app/accounts/api-keys.ts'
import { statementOf } from '#app/billing/ledger/statement.ts'
import type { House } from '#app/house.ts'
import { openSessions } from '#app/http/session.ts'
import { type JobPayloads, queueNames } from '#app/job-payloads.ts'
import { creationDetail, pageOfCreations } from '#app/studio/creations/creations.ts'
import { liveFeed } from '#app/studio/creations/live-feed.ts'
import { endPastDeadline, studioRules } from '#app/studio/creations/retention.ts'
import { aReadyVideo } from '#app/studio/creations/testing.ts'
import { compose } from '#app/studio/generations/compose.ts'
import { houseRules } from '#compliance/retention/rules.ts'
import { DAY, MINUTE, systemClock } from '#core/clock/clock.ts'
import { newId } from '#core/ids/ids.ts'
import { openQueue } from '#core/queue/open.ts'
import { firstDue } from '#core/queue/pgboss-sql.ts'
import { aHouse, aPerson, type TestHouse } from '#test/factories/house.ts'
import { anAddress, type GroundName, onBothGrounds } from '#test/grounds.ts'
import { openGround } from './ground.ts'
import { plansOf, recorded, type Statement } from './plans.testing.ts'
import type { Db, Schema } from './schema/schema.ts'

/** What the house asks most often, or where most lies, each done once for real. */
async function hottest(house: TestHouse): Promise<Record<string, Statement[]>> {
  const { clock } = house
  const { db, taken } = recorded(house.db)
  const watched: House = { ...house, db }
  const anna = await aPerson(house)
  const actor = { kind: 'person', id: anna.id } as const
  const ready = await aReadyVideo(house, anna.id)
  const input = { model: 'storyboard', prompt: 'A storm.', seconds: 2, resolution: '480p' }
  await compose(house, { subject: anna.id, apiKey: null }, input)
  clock.advance(2 * MINUTE)

  const noted = async (work: () => Promise<unknown>): Promise<Statement[]> => {
    taken()
    await work()
    return taken()
  }
  const before = newId('generation', clock.now())
  const sessions = openSessions(watched, house.config.appUrl)
  const { cookie } = await sessions.start(anna.id, { authMethod: 'password', deviceClass: 'computer' })
  const session = await sessions.read(cookie.split(';')[0])
  const feed = liveFeed(watched, { actor, sessionId: session?.id ?? '' }, () => {})
  const { key } = await createApiKey(house, actor, { subject: anna.id, name: 'x' })
  clock.advance(2 * MINUTE)
  return {
    'A page of creations': await noted(() => pageOfCreations(watched, actor, { before, limit: 24 })),
    'A page of saved creations': await noted(() =>
      pageOfCreations(watched, actor, { before, saved: true, limit: 24 }),
    ),
    'A creation, by its owner': await noted(() => creationDetail(watched, actor, ready.id)),
    'What is new for one browser': await noted(() => feed.next()),
    'A session, by its cookie': await noted(() => sessions.read(cookie.split(';')[0])),
    'A key of the API': await noted(() => recogniseApiKey(watched, key)),
    'A page of the statement of credits': await noted(() =>
      statementOf(db.read, anna.id, { before: before.slice(4), limit: 30 }),
    ),
    'The next job': await noted(() => claim(watched)),
    'What is past its deadline': await noted(() => endPastDeadline(watched)),
    'A batch of each rule of retention': await noted(async () => {
      clock.advance(31 * DAY)
      for (const rule of [...studioRules(watched), ...houseRules(watched)]) await rule.batch(100)
      clock.advance(31 * DAY)
      for (const rule of studioRules(watched)) await rule.batch(100)
    }),
  }
}

async function claim({ db, clock, config }: House): Promise<void> {
  if (config.database.kind !== 'sqlite') return
  const queue = await openQueue<JobPayloads>(db, config.database, {
    queues: queueNames,
    clock,
    random: () => 0.5,
    onError: () => {},
  })
  await queue.claim(['generation.run'], 'worker', { leaseMs: 30_000 })
  await queue.close()
}

onBothGrounds('the hottest statements', (ground) => {
  test('go by the indexes that were made for them, and without any one of these another way', async () => {
    const house = await aHouse(ground)
    const found = await hottest(house)
    // The engine's own statement: everything else that it asks is not ours to word.
    if (ground === 'postgres') found['The next job'] = [{ sql: firstDue, parameters: [['generation.run']] }]
    const empty = await anEmptyHouse(ground)
    const plans = []
    for (const [what, statements] of Object.entries(found))
      plans.push([what, statements, await plansOf(empty, statements)] as const)
    const text = plans.flatMap(([what, statements, lines]) => [
      `-- ${what.toUpperCase()}\n`,
      ...statements.map(({ sql }, at) => [folded(sql), ...(lines[at] ?? [])].join('\n--   ').concat('\n')),
    ])
    await expect(text.join('\n')).toMatchFileSnapshot(`./plans.${ground}.sql`)

    const all = plans.flatMap(([, statements, lines]) =>
      statements.map((statement, at) => ({ statement, plan: lines[at] ?? [] })),
    )
    const used = (await ownIndexes(empty)).filter((index) => all.some(({ plan }) => goesBy(plan, index)))
    expect(used.length).toBeGreaterThan(10)
    for (const index of used) {
      const users = all.filter(({ plan }) => goesBy(plan, index))
      const without = await plansOf(
        empty,
        users.map(({ statement }) => statement),
        { without: index },
      )
      users.forEach(({ plan }, at) => {
        expect(without[at], `without ${index}`).not.toEqual(plan)
      })
    }
  })
})

const goesBy = (plan: readonly string[], index: string) =>
  plan.some((line) => line.split(' ').includes(index))

/** Nothing in it, so that no statistics of chance rows decide. */
async function anEmptyHouse(ground: GroundName): Promise<Db> {
  const address = await anAddress(ground, { migrated: true })
  const db = openGround<Schema>(address)
  const queue = await openQueue<JobPayloads>(db, address, {
    queues: queueNames,
    clock: systemClock,
    random: () => 0.5,
    onError: () => {},
  })
  await queue.migrate()
  await queue.close()
  onTestFinished(() => db.close())
  return db
}

/** Those that can be dropped: a primary key's belongs to its table. */
async function ownIndexes(db: Db): Promise<string[]> {
  const indexes =
    db.dialect === 'sqlite'
      ? sql<{ name: string }>`select name from sqlite_master where type = 'index' and sql is not null`
      : sql<{ name: string }>`select c.relname as name from pg_index i
          join pg_class c on c.oid = i.indexrelid and c.relnamespace = 'public'::regnamespace
          where not exists (select from pg_constraint where conindid = i.indexrelid)`
  const { rows } = await indexes.execute(db.maintenance)
  return rows.map(({ name }) => name).sort()
}

/** A statement as a person reads it. */
function folded(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .trim()
    .replace(
      /(?<!delete) (?=(from|where|inner join|left join|order by|union all|set|returning|group by) )/g,
      '\n  ',
    )
}
