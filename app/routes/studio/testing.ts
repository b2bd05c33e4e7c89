/** What the tests of the studio share: its routes behind the framework's own handler, which answers what the pages would be given. */
import { join } from 'node:path'
import { type AppLoadContext, createRequestHandler, type ServerBuild } from '@remix-run/node'
import type { House } from '#app/house.ts'
import type { EdgeContext } from '#app/http/load-context.ts'
import { openSessions } from '#app/http/session.ts'
import { aBuild } from '#app/http/testing.ts'
import { paths } from '#app/paths.ts'
import { anEdge } from '#app/routes/api/testing.ts'
import type { SubjectId } from '#core/ids/ids.ts'
import { studio } from './routes.ts'

interface Given {
  staticHandlerContext: { loaderData: unknown; actionData: unknown; errors: unknown }
}

/** The studio's part of the build. A page is answered as JSON: what its loaders and its action gave, and its errors. */
export async function studioBuild(): Promise<ServerBuild> {
  const routes: Record<string, unknown> = { root: { id: 'root', path: '', module: { default: () => null } } }
  const add = async (entries: typeof studio, parentId: string) => {
    for (const { path, file, children } of entries) {
      const id = file.replace(/\.tsx?$/, '')
      const module = await import(join(import.meta.dirname, '../..', file))
      routes[id] = { id, parentId, path, module }
      await add(children ?? [], id)
    }
  }
  await add(studio, 'root')
  const page = (_: Request, status: number, headers: Headers, { staticHandlerContext }: Given) => {
    const { loaderData, actionData, errors } = staticHandlerContext
    return Response.json({ loaderData, actionData, errors }, { status, headers })
  }
  return aBuild(routes as ServerBuild['routes'], page)
}

/** The edge's context for a signed-in person, or for nobody. */
export async function edgeFor(house: House, person?: { id: SubjectId }): Promise<EdgeContext> {
  const edge = await anEdge(house)
  if (!person) return edge
  const sessions = openSessions(house, house.config.appUrl)
  const { cookie } = await sessions.start(person.id, { authMethod: 'password', deviceClass: 'desktop' })
  return { ...edge, sessions, session: await sessions.read(cookie.split(';')[0]) }
}

/** A browser of this person, without scripts: it asks for pages and posts forms. */
export async function aBrowser(house: House, person?: { id: SubjectId }) {
  const handle = createRequestHandler(await studioBuild(), 'production')
  const context = (await edgeFor(house, person)) as AppLoadContext
  const ask = (path: string, init?: RequestInit) =>
    handle(new Request(new URL(path, house.config.appUrl), init), context)
  return {
    context,
    ask,
    /** What one route of a page was given. */
    async page(path: string, route: string) {
      const response = await ask(path)
      const { loaderData } = (await response.json()) as { loaderData: Record<string, unknown> | null }
      return { status: response.status, data: loaderData?.[`routes/studio/${route}`] as never }
    },
    /** What the page shows of a model's prices and recipients; a form that is sent says it again. */
    async terms(model: string): Promise<string> {
      const response = await ask(paths.compose({ model }))
      const { loaderData } = (await response.json()) as {
        loaderData: { 'routes/studio/compose': { offer: { terms: string } } }
      }
      return loaderData['routes/studio/compose'].offer.terms
    },
    async post(path: string, fields: Record<string, string | Blob>) {
      const body = new FormData()
      for (const [name, value] of Object.entries(fields)) body.append(name, value)
      const response = await ask(path, { method: 'POST', body })
      const { actionData } = response.headers.get('content-type')?.includes('json')
        ? ((await response.json()) as { actionData: Record<string, Answered> | null })
        : { actionData: null }
      return {
        status: response.status,
        to: response.headers.get('location'),
        answer: actionData ? Object.values(actionData)[0] : undefined,
      }
    },
  }
}

interface Answered {
  ok: boolean
  refusal?: { code: string; sentence: { text: string }; fields: Record<string, { text: string }> }
  typed?: Record<string, string>
}
