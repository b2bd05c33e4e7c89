/**
 * What it costs to have others make videos: the processor time that one generation takes from the queue to its finished
 * job, without the provider and the video; and a thousand in flight at one provider, in a simulated hour: whether polls keep
 * to its limit, whether anybody waits longer than others, and whether memory grows.
 */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Workshop } from '#app/house.ts'
import { compose } from '#app/studio/generations/compose.ts'
import { type MovableClock, movableClock, SECOND } from '#core/clock/clock.ts'
import type { SubjectId } from '#core/ids/ids.ts'
import { type RemoteProvider, remoteProvider, theseProviders } from '#test/doubles/remote-provider.ts'
import { aRemoteModel, type ByHand, workOff } from '#test/factories/remote.ts'
import { atMost, below, median, type Row } from './figure.ts'
import { anOwnHouse, manyPeople } from './own-house.ts'

const MIB = 1024 * 1024
const POLLS_PER_SECOND = 10
const JOB_MS = 240 * SECOND

export async function benchDispatch(): Promise<Row[]> {
  return [await overhead(), ...(await inFlight())]
}

interface Shop {
  shop: ByHand
  clock: MovableClock
  provider: RemoteProvider
  people: { id: SubjectId }[]
  close(): Promise<void>
}

async function aShop(people: number, limits: Parameters<typeof aRemoteModel>[1]): Promise<Shop> {
  const clock = movableClock()
  const { house } = await anOwnHouse(clock)
  const provider = remoteProvider('one')
  const scratch = join(house.config.dataDir, 'scratch')
  await mkdir(scratch, { recursive: true })
  const shop = { ...house, clock, scratch, providers: theseProviders(provider), logged: [] }
  await aRemoteModel(shop, {
    ...limits,
    record: {
      routes: [{ id: 'one', provider: 'one', endpoint: {}, cost: { version: 1, usd: 'seconds * 0.01' } }],
      deadlineSeconds: 86_400,
    },
  })
  return {
    // Nothing is finished here: no tools, no signing.
    shop: shop as unknown as Workshop & ByHand,
    clock,
    provider,
    people: await manyPeople(house, people, 10_000),
    close: () => house.close(),
  }
}

async function ask({ shop, people }: Shop, each: number): Promise<void> {
  for (let round = 0; round < each; round++)
    for (const { id } of people)
      await compose(
        shop,
        { subject: id, apiKey: null },
        { model: 'remote', seconds: 5, prompt: 'A quay in the rain.' },
      )
}

async function overhead(): Promise<Row> {
  const world = await aShop(30, { inFlight: 1000 })
  await ask(world, 10)
  const before = process.cpuUsage()
  await workOff(world.shop, { forMs: 60 * SECOND, most: 10_000 })
  const { user, system } = process.cpuUsage(before)
  const made = world.provider.taken.length
  await world.close()
  return below(15, {
    name: 'Processor time to have a provider make one video, without provider and video',
    measured: (user + system) / 1000 / made,
    unit: 'ms',
    beside: `${made} videos`,
  })
}

async function inFlight(): Promise<Row[]> {
  const world = await aShop(100, { inFlight: 1000, submitsPer10s: 100, pollsPerSecond: POLLS_PER_SECOND })
  const { shop, clock, provider } = world
  const began = clock.now()
  const accepted = new Map<string, number>()
  const polls = new Map<number, number>()
  const { submit } = provider
  provider.submit = async (job, signal) => {
    const answer = await submit(job, signal)
    accepted.set(answer.providerJob, clock.now())
    return answer
  }
  provider.poll = async ({ providerJob }) => {
    const second = Math.floor(clock.now() / SECOND)
    polls.set(second, (polls.get(second) ?? 0) + 1)
    const done = clock.now() - (accepted.get(providerJob) ?? 0) >= JOB_MS
    return done ? { state: 'succeeded' } : { state: 'running', againAfterMs: 20 * SECOND }
  }
  await ask(world, 10)
  await workOff(shop, { forMs: 120 * SECOND, most: 100_000 })
  globalThis.gc?.()
  const memoryBefore = process.memoryUsage().rss
  await workOff(shop, { forMs: 3600 * SECOND, most: 200_000 })
  globalThis.gc?.()
  const grown = (process.memoryUsage().rss - memoryBefore) / MIB
  const rows = await shop.db.read
    .selectFrom('generation as g')
    .innerJoin('attempt as a', 'a.generation_id', 'g.id')
    .select(['g.subject_id', 'a.ended_at'])
    .where('g.state', '=', 'finishing')
    .execute()
  await world.close()
  if (rows.length !== 1000) throw new Error(`${rows.length} of 1000 came to their end`)
  const waits = new Map<string, number[]>()
  for (const row of rows)
    waits.set(row.subject_id, [...(waits.get(row.subject_id) ?? []), (row.ended_at ?? 0) - began])
  const means = [...waits.values()].map((all) => all.reduce((sum, ms) => sum + ms, 0) / all.length)
  return [
    atMost(1, {
      name: '1,000 videos in flight: most questions to the provider in any second',
      value: `${Math.max(...polls.values())}`,
      against: `${POLLS_PER_SECOND} allowed`,
      ratio: Math.max(...polls.values()) / POLLS_PER_SECOND,
    }),
    below(2, {
      name: 'The same: how long the slowest of 100 people waited, against the middle one',
      measured: Math.max(...means) / median(means),
      unit: 'times',
    }),
    below(64, {
      name: 'The same: memory that the process grew by from the second minute to the end',
      measured: Math.max(0, grown),
      unit: 'MB',
    }),
  ]
}
