/**
 * Pins: an address of the API that goes through the pages' framework after all, or a page that does not; a body that is refused
 * as too large and takes the answer with it; a large answer cut short; a client that leaves and is worked for all the same.
 */
import { once } from 'node:events'
import { request as ask } from 'node:http'
import type { ServerBuild } from '@remix-run/node'
import express, { type Request as Asked, type Response as Telling } from 'express'
import { expect, test } from 'vitest'
import { apiBuild } from '#app/routes/api/testing.ts'
import { directRoutes } from './direct.ts'
import type { EdgeContext } from './load-context.ts'
import { listening } from './testing.ts'

type Handle = (args: { request: Request; params: Record<string, string> }) => Promise<Response>

const direct = (handle: Handle) => Object.assign(handle, { direct: true as const })
const json = async (request: Request) => Response.json(await request.text())

async function serve(modules: Record<string, object>): Promise<string> {
  const routes: Record<string, unknown> = { root: { id: 'root', path: '', module: {} } }
  for (const [path, module] of Object.entries(modules))
    routes[path] = { id: path, parentId: 'root', path, module }
  return serving({ routes } as Pick<ServerBuild, 'routes'>)
}

async function serving(build: Pick<ServerBuild, 'routes'>): Promise<string> {
  const app = express()
  app.use(directRoutes(build, [], async () => ({}) as EdgeContext))
  app.use((_: Asked, response: Telling) => void response.send('the framework'))
  app.use(
    (error: Error, _: Asked, response: Telling, _next: unknown) =>
      void response.status(500).send(error.message),
  )
  return listening(app)
}

test('every address of the API is answered here', async () => {
  const { routes } = await apiBuild()
  const context = async () => ({}) as EdgeContext
  const answered = directRoutes({ routes }, [], context).stack.flatMap(({ route }) => route?.path ?? [])
  const listed = Object.values(routes).flatMap((route) => (route?.path ? [route.path] : []))
  expect(answered).toEqual(expect.arrayContaining(listed))
})

test('a route is found by its own pattern, and what is none goes on', async () => {
  const said = (word: string) => ({
    loader: direct(async ({ params }) => Response.json({ word, ...params })),
  })
  const origin = await serve({
    'things/*': said('rest'),
    'things/:id': said('one'),
    page: { loader: async () => new Response('never') },
  })
  const get = async (path: string) => (await fetch(origin + path)).text()
  expect(await get('/things/a%20b')).toBe('{"word":"one","id":"a b"}')
  expect(await get('/things/a/b')).toContain('"word":"rest"')
  expect(await get('/things')).toContain('"word":"rest"')
  expect(await get('/page')).toBe('the framework')
  const posted = await fetch(`${origin}/things/a`, { method: 'POST' })
  expect(await posted.text()).toBe('the framework')
})

test('bodies, cookies and heads come through as they were', async () => {
  const origin = await serve({
    echo: { loader: direct(async () => withCookies()), action: direct(({ request }) => json(request)) },
  })
  const posted = await fetch(`${origin}/echo?x=1`, { method: 'POST', body: 'ü'.repeat(100_000) })
  expect(await posted.json()).toBe('ü'.repeat(100_000))
  const head = await fetch(`${origin}/echo`, { method: 'HEAD' })
  expect([head.status, head.headers.getSetCookie(), await head.text()]).toEqual([201, ['a=1', 'b=2'], ''])
  expect(await (await fetch(`${origin}/echo`)).text()).toBe('hello')
})

function withCookies(): Response {
  const headers = new Headers({ 'Content-Length': '5' })
  headers.append('Set-Cookie', 'a=1')
  headers.append('Set-Cookie', 'b=2')
  return new Response('hello', { status: 201, headers })
}

test('a large answer streams whole, and one without a length too', async () => {
  const bytes = Buffer.alloc(3_000_000, 'x')
  const origin = await serve({
    large: { loader: direct(async () => new Response(bytes, { headers: { 'Content-Length': '3000000' } })) },
    endless: { loader: direct(async () => new Response(bytes)) },
  })
  for (const path of ['/large', '/endless'])
    expect((await (await fetch(origin + path)).arrayBuffer()).byteLength).toBe(3_000_000)
})

test('a body that is refused halfway gets its answer, and the connection its next request', async () => {
  const refuse: Handle = async ({ request }) => {
    for await (const _ of request.body ?? []) break
    return new Response('too large', { status: 413 })
  }
  const origin = await serve({ take: { action: direct(refuse) } })
  for (let i = 0; i < 3; i++) {
    const refused = await fetch(`${origin}/take`, { method: 'POST', body: Buffer.alloc(500_000) })
    expect([refused.status, await refused.text()]).toEqual([413, 'too large'])
  }
})

test('a client that leaves ends the work for it; a fault goes to the edge', async () => {
  const left = Promise.withResolvers<void>()
  const begun = Promise.withResolvers<void>()
  const wait: Handle = async ({ request }) => {
    begun.resolve()
    await once(request.signal, 'abort')
    left.resolve()
    return new Response(null)
  }
  const origin = await serve({
    wait: { loader: direct(wait) },
    broken: { loader: direct(async () => Promise.reject(new Error('broken'))) },
  })
  const client = ask(`${origin}/wait`).on('error', () => {})
  client.end()
  await begun.promise
  client.destroy()
  await left.promise
  const broken = await fetch(`${origin}/broken`)
  expect([broken.status, await broken.text()]).toEqual([500, 'broken'])
})
