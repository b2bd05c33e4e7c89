import { describe, expect, test } from 'vitest'
import { paths } from '#app/paths.ts'
import type { ModelSummary, Offer } from '#app/studio/creations/offer.schema.ts'
import { compose } from '#app/studio/generations/compose.ts'
import { fromJson, toJson } from '#core/db/columns.ts'
import { remoteProvider, theseProviders } from '#test/doubles/remote-provider.ts'
import { aHouse, aPerson, type TestHouse } from '#test/factories/house.ts'
import { aRemoteModel, workOff } from '#test/factories/remote.ts'
import { aWorkshop } from '#test/factories/workshop.ts'
import { onBothGrounds } from '#test/grounds.ts'
import { aBrowser } from './testing.ts'

/**
 * Pins: a price or a recipient that was never shown and is agreed to all the same; an operator's budget or endpoint in a
 * page; a retired model that can be chosen, or that takes what was made with it along; files that lose their order or
 * their role on the way; a clip that is used before anybody looked into it; a creation that does not say who made it.
 */
interface Page {
  offer: Offer
  models: ModelSummary[]
  insteadOf: { name: string; retired: boolean } | null
  start: { wish: object; prompt: string; files: object[]; negative_prompt?: string; shots?: object[] }
}

const asked = {
  model: 'remote',
  token: 'a-token',
  prompt: 'A quay in the rain.',
  seconds: '5',
  aspect_ratio: '16:9',
  resolution: '720p',
  audio: 'with',
}

async function open(house: TestHouse) {
  const person = await aPerson(house)
  const browser = await aBrowser(house, person)
  const page = async (query: { model?: string; from?: string } = {}) =>
    (await browser.page(paths.compose(query), 'compose')).data as Page
  return { person, browser, page }
}

async function setLifecycle(house: TestHouse, lifecycle: object): Promise<void> {
  await house.db.transaction((tx) =>
    tx
      .updateTable('model_setting')
      .set({ lifecycle: toJson(lifecycle as { state: string }) })
      .where('id', '=', 'remote')
      .execute(),
  )
}

async function countOf(house: TestHouse): Promise<number> {
  return (await house.db.read.selectFrom('generation').select('id').execute()).length
}

onBothGrounds('The compose page', (ground) => {
  test('shows who would receive what, and nothing that is the operator’s own matter', async () => {
    const house = await aHouse(ground)
    await aRemoteModel(house)
    const { page } = await open(house)
    const { offer, models } = await page({ model: 'remote' })
    expect(models.map(({ id, from }) => [id, from])).toEqual([
      ['storyboard', 1],
      ['remote', 6],
    ])
    expect(offer.routes).toMatchObject(
      ['one', 'two'].map((id) => ({
        id,
        title: `Provider ${id}`,
        where: 'elsewhere',
        company: `Company ${id}`,
        country: 'SG',
        keeps: { says: 'Results for two weeks.', days: 14, trains: 'no', deletes: 'nothing' },
      })),
    )
    expect(JSON.stringify(offer)).not.toMatch(/slug|budget|inFlight|sealed/)
  })

  test('a page that stood open while price or recipient changed shows them before anything is made', async () => {
    const house = await aHouse(ground)
    await aRemoteModel(house)
    const { browser } = await open(house)
    const terms = await browser.terms('remote')
    await house.db.transaction((tx) =>
      tx.updateTable('processor').set({ name: 'Somebody else' }).where('id', '=', 'two').execute(),
    )
    const stale = await browser.post(paths.compose(), { ...asked, terms })
    expect([stale.status, stale.answer?.refusal?.code]).toEqual([409, 'terms_changed'])
    expect(await countOf(house)).toBe(0)
    const fresh = { ...asked, terms: await browser.terms('remote') }
    expect((await browser.post(paths.compose(), fresh)).status).toBe(302)
    const [row] = await house.db.read.selectFrom('generation').select(['price', 'quote']).execute()
    expect(row?.price).toBe(15)
    expect(row?.quote && fromJson(row.quote).routes.map(({ processor }) => processor)).toEqual([
      'Company one',
      'Somebody else',
    ])
  })

  test('a retired model cannot be chosen; what was made with it stays and is made again with what replaces it', async () => {
    const house = await aHouse(ground)
    await aRemoteModel(house)
    const { person, browser, page } = await open(house)
    const input = { model: 'remote', prompt: 'Moss.', seconds: 10, resolution: '1080p', audio: false }
    const id = await compose(house, { subject: person.id, apiKey: null }, input)
    await setLifecycle(house, { state: 'deprecated', sunsetOn: '2099-12-31', replacement: 'storyboard' })
    const before = await page({ from: id })
    expect(before).toMatchObject({ offer: { record: { id: 'remote' } }, insteadOf: null })
    expect(before.models.find((one) => one.id === 'remote')?.ends).toEqual({
      on: '2099-12-31',
      next: 'Storyboard',
    })

    await setLifecycle(house, { state: 'retired', replacement: 'storyboard' })
    const after = await page({ from: id })
    expect(after.models.map((one) => one.id)).toEqual(['storyboard'])
    expect(after).toMatchObject({
      offer: { record: { id: 'storyboard' } },
      insteadOf: { name: 'Remote', retired: true },
      start: { prompt: 'Moss.', wish: { seconds: 10, resolution: '1080p', audio: false } },
    })
    expect((await page({ model: 'remote' })).insteadOf).toEqual({ name: 'Remote', retired: true })
    const shown = (await browser.page(paths.creation(id), 'creation')).data
    expect(shown).toMatchObject({ model: { name: 'Remote', retired: true, next: 'Storyboard' } })
    const { status, answer } = await browser.post(paths.compose(), { ...asked, terms: 'any' })
    expect([status, answer?.refusal?.code]).toEqual([410, 'model_retired'])
  })

  test('files, shots and what to avoid arrive as they were ordered, and come back with another like it', async () => {
    const house = await aHouse(ground)
    await aRemoteModel(house, {
      record: {
        modes: ['text', 'references'],
        inputs: { image: { most: 3 } },
        negativePrompt: { most: 100 },
        shots: { most: 3, promptMost: 50, leastSeconds: 1, mostSeconds: 9 },
      },
    })
    const { browser, page } = await open(house)
    const ids: string[] = []
    for (let i = 0; i < 3; i++) ids.push(await sentPicture(browser, i))
    const order = [ids[2], ids[0], ids[1]].map((id) => ({ role: 'image', reference_id: id }))
    const form = {
      ...asked,
      terms: await browser.terms('remote'),
      mode: 'references',
      way: 'references',
      inputs: JSON.stringify(order),
      negative_prompt: 'Text.',
      shots: JSON.stringify([
        { prompt: 'The quay.', seconds: 2 },
        { prompt: 'A gull.', seconds: 3 },
      ]),
    }
    expect((await browser.post(paths.compose(), form)).status).toBe(302)
    const [row] = await house.db.read.selectFrom('generation').select('id').execute()
    const { start } = await page({ from: row?.id ?? '' })
    expect(start).toMatchObject({
      negative_prompt: 'Text.',
      shots: [
        { prompt: 'The quay.', seconds: 2 },
        { prompt: 'A gull.', seconds: 3 },
      ],
      files: order.map(({ reference_id }) => ({ role: 'image', id: reference_id })),
    })
    const refused = await browser.post(paths.compose(), { ...form, shots: '{', token: 'b' })
    expect(refused.status).toBe(422)
    expect(refused.answer?.typed).toMatchObject({ inputs: form.inputs, negative_prompt: 'Text.' })
  })

  test('a clip is read by a worker before it can be used, and says how far it is to its owner alone', async () => {
    const house = await aHouse(ground)
    await aRemoteModel(house, { record: { modes: ['text', 'extend'], inputs: { extend: { most: 1 } } } })
    const { browser } = await open(house)
    const sent = await browser.ask(paths.references({ kind: 'clip' }), { method: 'POST', body: 'x' })
    expect(sent.status).toBe(201)
    const { id } = (await sent.json()) as { id: string }
    const state = await browser.ask(paths.reference(id))
    expect(await state.json()).toEqual({ state: 'receiving', kind: 'clip', seconds: null, reason: null })
    const stranger = await aBrowser(house, await aPerson(house))
    expect((await stranger.ask(paths.reference(id))).status).toBe(404)
    const { answer } = await browser.post(paths.compose(), {
      ...asked,
      terms: await browser.terms('remote'),
      inputs: JSON.stringify([{ role: 'extend', reference_id: id }]),
    })
    expect(answer?.refusal?.code).toBe('reference_not_ready')
    const wrong = await browser.ask('/references?kind=film', { method: 'POST', body: 'x' })
    expect(wrong.status).toBe(422)
  })

  test('a creation says which provider made it, as it was when it went there', async () => {
    const shop = {
      ...(await aWorkshop(ground)),
      providers: theseProviders(remoteProvider('one'), remoteProvider('two')),
    }
    await aRemoteModel(shop)
    const { person, browser } = await open(shop)
    const id = await compose(
      shop,
      { subject: person.id, apiKey: null },
      { model: 'remote', prompt: 'Moss.', seconds: 5 },
    )
    const detail = async () => (await browser.page(paths.creation(id), 'creation')).data
    expect(await detail()).toMatchObject({ maker: null })
    await workOff(shop)
    await shop.db.transaction((tx) =>
      tx.updateTable('processor').set({ name: 'Renamed', country: 'US' }).execute(),
    )
    expect(await detail()).toMatchObject({
      maker: { title: 'Provider one', where: 'elsewhere', company: 'Company one', country: 'SG' },
    })
  })
})

describe('without scripts', () => {
  test('the picture that travels with the form is a reference where those are in sight', async () => {
    const house = await aHouse()
    await aRemoteModel(house, {
      record: {
        modes: ['text', 'first_frame', 'references'],
        inputs: { first_frame: { most: 1 }, image: { most: 3 } },
      },
    })
    const { browser } = await open(house)
    const form = { ...asked, terms: await browser.terms('remote'), mode: 'text', inputs: '[]' }
    const picture = new Blob([Uint8Array.from(await aPicture(7))])
    for (const way of ['frames', 'references'])
      expect((await browser.post(paths.compose(), { ...form, way, picture, token: way })).status).toBe(302)
    const rows = await house.db.read.selectFrom('generation_input').select('role').orderBy('role').execute()
    expect(rows.map(({ role }) => role)).toEqual(['first_frame', 'image'])
  })

  test('when no model is on the page says so', async () => {
    const house = await aHouse()
    const { page } = await open(house)
    const off = {
      id: 'storyboard',
      record: null,
      is_on: 0 as const,
      price_rule: null,
      price_version: 1,
      lifecycle: null,
      most_seconds: null,
      most_live: null,
      updated_at: 0,
    }
    await house.db.transaction((tx) => tx.insertInto('model_setting').values(off).execute())
    const { offer, models } = await page()
    expect([offer, models]).toEqual([undefined, []])
  })
})

async function sentPicture(browser: Awaited<ReturnType<typeof aBrowser>>, at: number): Promise<string> {
  const body = Uint8Array.from(await aPicture(at))
  const sent = await browser.ask(paths.references(), { method: 'POST', body })
  return ((await sent.json()) as { id: string }).id
}

async function aPicture(at: number): Promise<Uint8Array> {
  const { default: sharp } = await import('sharp')
  const background = { r: at * 20, g: 90, b: 120 }
  return sharp({ create: { width: 320, height: 180, channels: 3, background } })
    .jpeg()
    .toBuffer()
}
