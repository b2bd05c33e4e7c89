/**
 * How long the server works for a page of creations of a person who has 100,000, among a million: rows, stamps, and the prompts
 * opened through the keyring, as `app/routes/studio/creations` asks for them. And whether every query of it finds by an index.
 */
import Sqlite from 'better-sqlite3'
import { Kysely } from 'kysely'
import type { House } from '#app/house.ts'
import { pageOfCreations, queueOf } from '#app/studio/creations/creations.ts'
import type { Actor } from '#core/actor.ts'
import type { Schema } from '#core/db/schema/schema.ts'
import { openSqlite, sqliteDialect } from '#core/db/sqlite.ts'
import type { GenerationId } from '#core/ids/ids.ts'
import { atMost, below, type Figure, percentile } from './figure.ts'
import { writeCreations } from './many-creations.ts'
import { anOwnHouse, manyPeople } from './own-house.ts'

const PEOPLE = 10
const EACH = 100_000
const REQUESTS = 300
const PAGE = 24

export async function benchCreations(): Promise<Figure[]> {
  const { house } = await anOwnHouse()
  try {
    const people = (await manyPeople(house, PEOPLE, 100)).map(({ id }) => id)
    const mine = await writeCreations(house, house.db.location, people, EACH)
    const actor = { kind: 'person', id: people[0] } as Extract<Actor, { kind: 'person' }>
    const load = loader(house, actor)
    for (let i = 0; i < 20; i++) await load(cursorIn(mine))
    const times: number[] = []
    const before = process.cpuUsage()
    for (let i = 0; i < REQUESTS; i++) {
      const started = performance.now()
      const creations = await load(cursorIn(mine))
      times.push(performance.now() - started)
      if (creations.length !== PAGE || creations.some(({ prompt, provenance }) => !prompt || !provenance))
        throw new Error('a page came without its creations, their prompts or their stamps')
    }
    const { user, system } = process.cpuUsage(before)
    const each = (user + system) / 1000 / REQUESTS
    const plan = await planOf(house, actor, mine)
    return [
      below(50, {
        name: 'A page of creations, of 100,000 among a million: 99 of 100 are ready within',
        measured: percentile(times, 0.99),
        unit: 'ms',
        beside: `half within ${percentile(times, 0.5).toFixed(1)} ms; ${each.toFixed(1)} ms of processor time each`,
      }),
      atMost(0, {
        name: 'Steps of its queries that read a whole table or sort',
        value: plan.bad.length > 0 ? plan.bad.join('; ') : `none of ${plan.steps}`,
        ratio: plan.bad.length,
      }),
    ]
  } finally {
    await house.close()
  }
}

function loader(house: House, actor: Extract<Actor, { kind: 'person' }>) {
  return async (before: GenerationId | undefined, saved = false) => {
    const [{ creations }] = await Promise.all([
      pageOfCreations(house, actor, { before, saved, limit: PAGE }),
      queueOf(house, actor),
    ])
    return creations
  }
}

/** Far enough from the oldest that a whole page follows. */
function cursorIn(ids: readonly GenerationId[]): GenerationId {
  return ids[PAGE + Math.floor(Math.random() * (ids.length - PAGE))] as GenerationId
}

/** Runs the page once more over a connection that notes its queries, and asks SQLite how it answers each. */
async function planOf(
  house: House,
  actor: Extract<Actor, { kind: 'person' }>,
  mine: readonly GenerationId[],
) {
  const path = house.db.location
  const asked = new Map<string, readonly unknown[]>()
  const read = new Kysely<Schema>({
    dialect: sqliteDialect(openSqlite(path, { readonly: true })),
    log: ({ query }) => void asked.set(query.sql, query.parameters),
  })
  const db = new Sqlite(path, { readonly: true })
  try {
    const load = loader({ ...house, db: { ...house.db, read } }, actor)
    await load(undefined)
    await load(cursorIn(mine))
    await load(cursorIn(mine), true)
    const steps = [...asked].flatMap(([sql, parameters]) =>
      (db.prepare(`explain query plan ${sql}`).all(...parameters) as { detail: string }[]).map(
        (s) => s.detail,
      ),
    )
    return { steps: steps.length, bad: steps.filter((step) => /^SCAN|TEMP B-TREE/.test(step)) }
  } finally {
    db.close()
    await read.destroy()
  }
}
