/**
 * How many videos a second the API takes on, and how long the slowest wait for the answer: `POST /api/v1/generations` against
 * the real server in a process of its own, without a worker. Each answer stands for a row, a hold, a job and a key on disk.
 */
import autocannon from 'autocannon'
import { openDatabase } from '#app/open-house.ts'
import { mostLive } from '#app/studio/generations/compose.ts'
import { loadConfig } from '#core/config/config.ts'
import { createLog } from '#core/log/log.ts'
import { below, type Figure, reaching } from './figure.ts'
import { anOwnHouse, manyPeople, type OwnHouse, startWeb } from './own-house.ts'

const SECONDS = 30
const WARM_UP = 3
const CONNECTIONS = 16
/** Enough that nobody reaches `mostLive`, at up to 1,500 requests a second. */
const PEOPLE = Math.ceil((1500 * (SECONDS + WARM_UP)) / mostLive)

const wish = JSON.stringify({
  model: 'storyboard',
  prompt: 'Calm sea at dawn, a lone boat drifts home. Gulls pass over the quiet water.',
  seconds: 5,
  resolution: '720p',
})

export async function benchAccept(): Promise<Figure[]> {
  const own = await anOwnHouse()
  const people = await manyPeople(own.house, PEOPLE, 1000)
  await own.house.close()
  const web = await startWeb(own)
  try {
    let turn = 0
    const post = (duration: number) =>
      autocannon({
        url: `${own.origin}/api/v1/generations`,
        connections: CONNECTIONS,
        duration,
        requests: [
          {
            method: 'POST',
            body: wish,
            headers: { 'content-type': 'application/json' },
            setupRequest(request) {
              const authorization = `Bearer ${people[turn++ % PEOPLE]?.apiKey}`
              return { ...request, headers: { ...request.headers, authorization } }
            },
          },
        ],
      })
    const warm = await post(WARM_UP)
    const before = await web.processor()
    const result = await post(SECONDS)
    const each = ((await web.processor()) - before) / result.requests.total
    const failed = result.non2xx + result.errors + result.timeouts
    if (failed > 0) throw new Error(`${failed} of ${result.requests.total} requests were not taken on`)
    const accepted = warm['2xx'] + result['2xx']
    const written = await generationsIn(own)
    if (written < accepted) throw new Error(`${accepted} were answered and only ${written} are there`)
    const beside = `${CONNECTIONS} connections; ${each.toFixed(1)} ms of processor time each`
    const name = 'POST /api/v1/generations'
    return [
      reaching(300, {
        name: `${name}: taken on`,
        measured: result['2xx'] / SECONDS,
        unit: 'a second',
        beside,
      }),
      below(100, {
        name: `${name}: 99 of 100 are answered within`,
        measured: result.latency.p99,
        unit: 'ms',
        beside: `half within ${result.latency.p50} ms`,
      }),
    ]
  } finally {
    await web.stop()
  }
}

async function generationsIn({ env }: OwnHouse): Promise<number> {
  const db = openDatabase(loadConfig(env), createLog({ level: 'silent' }))
  try {
    const row = await db.read
      .selectFrom('generation')
      .select((e) => e.fn.countAll<number>().as('n'))
      .executeTakeFirstOrThrow()
    return Number(row.n)
  } finally {
    await db.close()
  }
}
