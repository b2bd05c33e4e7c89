/**
 * A model that costs nothing. It pins: a price of 0 that is shown and then refused; a hold of nothing, captured or given back;
 * an end that waits for a hold there is none of; credits that somebody has to have for what is free.
 */
import { expect, test } from 'vitest'
import { discrepancies } from '#app/billing/ledger/ledger.queries.ts'
import { balanceOf } from '#app/billing/ledger/ledger.ts'
import { cancelAsStaff, generationFacts } from '#app/console/generations.ts'
import { SECOND } from '#core/clock/clock.ts'
import { remoteProvider, theseProviders } from '#test/doubles/remote-provider.ts'
import { aPerson } from '#test/factories/house.ts'
import { aRemoteModel, workOff } from '#test/factories/remote.ts'
import { aWorkshop } from '#test/factories/workshop.ts'
import { onBothGrounds } from '#test/grounds.ts'
import { compose } from './compose.ts'
import { endFailed } from './end.ts'
import * as queries from './generations.queries.ts'
import { cancelGeneration } from './removal.ts'
import { generationView } from './view.ts'

onBothGrounds('a free model', (ground) => {
  test('is made, stopped and failed without a hold, by somebody who has no credits', async () => {
    const one = remoteProvider('one')
    const shop = { ...(await aWorkshop(ground)), providers: theseProviders(one) }
    const person = await aPerson(shop, { credits: 0 })
    const owner = { kind: 'staff', id: (await aPerson(shop)).id, role: 'owner' } as const
    const cost = { version: 1, usd: '0' }
    await aRemoteModel(shop, { record: { routes: [{ id: 'a', provider: 'one', endpoint: {}, cost }] } })
    const ask = () =>
      compose(
        shop,
        { subject: person.id, apiKey: null },
        { model: 'remote', seconds: 2, prompt: 'A quay in the rain.' },
      )
    const facts = async (id: Awaited<ReturnType<typeof ask>>) => {
      const row = await queries.anyGeneration(shop.db.read, id)
      if (!row) throw new Error('It is there')
      const view = await generationView(shop, row, { actor: { kind: 'person', id: person.id } as never })
      return { state: row.state, credits: view.credits, hold: (await generationFacts(shop, id)).hold }
    }
    const free = { credits: { held: 0, captured: 0 }, hold: null }
    const [stopped, stoppedByStaff, failed] = [await ask(), await ask(), await ask()]
    expect(await facts(stopped)).toEqual({ state: 'queued', ...free })
    const phases = (await queries.eventsOf(shop.db.read, stopped)).map(({ phase }) => phase)
    expect(phases).toEqual(['queued'])
    await cancelGeneration(shop, person.id, stopped)
    await cancelAsStaff(shop, owner as never, stoppedByStaff, 'To see that it can be.')
    await endFailed(shop, failed, 'timeout')
    const made = await ask()
    await workOff(shop, { forMs: 5 * SECOND, finish: true })
    expect(await facts(made)).toEqual({ state: 'ready', ...free })
    expect(await facts(stopped)).toEqual({ state: 'cancelled', ...free })
    expect(await facts(stoppedByStaff)).toEqual({ state: 'cancelled', ...free })
    expect(await facts(failed)).toEqual({ state: 'failed', ...free })
    expect(await balanceOf(shop.db.read, person.id)).toEqual({ balance: 0, held: 0, available: 0 })
    expect(await shop.db.read.selectFrom('credit_hold').selectAll().execute()).toEqual([])
    expect(await discrepancies(shop.db.read)).toEqual({ sumOfEntries: 0, wrongBalances: 0, wrongHolds: 0 })
  })
})
