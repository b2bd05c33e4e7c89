/**
 * Pins: an error in another shape than `{error: {message, type, param, code}}`, or as a page; bad input that reaches a
 * provider, or a picture that is kept for it; a field that is taken and not understood; an id or an address in the log.
 */
import { readFile } from 'node:fs/promises'
import { beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { aHouse, aPerson, type TestHouse } from '#test/factories/house.ts'
import { onBothGrounds } from '#test/grounds.ts'
import { anApi } from '../api/testing.ts'

const wish = { model: 'storyboard', prompt: 'A boat in the rain.' }
const errorSchema = z.strictObject({
  error: z.strictObject({
    message: z.string().min(1),
    type: z.string(),
    param: z.string().nullable(),
    code: z.string(),
    replacement: z.string().nullable().optional(),
  }),
})

let house: TestHouse
let api: Awaited<ReturnType<typeof anApi>>
let key: string
beforeEach(async () => {
  house = await aHouse()
  api = await anApi(house)
  key = await api.keyOf((await aPerson(house)).id)
})

async function refusal(response: Response) {
  expect(response.headers.get('content-type')).toBe('application/json')
  const { error } = errorSchema.parse(await response.json())
  return { status: response.status, ...error }
}

const post = (body: unknown, headers: Record<string, string> = {}) =>
  api.ask('/v1/videos', { method: 'POST', key, body, headers })

const boundary = 'a-boundary-of-thirty-characters'

/** A form as it goes over the wire; each part its headers after `form-data; `, and its content. */
function form(...parts: [string, string][]) {
  const text = parts.map(
    ([head, content]) => `--${boundary}\r\nContent-Disposition: form-data; ${head}\r\n\r\n${content}\r\n`,
  )
  return `${text.join('')}--${boundary}--\r\n`
}
const asForm = { 'content-type': `multipart/form-data; boundary=${boundary}` }
const named = (fields: Record<string, string>) =>
  Object.entries(fields).map(([name, value]): [string, string] => [`name="${name}"`, value])
const file = (content: string): [string, string] => ['name="input_reference"; filename="a.png"', content]

describe('bad input', () => {
  test.each<[string, unknown, { status?: number; param: string | null; says?: string }]>([
    ['no object', [], { param: null }],
    ['null', null, { param: null }],
    ['no JSON', '{"model":', { param: null }],
    ['no model', { prompt: 'x' }, { param: 'model' }],
    ['no prompt', { model: 'storyboard' }, { param: 'prompt' }],
    ['an empty prompt', { ...wish, prompt: ' ' }, { param: 'prompt', says: '1 to 2000' }],
    ['a long prompt', { ...wish, prompt: 'x'.repeat(2001) }, { param: 'prompt' }],
    ['a prompt that is a number', { ...wish, prompt: 1 }, { param: 'prompt' }],
    ['half a second', { ...wish, seconds: '2.5' }, { param: 'seconds', says: '2 to 10' }],
    ['no number', { ...wish, seconds: 'eight' }, { param: 'seconds' }],
    ['an empty number', { ...wish, seconds: '' }, { param: 'seconds' }],
    ['too long', { ...wish, seconds: 11 }, { param: 'seconds' }],
    ['seconds as a list', { ...wish, seconds: ['4'] }, { param: 'seconds' }],
    ['no size', { ...wish, size: 'large' }, { param: 'size', says: '854x480' }],
    ['a size of nobody', { ...wish, size: '1x1' }, { param: 'size' }],
    ['a shape it has not', { ...wish, size: '960x720' }, { param: 'size' }],
    ['a number as size', { ...wish, size: 720 }, { param: 'size', says: '1280x720' }],
    ['an unknown field', { ...wish, colour: 1 }, { param: 'colour' }],
    ['our own word for it', { ...wish, resolution: '720p' }, { param: 'resolution' }],
    ['__proto__', '{"model":"storyboard","prompt":"x","__proto__":{"seconds":1}}', { param: '__proto__' }],
    [
      'a picture elsewhere',
      picture('https://example.org/a.png'),
      { param: 'input_reference', says: 'Nothing is fetched' },
    ],
    ['a picture of the server', picture('file:///etc/passwd'), { param: 'input_reference' }],
    ['a picture without base64', picture('data:image/png,abc'), { param: 'input_reference' }],
    ['a stored file', { ...wish, input_reference: { file_id: 'file_1' } }, { param: 'input_reference' }],
    ['an empty picture', picture('data:image/png;base64,'), { param: 'input_reference', says: 'empty' }],
    ['no picture', picture('data:image/png;base64,aGVsbG8='), { param: 'input_reference', says: 'JPEG' }],
  ])('%s', async (_, body, { status = 400, param, says = '' }) => {
    const refused = await refusal(await post(body))
    expect(refused).toMatchObject({ status, param, type: 'invalid_request_error' })
    expect(refused.message).toContain(says)
    await nothingWasKept()
  })

  test.each<[string, string, { status?: number; param: string | null }]>([
    ['a form that is none', 'hello', { param: null }],
    ['a form cut off', form(...named(wish)).slice(0, -20), { param: null }],
    ['a field twice', form(...named(wish), ...named({ model: 'other' })), { param: 'model' }],
    ['a picture twice', form(...named(wish), file('a'), file('b')), { param: 'input_reference' }],
    [
      'a file as prompt',
      form(['name="model"', 'storyboard'], ['name="prompt"; filename="a"', 'x']),
      { param: 'prompt' },
    ],
    ['an unknown field', form(...named({ ...wish, colour: 'red' })), { param: 'colour' }],
    ['text as the picture', form(...named({ ...wish, input_reference: 'x' })), { param: 'input_reference' }],
    [
      'an SVG',
      form(...named(wish), file('<svg xmlns="http://www.w3.org/2000/svg"/>')),
      { param: 'input_reference' },
    ],
    ['a damaged PNG', form(...named(wish), file('\x89PNG\r\n\x1a\n')), { param: 'input_reference' }],
  ])('in a form: %s', async (_, body, { status = 400, param }) => {
    expect(await refusal(await post(body, asForm))).toMatchObject({ status, param })
    await nothingWasKept()
  })

  test('another type of body, and too much of one', async () => {
    expect(await refusal(await post('x', { 'content-type': 'text/plain' }))).toMatchObject({ status: 415 })
    const large = { ...wish, prompt: 'x'.repeat(29_000_000) }
    expect(await refusal(await post(large))).toMatchObject({ status: 413, code: 'body_too_large' })
    await nothingWasKept()
  })

  async function nothingWasKept() {
    for (const table of ['generation', 'reference'] as const)
      expect(await house.db.read.selectFrom(table).selectAll().execute()).toEqual([])
    expect(api.reported).toEqual([])
  }
})

test('a form without a file is as good as JSON, and null as nothing', async () => {
  const inForm = await post(form(...named({ ...wish, seconds: '3', size: '480x848' })), asForm)
  expect(await inForm.json()).toMatchObject({ seconds: '3', size: '480x854', status: 'queued' })
  const inJson = await post({ ...wish, seconds: null, size: null, input_reference: null })
  expect(await inJson.json()).toMatchObject({ seconds: '5', size: '1280x720' })
})

test.each([
  ['1920x1080', '1920x1080'],
  ['1024x1792', '1080x1920'],
  ['1792x1024', '1920x1080'],
  ['832x480', '854x480'],
  ['1280x704', '1280x720'],
  ['1080x1080', '1080x1080'],
])('a size of %s makes %s', async (size, made) => {
  expect(await (await post({ ...wish, seconds: 2, size })).json()).toMatchObject({ size: made })
})

test('pictures are counted like other uploads', async () => {
  const sent = () => post(picture('data:image/png;base64,aGVsbG8='))
  for (let i = 0; i < 30; i++) expect((await sent()).status).toBe(400)
  const refused = await sent()
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(await refusal(refused)).toMatchObject({
    status: 429,
    code: 'rate_limit_exceeded',
    type: 'rate_limit_error',
  })
})

test('no key, no such address, and a method that does not fit', async () => {
  const none = await api.ask('/v1/videos')
  expect([none.headers.get('www-authenticate'), await refusal(none)]).toMatchObject([
    'Bearer',
    { status: 401, code: 'invalid_api_key' },
  ])
  for (const path of [
    '/v1',
    '/v1/',
    '/v1/chat/completions',
    '/v1/videos/x',
    '/v1/videos/x/y',
    '/v1/videos/x/content',
  ])
    expect(await refusal(await api.ask(path, { key })), path).toMatchObject({ status: 404 })
  const put = await api.ask('/v1/videos', { method: 'PUT', key, body: {} })
  expect([put.headers.get('allow'), await refusal(put)]).toMatchObject(['POST, GET, HEAD', { status: 405 }])
})

test('the list takes what is its own from the address, and lets the rest be', async () => {
  for (const query of ['limit=0', 'limit=101', 'limit=x', 'after=gen_1', 'order=up'])
    expect(await refusal(await api.ask(`/v1/videos?${query}`, { key })), query).toMatchObject({
      status: 400,
      param: query.split('=')[0],
    })
  const list = await api.ask('/v1/videos?limit=5&api-version=preview', { key })
  expect(await list.json()).toEqual({
    object: 'list',
    data: [],
    first_id: null,
    last_id: null,
    has_more: false,
  })
})

onBothGrounds('the database', (ground) => {
  test('knows a picture that was sent before, and pages from either end', async () => {
    const other = await aHouse(ground)
    const person = await aPerson(other)
    const asker = await anApi(other)
    const theirs = await asker.keyOf(person.id)
    const bytes = await readFile('test/fixtures/picture.jpg')
    const body = picture(`data:image/jpeg;base64,${bytes.toString('base64')}`)
    const headers = { 'idempotency-key': 'order 1' }
    const made: string[] = []
    for (const more of [headers, headers, {}]) {
      other.clock.advance(1)
      const response = await asker.ask('/v1/videos', { method: 'POST', key: theirs, body, headers: more })
      made.push(((await response.json()) as { id: string }).id)
    }
    const [first, again, second] = made
    expect(again).toBe(first)
    const page = async (query: string) =>
      (await asker.ask(`/v1/videos?limit=1&${query}`, { key: theirs })).json()
    expect(await page('order=asc')).toMatchObject({ last_id: first, has_more: true })
    expect(await page(`order=asc&after=${first}`)).toMatchObject({ last_id: second, has_more: false })
    expect(await page(`after=${second}`)).toMatchObject({ last_id: first, has_more: false })
  })
})

test('what expired is gone, and says why', async () => {
  const { id } = (await (await post(wish)).json()) as { id: string }
  await house.db.transaction((tx) => tx.updateTable('generation').set({ state: 'expired' }).execute())
  for (const path of [`/v1/videos/${id}`, `/v1/videos/${id}/content`])
    expect(await refusal(await api.ask(path, { key }))).toMatchObject({ status: 404, code: 'video_expired' })
})

test('each call is on record with its key and without what was said', async () => {
  const { id } = (await (await post(wish)).json()) as { id: string }
  await api.ask(`/v1/videos/${id}?x=secret`, { key })
  await api.ask('/v1/somebody@example.org')
  const lines = await api.logged()
  expect(
    lines.map(({ endpoint, status, api_key_id }) => [endpoint, status, api_key_id !== null]).sort(),
  ).toEqual([
    ['/v1/videos', 200, true],
    ['/v1/videos/{id}', 200, true],
    ['other', 404, false],
  ])
  for (const secret of [id, 'rain', 'somebody', 'secret']) expect(JSON.stringify(lines)).not.toContain(secret)
})

function picture(image_url: string) {
  return { ...wish, input_reference: { image_url } }
}
