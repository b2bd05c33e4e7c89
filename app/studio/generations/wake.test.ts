/**
 * Webhooks of providers: a knock wakes the one poller of its job and is believed in nothing else. It pins: a repeat acted on
 * twice; a forged one believed; a knock during a poll that is lost; a lost job that the knock could have found.
 */
import { beforeEach, expect, test } from 'vitest'
import type { Workshop } from '#app/house.ts'
import { MINUTE, SECOND } from '#core/clock/clock.ts'
import type { GenerationId } from '#core/ids/ids.ts'
import { type RemoteProvider, remoteProvider, theseProviders } from '#test/doubles/remote-provider.ts'
import { aPerson, type TestHouse } from '#test/factories/house.ts'
import { aRemoteModel, workOff } from '#test/factories/remote.ts'
import { aWorkshop } from '#test/factories/workshop.ts'
import { onBothGrounds } from '#test/grounds.ts'
import * as attempts from './attempts.queries.ts'
import { compose } from './compose.ts'
import * as queries from './generations.queries.ts'
import { wake } from './wake.ts'

onBothGrounds('a webhook', (ground) => {
  let shop: Workshop & TestHouse
  let one: RemoteProvider
  let ask: () => Promise<GenerationId>
  const row = async (id: GenerationId) => queries.anyGeneration(shop.db.read, id)
  const tries = (id: GenerationId) => attempts.attemptsOf(shop.db.read, id)

  beforeEach(async () => {
    one = remoteProvider('one')
    shop = { ...(await aWorkshop(ground)), providers: theseProviders(one, remoteProvider('two')) }
    const person = await aPerson(shop, { credits: 100 })
    await aRemoteModel(shop)
    ask = () =>
      compose(
        shop,
        { subject: person.id, apiKey: null },
        { model: 'remote', seconds: 5, resolution: '720p', prompt: 'A quay in the rain.' },
      )
  })

  const knock = (provider: string, body: string, signature = 'true', attempt?: attempts.AttemptId) =>
    wake(shop, { provider, attempt }, { headers: { signature }, rawBody: Buffer.from(body) })

  beforeEach(() => {
    one.onPoll = [{ state: 'running', againAfterMs: 10 * MINUTE }]
  })

  test('wakes the poller at once, and the provider is asked all the same', async () => {
    const id = await ask()
    await workOff(shop, { forMs: 5 * SECOND })
    expect(one.polls).toBe(1)
    expect(await knock('one', 'one-job-1 d1')).toBe('taken')
    await workOff(shop)
    expect(one.polls).toBe(2)
    expect((await row(id))?.state).toBe('finishing')
  })

  test('repeated, forged or of somebody else it does nothing', async () => {
    await ask()
    one.onPoll = Array.from({ length: 9 }, () => ({ state: 'running', againAfterMs: 10 * MINUTE }) as const)
    await workOff(shop, { forMs: 5 * SECOND })
    expect(await knock('one', 'one-job-1 d1', 'forged')).toBe('refused')
    expect(await knock('two', 'one-job-1 d1')).toBe('taken')
    expect(await knock('three', 'one-job-1 d1')).toBe('unknown_address')
    expect(await knock('one', 'one-job-9 d2')).toBe('taken')
    await workOff(shop)
    expect(one.polls).toBe(1)
    for (let i = 0; i < 5; i++) expect(await knock('one', 'one-job-1 d3')).toBe('taken')
    await workOff(shop)
    expect(one.polls).toBe(2)
  })

  test('that comes while a poll is under way makes it ask again', async () => {
    const id = await ask()
    const { poll } = one
    one.poll = async (job, signal) => {
      const answer = await poll(job, signal)
      if (one.polls === 1) await knock('one', 'one-job-1 d1')
      return answer
    }
    await workOff(shop, { forMs: 5 * SECOND })
    expect((await row(id))?.state).toBe('finishing')
  })

  test('finds the job whose answer was lost, by the address it knocks at', async () => {
    one.reconciles = false
    one.onSubmit = ['lose_answer']
    one.onPoll = []
    const id = await ask()
    await workOff(shop, { forMs: 5 * SECOND })
    const [lost] = await tries(id)
    expect(lost?.state).toBe('unknown')
    expect(await knock('two', 'one-job-1 d1', 'true', lost?.id)).toBe('taken')
    expect((await tries(id))[0]?.state).toBe('unknown')
    expect(await knock('one', 'one-job-1 d1', 'true', lost?.id)).toBe('taken')
    await workOff(shop, { forMs: MINUTE })
    expect((await row(id))?.state).toBe('finishing')
    expect(one.taken).toHaveLength(1)
  })
})
