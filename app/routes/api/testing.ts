/** What the tests of the API share: its routes as the web server answers them, without the pages. */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { ServerBuild } from '@remix-run/node'
import express from 'express'
import { createApiKey } from '#app/accounts/api-keys.ts'
import type { House } from '#app/house.ts'
import { apiBooks } from '#app/http/api-books.ts'
import { directRoutes } from '#app/http/direct.ts'
import type { EdgeContext } from '#app/http/load-context.ts'
import { refuseMalformed } from '#app/http/security.ts'
import { listening } from '#app/http/testing.ts'
import { signedLinks } from '#app/studio/creations/links.ts'
import type { ApiScope } from '#core/db/schema/accounts.ts'
import type { SubjectId } from '#core/ids/ids.ts'
import { v1 } from '../v1/routes.ts'
import { api } from './routes.ts'

/** The APIs' part of what the build makes of `app/routes.ts`. */
export async function apiBuild(): Promise<Pick<ServerBuild, 'routes'>> {
  const routes: Record<string, unknown> = { root: { id: 'root', path: '', module: { default: () => null } } }
  for (const { path, file } of [...api, ...v1]) {
    const module = await import(join(import.meta.dirname, '../..', file))
    routes[file] = { id: file, parentId: 'root', path, module }
  }
  return { routes } as Pick<ServerBuild, 'routes'>
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

/** Asks the API of this house, as a program would: over a socket, through what `app/http/server.ts` puts before it. */
export async function anApi(house: House) {
  const edge = await anEdge(house)
  const app = express().use(
    refuseMalformed,
    directRoutes(await apiBuild(), [], async () => edge),
  )
  const origin = await listening(app)
  return {
    reported: edge.reported,
    ask(path: string, { method = 'GET', key, body, headers = {} }: Asked = {}): Promise<Response> {
      return fetch(origin + path, {
        method,
        headers: {
          ...(key ? { authorization: `Bearer ${key}` } : {}),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: asSent(body) }),
      })
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
