/**
 * Pins: a repeated request that pays twice; a refused prompt that answers as a fault; a page of the list that skips or repeats
 * one; another person's video by its id; a key whose scope does not matter; a line of the log with a body, an address or an
 * id in it; an answer that the published document does not describe.
 */
import { beforeEach, expect, test } from 'vitest'
import { revokeApiKey } from '#app/accounts/api-keys.ts'
import { aReadyVideo } from '#app/studio/creations/testing.ts'
import { generationViewSchema } from '#app/studio/generations/view.schema.ts'
import { aHouse, aPerson, type TestHouse, type TestPerson } from '#test/factories/house.ts'
import { onBothGrounds } from '#test/grounds.ts'
import { creditsSchema, generationPageSchema, modelListSchema, problemSchema } from './schemas.ts'
import { anApi } from './testing.ts'

const wish = { model: 'storyboard', prompt: 'A boat in the rain.', seconds: 2, resolution: '480p' }
const generations = '/api/v1/generations'

onBothGrounds('the API', (ground) => {
  let house: TestHouse
  let ana: TestPerson
  let api: Awaited<ReturnType<typeof anApi>>
  let key: string
  beforeEach(async () => {
    house = await aHouse(ground)
    ana = await aPerson(house)
    api = await anApi(house)
    key = await api.keyOf(ana.id)
  })
  const problem = async (response: Response) => {
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    return problemSchema.parse(await response.json())
  }

  test('makes a video, shows it, lists it and removes it', async () => {
    const made = await api.ask(generations, { method: 'POST', key, body: wish })
    const seen = generationViewSchema.parse(await made.json())
    expect([made.status, made.headers.get('location')]).toEqual([202, `${generations}/${seen.id}`])
    expect(seen).toMatchObject({ status: 'queued', prompt: wish.prompt, credits: { held: 1, captured: 0 } })

    const one = await api.ask(`${generations}/${seen.id}`, { key })
    expect(generationViewSchema.parse(await one.json())).toEqual(seen)
    const page = generationPageSchema.parse(await (await api.ask(generations, { key })).json())
    expect(page).toEqual({ data: [seen], next_cursor: null })
    const credits = creditsSchema.parse(await (await api.ask('/api/v1/credits', { key })).json())
    expect(credits).toEqual({ balance: 100, held: 1, available: 99 })
    expect(modelListSchema.parse(await (await api.ask('/api/v1/models', { key })).json()).data[0]?.id).toBe(
      'storyboard',
    )

    const gone = await api.ask(`${generations}/${seen.id}`, { method: 'DELETE', key })
    expect([gone.status, await gone.text()]).toEqual([204, ''])
    expect(await (await api.ask(generations, { key })).json()).toEqual({ data: [], next_cursor: null })
    expect(await (await api.ask('/api/v1/credits', { key })).json()).toMatchObject({ held: 0 })
    expect((await api.ask(`${generations}/${seen.id}`, { method: 'DELETE', key })).status).toBe(404)
  })

  test('making a video opens no key: what was just sent is shown as it came', async () => {
    const since = house.clock.now()
    await api.ask(generations, { method: 'POST', key, body: wish })
    const opened = () => house.keyring.tally({ since, actorKind: 'api_key', purpose: 'generation.read' })
    expect(await opened()).toEqual([])
    await api.ask(generations, { key })
    expect(await opened()).toMatchObject([{ opened: 1 }])
  })

  test('many at once get one video each, and what is refused among them leaves nothing', async () => {
    const poor = await api.keyOf((await aPerson(house, { credits: 1 })).id)
    const asked = [key, poor, key, poor, key, poor].map((by) =>
      api.ask(generations, { method: 'POST', key: by, body: wish }),
    )
    const statuses = (await Promise.all(asked)).map(({ status }) => status)
    expect([...statuses].sort()).toEqual([202, 202, 202, 202, 402, 402])
    const counts = await Promise.all(
      (['generation', 'credit_hold', 'screening', 'job'] as const).map((table) =>
        house.db.read
          .selectFrom(table)
          .select((e) => e.fn.countAll().as('n'))
          .executeTakeFirstOrThrow(),
      ),
    )
    // On PostgreSQL the jobs are the engine's.
    expect(counts.map(({ n }) => Number(n))).toEqual([4, 4, 4, ground === 'sqlite' ? 4 : 0])
  })

  test('the same key of idempotency makes one video, and another body under it none', async () => {
    const post = (body: unknown, name = 'order 1') =>
      api.ask(generations, { method: 'POST', key, body, headers: { 'idempotency-key': name } })
    const both = await Promise.all([post(wish), post(wish)])
    const [one, two] = await Promise.all(both.map((response) => response.json() as Promise<{ id: string }>))
    expect(one?.id).toBe(two?.id)
    expect(await problem(await post({ ...wish, seconds: 3 }))).toMatchObject({
      status: 409,
      code: 'idempotency_key_reused',
    })
    expect((await problem(await post(wish, 'x'.repeat(256)))).code).toBe('idempotency_key_invalid')
    expect(await (await api.ask('/api/v1/credits', { key })).json()).toMatchObject({ held: 1 })
  })

  test('a refused prompt is answered as taken, blocked and free', async () => {
    const refused = await api.ask(generations, {
      method: 'POST',
      key,
      body: { ...wish, prompt: 'naked child having sex' },
    })
    const seen = generationViewSchema.parse(await refused.json())
    expect([refused.status, seen.status, seen.error?.code, seen.credits]).toEqual([
      202,
      'blocked',
      'prompt_refused',
      { held: 0, captured: 0 },
    ])
    expect(seen.error?.message).toContain('refused')
  })

  test('what is wrong is said by field; what costs too much, with the numbers', async () => {
    const bad = await api.ask(generations, { method: 'POST', key, body: { ...wish, seconds: 99, colour: 1 } })
    expect(await problem(bad)).toMatchObject({
      status: 422,
      code: 'invalid_input',
      errors: { seconds: expect.stringContaining('2 to 10'), colour: expect.any(String) },
      trace_id: expect.stringMatching(/^[0-9a-f]{16}$/),
    })
    const poor = await aPerson(house, { credits: 1 })
    const dear = await api.ask(generations, {
      method: 'POST',
      key: await api.keyOf(poor.id),
      body: { ...wish, seconds: 10, resolution: '1080p' },
    })
    expect(await problem(dear)).toMatchObject({ status: 402, detail: expect.stringContaining('20 credits') })
    expect((await problem(await api.ask(generations, { method: 'POST', key, body: '{"model":' }))).code).toBe(
      'malformed_json',
    )
    const text = { method: 'POST', key, body: 'x', headers: { 'content-type': 'text/plain' } }
    expect((await problem(await api.ask(generations, text))).status).toBe(415)
    const large = { method: 'POST', key, body: { ...wish, prompt: 'x'.repeat(70_000) } }
    expect((await problem(await api.ask(generations, large))).status).toBe(413)
  })

  test('pages follow each other without a gap or a repeat', async () => {
    const ids: string[] = []
    for (let i = 0; i < 5; i++) {
      const made = await api.ask(generations, { method: 'POST', key, body: wish })
      ids.unshift(((await made.json()) as { id: string }).id)
      house.clock.advance(1)
    }
    const found: string[] = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const response = await api.ask(`${generations}?limit=2${cursor && `&cursor=${cursor}`}`, { key })
      const page = generationPageSchema.parse(await response.json())
      found.push(...page.data.map(({ id }) => id))
      cursor = page.next_cursor
    }
    expect(found).toEqual(ids)
    for (const query of ['limit=0', 'limit=101', 'limit=x', 'cursor=gen_1', 'offset=3'])
      expect((await problem(await api.ask(`${generations}?${query}`, { key }))).status).toBe(422)
  })

  test('another person’s video is not there, by any method', async () => {
    const ben = await aPerson(house)
    const { id } = await aReadyVideo(house, ben.id)
    for (const [path, method] of [
      [`${generations}/${id}`, 'GET'],
      [`${generations}/${id}`, 'DELETE'],
      [`${generations}/${id}/content`, 'GET'],
    ] as const)
      expect(await problem(await api.ask(path, { key, method }))).toMatchObject({
        status: 404,
        code: 'not_found',
      })
    expect(await (await api.ask(generations, { key })).json()).toMatchObject({ data: [] })
  })

  test('content comes whole or in part, and the pictures by links that end', async () => {
    const { id, video } = await aReadyVideo(house, ana.id)
    const part = await api.ask(`${generations}/${id}/content`, { key, headers: { range: 'bytes=-5' } })
    expect([part.status, Buffer.from(await part.arrayBuffer())]).toEqual([206, video.subarray(-5)])
    const head = await api.ask(`${generations}/${id}/content`, { key, method: 'HEAD' })
    expect([head.status, head.headers.get('content-length')]).toEqual([200, String(video.length)])
    const seen = generationViewSchema.parse(await (await api.ask(`${generations}/${id}`, { key })).json())
    expect(seen.poster_url).toMatch(/^http:\/\/localhost:3000\/media\/gen_.*\/poster\?expires=\d+&sig=/)
  })

  test('no key, a wrong one, a revoked one and one without the scope', async () => {
    for (const headers of [{}, { authorization: 'Bearer ff_wrong' }, { authorization: `Basic ${key}` }]) {
      const refused = await api.ask(generations, { headers: headers as Record<string, string> })
      expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
    }
    const reader = await api.keyOf(ana.id, ['generations:read'])
    const refused = await problem(await api.ask(generations, { method: 'POST', key: reader, body: wish }))
    expect(refused).toMatchObject({ status: 403, code: 'missing_scope' })
    const row = await house.db.read
      .selectFrom('api_key')
      .select('id')
      .where('prefix', '=', key.slice(0, 9))
      .execute()
    await revokeApiKey(house, ana.id, row[0]?.id as never)
    expect((await api.ask(generations, { key })).status).toBe(401)
  })

  test('an address that is none, and a method that does not fit', async () => {
    for (const path of ['/api', '/api/', '/api/v2/generations', '/api/v1/generations/x/y'])
      expect((await problem(await api.ask(path, { key }))).status).toBe(404)
    const put = await api.ask(generations, { method: 'PUT', key, body: {} })
    expect([put.status, put.headers.get('allow')]).toEqual([405, 'POST, GET, HEAD'])
    expect((await problem(await api.ask('/api/v1/openapi.json', { method: 'POST', body: {} }))).status).toBe(
      405,
    )
  })

  test('each call is on record with its key and without what was said', async () => {
    const made = await api.ask(generations, { method: 'POST', key, body: wish })
    const { id } = (await made.json()) as { id: string }
    await api.ask(`${generations}/${id}?limit=secret`, { key })
    await api.ask('/api/v1/somebody@example.org')
    const lines = await api.logged()
    expect(
      lines.map(({ method, endpoint, status, api_key_id }) => [
        method,
        endpoint,
        status,
        api_key_id !== null,
      ]),
    ).toEqual(
      expect.arrayContaining([
        ['POST', generations, 202, true],
        ['GET', `${generations}/{id}`, 200, true],
        ['GET', 'other', 404, false],
      ]),
    )
    const text = JSON.stringify(lines)
    for (const secret of [id, 'rain', 'somebody', '203.0.113.7', 'secret', key])
      expect(text).not.toContain(secret)
    expect(lines.every((line) => line.bytes > 0)).toBe(true)
  })
})
