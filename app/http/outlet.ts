import type { ServerResponse } from 'node:http'
import type { Outlet } from '#app/studio/creations/paced-stream.ts'

/** What the body of a large answer waits for, so that it is read only as fast as the client takes it. */
export function outletOf(response: ServerResponse): Outlet {
  const closed = new AbortController()
  response.once('close', () => closed.abort())
  return {
    closed: closed.signal,
    drained() {
      if (!response.writableNeedDrain || closed.signal.aborted) return Promise.resolve()
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
