/**
 * Generations that a provider elsewhere makes. It pins: a job submitted twice after a lost answer or a crash; credits
 * neither captured nor released; a fall-over to somebody the person was
 * not shown, or at another cost; a job that runs on for nobody; a provider without a register entry
 * that is sent data all the same.
 */
import { beforeEach, expect, test } from 'vitest'
import { balanceOf } from '#app/billing/ledger/ledger.ts'
import type { Workshop } from '#app/house.ts'
import { MINUTE, SECOND } from '#core/clock/clock.ts'
import { fromJson, toJson } from '#core/db/columns.ts'
import type { GenerationId } from '#core/ids/ids.ts'
import { type RemoteProvider, remoteProvider, theseProviders } from '#test/doubles/remote-provider.ts'
import { aPerson, type TestHouse, type TestPerson } from '#test/factories/house.ts'
import { aRemoteModel, remoteModel, workOff } from '#test/factories/remote.ts'
import { aWorkshop } from '#test/factories/workshop.ts'
import { onBothGrounds } from '#test/grounds.ts'
import * as attempts from './attempts.queries.ts'
import { compose } from './compose.ts'
import * as queries from './generations.queries.ts'
import { cancelGeneration, removeGeneration } from './removal.ts'

type Shop = Workshop & TestHouse
const asked = { model: 'remote', seconds: 5, resolution: '720p', prompt: 'A quay in the rain.' }

onBothGrounds('a generation that a provider makes', (ground) => {
  let shop: Shop
  let one: RemoteProvider
  let two: RemoteProvider
  let person: TestPerson

  async function open(model: Parameters<typeof aRemoteModel>[1] = {}): Promise<void> {
    one = remoteProvider('one')
    two = remoteProvider('two')
    shop = { ...(await aWorkshop(ground)), providers: theseProviders(one, two) }
    person = await aPerson(shop, { credits: 100 })
    await aRemoteModel(shop, model)
  }
  beforeEach(() => open())

  const ask = (changes: object = {}, who = person) =>
    compose(shop, { subject: who.id, apiKey: null }, { ...asked, ...changes })
  const row = async (id: GenerationId) => queries.anyGeneration(shop.db.read, id)
  const tries = (id: GenerationId) => attempts.attemptsOf(shop.db.read, id)
  const money = () => balanceOf(shop.db.read, person.id)

  test('is sent once, asked about, fetched, and paid when it is ready', async () => {
    one.onPoll = [{ state: 'running', againAfterMs: 3000, progress: 0.42 }]
    one.charge = 48_000
    const id = await ask()
    // 5 s at the dearest route that was shown, $0.10, with a half on top, at a cent each.
    expect(await money()).toMatchObject({ held: 15 })
    await workOff(shop, { forMs: MINUTE, finish: true })
    expect(await row(id)).toMatchObject({ state: 'ready', price: 15 })
    expect(await money()).toMatchObject({ balance: 85, held: 0 })
    expect(one.taken).toHaveLength(1)
    expect(await tries(id)).toMatchObject([
      { state: 'succeeded', provider_job: 'one-job-1', cost_expected: 50_000, cost_charged: 48_000 },
    ])
    const phases = (await queries.eventsOf(shop.db.read, id)).map(({ phase }) => phase)
    expect(phases).toContain('rendering:40')
  })

  test('writes who received what, where and under which safeguard, before it is sent', async () => {
    const id = await ask()
    one.onSubmit = ['lose_request']
    await workOff(shop)
    const [transfer] = await shop.db.read.selectFrom('transfer').selectAll().execute()
    expect(transfer).toMatchObject({
      generation_id: id,
      subject_id: person.id,
      processor: 'Company one',
      country: 'SG',
      safeguard: 'standard_clauses',
    })
    expect(transfer && fromJson(transfer.categories)).toEqual(['prompt'])
  })

  test('a lost answer is looked for, found and never sent again', async () => {
    one.onSubmit = ['lose_answer']
    const id = await ask()
    await workOff(shop, { forMs: 2 * MINUTE })
    expect(await row(id)).toMatchObject({ state: 'finishing' })
    expect(one.taken).toHaveLength(1)
    expect(await tries(id)).toHaveLength(1)
  })

  test('a lost answer that nothing can settle gives the credits back, and is not sent again', async () => {
    one.reconciles = false
    one.onSubmit = ['lose_answer']
    const id = await ask()
    await workOff(shop, { forMs: 30 * MINUTE })
    expect(await row(id)).toMatchObject({ state: 'failed', error_code: 'unknown_after_submit' })
    expect(await money()).toMatchObject({ balance: 100, held: 0 })
    expect([one.taken.length, two.taken.length]).toEqual([1, 0])
  })

  test('a request that surely never arrived goes to the next route', async () => {
    one.onSubmit = ['lose_request']
    const id = await ask()
    await workOff(shop, { forMs: 5 * MINUTE })
    expect(await row(id)).toMatchObject({ state: 'finishing' })
    expect([one.taken.length, two.taken.length]).toEqual([0, 1])
  })

  test('a process that died while it was sending does not send again', async () => {
    const id = await ask()
    await workOff(shop, { most: 1 }).catch(() => {})
    const [attempt] = await tries(id)
    expect(attempt?.state).toBe('started')
    await shop.db.transaction((tx) => tx.updateTable('attempt').set({ state: 'submitting' }).execute())
    one.reconciles = false
    await workOff(shop, { forMs: 30 * MINUTE })
    expect(await row(id)).toMatchObject({ state: 'failed', error_code: 'unknown_after_submit' })
    expect(one.taken).toEqual([])
  })

  test.each(['provider_down', 'provider_auth', 'provider_out_of_credit'] as const)(
    'at %s it goes on at the other route that was agreed to, and the first one rests when it should',
    async (fault) => {
      one.onSubmit = [fault]
      const id = await ask()
      await workOff(shop, { forMs: MINUTE })
      expect(await row(id)).toMatchObject({ state: 'finishing' })
      expect((await tries(id)).map((a) => [a.provider, a.state, a.error_class])).toEqual([
        ['one', 'failed', fault],
        ['two', 'succeeded', null],
      ])
      const health = await shop.db.read
        .selectFrom('route_health')
        .selectAll()
        .where('route', '=', 'a')
        .execute()
      expect(health).toMatchObject([{ failures_in_row: 1, last_error: fault }])
      expect(health[0]?.open_until === null).toBe(fault === 'provider_down')
    },
  )

  test('it never goes to somebody the person was not shown', async () => {
    one.onSubmit = ['provider_down']
    const id = await ask()
    await shop.db.transaction((tx) =>
      tx.updateTable('processor').set({ country: 'US' }).where('id', '=', 'two').execute(),
    )
    await workOff(shop, { forMs: MINUTE })
    expect(await row(id)).toMatchObject({ state: 'failed', error_code: 'provider_down' })
    expect(two.taken).toEqual([])
    expect(await money()).toMatchObject({ balance: 100, held: 0 })
  })

  test('it never goes where it costs more than what was agreed', async () => {
    one.onSubmit = ['provider_down']
    const id = await ask()
    await shop.db.transaction((tx) =>
      tx
        .insertInto('route_setting')
        .values({
          model: 'remote',
          route: 'b',
          is_on: 1,
          position: 1,
          cost_rule: 'seconds * 0.03',
          cost_version: 2,
          updated_at: 1,
        })
        .execute(),
    )
    await workOff(shop, { forMs: MINUTE })
    expect((await row(id))?.state).toBe('failed')
    expect(two.taken).toEqual([])
  })

  test.each(['content_policy', 'face_policy', 'invalid_input'] as const)(
    'refused with %s it is not tried elsewhere and costs nothing',
    async (refusal) => {
      one.onSubmit = [refusal]
      const id = await ask()
      await workOff(shop, { forMs: MINUTE })
      expect(await row(id)).toMatchObject({ error_code: refusal })
      expect(two.taken).toEqual([])
      expect(await money()).toMatchObject({ balance: 100, held: 0 })
    },
  )

  test('a provider who is only busy is asked again after the time it named', async () => {
    one.onSubmit = ['rate_limited', 'rate_limited']
    two.onSubmit = ['rate_limited']
    const id = await ask()
    await workOff(shop, { forMs: 5 * MINUTE })
    expect(await row(id)).toMatchObject({ state: 'finishing' })
    expect(one.taken.length + two.taken.length).toBe(1)
  })

  test('one who is busy is not asked again at a cost that nobody can tell any more', async () => {
    const { submit } = one
    one.submit = async (job, signal) => {
      const cost = { version: 2, usd: "seconds * pick(resolution, '480p', 0.01)" }
      const routes = remoteModel.routes.map((route) => ({ ...route, cost }))
      const record = toJson<unknown>({ ...remoteModel, routes })
      await shop.db.transaction((tx) => tx.updateTable('model_setting').set({ record }).execute())
      shop.catalogue.changed()
      return submit(job, signal)
    }
    one.onSubmit = ['rate_limited']
    const id = await ask()
    await workOff(shop, { forMs: 20 * SECOND })
    expect(await row(id)).toMatchObject({ state: 'failed', error_code: 'rate_limited' })
    expect(await money()).toMatchObject({ balance: 100, held: 0 })
    expect(one.taken).toEqual([])
  })

  test('polls that fail say nothing of the job', async () => {
    one.onPoll = ['provider_down', 'provider_auth', 'rate_limited']
    const id = await ask()
    await workOff(shop, { forMs: 10 * MINUTE })
    expect(await row(id)).toMatchObject({ state: 'finishing' })
  })

  test('a job that the provider fails gives the credits back, with the reason', async () => {
    one.onPoll = [{ state: 'failed', errorClass: 'content_policy' }]
    const id = await ask()
    await workOff(shop, { forMs: MINUTE })
    expect(await row(id)).toMatchObject({ state: 'blocked', error_code: 'content_policy' })
    expect(await money()).toMatchObject({ balance: 100, held: 0 })
    expect(await tries(id)).toMatchObject([{ state: 'failed', error_class: 'content_policy' }])
  })

  test('cancelled while the provider works, it is told to stop and the credits go back', async () => {
    one.onPoll = Array.from({ length: 99 }, () => ({ state: 'running', againAfterMs: 5000 }) as const)
    const id = await ask()
    await workOff(shop, { forMs: 20 * SECOND })
    await cancelGeneration(shop, person.id, id)
    await workOff(shop, { forMs: MINUTE })
    expect(one.cancelled).toEqual(['one-job-1'])
    expect(await money()).toMatchObject({ balance: 100, held: 0 })
    expect(await attempts.inFlight(shop.db.read)).toEqual([])
  })

  test('cancelled while its submission is under way, the job is stopped as soon as it has a name', async () => {
    const id = await ask()
    const submit = one.submit
    one.submit = async (job, signal) => {
      await cancelGeneration(shop, person.id, id)
      return submit(job, signal)
    }
    await workOff(shop, { forMs: MINUTE })
    expect((await row(id))?.state).toBe('cancelled')
    expect(one.cancelled).toEqual(['one-job-1'])
  })

  test('removed, it is forgotten by the provider too, and the proof stands beside the transfer', async () => {
    const id = await ask()
    await workOff(shop, { forMs: MINUTE, finish: true })
    await removeGeneration(shop, person.id, id)
    await workOff(shop)
    expect(one.forgotten).toEqual(['one-job-1'])
    const [transfer] = await shop.db.read.selectFrom('transfer').selectAll().execute()
    expect(transfer).toMatchObject({ deletion: 'deleted', deletion_at: shop.clock.now() })
  })

  test('a provider whose register entry is not whole is sent nothing', async () => {
    await shop.db.transaction((tx) => tx.updateTable('processor').set({ agreement_on: null }).execute())
    await expect(ask()).rejects.toMatchObject({ code: 'model_unavailable', status: 503 })
    await shop.db.transaction((tx) =>
      tx.updateTable('processor').set({ agreement_on: '2026-01-01' }).execute(),
    )
    const id = await ask()
    await shop.db.transaction((tx) => tx.updateTable('processor').set({ agreement_on: null }).execute())
    await workOff(shop, { forMs: MINUTE })
    expect(await row(id)).toMatchObject({ state: 'failed' })
    expect([one.taken.length, two.taken.length]).toEqual([0, 0])
  })

  test('a model that died a minute ago is refused before anything leaves, with its replacement', async () => {
    await shop.db.transaction((tx) =>
      tx
        .updateTable('model_setting')
        .set({ lifecycle: JSON.stringify({ state: 'retired', replacement: 'storyboard' }) as never })
        .execute(),
    )
    await expect(ask()).rejects.toMatchObject({
      code: 'model_retired',
      status: 410,
      sentence: { values: { next: 'Storyboard' } },
    })
  })
})
