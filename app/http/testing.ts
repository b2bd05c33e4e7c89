/** Servers of tests on real sockets, which end with their test, and builds of the framework to put behind them. */
import { once } from 'node:events'
import { createServer, request as get, type IncomingMessage, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ServerBuild } from '@remix-run/node'
import { onTestFinished } from 'vitest'

/** Answers its origin. */
export async function listening(handler: RequestListener): Promise<string> {
  const server = createServer(handler).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    server.close()
    server.closeAllConnections()
    await once(server, 'close')
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** The head of an answer whose body nobody reads yet. */
export async function unread(origin: string): Promise<IncomingMessage> {
  const asked = get(origin)
  asked.end()
  const [response] = (await once(asked, 'response')) as [IncomingMessage]
  return response
}

/** Until what it counts no longer changes. */
export async function settled(count: () => number): Promise<number> {
  // Both ends are in this process: when hundreds of turns of its loop change nothing, nothing is under way.
  for (let [before, still] = [-1, 0]; still < 500; still = before === count() ? still + 1 : 0) {
    before = count()
    await new Promise((resolve) => setImmediate(resolve))
  }
  return count()
}

/** What the framework is given in production, as far as it asks for it; `page` answers for every page. */
export function aBuild(routes: Pick<ServerBuild, 'routes'>['routes'], page: unknown): ServerBuild {
  return {
    entry: { module: { default: page, handleError: () => {} } },
    routes,
    assets: { entry: { module: '', imports: [] }, routes: {}, url: '', version: '1' },
    publicPath: '/',
    assetsBuildDirectory: '',
    future: { v3_singleFetch: true, v3_relativeSplatPath: true, v3_throwAbortReason: true },
    isSpaMode: false,
    mode: 'production',
  } as unknown as ServerBuild
}
