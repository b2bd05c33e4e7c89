import type { EdgeContext } from './load-context.ts'

/**
 * A stream of server-sent events (WHATWG HTML, 9.2): `next` is asked after each change and answers what is new. One
 * stream for each browser; it says hello every 20 seconds so that proxies keep it, and ends when the page goes away.
 */
export function eventStream(
  context: Pick<EdgeContext, 'live' | 'report'>,
  signal: AbortSignal,
  next: () => Promise<{ event: string; data: unknown }[]>,
): Response {
  const encoder = new TextEncoder()
  let stop = () => {}
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      const send = (text: string) => controller.enqueue(encoder.encode(text))
      let running = false
      let again = false
      const look = async () => {
        if (running) {
          again = true
          return
        }
        running = true
        try {
          do {
            again = false
            for (const { event, data } of await next())
              send(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
          } while (again && !signal.aborted)
        } catch (error) {
          if (!signal.aborted) context.report(error)
          end()
        } finally {
          running = false
        }
      }
      const hello = setInterval(() => send(': here\n\n'), 20_000)
      const unsubscribe = context.live.subscribe(() => void look())
      const end = () => {
        clearInterval(hello)
        unsubscribe()
        signal.removeEventListener('abort', end)
        try {
          controller.close()
        } catch {
          // Closed by the other side already.
        }
      }
      stop = end
      signal.addEventListener('abort', end, { once: true })
      send('retry: 2000\n\n')
      void look()
    },
    cancel: () => stop(),
  })
  return new Response(body, {
    headers: {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store',
      // nginx would otherwise collect the events until its buffer is full.
      'X-Accel-Buffering': 'no',
    },
  })
}
