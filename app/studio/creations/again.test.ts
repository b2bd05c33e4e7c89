/**
 * A video that came to nothing and is asked for once more. It pins: a recipient or a price that nobody was shown; two videos
 * for two presses; an offer that cannot be kept or cannot help; a file that was left out in silence.
 */
import { readFile } from 'node:fs/promises'
import { beforeEach, expect, test } from 'vitest'
import { setStatus } from '#app/accounts/subjects.queries.ts'
import { balanceOf } from '#app/billing/ledger/ledger.ts'
import type { Workshop } from '#app/house.ts'
import { compose } from '#app/studio/generations/compose.ts'
import { anyGeneration } from '#app/studio/generations/generations.queries.ts'
import { addReference } from '#app/studio/references/references.ts'
import { MINUTE } from '#core/clock/clock.ts'
import { fromJson } from '#core/db/columns.ts'
import type { GenerationTable } from '#core/db/schema/studio.ts'
import type { GenerationId } from '#core/ids/ids.ts'
import { type RemoteProvider, remoteProvider, theseProviders } from '#test/doubles/remote-provider.ts'
import { aPerson, type TestHouse, type TestPerson } from '#test/factories/house.ts'
import { aRemoteModel, workOff } from '#test/factories/remote.ts'
import { aWorkshop } from '#test/factories/workshop.ts'
import { onBothGrounds } from '#test/grounds.ts'
import { againOffer, makeAgain } from './again.ts'

onBothGrounds('a video that came to nothing', (ground) => {
  let shop: Workshop & TestHouse
  let one: RemoteProvider
  let person: TestPerson

  beforeEach(async () => {
    one = remoteProvider('one')
    shop = { ...(await aWorkshop(ground)), providers: theseProviders(one, remoteProvider('two')) }
    person = await aPerson(shop, { credits: 100 })
    await aRemoteModel(shop)
  })
  const actor = () => ({ kind: 'person', id: person.id }) as const
  const row = async (id: GenerationId) => (await anyGeneration(shop.db.read, id)) as GenerationTable
  const ask = (changes: object = {}) =>
    compose(
      shop,
      { subject: person.id, apiKey: null },
      { model: 'remote', seconds: 5, resolution: '720p', prompt: 'A quay in the rain.', ...changes },
    )
  const offered = async (id: GenerationId) => againOffer(shop, actor(), await row(id))
  const again = async (id: GenerationId, terms = '') => makeAgain(shop, actor(), await row(id), terms)

  /** Both companies move away while it waits, so nobody is left of those it was agreed for. */
  async function withNobodyLeft(changes: object = {}): Promise<GenerationId> {
    const id = await ask(changes)
    await shop.db.transaction((tx) => tx.updateTable('processor').set({ country: 'JP' }).execute())
    shop.catalogue.changed()
    await workOff(shop, { forMs: MINUTE })
    expect(await row(id)).toMatchObject({ state: 'failed', error_code: 'no_route_agreed' })
    expect(one.taken).toEqual([])
    return id
  }

  test('says who could make it now and for how much, and goes there when that is agreed to', async () => {
    const picture = await addReference(shop, person.id, await readFile('test/fixtures/picture.jpg'))
    const id = await withNobodyLeft({ inputs: [{ role: 'first_frame', reference_id: picture }] })
    const offer = await offered(id)
    expect(offer).toMatchObject({
      credits: 15,
      recipients: [
        { company: 'Company one', country: 'JP' },
        { company: 'Company two', country: 'JP' },
      ],
    })
    expect(await again(id, 'other terms').catch((error) => error.code)).toBe('terms_changed')
    const made = await again(id, offer?.terms)
    expect(await again(id, offer?.terms)).toBe(made)
    if (!made) throw new Error('Nothing was made')
    await workOff(shop, { forMs: MINUTE })
    const [before, after] = [await row(id), await row(made)]
    expect(after).toMatchObject({ state: 'finishing', price: 15 })
    expect(fromJson(after.settings)).toMatchObject({ mode: 'first_frame', seconds: 5, resolution: '720p' })
    expect(before.state).toBe('failed')
    expect(one.taken).toHaveLength(1)
    expect(await balanceOf(shop.db.read, person.id)).toMatchObject({ balance: 100, held: 15 })
  })

  test('is not offered when its file has gone', async () => {
    const picture = await addReference(shop, person.id, await readFile('test/fixtures/picture.jpg'))
    const id = await withNobodyLeft({ inputs: [{ role: 'first_frame', reference_id: picture }] })
    await shop.db.transaction((tx) => tx.deleteFrom('asset').where('reference_id', '=', picture).execute())
    expect(await offered(id)).toBeNull()
    expect(await again(id)).toBeUndefined()
  })

  test('is not offered when trying again cannot help, when it did not fail, or when the model is off', async () => {
    one.onSubmit = ['content_policy']
    const refused = await ask()
    await workOff(shop, { forMs: MINUTE })
    const waiting = await ask()
    expect([await offered(refused), await offered(waiting)]).toEqual([null, null])
    const id = await withNobodyLeft()
    await shop.db.transaction((tx) => tx.updateTable('model_setting').set({ is_on: 0 }).execute())
    shop.catalogue.changed()
    expect(await offered(id)).toBeNull()
  })

  test('is not asked for by whoever was shut out a moment ago', async () => {
    const id = await withNobodyLeft()
    const offer = await offered(id)
    await shop.db.transaction((tx) => setStatus(tx, person.id, 'suspended', shop.clock.now()))
    await expect(again(id, offer?.terms)).rejects.toMatchObject({ code: 'suspended', status: 403 })
    expect(await balanceOf(shop.db.read, person.id)).toMatchObject({ balance: 100, held: 0 })
  })
})
