/** What the tests of the API share: its routes behind the framework's own handler, without the pages. */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { type AppLoadContext, createRequestHandler, type ServerBuild } from '@remix-run/node'
import { createApiKey } from '#app/accounts/api-keys.ts'
import type { House } from '#app/house.ts'
import { apiBooks } from '#app/http/api-books.ts'
import type { EdgeContext } from '#app/http/load-context.ts'
import { signedLinks } from '#app/studio/creations/links.ts'
import type { ApiScope } from '#core/db/schema/accounts.ts'
import type { SubjectId } from '#core/ids/ids.ts'
import { v1 } from '../v1/routes.ts'
import { api } from './routes.ts'

/** The APIs' part of what the build makes of `app/routes.ts`. */
export async function apiBuild(): Promise<ServerBuild> {
  const routes: Record<string, unknown> = { root: { id: 'root', path: '', module: { default: () => null } } }
  for (const { path, file } of [...api, ...v1]) {
    const module = await import(join(import.meta.dirname, '../..', file))
    routes[file] = { id: file, parentId: 'root', path: path?.replace(/^\//, ''), module }
  }
  return {
    entry: { module: { default: (_: Request, status: number) => new Response('a page', { status }) } },
    routes,
    assets: { entry: { module: '', imports: [] }, routes: {}, url: '', version: '1' },
    publicPath: '/',
    assetsBuildDirectory: '',
    future: { v3_singleFetch: true, v3_relativeSplatPath: true, v3_throwAbortReason: true },
    isSpaMode: false,
    mode: 'production',
  } as unknown as ServerBuild
}

export async function anEdge(house: House): Promise<EdgeContext & { reported: unknown[] }> {
  const reported: unknown[] = []
  return {
    house,
    sessions: {} as EdgeContext['sessions'],
    session: undefined,
    visitor: {
      address: '203.0.113.7',
      locale: 'en',
      timeZone: 'UTC',
      theme: undefined,
      deviceClass: 'other',
    },
    links: signedLinks(await house.keyring.secret('links'), house.clock),
    outlet: { drained: async () => {}, closed: new AbortController().signal },
    stopping: new AbortController().signal,
    live: { subscribe: () => () => {} },
    cspNonce: '',
    locale: 'en',
    timeZone: 'UTC',
    theme: undefined,
    site: { name: 'Fairframe' },
    now: house.clock.now(),
    traceId: randomBytes(8).toString('hex'),
    report: (error) => reported.push(error),
    reported,
  }
}

/** Text and bytes as they are, anything else as JSON. */
function asSent(body: unknown): string | Uint8Array<ArrayBuffer> {
  return typeof body === 'string' || body instanceof Uint8Array
    ? (body as string | Uint8Array<ArrayBuffer>)
    : JSON.stringify(body)
}

export interface Asked {
  method?: string
  key?: string
  body?: unknown
  headers?: Record<string, string>
}

/** Asks the API of this house, as a program would. */
export async function anApi(house: House) {
  const handle = createRequestHandler(await apiBuild(), 'production')
  const edge = await anEdge(house)
  return {
    reported: edge.reported,
    async ask(path: string, { method = 'GET', key, body, headers = {} }: Asked = {}): Promise<Response> {
      const request = new Request(`http://localhost:3000${path}`, {
        method,
        headers: {
          ...(key ? { authorization: `Bearer ${key}` } : {}),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: asSent(body) }),
      })
      return handle(request, edge as unknown as AppLoadContext)
    },
    async keyOf(subject: SubjectId, scopes?: ApiScope[]): Promise<string> {
      const made = await createApiKey(
        house,
        { kind: 'person', id: subject },
        { subject, name: 'test', scopes },
      )
      return made.key
    },
    /** What the log has once everything is written. */
    async logged() {
      await apiBooks(house).flush()
      return house.db.read.selectFrom('api_request').selectAll().orderBy('id').execute()
    },
  }
}
