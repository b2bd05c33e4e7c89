/**
 * The unmodified `openai` client against our web server. Pins: a request or an answer that the client does not speak; a
 * picture that is lost on its way; pages that the client skips, repeats or never ends; an error without the client's class,
 * code or parameter; a client that tries again what cannot succeed; a retired model that answers as a fault.
 */
import { readFile } from 'node:fs/promises'
import OpenAI, { APIError, toFile } from 'openai'
import { beforeEach, expect, test } from 'vitest'
import { apiBooks } from '#app/http/api-books.ts'
import { aReadyVideo } from '#app/studio/creations/testing.ts'
import { advance, notePhase } from '#app/studio/generations/advance.ts'
import { toJson } from '#core/db/columns.ts'
import type { GenerationId } from '#core/ids/ids.ts'
import { aHouse, aPerson, type TestHouse, type TestPerson } from '#test/factories/house.ts'
import { anApi } from '../api/testing.ts'
import { aServer } from './testing.ts'

const wish = { model: 'storyboard', prompt: 'A boat in the rain.', seconds: '4', size: '1280x720' } as const

let house: TestHouse
let ana: TestPerson
let origin: string
let key: string
let client: OpenAI

beforeEach(async () => {
  house = await aHouse()
  ana = await aPerson(house)
  origin = await aServer(house)
  key = await (await anApi(house)).keyOf(ana.id)
  client = new OpenAI({ apiKey: key, baseURL: `${origin}/v1` })
})

const inSeconds = () => Math.floor(house.clock.now() / 1000)
const thrown = async (promise: PromiseLike<unknown>): Promise<InstanceType<typeof APIError>> => {
  const error = await Promise.resolve(promise).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(APIError)
  return error as InstanceType<typeof APIError>
}
const aPicture = async () => toFile(await readFile('test/fixtures/picture.jpg'), 'start.jpg')

test('makes a video, asks for it, lists it and deletes it', async () => {
  const made = await client.videos.create(wish)
  expect(made).toEqual({
    ...wish,
    id: expect.stringMatching(/^gen_/),
    object: 'video',
    status: 'queued',
    progress: 0,
    created_at: inSeconds(),
    completed_at: null,
    expires_at: null,
    remixed_from_video_id: null,
    error: null,
  })
  expect(await client.videos.retrieve(made.id)).toEqual(made)
  const page = await client.videos.list()
  expect(page.data).toEqual([made])
  expect(page.hasNextPage()).toBe(false)
  expect(await client.videos.delete(made.id)).toEqual({
    id: made.id,
    object: 'video.deleted',
    deleted: true,
  })
  expect((await client.videos.list()).data).toEqual([])
  expect(await thrown(client.videos.retrieve(made.id))).toMatchObject({ status: 404, code: 'not_found' })
})

test('starts from a picture, in a form or in JSON', async () => {
  const bytes = await readFile('test/fixtures/picture.jpg')
  const image_url = `data:image/jpeg;base64,${bytes.toString('base64')}`
  const ids = [
    (await client.videos.create({ ...wish, input_reference: await aPicture() })).id,
    (await client.videos.create({ ...wish, input_reference: { image_url } })).id,
    ((await client.post('/videos', { body: { ...wish, input_reference: { image_url } } })) as { id: string })
      .id,
  ]
  const inputs = await house.db.read.selectFrom('generation_input').selectAll().execute()
  expect(inputs.map(({ generation_id, role }) => [generation_id, role]).sort()).toEqual(
    ids.map((id) => [id, 'first_frame']).sort(),
  )
})

test('the same picture under the same Idempotency-Key is one video; another wish under it is refused once', async () => {
  const headers = { 'Idempotency-Key': 'order 1' }
  const post = async (more: object = {}) =>
    client.videos.create({ ...wish, input_reference: await aPicture(), ...more }, { headers })
  const first = await post()
  house.clock.advance(1)
  expect((await post()).id).toBe(first.id)
  expect(await thrown(post({ seconds: '8' }))).toMatchObject({ status: 409, code: 'idempotency_key_reused' })
  await apiBooks(house).flush()
  // Three calls: the client did not try the refused one again.
  const calls = await house.db.read.selectFrom('api_request').select('status').orderBy('status').execute()
  expect(calls.map(({ status }) => status)).toEqual([200, 200, 409])
})

test('follows a video to its end, and says only what it knows', async () => {
  const { id } = await client.videos.create(wish)
  const seen = async () => {
    const { status, progress } = await client.videos.retrieve(id)
    return [status, progress]
  }
  const step = (event: 'submit' | 'accept' | 'produce') =>
    house.db.transaction((tx) => advance(tx, id as GenerationId, event, house.clock.now()))
  await step('submit')
  expect(await seen()).toEqual(['in_progress', 0])
  await step('accept')
  await house.db.transaction((tx) =>
    notePhase(tx, id as GenerationId, 'rendering', 'rendering:40', house.clock.now()),
  )
  expect(await seen()).toEqual(['in_progress', 40])
  expect(await thrown(client.videos.downloadContent(id))).toMatchObject({
    status: 404,
    code: 'video_not_ready',
  })
  await step('produce')
  expect(await seen()).toEqual(['in_progress', 99])
  expect(await thrown(client.videos.delete(id))).toMatchObject({ status: 409, code: 'not_cancellable' })
})

test('downloads the video and its picture, whole, in part, and only the head', async () => {
  const { id, video } = await aReadyVideo(house, ana.id)
  expect(await client.videos.retrieve(id)).toMatchObject({
    status: 'completed',
    progress: 100,
    size: '854x480',
    completed_at: inSeconds(),
    expires_at: expect.any(Number),
  })
  const whole = await client.videos.downloadContent(id)
  expect(whole.headers.get('content-type')).toBe('video/mp4')
  expect(Buffer.from(await whole.arrayBuffer()).equals(video)).toBe(true)
  const picture = await client.videos.downloadContent(id, { variant: 'thumbnail' })
  expect([picture.headers.get('content-type'), (await picture.arrayBuffer()).byteLength]).toEqual([
    'image/webp',
    500,
  ])
  const part = await client.videos.downloadContent(
    id,
    { variant: 'video' },
    { headers: { range: 'bytes=-5' } },
  )
  expect([part.status, Buffer.from(await part.arrayBuffer())]).toEqual([206, Buffer.from(video.subarray(-5))])
  expect(await thrown(client.videos.downloadContent(id, { variant: 'spritesheet' }))).toMatchObject({
    status: 400,
    param: 'variant',
  })
  const head = await fetch(`${origin}/v1/videos/${id}/content?variant=video`, {
    method: 'HEAD',
    headers: { authorization: `Bearer ${key}` },
  })
  expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([
    200,
    String(video.length),
    '',
  ])
})

test('turns page after page without a gap or a repeat, in either order', async () => {
  const ids: string[] = []
  for (let i = 0; i < 5; i++) {
    ids.push((await client.videos.create({ ...wish, seconds: '2' as '4', size: '854x480' as '1280x720' })).id)
    house.clock.advance(1)
  }
  for (const [order, expected] of [
    ['asc', ids],
    ['desc', ids.toReversed()],
  ] as const) {
    const found: string[] = []
    for await (const { id } of client.videos.list({ limit: 2, order })) found.push(id)
    expect(found).toEqual(expected)
  }
})

test('a refused prompt is a video that failed by moderation', async () => {
  const { id, status, error } = await client.videos.create({ ...wish, prompt: 'naked child having sex' })
  expect([status, error?.code]).toEqual(['failed', 'moderation_blocked'])
  expect(error?.message).toContain('refused')
  expect(await thrown(client.videos.downloadContent(id))).toMatchObject({ status: 404, code: 'video_failed' })
})

test('a retired model names the one to use instead, and since when', async () => {
  const error = await thrown(client.videos.create({ ...wish, model: 'sora-2' }))
  expect(error).toMatchObject({
    status: 410,
    code: 'model_retired',
    param: 'model',
    type: 'invalid_request_error',
    error: { replacement: 'veo-3.1-fast', message: expect.stringContaining('Use Veo 3.1 Fast instead') },
  })
  expect(endingOf(error.headers)).toEqual([
    'true',
    'Fri, 25 Sep 2026 00:00:00 GMT',
    '<http://localhost:3000/api/v1/models>; rel="deprecation"',
  ])
})

test('a model that will end says so beside its answers, in both APIs', async () => {
  const lifecycle = { state: 'deprecated', sunsetOn: '2999-01-01', replacement: 'veo-3.1' }
  await house.db.transaction((tx) =>
    tx
      .insertInto('model_setting')
      .values({
        id: 'storyboard',
        record: null,
        is_on: 1,
        price_rule: null,
        price_version: 1,
        lifecycle: toJson(lifecycle),
        most_seconds: null,
        most_live: null,
        updated_at: house.clock.now(),
      })
      .execute(),
  )
  const told = ['true', 'Wed, 02 Jan 2999 00:00:00 GMT', expect.stringContaining('rel="deprecation"')]
  const { data, response } = await client.videos.create(wish).withResponse()
  expect(endingOf(response.headers)).toEqual(told)
  const again = await client.videos.retrieve(data.id).withResponse()
  expect(endingOf(again.response.headers)).toEqual(told)
  const ours = await fetch(`${origin}/api/v1/generations`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'storyboard', prompt: 'A boat.' }),
  })
  expect([ours.status, ...endingOf(ours.headers)]).toEqual([202, ...told])
})

test('errors have the class, code and parameter that the client knows', async () => {
  const other = await aReadyVideo(house, (await aPerson(house)).id)
  const reader = new OpenAI({
    apiKey: await (await anApi(house)).keyOf(ana.id, ['generations:read']),
    baseURL: `${origin}/v1`,
  })
  const poor = await aPerson(house, { credits: 1 })
  const poorClient = new OpenAI({
    apiKey: await (await anApi(house)).keyOf(poor.id),
    baseURL: `${origin}/v1`,
  })
  const wrongKey = new OpenAI({ apiKey: 'ff_wrong', baseURL: `${origin}/v1` })
  for (const [ask, kind, expected] of [
    [() => wrongKey.videos.list(), OpenAI.AuthenticationError, { status: 401, code: 'invalid_api_key' }],
    [() => reader.videos.create(wish), OpenAI.PermissionDeniedError, { status: 403, code: 'missing_scope' }],
    [
      () => poorClient.videos.create(wish),
      OpenAI.RateLimitError,
      { status: 429, code: 'insufficient_quota' },
    ],
    [() => client.videos.retrieve(other.id), OpenAI.NotFoundError, { status: 404, code: 'not_found' }],
    [() => client.videos.delete(other.id), OpenAI.NotFoundError, { status: 404 }],
    [() => client.videos.downloadContent(other.id), OpenAI.NotFoundError, { status: 404 }],
    [
      () => client.videos.create({ ...wish, model: 'nobody' }),
      OpenAI.NotFoundError,
      { status: 404, code: 'model_not_found', param: 'model' },
    ],
    [
      () => client.videos.create({ ...wish, seconds: '99' as '4' }),
      OpenAI.BadRequestError,
      { param: 'seconds' },
    ],
    [
      () => client.videos.create({ ...wish, size: '640x333' as '1280x720' }),
      OpenAI.BadRequestError,
      { param: 'size' },
    ],
    [() => client.videos.list({ after: 'video_1' }), OpenAI.BadRequestError, { param: 'after' }],
  ] as const) {
    const error = await thrown(ask())
    expect(error).toBeInstanceOf(kind)
    expect(error).toMatchObject(expected)
    expect(error.requestID).toMatch(/^[0-9a-f]{16}$/)
  }
})

test('what is not offered says so', async () => {
  const video = await aPicture()
  for (const ask of [
    () => client.videos.edit({ prompt: 'x', video }),
    () => client.videos.extend({ prompt: 'x', seconds: '4', video }),
    () => client.videos.createCharacter({ name: 'x', video }),
    () => client.videos.remix('gen_1', { prompt: 'x' }),
    () => client.videos.getCharacter('char_1'),
  ])
    expect(await thrown(ask())).toMatchObject({
      status: 404,
      message: expect.stringContaining('not offered'),
    })
})

function endingOf(headers: Headers | undefined): (string | null | undefined)[] {
  return ['deprecation', 'sunset', 'link'].map((name) => headers?.get(name))
}
