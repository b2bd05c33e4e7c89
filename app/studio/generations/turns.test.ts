/**
 * How often a provider is asked about its jobs. It pins: more questions in a second than it allows, first ones and
 * lost answers included; a job that pauses for long holding up all others.
 */
import { beforeEach, expect, test } from 'vitest'
import type { Workshop } from '#app/house.ts'
import { MINUTE, SECOND } from '#core/clock/clock.ts'
import { type RemoteProvider, remoteProvider, theseProviders } from '#test/doubles/remote-provider.ts'
import { aPerson, type TestHouse, type TestPerson } from '#test/factories/house.ts'
import { aRemoteModel, workOff } from '#test/factories/remote.ts'
import { aWorkshop } from '#test/factories/workshop.ts'
import { onBothGrounds } from '#test/grounds.ts'
import { compose } from './compose.ts'
import * as queries from './generations.queries.ts'

const JOBS = 12

onBothGrounds('turns to ask a provider', (ground) => {
  let shop: Workshop & TestHouse
  let one: RemoteProvider
  let person: TestPerson
  beforeEach(async () => {
    one = remoteProvider('one')
    shop = { ...(await aWorkshop(ground)), providers: theseProviders(one) }
    person = await aPerson(shop, { credits: 1000 })
    await aRemoteModel(shop, { inFlight: 2 * JOBS, pollsPerSecond: 2 })
  })
  const ask = () =>
    compose(shop, { subject: person.id, apiKey: null }, { model: 'remote', seconds: 5, prompt: 'A quay.' })

  test('never come more often than it allows, and everybody has one', async () => {
    const asked = new Map<number, number>()
    const count = () => {
      const second = Math.floor(shop.clock.now() / SECOND)
      asked.set(second, (asked.get(second) ?? 0) + 1)
    }
    const { poll, reconcile } = one
    one.onSubmit = ['lose_answer', 'take', 'lose_answer']
    one.onPoll = Array.from({ length: JOBS }, () => ({ state: 'running', againAfterMs: SECOND }) as const)
    one.poll = (job, signal) => {
      count()
      return poll(job, signal)
    }
    one.reconcile = async (job, signal) => {
      count()
      return reconcile?.(job, signal) ?? { state: 'unsure' }
    }
    const ids = []
    for (let i = 0; i < JOBS; i++) ids.push(await ask())
    await workOff(shop, { forMs: MINUTE })
    for (const id of ids)
      expect(await queries.anyGeneration(shop.db.read, id)).toMatchObject({ state: 'finishing' })
    expect(Math.max(...asked.values())).toBe(2)
  })

  test('a job that pauses for long holds up nobody', async () => {
    one.onPoll = [{ state: 'running', againAfterMs: 2 * MINUTE }]
    const patient = await ask()
    await workOff(shop, { forMs: 5 * SECOND })
    const next = await ask()
    await workOff(shop, { forMs: 5 * SECOND })
    expect(await queries.anyGeneration(shop.db.read, next)).toMatchObject({ state: 'finishing' })
    expect(await queries.anyGeneration(shop.db.read, patient)).toMatchObject({ state: 'rendering' })
  })
})
