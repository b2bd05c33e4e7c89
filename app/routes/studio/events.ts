import { eventStream } from '#app/http/live.ts'
import { pageLoader } from '#app/http/page.ts'
import { liveFeed } from '#app/studio/creations/live-feed.ts'

/** What happens to a person's videos and credits, as it happens. One stream for each browser, shared by its tabs. */
export const loader = pageLoader('person', ({ house, context, request, who }) => {
  const ended = new AbortController()
  const end = () => ended.abort()
  // The request's own signal follows weakly and may be collected before it fires; the connection's cannot.
  for (const signal of [context.outlet.closed, context.stopping, request.signal]) {
    if (signal.aborted) end()
    signal.addEventListener('abort', end, { once: true, signal: ended.signal })
  }
  const feed = liveFeed(house, { actor: who.actor, sessionId: who.sessionId }, end)
  return eventStream(context, ended.signal, feed.next)
})
