import { PassThrough } from 'node:stream'
import { type AppLoadContext, createReadableStreamFromReadable, type EntryContext } from '@remix-run/node'
import { isRouteErrorResponse, RemixServer } from '@remix-run/react'
import { isbot } from 'isbot'
import { renderToPipeableStream } from 'react-dom/server'
import { ServerOnly } from '#app/components/server-only-values.ts'
import type { PageHandle } from '#app/root.tsx'

/** How long loaders that stream may take before the page is closed without them, in ms. */
export const streamTimeout = 5000

export default function handleRequest(
  request: Request,
  status: number,
  headers: Headers,
  remix: EntryContext,
  context: AppLoadContext,
): Promise<Response> {
  // Crawlers, and pages that ship no script to fill in what comes later, get the whole page at once.
  const whole = isbot(request.headers.get('user-agent')) || shipsNoScript(remix)
  return new Promise((resolve, reject) => {
    let answered = false
    let failed = false
    const { pipe, abort } = renderToPipeableStream(
      <ServerOnly value={{ nonce: context.cspNonce }}>
        <RemixServer context={remix} url={request.url} abortDelay={streamTimeout} nonce={context.cspNonce} />
      </ServerOnly>,
      {
        nonce: context.cspNonce,
        [whole ? 'onAllReady' : 'onShellReady']() {
          answered = true
          const body = new PassThrough()
          headers.set('Content-Type', 'text/html; charset=utf-8')
          resolve(
            new Response(createReadableStreamFromReadable(body), { headers, status: failed ? 500 : status }),
          )
          pipe(body)
        },
        onShellError: reject,
        onError(error) {
          failed = true
          // Before the answer, `onShellError` gets it and the edge reports it.
          if (answered && !request.signal.aborted) context.report(error)
        },
      },
    )
    // One second later than the loaders, so that their refusal is still written.
    setTimeout(abort, streamTimeout + 1000).unref()
  })
}

function shipsNoScript({ routeModules, staticHandlerContext }: EntryContext): boolean {
  return staticHandlerContext.matches.some(
    ({ route }) => (routeModules[route.id]?.handle as PageHandle | undefined)?.scripts === false,
  )
}

/** Errors of loaders, actions and rendering that no boundary expected. */
export function handleError(
  error: unknown,
  { request, context }: { request: Request; context: AppLoadContext },
) {
  // An address that leads nowhere is an answer, not a fault; what has its number was reported with it (`errorPage`).
  if (isRouteErrorResponse(error) && (error.status < 500 || error.data?.traceId)) return
  if (!request.signal.aborted) context.report(error)
}
