/**
 * Pins: a range that is off by one; a part for a client that has another version; an unsigned or foreign file delivered; a
 * blocked output delivered because its file is there; a slow client that pulls the whole video into memory; a file left open
 * when the client goes; a name that tells what was in the prompt.
 */
import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { setStatus } from '#app/accounts/subjects.queries.ts'
import type { House } from '#app/house.ts'
import { advance } from '#app/studio/generations/advance.ts'
import { assetsOf } from '#app/studio/generations/generations.queries.ts'
import { removeGeneration } from '#app/studio/generations/removal.ts'
import { movableClock } from '#core/clock/clock.ts'
import type { AssetId } from '#core/ids/ids.ts'
import { aHouse, aPerson } from '#test/factories/house.ts'
import { onBothGrounds } from '#test/grounds.ts'
import { deliver } from './delivery.ts'
import { wantedOf } from './http-range.ts'
import { signedLinks } from './links.ts'
import { type Outlet, pacedStream } from './paced-stream.ts'
import { aReadyVideo } from './testing.ts'

type Asked = { method?: string; headers?: Record<string, string>; kind?: string; download?: boolean }

function asking(house: House, to: Parameters<typeof deliver>[0]['to'], id: string) {
  return ({ method = 'GET', headers = {}, kind = 'video', download }: Asked = {}) =>
    deliver({
      house,
      to,
      id,
      kind,
      download,
      request: new Request('http://localhost/x', { method, headers }),
    })
}

onBothGrounds('delivery', (ground) => {
  test('whole, by range, by condition and by HEAD, as RFC 9110 says', async () => {
    const house = await aHouse(ground)
    const ana = await aPerson(house)
    const { id, video, sha256 } = await aReadyVideo(house, ana.id)
    const ask = asking(house, { subject: ana.id, actor: { kind: 'person', id: ana.id } }, id)
    const bytes = async (response: Response) => Buffer.from(await response.arrayBuffer())

    const whole = await ask()
    expect([whole.status, Object.fromEntries(whole.headers)]).toEqual([
      200,
      {
        'accept-ranges': 'bytes',
        'cache-control': 'private, no-store',
        'content-disposition': 'inline',
        'content-length': String(video.length),
        'content-security-policy': "sandbox; default-src 'none'",
        'content-type': 'video/mp4',
        etag: `"${sha256}"`,
      },
    ])
    expect((await bytes(whole)).equals(video)).toBe(true)

    const part = await ask({ headers: { range: 'bytes=262100-262199' } })
    expect([part.status, part.headers.get('content-range')]).toEqual([
      206,
      `bytes 262100-262199/${video.length}`,
    ])
    expect((await bytes(part)).equals(video.subarray(262_100, 262_200))).toBe(true)

    const head = await ask({ method: 'HEAD', headers: { range: 'bytes=0-9' } })
    expect([head.status, head.headers.get('content-length'), head.body]).toEqual([
      200,
      String(video.length),
      null,
    ])

    const outside = await ask({ headers: { range: `bytes=${video.length}-` } })
    expect([outside.status, outside.headers.get('content-range')]).toEqual([416, `bytes */${video.length}`])

    expect((await ask({ headers: { 'if-none-match': `W/"${sha256}"` } })).status).toBe(304)
    const stale = await ask({ headers: { range: 'bytes=0-9', 'if-range': '"of yesterday"' } })
    expect(stale.status).toBe(200)
    await stale.body?.cancel()
    const fresh = await ask({ headers: { range: 'bytes=0-9', 'if-range': `"${sha256}"` } })
    expect((await bytes(fresh)).length).toBe(10)

    const saved = await ask({ method: 'HEAD', download: true })
    expect(saved.headers.get('content-disposition')).toBe(
      `attachment; filename="fairframe-${id.slice(-8)}.mp4"`,
    )
    expect((await ask({ method: 'HEAD', kind: 'poster' })).headers.get('content-type')).toBe('image/webp')
  })

  test('to somebody else, of another kind, or of an account that is stopped, it is not there', async () => {
    const house = await aHouse(ground)
    const [ana, ben] = [await aPerson(house), await aPerson(house)]
    const { id } = await aReadyVideo(house, ana.id)
    const own = asking(house, { subject: ana.id, actor: { kind: 'person', id: ana.id } }, id)
    const linked = asking(house, { link: 'checked' }, id)
    const foreign = asking(house, { subject: ben.id, actor: { kind: 'person', id: ben.id } }, id)
    await expect(foreign()).rejects.toMatchObject({ status: 404 })
    await expect(own({ kind: 'picture' })).rejects.toMatchObject({ status: 404 })
    await expect(asking(house, { link: 'checked' }, '../x')()).rejects.toMatchObject({ status: 404 })
    expect((await linked({ method: 'HEAD' })).status).toBe(200)
    await house.db.transaction((tx) => setStatus(tx, ana.id, 'suspended', house.clock.now()))
    await expect(linked()).rejects.toMatchObject({ status: 404 })
    await house.db.transaction((tx) => setStatus(tx, ana.id, 'active', house.clock.now()))
    await removeGeneration(house, ana.id, id)
    await expect(own()).rejects.toMatchObject({ status: 404 })
    await expect(linked()).rejects.toMatchObject({ status: 404 })
  })

  test.each(['video', 'poster', 'preview'])(
    'a %s that is not signed, or not as it was signed, is not delivered',
    async (kind) => {
      const house = await aHouse(ground)
      const ana = await aPerson(house)
      const [one, two] = [await aReadyVideo(house, ana.id), await aReadyVideo(house, ana.id)]
      const ask = (id: string) => asking(house, { link: 'checked' }, id)({ kind })
      await (await ask(one.id)).body?.cancel()
      const assetOf = async ({ id }: typeof one) =>
        (await assetsOf(house.db.read, [id])).find((asset) => asset.kind === kind)?.id as AssetId
      const [lost, swapped] = [await assetOf(one), await assetOf(two)]
      await house.db.transaction(async (tx) => {
        await tx.deleteFrom('stamp').where('asset_id', '=', lost).execute()
        const sha256 = 'of another file'
        await tx.updateTable('stamp').set({ sha256 }).where('asset_id', '=', swapped).execute()
      })
      await expect(ask(one.id)).rejects.toMatchObject({ code: 'not_signed', status: 503 })
      await expect(ask(two.id)).rejects.toMatchObject({ code: 'not_signed' })
    },
  )

  test('a refused output stays in the house although its file is there', async () => {
    const house = await aHouse(ground)
    const ana = await aPerson(house)
    const { id } = await aReadyVideo(house, ana.id)
    await house.db.transaction((tx) =>
      tx.updateTable('generation').set({ state: 'blocked' }).where('id', '=', id).execute(),
    )
    await expect(asking(house, { link: 'checked' }, id)()).rejects.toMatchObject({ status: 404 })
    await house.db.transaction((tx) => advance(tx, id, 'remove', house.clock.now()))
  })
})

describe('ranges', () => {
  const tag = '"v1"'
  const wanted = (range: string, size = 1000) => wantedOf('GET', new Headers({ range }), tag, size)

  test.each([
    ['bytes=0-0', { start: 0, end: 0 }],
    ['bytes=0-', { start: 0, end: 999 }],
    ['BYTES=10-19', { start: 10, end: 19 }],
    ['bytes=990-5000', { start: 990, end: 999 }],
    ['bytes=-1', { start: 999, end: 999 }],
    ['bytes=-5000', { start: 0, end: 999 }],
    ['bytes= 0-1 ', { start: 0, end: 1 }],
  ])('%s is a part', (range, expected) => {
    expect(wanted(range)).toEqual({ kind: 'part', range: expected })
  })

  test.each(['bytes=1000-', 'bytes=1000-1001', 'bytes=-0', `bytes=${'9'.repeat(400)}-`])(
    '%s lies outside',
    (range) => {
      expect(wanted(range)).toEqual({ kind: 'outside' })
    },
  )

  test.each(['bytes=5-2', 'bytes=-', 'bytes=a-b', 'items=0-1', 'bytes=0-1,5-6', 'bytes=0x1-2', 'bytes', ''])(
    '%s counts as none',
    (range) => {
      expect(wanted(range)).toEqual({ kind: 'whole' })
    },
  )

  test('whatever is sent, a part lies in the file', () => {
    const text = fc.oneof(
      fc.string(),
      fc.tuple(fc.nat(), fc.nat()).map(([a, b]) => `bytes=${a}-${b}`),
      fc.stringMatching(/^bytes=[0-9,\- ]*$/),
    )
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 1e9 }), (range, size) => {
        const headers = { get: (name: string) => (name === 'range' ? range : null) } as Headers
        const found = wantedOf('GET', headers, tag, size)
        if (found.kind !== 'part') return
        expect(found.range.start).toBeGreaterThanOrEqual(0)
        expect(found.range.end).toBeGreaterThanOrEqual(found.range.start)
        expect(found.range.end).toBeLessThan(size)
      }),
    )
  })
})

describe('the body', () => {
  function endless() {
    const state = { given: 0, left: false }
    async function* pieces() {
      try {
        for (;;) {
          state.given += 1
          yield randomBytes(1000)
        }
      } finally {
        state.left = true
      }
    }
    return { state, pieces: pieces() }
  }

  test('is read no faster than the client takes it, and left when the client goes', async () => {
    const { state, pieces } = endless()
    const closed = new AbortController()
    let go = () => {}
    const outlet: Outlet = {
      closed: closed.signal,
      drained: () =>
        new Promise((resolve) => {
          go = resolve
          if (closed.signal.aborted) resolve()
        }),
    }
    const reader = pacedStream(pieces, outlet, new AbortController().signal).getReader()
    // The writer asks at once and again, as the framework's does; nothing comes until what was written has left.
    const first = reader.read()
    await Promise.resolve()
    expect(state.given).toBe(0)
    go()
    expect((await first).value?.length).toBe(1000)
    expect(state.given).toBe(1)
    const second = reader.read()
    closed.abort()
    go()
    expect((await second).done).toBe(true)
    expect(state).toEqual({ given: 1, left: true })
  })

  test('passes an error of the store on, so that the connection is cut and no short file looks whole', async () => {
    async function* broken() {
      yield randomBytes(10)
      throw new Error('changed on the disk')
    }
    const reader = pacedStream(broken(), undefined, new AbortController().signal).getReader()
    await reader.read()
    await expect(reader.read()).rejects.toThrow('changed on the disk')
  })

  test('leaves its source when the answer is cancelled', async () => {
    const { state, pieces } = endless()
    const stream = pacedStream(pieces, undefined, new AbortController().signal)
    const reader = stream.getReader()
    await reader.read()
    await reader.cancel()
    expect(state.left).toBe(true)
  })
})

test('a signed link names one path until one time', () => {
  const clock = movableClock()
  const links = signedLinks(randomBytes(32), clock)
  const url = new URL(links.sign('/media/gen_1/video', 60_000), 'http://localhost')
  const check = (path: string) =>
    links.check(path, url.searchParams.get('expires'), url.searchParams.get('sig'))
  expect(check('/media/gen_1/video')).toBe(true)
  expect(check('/media/gen_2/video')).toBe(false)
  clock.advance(60_000)
  expect(check('/media/gen_1/video')).toBe(false)
})
