import type { ServerResponse } from 'node:http'
import type { Outlet } from '#app/studio/creations/paced-stream.ts'

/** What the body of a large answer waits for, so that it is read only as fast as the client takes it. */
export function outletOf(response: ServerResponse): Outlet {
  let closed: AbortSignal | undefined
  // Made for those who ask: aborting one at the end of every request took longer than matching its address.
  const whenClosed = () => {
    closed ??= closing(response)
    return closed
  }
  return {
    get closed() {
      return whenClosed()
    },
    drained() {
      if (!response.writableNeedDrain || whenClosed().aborted) return Promise.resolve()
      return new Promise((resolve) => {
        const go = () => {
          response.off('drain', go)
          response.off('close', go)
          resolve()
        }
        response.on('drain', go)
        response.on('close', go)
      })
    },
  }
}

function closing(response: ServerResponse): AbortSignal {
  if (response.destroyed) return AbortSignal.abort()
  const controller = new AbortController()
  response.once('close', () => controller.abort())
  return controller.signal
}
