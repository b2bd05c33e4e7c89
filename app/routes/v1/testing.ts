/** What the tests of this API share: the web server of a house on a port of its own. */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import type { House } from '#app/house.ts'
import { openWebServer } from '#app/http/server.ts'
import { apiBuild } from '../api/testing.ts'

/** Answers its origin. It ends with the test. */
export async function aServer(house: House): Promise<string> {
  const { server, stop } = await openWebServer(house, await apiBuild(), house.config.dataDir)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => stop(1000))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
