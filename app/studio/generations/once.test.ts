/**
 * Exactly once, whatever happens in whatever order: submissions whose answers are lost, workers that die at any commit or
 * in the middle of a call, webhooks that are late, repeated or forged, cancels, deadlines, routes that fail. It pins: a job
 * taken twice for one generation; a hold that is neither captured nor released, or both; a generation without an end; a
 * place at a provider that nobody gives back.
 */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { balanceOf } from '#app/billing/ledger/ledger.ts'
import type { Workshop } from '#app/house.ts'
import { endPastDeadline } from '#app/studio/creations/retention.ts'
import { HOUR, MINUTE, SECOND } from '#core/clock/clock.ts'
import type { GenerationId } from '#core/ids/ids.ts'
import { type RemoteProvider, remoteProvider, theseProviders } from '#test/doubles/remote-provider.ts'
import { aHouse, aPerson, type TestHouse, type TestPerson } from '#test/factories/house.ts'
import { aRemoteModel, passTime, workOff } from '#test/factories/remote.ts'
import { onBothGrounds } from '#test/grounds.ts'
import { admit, nextAdmission } from './admit.ts'
import { advance } from './advance.ts'
import * as attempts from './attempts.queries.ts'
import { compose } from './compose.ts'
import { cancelGeneration } from './removal.ts'
import { wake } from './wake.ts'
import { watchGeneration } from './watch.ts'

type Shop = Workshop & TestHouse

const CREDITS = 1000
const LEASE_MS = 30_000

const steps = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ do: 'compose' as const }) },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('work' as const),
      dieAt: fc.constantFrom(0, 0, 0, 1, 2, 3, 4),
      when: fc.constantFrom('before' as const, 'after' as const),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('dieInSubmit' as const), taken: fc.boolean() }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      ms: fc.constantFrom(SECOND, 20 * SECOND, 2 * MINUTE, 12 * MINUTE),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('script' as const),
      submit: fc.constantFrom(
        'lose_answer' as const,
        'lose_request' as const,
        'provider_down' as const,
        'rate_limited' as const,
        'content_policy' as const,
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('poll' as const),
      says: fc.constantFrom('running' as const, 'failed' as const, 'down' as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('webhook' as const),
      signature: fc.constantFrom('true', 'forged'),
      delivery: fc.constantFrom('d1', 'd2', 'd3'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel' as const), which: fc.nat(5) }) },
  { weight: 1, arbitrary: fc.constant({ do: 'deadlines' as const }) },
)
type Step = typeof steps extends fc.Arbitrary<infer S> ? S : never

/** A worker process that dies at its n-th commit, or in the middle of a submit; once dead it writes nothing more. */
class Killed extends Error {}

function mortal(
  shop: Shop,
  at: { commit?: number; when?: 'before' | 'after'; inSubmit?: 'taken' | 'not_taken' },
): Shop {
  let commits = 0
  let dead = false
  const die = (): never => {
    dead = true
    throw new Killed()
  }
  const transaction: Shop['db']['transaction'] = async (work) => {
    if (dead) throw new Killed()
    commits += 1
    const mine = commits === at.commit
    const result = await shop.db.transaction(async (tx) => {
      const done = await work(tx)
      return mine && at.when === 'before' ? die() : done
    })
    return mine ? die() : result
  }
  const providers: Shop['providers'] = {
    async get(id) {
      const provider = await shop.providers.get(id)
      if (!provider || !at.inSubmit) return provider
      return {
        ...provider,
        submit: async (job, signal) => {
          if (at.inSubmit === 'taken') await provider.submit(job, signal)
          return die()
        },
      }
    },
  }
  return { ...shop, db: { ...shop.db, transaction }, providers }
}

class World {
  readonly ids: GenerationId[] = []
  readonly shop: Shop
  readonly person: TestPerson
  readonly providers: RemoteProvider[]
  constructor(shop: Shop, person: TestPerson, providers: RemoteProvider[]) {
    this.shop = shop
    this.person = person
    this.providers = providers
  }

  async take(step: Step): Promise<void> {
    const { shop, providers } = this
    switch (step.do) {
      case 'compose':
        this.ids.push(
          await compose(
            shop,
            { subject: this.person.id, apiKey: null },
            { model: 'remote', seconds: 2, prompt: 'A quay.' },
          ),
        )
        return
      case 'work':
        return this.work(mortal(shop, step.dieAt ? { commit: step.dieAt, when: step.when } : {}))
      case 'dieInSubmit':
        return this.work(mortal(shop, { inSubmit: step.taken ? 'taken' : 'not_taken' }))
      case 'wait':
        return this.wait(step.ms)
      case 'script':
        for (const provider of providers) provider.onSubmit.push(step.submit)
        return
      case 'poll':
        for (const provider of providers)
          provider.onPoll.push(
            step.says === 'running'
              ? { state: 'running', againAfterMs: 5000 }
              : step.says === 'failed'
                ? { state: 'failed', errorClass: 'provider_down' }
                : 'provider_down',
          )
        return
      case 'webhook': {
        const [provider] = providers
        const job = provider?.taken.at(-1)
        if (!provider || !job) return
        const request = {
          headers: { signature: step.signature },
          rawBody: Buffer.from(`${job.providerJob} ${step.delivery}`),
        }
        const attempt = job.attempt as attempts.AttemptId
        return void (await wake(shop, { provider: provider.name, attempt }, request))
      }
      case 'cancel': {
        const id = this.ids[step.which % Math.max(1, this.ids.length)]
        return id && cancelGeneration(shop, this.person.id, id).catch(() => {})
      }
      case 'deadlines':
        return void (await endPastDeadline(shop))
    }
  }

  /** One job of the queue by a worker that may die; a dead one says nothing, and its lease runs out. */
  async work(worker: Shop): Promise<void> {
    const queues = ['generation.admit', 'generation.watch'] as const
    const job = await this.shop.queue.claim(queues, `worker-${Math.random()}`, { leaseMs: LEASE_MS })
    if (!job) return
    try {
      const { generation_id: id } = job.payload as { generation_id: GenerationId }
      const next =
        job.queue === 'generation.watch'
          ? await watchGeneration(worker, id, new AbortController().signal)
          : []
      const then = job.queue === 'generation.admit' ? nextAdmission(id, await admit(worker)) : next
      await this.shop.queue.complete(job, then)
    } catch (error) {
      if (error instanceof Killed) return
      await this.shop.queue.fail(job, { code: 'thrown' })
    }
  }

  async wait(ms: number): Promise<void> {
    await passTime(this.shop, ms)
    await this.shop.queue.sweep(this.shop.clock.now())
  }

  /** Everything comes to its end: leases run out, what waits is done, deadlines pass, what was made is finished. */
  async toEnd(): Promise<void> {
    for (const provider of this.providers) provider.onPoll.length = 0
    for (let i = 0; i < 3; i++) {
      await this.wait(LEASE_MS + SECOND)
      await workOff(this.shop, { forMs: 2 * MINUTE, most: 2000 })
    }
    await this.wait(2 * HOUR)
    await endPastDeadline(this.shop)
    await workOff(this.shop, { forMs: MINUTE, most: 2000 })
    const finishing = await this.shop.db.read
      .selectFrom('generation')
      .select('id')
      .where('state', '=', 'finishing')
      .execute()
    for (const { id } of finishing)
      await this.shop.db.transaction((tx) => advance(tx, id, 'finish', this.shop.clock.now()))
  }
}

onBothGrounds('every order of things', (ground) => {
  test('ends every generation, pays each once, and sends each job once', { timeout: 900_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(steps, { minLength: 8, maxLength: 40 }),
        fc.boolean(),
        async (script, reconciles) => {
          const world = await aWorld(ground, reconciles)
          for (const step of script) await world.take(step)
          await world.toEnd()
          await holds(world)
        },
      ),
      { numRuns: ground === 'sqlite' ? 40 : 12 },
    )
  })
})

async function aWorld(ground: 'sqlite' | 'postgres', reconciles: boolean): Promise<World> {
  const house = await aHouse(ground)
  const providers = [remoteProvider('one'), remoteProvider('two')]
  for (const provider of providers) provider.reconciles = reconciles
  const scratch = join(house.config.dataDir, 'scratch')
  await mkdir(scratch, { recursive: true })
  // Nothing here is finished: no tools, no signing.
  const shop = { ...house, scratch, providers: theseProviders(...providers) } as unknown as Shop
  const person = await aPerson(shop, { credits: CREDITS })
  await aRemoteModel(shop, { inFlight: 3 })
  return new World(shop, person, providers)
}

async function holds({ shop, person, providers, ids }: World): Promise<void> {
  const rows = await shop.db.read.selectFrom('generation').selectAll().execute()
  expect(rows).toHaveLength(ids.length)
  const states = rows.map(({ state }) => state)
  for (const state of states) expect(['ready', 'failed', 'cancelled', 'blocked']).toContain(state)
  const paid = rows.filter(({ state }) => state === 'ready').reduce((sum, row) => sum + row.price, 0)
  expect(await balanceOf(shop.db.read, person.id)).toEqual({
    balance: CREDITS - paid,
    held: 0,
    available: CREDITS - paid,
  })
  expect(await attempts.inFlight(shop.db.read)).toEqual([])
  const of = new Map(
    (await shop.db.read.selectFrom('attempt').selectAll().execute()).map((row) => [
      row.id,
      row.generation_id,
    ]),
  )
  const taken = providers.flatMap((provider) =>
    provider.taken.map(({ attempt }) => of.get(attempt as attempts.AttemptId)),
  )
  expect(new Set(taken).size, 'no generation was taken twice').toBe(taken.length)
}
