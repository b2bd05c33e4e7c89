/** What the tests of this API share: the web server of a house on a port of its own. */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { ServerBuild } from '@remix-run/node'
import { onTestFinished } from 'vitest'
import type { House } from '#app/house.ts'
import { openWebServer } from '#app/http/server.ts'
import { aBuild } from '#app/http/testing.ts'
import { apiBuild } from '../api/testing.ts'

/** The programs' routes, and for pages one word. */
async function wholeBuild(): Promise<ServerBuild> {
  const { routes } = await apiBuild()
  return aBuild(routes, (_: Request, status: number) => new Response('a page', { status }))
}

/** Answers its origin. It ends with the test. */
export async function aServer(house: House): Promise<string> {
  const { server, stop } = await openWebServer(house, await wholeBuild(), house.config.dataDir)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => stop(1000))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
