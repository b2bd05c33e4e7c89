/** What the tests of this API share: the web server of a house on a port of its own. */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { ServerBuild } from '@remix-run/node'
import { onTestFinished } from 'vitest'
import type { House } from '#app/house.ts'
import { openWebServer } from '#app/http/server.ts'
import { apiBuild } from '../api/testing.ts'

/** The programs' routes, and for pages one word. */
async function wholeBuild(): Promise<ServerBuild> {
  return {
    ...(await apiBuild()),
    entry: { module: { default: (_: Request, status: number) => new Response('a page', { status }) } },
    assets: { entry: { module: '', imports: [] }, routes: {}, url: '', version: '1' },
    publicPath: '/',
    assetsBuildDirectory: '',
    future: { v3_singleFetch: true, v3_relativeSplatPath: true, v3_throwAbortReason: true },
    isSpaMode: false,
    mode: 'production',
  } as unknown as ServerBuild
}

/** Answers its origin. It ends with the test. */
export async function aServer(house: House): Promise<string> {
  const { server, stop } = await openWebServer(house, await wholeBuild(), house.config.dataDir)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => stop(1000))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
