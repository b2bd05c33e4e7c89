/**
 * Webhooks of a provider against the real server in a process of its own: ten thousand deliveries in any order, a quarter
 * of them repeats and a quarter forged. Each genuine one has to bring its job's next look forward, once; that is counted in
 * the database by a trigger, so that what acted twice and left the same rows shows too.
 */
import { createHmac } from 'node:crypto'
import autocannon from 'autocannon'
import { sql } from 'kysely'
import { openDatabase } from '#app/open-house.ts'
import { paths } from '#app/paths.ts'
import { insertAttempt } from '#app/studio/generations/attempts.queries.ts'
import { compose, mostLive } from '#app/studio/generations/compose.ts'
import { sealProviderSecret } from '#app/studio/providers/registry.ts'
import { HOUR } from '#core/clock/clock.ts'
import { loadConfig } from '#core/config/config.ts'
import { toJson } from '#core/db/columns.ts'
import { type IdOf, newId } from '#core/ids/ids.ts'
import { createLog } from '#core/log/log.ts'
import { aRemoteModel } from '#test/factories/remote.ts'
import { below, type Figure } from './figure.ts'
import { anOwnHouse, manyPeople, type OwnHouse, startWeb } from './own-house.ts'

const GENUINE = 5000
const REPEATED = 2500
const FORGED = 2500
const CONNECTIONS = 10
const SECRET = 'the secret that the provider signs with'

interface Delivery {
  path: string
  headers: Record<string, string>
  body: string
}

export async function benchWebhooks(): Promise<Figure[]> {
  const own = await anOwnHouse()
  const attempts = await underWay(own)
  await own.house.close()
  const web = await startWeb(own)
  try {
    const deliveries = shuffled(delivered(attempts))
    let turn = 0
    const result = await autocannon({
      url: own.origin,
      connections: CONNECTIONS,
      amount: deliveries.length,
      requests: [
        {
          setupRequest(request) {
            const next = deliveries[turn++ % deliveries.length]
            return { ...request, ...next, method: 'POST' }
          },
        },
      ],
    })
    const refused = result.statusCodeStats['401']?.count ?? 0
    if (result['2xx'] !== GENUINE + REPEATED || refused !== FORGED)
      throw new Error(`answered: ${JSON.stringify(result.statusCodeStats)}, ${result.errors} errors`)
    const { jobs, acts } = await actedOn(own)
    if (jobs !== GENUINE || acts !== GENUINE)
      throw new Error(`${GENUINE} jobs had news; ${jobs} were looked at, in ${acts} acts`)
    return [
      below(50, {
        name: `${deliveries.length.toLocaleString('en')} webhooks, half repeated or forged: 99 of 100 are answered within`,
        measured: result.latency.p99,
        unit: 'ms',
        beside: `half within ${result.latency.p50} ms; ${CONNECTIONS} connections; none acted on twice`,
      }),
    ]
  } finally {
    await web.stop()
  }
}

/** Jobs that a provider took and works on, each to be looked at in an hour. */
async function underWay({ house }: OwnHouse): Promise<IdOf<'attempt'>[]> {
  const { db, clock, queue } = house
  await aRemoteModel(house)
  const key_sealed = await sealProviderSecret(house, 'one', 'key_sealed', 'never sent')
  const webhook_secret_sealed = await sealProviderSecret(house, 'one', 'webhook_secret_sealed', SECRET)
  const people = await manyPeople(house, Math.ceil(GENUINE / mostLive), 10_000)
  const now = clock.now()
  const ids: IdOf<'attempt'>[] = []
  for (let i = 0; i < GENUINE; i++) {
    const subject = people[i % people.length]?.id
    if (!subject) throw new Error('there is nobody')
    const wish = { model: 'remote', seconds: 5, prompt: 'A quay in the rain.' }
    const generation = await compose(house, { subject, apiKey: null }, wish)
    const id = newId('attempt', now)
    ids.push(id)
    await db.transaction(async (tx) => {
      await tx.updateTable('generation').set({ state: 'rendering' }).where('id', '=', generation).execute()
      await insertAttempt(tx, {
        ...{ id, generation_id: generation, subject_id: subject, number: 1, provider: 'one' },
        provider_job: jobOf(id),
        route: toJson({
          ...{ route: 'a', provider: 'one', driver: 'kie', model: 'remote', version: '1' },
          ...{ endpoint: { slug: 'a' }, cost_version: 1 },
        }),
        ...{ memo: null, state: 'accepted', error_class: null, error_code: null },
        ...{ cost_expected: 0, cost_charged: null, started_at: now, accepted_at: now },
        ...{ woken_at: null, poll_at: null, poll_failures: 0, ended_at: null },
      })
      await queue.enqueue(tx, {
        queue: 'generation.watch',
        payload: { generation_id: generation },
        dedupeKey: generation,
        subject,
        runAt: now + HOUR,
      })
    })
  }
  await db.transaction(async (tx) => {
    await tx
      .updateTable('provider_connection')
      .set({ key_sealed, webhook_secret_sealed })
      .where('id', '=', 'one')
      .execute()
    await sql`create table bench_act (attempt text not null)`.execute(tx)
    await sql`create trigger bench_act after update of woken_at on attempt begin
      insert into bench_act values (new.id); end`.execute(tx)
  })
  return ids
}

const jobOf = (attempt: string): string => `task-${attempt}`

function delivered(attempts: readonly IdOf<'attempt'>[]): Delivery[] {
  const at = String(Math.floor(Date.now() / 1000))
  const one = (attempt: IdOf<'attempt'>, secret: string): Delivery => ({
    path: paths.webhook('one', attempt),
    headers: {
      'content-type': 'application/json',
      'x-webhook-timestamp': at,
      'x-webhook-signature': createHmac('sha256', secret)
        .update(`${jobOf(attempt)}.${at}`)
        .digest('base64'),
    },
    body: JSON.stringify({ code: 200, msg: 'success', data: { taskId: jobOf(attempt), state: 'success' } }),
  })
  const genuine = attempts.map((attempt) => one(attempt, SECRET))
  const forged = attempts.slice(-FORGED).map((attempt) => one(attempt, 'a guess'))
  return [...genuine, ...genuine.slice(0, REPEATED), ...forged]
}

/** The same order in each run (Fisher and Yates, with a linear congruential generator of Numerical Recipes). */
function shuffled<Item>(items: Item[]): Item[] {
  const order = [...items]
  let seed = 1
  for (let i = order.length - 1; i > 0; i--) {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
    const j = seed % (i + 1)
    const [a, b] = [order[i] as Item, order[j] as Item]
    order[i] = b
    order[j] = a
  }
  return order
}

/** How many jobs were brought forward, and how often that was done in all. */
async function actedOn({ env }: OwnHouse): Promise<{ jobs: number; acts: number }> {
  const db = openDatabase(loadConfig(env), createLog({ level: 'silent' }))
  try {
    const { rows } = await sql<{
      jobs: number
      acts: number
    }>`select count(distinct attempt) as jobs, count(*) as acts from bench_act`.execute(db.maintenance)
    return rows[0] ?? { jobs: 0, acts: 0 }
  } finally {
    await db.close()
  }
}
