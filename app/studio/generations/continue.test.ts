/**
 * A video of one's own is the input of another. It pins: somebody else's video continued; a job's id given to a connection
 * that did not make it, or given away with the video's public record; a video that is gone waited for until the deadline;
 * one deleted after it was sent, which must not undo what the provider made; a paid extension that hands out nothing.
 */
import { readFile } from 'node:fs/promises'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { balanceOf } from '#app/billing/ledger/ledger.ts'
import type { Workshop } from '#app/house.ts'
import type { ModelRecord } from '#app/studio/catalogue/record.ts'
import { studioRules } from '#app/studio/creations/retention.ts'
import { aReadyVideo } from '#app/studio/creations/testing.ts'
import { kieDriver } from '#app/studio/providers/kie/driver.ts'
import type { InputFile } from '#app/studio/providers/provider.ts'
import { DAY, MINUTE } from '#core/clock/clock.ts'
import { fromJson } from '#core/db/columns.ts'
import type { GenerationId } from '#core/ids/ids.ts'
import { kieDouble } from '#test/doubles/providers/kie.ts'
import { type RemoteProvider, remoteProvider, theseProviders } from '#test/doubles/remote-provider.ts'
import { aPerson, type TestHouse, type TestPerson } from '#test/factories/house.ts'
import { aConnection, fixture } from '#test/factories/provider-job.ts'
import { aRemoteModel, remoteModel, workOff } from '#test/factories/remote.ts'
import { aWorkshop } from '#test/factories/workshop.ts'
import { onBothGrounds } from '#test/grounds.ts'
import * as attempts from './attempts.queries.ts'
import { compose } from './compose.ts'
import * as queries from './generations.queries.ts'
import { removeGeneration } from './removal.ts'

type Shop = Workshop & TestHouse
const asked = { model: 'remote', resolution: '720p', prompt: 'The tide comes in.' }
const [a, b] = remoteModel.routes as [ModelRecord['routes'][number], ModelRecord['routes'][number]]
const ownOnly = { models: ['remote'], resolutions: ['720p'], days: 13 } as typeof a.extendsOnly
const record: Partial<ModelRecord> = { modes: ['text', 'extend'], inputs: { extend: { most: 1 } } }

onBothGrounds('a video of one’s own that goes on', (ground) => {
  let shop: Shop
  let one: RemoteProvider
  let two: RemoteProvider
  let person: TestPerson
  /** What each provider was given, in order. */
  let given: { to: string; inputs: readonly InputFile[]; bytes: Buffer }[]

  async function open(model: Partial<ModelRecord> = {}): Promise<void> {
    given = []
    ;[one, two] = ['one', 'two'].map((name) => {
      const provider = remoteProvider(name)
      const { submit } = provider
      provider.submit = async (job, signal) => {
        const [file] = job.inputs
        if (file) given.push({ to: name, inputs: job.inputs, bytes: await readFile(file.path) })
        return submit(job, signal)
      }
      return provider
    }) as [RemoteProvider, RemoteProvider]
    shop = { ...(await aWorkshop(ground)), providers: theseProviders(one, two) }
    person = await aPerson(shop, { credits: 1000 })
    await aRemoteModel(shop, { record: { ...record, ...model } })
  }
  beforeEach(() => open())

  const ask = (changes: object = {}, who = person) =>
    compose(shop, { subject: who.id, apiKey: null }, { ...asked, ...changes })
  const goOn = (id: string, role = 'extend', who = person) =>
    ask({ inputs: [{ role, generation_id: id }] }, who)
  const row = async (id: GenerationId) => queries.anyGeneration(shop.db.read, id)
  const routes = async (id: GenerationId) => {
    const quote = (await row(id))?.quote
    return quote ? fromJson(quote).routes.map(({ route }) => route) : []
  }
  const stored = async () =>
    (await aReadyVideo(shop, person.id, { video: await readFile(fixture.result) })).id
  /** Made by the first provider that takes it, all the way. */
  const made = async () => {
    const id = await ask()
    await workOff(shop, { forMs: MINUTE, finish: true })
    expect((await row(id))?.state).toBe('ready')
    return id
  }

  test('brings its length and its pixels, so that prices, rules and limits hold', async () => {
    await open({ price: { version: 1, credits: 'video_seconds * 7' } })
    const id = await goOn(await stored())
    expect(await row(id)).toMatchObject({ price: 14, state: 'queued' })
    for (const [limits, says] of [
      [{ mostSeconds: 1.5 }, 'wrong length'],
      [{ leastPixels: 720 }, 'too small'],
    ] as const) {
      await open({ inputs: { extend: { most: 1, ...limits } } })
      const source = await stored()
      await expect(goOn(source)).rejects.toMatchObject({
        code: 'invalid_input',
        sentence: { text: expect.stringContaining(says) },
      })
    }
  })

  test('is its owner’s, ready and there; any other id is that of nothing', async () => {
    const own = await stored()
    const waiting = await ask()
    const stranger = await aPerson(shop, { credits: 100 })
    const unknown = { code: 'reference_unknown', status: 404 }
    await expect(goOn(own, 'extend', stranger)).rejects.toMatchObject(unknown)
    await expect(goOn(waiting)).rejects.toMatchObject(unknown)
    for (const id of ['gen_01kb3v9d8qf0hs5y2m7x4ztrae', 'ref_01kb3v9d8qf0hs5y2m7x4ztrae', 'x'])
      await expect(goOn(id)).rejects.toMatchObject(unknown)
    const removed = await stored()
    await removeGeneration(shop, person.id, removed)
    await expect(goOn(removed)).rejects.toMatchObject(unknown)
    shop.clock.advance(40 * DAY)
    for (const rule of studioRules(shop)) if (rule.name === 'generation.unsaved') await rule.batch(100)
    expect((await row(own))?.state).toBe('expired')
    await expect(goOn(own)).rejects.toMatchObject(unknown)
  })

  test('is given in a role for clips alone', async () => {
    await open({ modes: ['text', 'references'], inputs: { image: { most: 1 }, video: { most: 2 } } })
    const source = await stored()
    await expect(goOn(source, 'image')).rejects.toMatchObject({ code: 'invalid_input' })
    const id = await ask({
      inputs: [source, await stored()].map((v) => ({ role: 'video', generation_id: v })),
    })
    await workOff(shop, { forMs: MINUTE })
    expect((await row(id))?.state).toBe('finishing')
    expect(given[0]?.inputs.map(({ role, kind, seconds }) => [role, kind, seconds])).toEqual([
      ['video', 'clip', 2],
      ['video', 'clip', 2],
    ])
  })

  test('brings its job to the connection that made it and to no other, and its manifest to nobody', async () => {
    const source = await made()
    one.onSubmit = ['provider_down']
    const id = await goOn(source)
    await workOff(shop, { forMs: MINUTE })
    expect((await row(id))?.state).toBe('finishing')
    expect(given.map(({ to, inputs: [file] }) => [to, file?.providerJob])).toEqual([
      ['one', 'one-job-1'],
      ['two', undefined],
    ])
    const stamp = await queries.stampOf(shop.db.read, source)
    for (const { bytes, inputs } of given) {
      expect(bytes.subarray(4, 8).toString()).toBe('ftyp')
      expect(inputs[0]?.size).toBe(bytes.length)
      expect(stamp && bytes.includes(stamp.public_id)).toBe(false)
      expect(bytes.includes('c2pa')).toBe(false)
    }
  })

  test('that was removed while it waits ends what waits for it, with the credits back and nothing sent', async () => {
    const source = await stored()
    const id = await goOn(source)
    await removeGeneration(shop, person.id, source)
    await workOff(shop, { forMs: MINUTE })
    expect(await row(id)).toMatchObject({ state: 'failed', error_code: 'reference_gone' })
    expect(await balanceOf(shop.db.read, person.id)).toMatchObject({ held: 0 })
    expect(one.taken).toEqual([])
  })

  test('that was removed once it was sent changes nothing: the provider’s word is looked for, and the video kept', async () => {
    const source = await stored()
    one.onSubmit = ['lose_answer']
    const id = await goOn(source)
    await workOff(shop, { most: 2 }).catch(() => {})
    expect((await attempts.attemptsOf(shop.db.read, id))[0]?.state).toBe('unknown')
    await removeGeneration(shop, person.id, source)
    await workOff(shop, { forMs: 2 * MINUTE, finish: true })
    expect((await row(id))?.state).toBe('ready')
    expect(one.taken).toHaveLength(1)
    // A month later the row of the source goes, and the video that it was continued in stays.
    await shop.db.transaction((tx) =>
      tx.updateTable('generation').set({ saved_at: 1, expires_at: null }).where('id', '=', id).execute(),
    )
    shop.clock.advance(40 * DAY)
    for (const rule of studioRules(shop)) await rule.batch(100)
    expect(await row(source)).toBeUndefined()
    expect((await row(id))?.state).toBe('ready')
  })

  test('goes to a provider that continues only its own when it is that one’s, new and of a size', async () => {
    await open({ routes: [{ ...a, extendsOnly: ownOnly }, b] })
    const source = await made()
    expect(await routes(await goOn(source))).toEqual(['a', 'b'])
    expect(await routes(await goOn(await stored()))).toEqual(['b'])
    shop.clock.advance(13 * DAY)
    expect(await routes(await goOn(source))).toEqual(['b'])
    const large = await ask({ resolution: '1080p' })
    await workOff(shop, { forMs: MINUTE, finish: true })
    expect(await routes(await goOn(large))).toEqual(['b'])
  })

  test('is refused with the reason where nobody else could go on with it', async () => {
    await open({ routes: [{ ...a, extendsOnly: ownOnly }] })
    const source = await stored()
    await expect(goOn(source)).rejects.toMatchObject({
      code: 'invalid_input',
      fields: { inputs: { text: expect.stringContaining('continues only what they made themselves') } },
    })
  })

  test('too old by the time its turn comes, it is not sent', async () => {
    await open({ routes: [{ ...a, extendsOnly: ownOnly }], deadlineSeconds: 86_400 })
    const source = await made()
    shop.clock.advance(12.9 * DAY)
    const id = await goOn(source)
    shop.clock.advance(0.2 * DAY)
    await workOff(shop, { forMs: MINUTE })
    expect(await row(id)).toMatchObject({ state: 'failed', error_code: 'no_route_agreed' })
    expect(given).toEqual([])
  })

  test('walks to KIE and back as its task: nothing is uploaded, and the whole comes', async () => {
    const endpoint = { family: 'veo', model: 'veo3_fast', input: 'veo', extend: 'fast' }
    await open({
      seconds: { least: 8, most: 8, standard: 8 },
      routes: [{ ...a, endpoint, extendsOnly: ownOnly }],
    })
    const double = await kieDouble()
    onTestFinished(() => double.close())
    const kie = kieDriver.open(aConnection(kieDriver, double, { id: 'one', clock: shop.clock }))
    shop = { ...shop, providers: theseProviders(kie) }
    const source = await made()
    const id = await goOn(source)
    await workOff(shop, { forMs: 5 * MINUTE, finish: true })
    expect((await row(id))?.state).toBe('ready')
    const [first, second] = double.taken
    const sent = double.requests.filter(({ path }) => path === '/api/v1/veo/extend')
    expect(sent.map(({ json }) => json)).toMatchObject([
      { taskId: first, model: 'fast', prompt: asked.prompt },
    ])
    expect(second).toMatch(/^veo_extend_task_/)
    expect(double.uploaded).toEqual([])
    expect(double.requests.at(-1)?.path).toContain(second)
  })
})
