/**
 * Room at a provider. It pins: more jobs than it takes, or faster than it wants; a place that is never free again; one person
 * who keeps the others waiting; a budget that is passed; one job that no rule has a cost for, or whose row cannot be read,
 * and with it nobody's turn ever again.
 */
import { expect, test } from 'vitest'
import { balanceOf } from '#app/billing/ledger/ledger.ts'
import type { Workshop } from '#app/house.ts'
import { MINUTE, SECOND } from '#core/clock/clock.ts'
import { toJson } from '#core/db/columns.ts'
import type { GenerationId } from '#core/ids/ids.ts'
import { type RemoteProvider, remoteProvider, theseProviders } from '#test/doubles/remote-provider.ts'
import { aPerson, type TestHouse, type TestPerson } from '#test/factories/house.ts'
import { aRemoteModel, remoteModel, workOff } from '#test/factories/remote.ts'
import { aWorkshop } from '#test/factories/workshop.ts'
import { onBothGrounds } from '#test/grounds.ts'
import { compose } from './compose.ts'
import * as queries from './generations.queries.ts'

onBothGrounds('room at a provider', (ground) => {
  let shop: Workshop & TestHouse
  let one: RemoteProvider
  let person: TestPerson

  async function open(model: Parameters<typeof aRemoteModel>[1]): Promise<void> {
    one = remoteProvider('one')
    shop = { ...(await aWorkshop(ground)), providers: theseProviders(one) }
    person = await aPerson(shop, { credits: 100 })
    await aRemoteModel(shop, model)
  }
  const ask = (changes: object = {}, who = person) =>
    compose(
      shop,
      { subject: who.id, apiKey: null },
      { model: 'remote', seconds: 5, resolution: '720p', prompt: 'A quay in the rain.', ...changes },
    )
  const row = async (id: GenerationId) => queries.anyGeneration(shop.db.read, id)

  test('no more are sent than it takes, and all come to their turn', async () => {
    await open({ inFlight: 2, record: { routes: [remoteRoute('one')] } })
    one.onPoll = Array.from({ length: 6 }, () => ({ state: 'running', againAfterMs: 1000 }) as const)
    const ids = await Promise.all(Array.from({ length: 6 }, () => ask({ seconds: 2 })))
    await workOff(shop, { forMs: SECOND })
    expect(one.taken).toHaveLength(2)
    await workOff(shop, { forMs: 10 * MINUTE })
    for (const id of ids) expect((await row(id))?.state).toBe('finishing')
    expect(one.taken).toHaveLength(6)
  })

  test('who asks for one waits for a place, not for everything that another asked for before', async () => {
    await open({ inFlight: 2, record: { routes: [remoteRoute('one')] } })
    const other = await aPerson(shop, { credits: 100 })
    for (let i = 0; i < 8; i++) await ask({ seconds: 2 })
    const late = await ask({ seconds: 2 }, other)
    await workOff(shop, { forMs: 10 * MINUTE })
    const all = await shop.db.read.selectFrom('attempt').selectAll().orderBy('started_at').execute()
    const place = all.findIndex(({ generation_id }) => generation_id === late)
    expect(place).toBeLessThanOrEqual(2)
  })

  test('submissions keep the distance that the provider asks for', async () => {
    await open({ submitsPer10s: 5, record: { routes: [remoteRoute('one')] } })
    const at: number[] = []
    const { submit } = one
    one.submit = (job, signal) => {
      at.push(shop.clock.now())
      return submit(job, signal)
    }
    await Promise.all(Array.from({ length: 5 }, () => ask({ seconds: 2 })))
    await workOff(shop, { forMs: MINUTE })
    for (let i = 1; i < at.length; i++) expect((at[i] ?? 0) - (at[i - 1] ?? 0)).toBeGreaterThanOrEqual(2000)
    expect(at).toHaveLength(5)
  })

  test('past the budget of the month nothing is sent', async () => {
    await open({ record: { routes: [remoteRoute('one')] } })
    await shop.db.transaction((tx) =>
      tx.updateTable('provider_connection').set({ budget_micro_usd: 60_000 }).execute(),
    )
    const first = await ask()
    const second = await ask()
    await workOff(shop, { forMs: 5 * MINUTE })
    const states = [(await row(first))?.state, (await row(second))?.state]
    expect(states.sort()).toEqual(['finishing', 'queued'])
  })

  test('a job that the new record has no cost for ends with its credits back, and the others get their turn', async () => {
    await open({ record: { routes: [remoteRoute('one')] } })
    const large = await ask({ resolution: '1080p' })
    const held = (await balanceOf(shop.db.read, person.id)).held
    const cost = { version: 2, usd: "seconds * pick(resolution, '720p', 0.01)" }
    await replaced({ resolutions: ['720p'], routes: [{ ...remoteRoute('one'), cost }] })
    const other = await ask()
    expect(held).toBeGreaterThan(0)
    await workOff(shop, { forMs: MINUTE })
    expect(await row(large)).toMatchObject({ state: 'failed', error_code: 'no_route_agreed' })
    expect((await row(other))?.state).toBe('finishing')
    expect((await balanceOf(shop.db.read, person.id)).held).toBe((await row(other))?.price)
  })

  test('a fault of one row is logged without what it holds, and the others get their turn', async () => {
    await open({ record: { routes: [remoteRoute('one')] } })
    const broken = await ask()
    await shop.db.transaction((tx) =>
      tx
        .updateTable('generation')
        .set({ settings: 'no JSON' as never })
        .where('id', '=', broken)
        .execute(),
    )
    const other = await ask()
    await workOff(shop, { forMs: MINUTE })
    expect((await row(broken))?.state).toBe('queued')
    expect((await row(other))?.state).toBe('finishing')
    const line = shop.logged.find((one) => one.includes('could not be admitted'))
    expect(line).toContain(broken)
  })

  async function replaced(changes: Partial<typeof remoteModel>) {
    const record = toJson<unknown>({ ...remoteModel, ...changes })
    await shop.db.transaction((tx) => tx.updateTable('model_setting').set({ record }).execute())
    shop.catalogue.changed()
  }

  function remoteRoute(provider: 'one' | 'two') {
    return { id: provider, provider, endpoint: {}, cost: { version: 1, usd: 'seconds * 0.01' } }
  }
})
