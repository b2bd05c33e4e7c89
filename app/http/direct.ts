import { ReadableStream } from 'node:stream/web'
import {
  type AppLoadContext,
  type LoaderFunctionArgs,
  type ServerBuild,
  writeReadableStreamToWritable,
} from '@remix-run/node'
import { type Request as Asked, type RequestHandler, Router, type Response as Telling } from 'express'
import { isPaced } from '#app/studio/creations/paced-stream.ts'
import type { EdgeContext } from './load-context.ts'
import { sendPieces } from './send-pieces.ts'

/**
 * What programs call, and videos, are answered without the pages' framework, which took half of the time of such a call: it
 * matches an address against every page and carries body and answer through streams. The addresses stand in `app/routes.ts`
 * like all others, and the same `loader` and `action` are called with the same arguments. What is not found here goes on to
 * the framework.
 */
export interface Direct {
  /** Set by the builder of such routes: the handler shapes its own errors and always answers a `Response`. */
  readonly direct: true
}

type Handler = ((args: Pick<LoaderFunctionArgs, 'request' | 'context' | 'params'>) => Promise<Response>) &
  Direct

/** @param before what a request passes first, such as the line in the log */
export function directRoutes(
  { routes }: Pick<ServerBuild, 'routes'>,
  before: readonly RequestHandler[],
  contextOf: (request: Asked, response: Telling) => Promise<EdgeContext>,
): Router {
  const router = Router()
  for (const { path, loader, action } of found(routes)) {
    const handlerOf = ({ method }: Asked) => (method === 'GET' || method === 'HEAD' ? loader : action)
    router.all(
      // `/api/*` is `/api` too, as it is to the framework.
      path.endsWith('/*') ? [path.slice(0, -2), path] : path,
      (request, _response, next) => next(handlerOf(request) ? undefined : 'route'),
      ...before,
      async (request, response, next) => {
        try {
          const context = (await contextOf(request, response)) as AppLoadContext
          const args = { request: webRequest(request, response), context, params: { ...request.params } }
          const answer = await handlerOf(request)?.(args)
          if (answer) await send(answer, response)
          // What nobody read of the body would stand before the connection's next request.
          request.resume()
        } catch (error) {
          next(error)
        }
      },
    )
  }
  return router
}

function found(routes: ServerBuild['routes']) {
  const direct = Object.values(routes).flatMap((route) => {
    const { loader, action } = (route?.module ?? {}) as { loader?: unknown; action?: unknown }
    const handlers = { loader: directOf(loader), action: directOf(action) }
    return route && (handlers.loader || handlers.action)
      ? [{ path: pathOf(routes, route.id), ...handlers }]
      : []
  })
  // A pattern for the rest of an address must not take what has a route of its own.
  return direct.sort((a, b) => Number(a.path.endsWith('*')) - Number(b.path.endsWith('*')))
}

function directOf(handler: unknown): Handler | undefined {
  return (handler as Partial<Direct> | undefined)?.direct === true ? (handler as Handler) : undefined
}

function pathOf(routes: ServerBuild['routes'], id: string): string {
  const { parentId, path = '' } = routes[id] ?? {}
  const above = parentId === undefined ? '' : pathOf(routes, parentId)
  return `${above}/${path}`.replace(/\/{2,}/g, '/').replace(/\/$/, '')
}

function webRequest(request: Asked, response: Telling): Request {
  const { method, protocol, originalUrl } = request
  const controller = new AbortController()
  response.once('close', () => {
    if (!response.writableFinished) controller.abort()
  })
  const headers = new Headers()
  for (const [name, value] of Object.entries(request.headers))
    for (const one of [value ?? []].flat()) headers.append(name, one)
  const init = { method, headers, signal: controller.signal }
  const url = new URL(originalUrl, `${protocol}://${request.headers.host ?? 'localhost'}`)
  if (method === 'GET' || method === 'HEAD') return new Request(url, init)
  // Whoever stops reading, because the body is too large, must still be able to answer: the connection stays.
  const body = ReadableStream.from<Uint8Array>(request.iterator({ destroyOnReturn: false })) as BodyInit
  return new Request(url, { ...init, body, duplex: 'half' })
}

/** Up to so many bytes an answer is sent in one piece together with its head. */
const WHOLE = 64 * 1024

async function send(answer: Response, response: Telling): Promise<void> {
  response.status(answer.status)
  for (const [name, value] of answer.headers) {
    if (name === 'set-cookie') response.append(name, value)
    else response.setHeader(name, value)
  }
  const length = answer.headers.get('content-length')
  if (isPaced(answer)) await sendPieces(answer.pieces, response)
  else if (!answer.body) response.end()
  else if (length !== null && Number(length) <= WHOLE) response.end(Buffer.from(await answer.arrayBuffer()))
  else await writeReadableStreamToWritable(answer.body, response)
}
