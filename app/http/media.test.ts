/**
 * Pins: what leaves the server by the direct way being another file, another part or under other headers than the rule says; a
 * file left open by a client that went away; the address missing on the map, or opened to who has neither account nor link; a
 * link that shows nowhere but here.
 */
import { once } from 'node:events'
import { readdir, readlink } from 'node:fs/promises'
import { type IncomingMessage, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ServerBuild } from '@remix-run/node'
import express from 'express'
import { expect, onTestFinished, test } from 'vitest'
import { paths } from '#app/paths.ts'
import { anEdge } from '#app/routes/api/testing.ts'
import { loader } from '#app/routes/studio/media.ts'
import { studio } from '#app/routes/studio/routes.ts'
import { aReadyVideo } from '#app/studio/creations/testing.ts'
import { HOUR } from '#core/clock/clock.ts'
import { aHouse, aPerson } from '#test/factories/house.ts'
import { directRoutes } from './direct.ts'
import { outletOf } from './outlet.ts'
import { securityHeaders } from './security.ts'

const MIB = 1024 * 1024
const file = 'routes/studio/media.ts'
const route = studio.find((entry) => entry.file === file)

/** A ready video behind the direct way, without the pages. */
async function aServer(video: Uint8Array) {
  const house = await aHouse()
  const ana = await aPerson(house)
  const made = await aReadyVideo(house, ana.id, { video })
  const edge = await anEdge(house)
  const routes = { [file]: { id: file, path: route?.path, module: { loader } } }
  const app = express()
  app.use(securityHeaders(house.config.appUrl))
  app.use(
    directRoutes({ routes } as unknown as ServerBuild, [], async (_, response) => ({
      ...edge,
      outlet: outletOf(response),
    })),
  )
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  async function ask(path: string, headers: Record<string, string> = {}, method = 'GET') {
    const asked = request({ host: '127.0.0.1', port, path, method, headers, agent: false }).end()
    const [answer] = (await once(asked, 'response')) as [IncomingMessage]
    return answer
  }
  const plain = paths.media(made.id, 'video')
  return {
    house,
    ask,
    plain,
    link: edge.links.sign(plain, HOUR),
    sha256: made.sha256,
    reported: edge.reported,
  }
}

const bytesOf = async (answer: IncomingMessage) => Buffer.concat((await answer.toArray()) as Buffer[])

test('the address is on the map, guarded, and answered before the framework by the loader that stands there', () => {
  expect(route?.path).toBe('media/:id/:kind')
  expect([loader.guard, loader.direct]).toEqual(['link', true])
})

test('whole, in part, by condition and by HEAD it is what the rule says, byte for byte', async () => {
  const video = Buffer.from(Uint8Array.from({ length: 2 * MIB + 321 }, (_, i) => (i * 31 + (i >> 9)) % 251))
  const { ask, link, sha256 } = await aServer(video)
  const whole = await ask(link)
  expect([whole.statusCode, whole.headers]).toMatchObject([
    200,
    {
      'accept-ranges': 'bytes',
      'cache-control': 'private, no-store',
      'content-length': String(video.length),
      'content-security-policy': "sandbox; default-src 'none'",
      'content-type': 'video/mp4',
      etag: `"${sha256}"`,
    },
  ])
  expect((await bytesOf(whole)).equals(video)).toBe(true)
  const part = await ask(link, { range: 'bytes=262100-1572900', 'if-range': `"${sha256}"` })
  expect([part.statusCode, part.headers['content-range']]).toEqual([
    206,
    `bytes 262100-1572900/${video.length}`,
  ])
  expect((await bytesOf(part)).equals(video.subarray(262_100, 1_572_901))).toBe(true)
  const stale = await ask(link, { range: 'bytes=0-9', 'if-range': '"of yesterday"' })
  expect([stale.statusCode, (await bytesOf(stale)).length]).toEqual([200, video.length])
  const outside = await ask(link, { range: `bytes=${video.length}-` })
  expect([outside.statusCode, outside.headers['content-range']]).toEqual([416, `bytes */${video.length}`])
  expect((await ask(link, { 'if-none-match': `"${sha256}"` })).statusCode).toBe(304)
  const head = await ask(link, { range: 'bytes=0-9' }, 'HEAD')
  expect([head.statusCode, head.headers['content-length']]).toEqual([200, String(video.length)])
  expect((await bytesOf(head)).length).toBe(0)
})

test('a signed link shows on other sites, and nothing else does', async () => {
  const { ask, link, plain } = await aServer(new Uint8Array(1000))
  const policy = async (path: string, headers: Record<string, string> = {}) =>
    (await ask(path, headers)).headers['cross-origin-resource-policy']
  expect(await policy(link)).toBe('cross-origin')
  expect(await policy(link, { range: 'bytes=0-9' })).toBe('cross-origin')
  expect(await policy(forged(link))).toBe('same-origin')
  expect(await policy(plain)).toBe('same-origin')
})

test('without account and link it is not there, and no other method is answered here', async () => {
  const { ask, plain, link } = await aServer(new Uint8Array(1000))
  const refused = await ask(plain)
  expect([refused.statusCode, refused.headers['content-type']]).toEqual([404, 'text/plain; charset=utf-8'])
  expect(String(await bytesOf(refused))).toContain('There is nothing here')
  expect((await ask(forged(link))).statusCode).toBe(404)
  expect(String(await bytesOf(await ask(link, {}, 'POST')))).toContain('Cannot POST')
})

test.skipIf(process.platform !== 'linux')(
  'a client that goes away in the middle leaves no file open and nothing to report',
  async () => {
    const { house, ask, link, reported } = await aServer(new Uint8Array(24 * MIB))
    const open = async () => {
      const links = (await readdir('/proc/self/fd')).map((fd) =>
        readlink(`/proc/self/fd/${fd}`).catch(() => ''),
      )
      return (await Promise.all(links)).filter((name) => name.endsWith('/video')).length
    }
    const answers = await Promise.all([ask(link), ask(link), ask(link, { range: 'bytes=1000-' })])
    expect(await open()).toBe(3)
    for (const answer of answers) answer.destroy()
    await expect.poll(open).toBe(0)
    expect(reported).toEqual([])
    // Each was counted as an opening, also those that nobody watched to the end.
    const [tally] = await house.keyring.tally({ since: house.clock.now(), purpose: 'generation.deliver' })
    expect(tally).toMatchObject({ actorId: 'signed-link', opened: 3 })
  },
)

/** The same link with another signature. */
function forged(link: string): string {
  return link.replace(/(?<=sig=)./, (first) => (first === 'A' ? 'B' : 'A'))
}
