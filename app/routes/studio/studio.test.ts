import sharp from 'sharp'
import { expect, test } from 'vitest'
import { balanceOf } from '#app/billing/ledger/ledger.ts'
import { paths } from '#app/paths.ts'
import { aReadyVideo } from '#app/studio/creations/testing.ts'
import { addReference } from '#app/studio/references/references.ts'
import { HOUR } from '#core/clock/clock.ts'
import { isId, newId } from '#core/ids/ids.ts'
import { aHouse, aPerson, type TestHouse } from '#test/factories/house.ts'
import { onBothGrounds } from '#test/grounds.ts'
import { aBrowser } from './testing.ts'

/**
 * Pins: somebody else's creation, file or picture that answers anything but "not there"; a double click that makes and
 * charges two; a refusal that loses the prompt; a picture without end that fills the memory; a form that needs scripts;
 * an act that leads to another site; a seed carried over, so that "another like this" is the same again.
 */
const fields = {
  model: 'storyboard',
  token: 'a-token',
  prompt: 'A lighthouse at dusk.',
  seconds: '4',
  aspect_ratio: '9:16',
  resolution: '480p',
  audio: 'without',
  seed: '',
}

/** The compose form as a page of this browser has it. */
async function formOf(browser: Awaited<ReturnType<typeof aBrowser>>) {
  return { ...fields, terms: await browser.terms(fields.model) }
}

onBothGrounds('The studio', (ground) => {
  test('a form without scripts makes a video, and its page leads back', async () => {
    const house = await aHouse(ground)
    const person = await aPerson(house, { credits: 100 })
    const browser = await aBrowser(house, person)
    const form = await formOf(browser)
    const { status, to } = await browser.post(paths.compose(), { ...form, picture: new Blob([]) })
    expect([status, to]).toEqual([302, '/studio'])
    const { data } = await browser.page(paths.compose(), 'compose')
    const { creations } = data as { creations: Record<string, unknown>[] }
    expect(creations).toHaveLength(1)
    expect(creations[0]).toMatchObject({
      status: 'queued',
      prompt: 'A lighthouse at dusk.',
      seconds: 4,
      aspect_ratio: '9:16',
      audio: false,
      price: 2,
      cancellable: true,
    })
    expect((await balanceOf(house.db.read, person.id)).available).toBe(98)
  })

  test('the same form sent twice makes one; the next form makes another', async () => {
    const house = await aHouse(ground)
    const person = await aPerson(house)
    const browser = await aBrowser(house, person)
    const form = await formOf(browser)
    const both = await Promise.all([browser.post(paths.compose(), form), browser.post(paths.compose(), form)])
    expect(both.map(({ status }) => status)).toEqual([302, 302])
    expect(await countOf(house)).toBe(1)
    await browser.post(paths.compose(), { ...form, token: 'another' })
    expect(await countOf(house)).toBe(2)
  })

  test('a refused prompt is said beside it, with everything that was typed, and costs nothing', async () => {
    const house = await aHouse(ground)
    const person = await aPerson(house)
    const browser = await aBrowser(house, person)
    const form = await formOf(browser)
    const prompt = 'Naked children.'
    const { status, answer } = await browser.post(paths.compose(), { ...form, prompt })
    expect(status).toBe(422)
    expect(answer?.refusal?.fields.prompt?.text).toContain('refused by our rules')
    expect(answer?.typed).toMatchObject({ prompt, seconds: '4', aspect_ratio: '9:16', audio: 'without' })
    expect(await balanceOf(house.db.read, person.id)).toMatchObject({ available: 100, held: 0 })
  })

  test('a picture that travels with the form becomes its reference, without its metadata', async () => {
    const house = await aHouse(ground)
    const browser = await aBrowser(house, await aPerson(house))
    const form = await formOf(browser)
    const withPicture = { ...form, picture: new Blob([await aPicture()]) }
    for (const _ of ['pressed', 'pressed again'])
      expect((await browser.post(paths.compose(), withPicture)).status).toBe(302)
    expect(await countOf(house)).toBe(1)
    const [row] = await house.db.read.selectFrom('generation_input').select('reference_id').execute()
    const picture = await browser.ask(paths.referencePicture(row?.reference_id ?? ''))
    expect(picture.headers.get('content-type')).toBe('image/jpeg')
    const head = await sharp(Buffer.from(await picture.arrayBuffer())).metadata()
    expect([head.width, head.exif]).toEqual([200, undefined])
  })

  test('another like this has its prompt and settings but a seed of its own', async () => {
    const house = await aHouse(ground)
    const person = await aPerson(house)
    const browser = await aBrowser(house, person)
    const { id } = await aReadyVideo(house, person.id, { prompt: 'Moss, macro.' })
    const { data } = await browser.page(paths.compose({ from: id }), 'compose')
    const { start, origin } = data as { start: Record<string, unknown>; origin: object }
    expect(origin).toEqual({ by: 'from', id })
    expect(start).toEqual({
      prompt: 'Moss, macro.',
      wish: { seconds: 2, aspect_ratio: '16:9', resolution: '480p', audio: true },
      files: [],
    })
  })

  test('a creation shows its history, its file and what it is signed with; saved it stays, deleted it is gone', async () => {
    const house = await aHouse(ground)
    const person = await aPerson(house)
    const browser = await aBrowser(house, person)
    const { id, video } = await aReadyVideo(house, person.id)
    const page = () => browser.page(paths.creation(id), 'creation').then(({ data }) => data as Detail)
    expect(await page()).toMatchObject({
      creation: { status: 'ready', saved: false, provenance: { engine: expect.any(String) } },
      file: { size: video.length },
      model: { kind: 'algorithmic' },
    })
    expect((await page()).steps.map(({ phase }) => phase)).toEqual(
      expect.arrayContaining(['queued', 'rendering', 'ready']),
    )
    expect((await browser.post(paths.creation(id), { intent: 'save' })).answer).toMatchObject({ ok: true })
    expect((await page()).creation).toMatchObject({ saved: true, expires_at: null })
    const saved = await browser.page(`${paths.creations()}?only=saved`, 'creations')
    expect((saved.data as { creations: { id: string }[] }).creations.map((one) => one.id)).toEqual([id])
    const done = await browser.post(paths.creation(id), { intent: 'delete', returnTo: '//evil.example/' })
    expect([done.status, done.to]).toEqual([302, '/creations'])
    expect((await page()).creation).toMatchObject({ status: 'removed', prompt: null, content_url: null })
    const left = await browser.page(paths.creations(), 'creations')
    expect((left.data as { creations: unknown[] }).creations).toEqual([])
    expect((await browser.ask(paths.media(id, 'video'))).status).toBe(404)
  })

  test('what is as good as made cannot be stopped, and says so', async () => {
    const house = await aHouse(ground)
    const person = await aPerson(house)
    const browser = await aBrowser(house, person)
    const { id } = await aReadyVideo(house, person.id)
    const { status, answer } = await browser.post(paths.creation(id), { intent: 'cancel' })
    expect(status).toBe(409)
    expect(answer?.refusal?.sentence.text).toContain('too late to stop')
  })

  test('what is not there, not mine or not an id is the same everywhere: not there', async () => {
    const house = await aHouse(ground)
    const [owner, other] = [await aPerson(house), await aPerson(house)]
    const theirs = await aReadyVideo(house, owner.id)
    const picture = await addReference(house, owner.id, await aPicture())
    const browser = await aBrowser(house, other)
    const form = await formOf(browser)
    const now = house.clock.now()
    for (const id of [theirs.id, newId('generation', now), 'gen_x', '%00', '..%2f..%2fetc']) {
      expect((await browser.ask(paths.creation(id))).status, id).toBe(404)
      for (const kind of ['video', 'poster', 'preview'] as const)
        expect((await browser.ask(paths.media(id, kind))).status, id).toBe(404)
      for (const intent of ['save', 'unsave', 'delete', 'cancel'])
        expect((await browser.post(paths.creation(id), { intent })).status, `${intent} ${id}`).toBe(404)
      const { data } = await browser.page(paths.compose({ from: id }), 'compose')
      expect((data as { origin?: object }).origin).toBeUndefined()
    }
    for (const id of [picture, newId('reference', now), 'ref_x']) {
      expect((await browser.ask(paths.referencePicture(id))).status).toBe(404)
      const inputs = JSON.stringify([{ role: 'first_frame', reference_id: id }])
      const { answer } = await browser.post(paths.compose(), { ...form, inputs })
      expect(answer?.refusal?.code).toBe('reference_unknown')
    }
    const row = await house.db.read.selectFrom('generation').select(['state', 'saved_at']).executeTakeFirst()
    expect(row).toEqual({ state: 'ready', saved_at: null })
  })

  test('a signed link opens a picture for whoever has it, until it ends', async () => {
    const house = await aHouse(ground)
    const owner = await aPerson(house)
    const picture = await addReference(house, owner.id, await aPicture())
    const stranger = await aBrowser(house)
    const link = stranger.context.links.sign(paths.referencePicture(picture), HOUR)
    expect((await stranger.ask(link)).status).toBe(200)
    const forged = link.replace(/(?<=sig=)./, (first) => (first === 'A' ? 'B' : 'A'))
    expect((await stranger.ask(forged)).status).toBe(404)
    expect((await stranger.ask(paths.referencePicture(picture))).status).toBe(404)
    house.clock.advance(HOUR)
    expect((await stranger.ask(link)).status).toBe(404)
  })
})

test.each([
  [{ seconds: '11' }, 'seconds'],
  [{ seed: '-1' }, 'seed'],
  [{ seed: 'abc' }, 'seed'],
  [{ resolution: '8k' }, 'resolution'],
  [{ prompt: ' ' }, 'prompt'],
  [{ model: 'none' }, 'model'],
])('what the model does not offer is refused by its field: %j', async (wrong, field) => {
  const house = await aHouse()
  const browser = await aBrowser(house, await aPerson(house))
  const form = await formOf(browser)
  const { status, answer } = await browser.post(paths.compose(), { ...form, ...wrong })
  expect(status).toBe(422)
  expect(Object.keys(answer?.refusal?.fields ?? {})).toEqual([field])
  expect(await countOf(house)).toBe(0)
})

test('nobody who is not signed in gets further than the door', async () => {
  const house = await aHouse()
  const browser = await aBrowser(house)
  for (const path of [paths.compose(), paths.creations(), paths.creation('gen_x'), paths.events()])
    expect((await browser.ask(path)).headers.get('location')).toContain('/sign-in?to=')
  expect((await browser.ask(paths.references(), { method: 'POST', body: 'x' })).status).toBe(302)
})

test('a picture is taken as the body of a request; what is none, or has no end, is refused in a sentence', async () => {
  const house = await aHouse()
  const browser = await aBrowser(house, await aPerson(house))
  const send = (body: BodyInit) =>
    browser.ask(paths.references(), { method: 'POST', body, duplex: 'half' } as RequestInit)
  const taken = await send(await aPicture())
  expect(taken.status).toBe(201)
  expect(isId('reference', ((await taken.json()) as { id: string }).id)).toBe(true)

  const wrong = await send('<svg xmlns="http://www.w3.org/2000/svg"/>')
  expect([wrong.status, ((await wrong.json()) as { code: string }).code]).toEqual([422, 'picture_wrong_kind'])

  let sent = 0
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      sent += 1
      controller.enqueue(new Uint8Array(1024 * 1024))
    },
  })
  const large = await send(endless)
  expect([large.status, ((await large.json()) as { code: string }).code]).toEqual([413, 'picture_too_large'])
  // Four times what may be: that much is read and dropped, so that whoever sends a little too much is told so.
  expect(sent).toBeLessThan(85)
  expect(await house.db.read.selectFrom('reference').select('id').execute()).toHaveLength(1)
})

interface Detail {
  creation: Record<string, unknown>
  steps: { phase: string }[]
  file: unknown
}

async function countOf(house: TestHouse): Promise<number> {
  return (await house.db.read.selectFrom('generation').select('id').execute()).length
}

async function aPicture(): Promise<Uint8Array<ArrayBuffer>> {
  const picture = await sharp({ create: { width: 200, height: 120, channels: 3, background: '#c98f66' } })
    .jpeg()
    .withExif({ IFD0: { Copyright: 'me' } })
    .toBuffer()
  return Uint8Array.from(picture)
}
