/**
 * Pins: a 500 for whatever a stranger sends; a limit that never refuses or never forgets; lines of the log that are lost when
 * the database is away for a moment, or that fill the memory when it stays away.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { limits } from '#app/accounts/limits.ts'
import { anApi } from '#app/routes/api/testing.ts'
import { MINUTE } from '#core/clock/clock.ts'
import type { ApiRequestTable } from '#core/db/schema/compliance.ts'
import { newId } from '#core/ids/ids.ts'
import { aHouse, aPerson } from '#test/factories/house.ts'
import { apiBooks, mostWaiting } from './api-books.ts'

const line = (house: { clock: { now(): number } }): ApiRequestTable => ({
  id: newId('event', house.clock.now()),
  at: house.clock.now(),
  api_key_id: null,
  method: 'GET',
  endpoint: '/api/v1/models',
  status: 200,
  ms: 1,
  bytes: 1,
})

test('guessing at keys is counted by address, and a good key still works from elsewhere', async () => {
  const house = await aHouse()
  const ana = await aPerson(house)
  const api = await anApi(house)
  const key = await api.keyOf(ana.id)
  const statuses = []
  for (let n = 0; n <= limits.guess_key.address; n += 1)
    statuses.push((await api.ask('/api/v1/models', { key: `ff_guess${n}` })).status)
  expect(statuses.slice(0, -1).every((status) => status === 401)).toBe(true)
  expect(statuses.at(-1)).toBe(429)
  expect((await api.ask('/api/v1/models', { key })).status).toBe(200)
})

test('nothing that is sent makes a fault of ours', async () => {
  const house = await aHouse()
  const ana = await aPerson(house, { credits: 100_000 })
  const api = await anApi(house)
  const key = await api.keyOf(ana.id)
  const header = fc.string({ unit: fc.constantFrom(...'abcXYZ019 -=,;:"/*\u00ff') })
  const wish = fc.record(
    {
      model: fc.oneof(fc.constant('storyboard'), fc.anything()),
      prompt: fc.oneof(fc.string({ unit: 'binary' }), fc.anything()),
      seconds: fc.oneof(fc.integer(), fc.double(), fc.anything()),
      resolution: fc.oneof(fc.constantFrom('480p', '720p'), fc.anything()),
      size: fc.oneof(fc.constantFrom('1280x720', '0x0'), fc.anything()),
      input_reference: fc.oneof(fc.record({ image_url: fc.constant('data:;base64,AA') }), fc.anything()),
      reference_id: fc.oneof(fc.string(), fc.constant('ref_01kb3v9d8qf0hs5y2m7x4ztrae')),
      __proto__: fc.anything(),
    },
    { requiredKeys: [] },
  )
  const body = fc.oneof(
    fc.json(),
    fc.string({ unit: 'binary' }),
    wish.map((value) => JSON.stringify(value, (_, v) => (typeof v === 'bigint' ? String(v) : v)) ?? ''),
    fc.constant('['.repeat(60_000)),
    fc.constant('{"__proto__":{"model":"storyboard"},"constructor":1,"model":"storyboard"}'),
  )
  const id = fc.oneof(
    fc.constant('gen_01kb3v9d8qf0hs5y2m7x4ztrae'),
    fc.string({ unit: 'binary', minLength: 1 }).map((text) => encodeURIComponent(text.toWellFormed())),
    fc.constantFrom('%00', '%E0%A4%A', '..%2f..', "'or 1=1--", '%F0%9F'),
  )
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('GET', 'POST', 'DELETE', 'PUT', 'PATCH', 'HEAD'),
      fc.oneof(
        fc.constant('/api/v1/generations'),
        id.map((text) => `/api/v1/generations/${text}`),
        id.map((text) => `/api/v1/generations/${text}/content`),
        id.map((text) => `/api/v1/generations?cursor=${text}&limit=${text}`),
        id.map((text) => `/api/${text}`),
        fc.constant('/v1/videos'),
        id.map((text) => `/v1/videos/${text}`),
        id.map((text) => `/v1/videos/${text}/content?variant=${text}`),
        id.map((text) => `/v1/videos?after=${text}&order=${text}`),
        id.map((text) => `/v1/${text}`),
      ),
      body,
      header,
      fc.boolean(),
      async (method, path, sent, value, signedIn) => {
        const withBody = method !== 'GET' && method !== 'HEAD'
        const response = await api.ask(path, {
          method,
          key: signedIn ? key : undefined,
          ...(withBody ? { body: sent } : {}),
          headers: {
            'idempotency-key': value,
            range: value,
            'if-range': value,
            ...(signedIn ? {} : { authorization: value }),
            ...(withBody ? { 'content-type': 'application/json' } : {}),
          },
        })
        expect([method, path, response.status < 500]).toEqual([method, path, true])
      },
    ),
    { numRuns: 400 },
  )
  expect(api.reported).toEqual([])
})

test('a body that is cut off is the sender’s fault', async () => {
  const house = await aHouse()
  const ana = await aPerson(house)
  const api = await anApi(house)
  const key = await api.keyOf(ana.id)
  const { jsonBody } = await import('./api.ts')
  const cut = new ReadableStream({
    pull(controller) {
      controller.error(new Error('aborted'))
    },
  })
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` }
  const request = new Request('http://localhost/x', {
    method: 'POST',
    headers,
    body: cut,
    duplex: 'half',
  } as never)
  await expect(jsonBody(request)).rejects.toMatchObject({ code: 'body_cut', status: 400 })
})

describe('the books', () => {
  test('a key has its allowance, is told when to come back, and gets it back evenly', async () => {
    const house = await aHouse()
    const books = apiBooks(house)
    for (let i = 0; i < limits.api.identity; i++) books.countCall('apk_1')
    expect(() => books.countCall('apk_1')).toThrow(
      expect.objectContaining({ status: 429, retryAfterSeconds: 1 }),
    )
    books.countCall('apk_2')
    house.clock.advance(MINUTE / 2)
    for (let i = 0; i < limits.api.identity / 2; i++) books.countCall('apk_1')
    expect(() => books.countCall('apk_1')).toThrow()
  })

  test('lines wait for the database and are written once, together', async () => {
    const house = await aHouse()
    const books = apiBooks(house)
    expect(apiBooks(house)).toBe(books)
    for (let i = 0; i < 1200; i++) books.write(line(house))
    await Promise.all([books.flush(), books.flush()])
    const { rows } = await house.db.read
      .selectFrom('api_request')
      .select((e) => e.fn.countAll<number>().as('rows'))
      .executeTakeFirstOrThrow()
    expect(rows).toBe(1200)
  })

  test('a database that is away loses nothing at once, and the oldest lines in the end', async () => {
    const house = await aHouse()
    let away = true
    const transaction: typeof house.db.transaction = (work) =>
      away ? Promise.reject(new Error('away')) : house.db.transaction(work)
    const books = apiBooks({ ...house, db: { ...house.db, transaction } })
    for (let i = 0; i < mostWaiting + 5; i++) books.write(line(house))
    await books.flush()
    expect(house.logged.join()).toContain('could not be written')
    away = false
    await books.flush()
    const { rows } = await house.db.read
      .selectFrom('api_request')
      .select((e) => e.fn.countAll<number>().as('rows'))
      .executeTakeFirstOrThrow()
    expect(rows).toBe(mostWaiting)
    expect(house.logged.join()).toContain('"lost":5')
  })
})
