import type { Creation, CreditCount, QueueCount } from '#app/studio/creations/creation.schema.ts'

export type LiveNews =
  | { kind: 'generation'; data: Creation }
  | { kind: 'queue'; data: QueueCount }
  | { kind: 'credits'; data: CreditCount }

const kinds = ['generation', 'queue', 'credits'] as const

/**
 * Listens to what happens to a person's videos until the answer is called. HTTP/1.1 lets a browser have six connections
 * to one host, so of all tabs one holds the stream (whoever has the lock) and tells the others. Where the browser lacks
 * locks, as on plain HTTP, each tab has its own.
 *
 * @param person names the channel, so that nothing passes from one account to another in the same browser
 * @param known what this tab already heard, for a tab that opens later
 */
export function listen(
  address: string,
  person: string,
  onNews: (news: LiveNews) => void,
  known: () => LiveNews[],
): () => void {
  const leaving = new AbortController()
  const { signal } = leaving
  const shared = typeof BroadcastChannel === 'function' && 'locks' in navigator
  if (!shared) {
    openStream(address, signal, onNews)
    return () => leaving.abort()
  }
  const name = `live:${person}`
  const channel = new BroadcastChannel(name)
  let leading = false
  channel.onmessage = ({ data }: MessageEvent<LiveNews | { kind: 'hello' }>) => {
    if (data.kind !== 'hello') onNews(data)
    else if (leading) for (const news of known()) channel.postMessage(news)
  }
  signal.addEventListener('abort', () => channel.close())
  channel.postMessage({ kind: 'hello' })
  navigator.locks
    .request(name, { signal }, () => {
      leading = true
      openStream(address, signal, (news) => {
        onNews(news)
        channel.postMessage(news)
      })
      // The lock is held until the tab goes or leaves the studio.
      return new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
    })
    .catch((error: unknown) => {
      // Left before it was our turn; anything else means that nobody leads, so this tab listens for itself.
      if (!signal.aborted && error) openStream(address, signal, onNews)
    })
  return () => leaving.abort()
}

/** The browser comes back by itself after a lost connection, but not after an answer that is no stream. */
function openStream(address: string, signal: AbortSignal, onNews: (news: LiveNews) => void): void {
  let pause = 2000
  let timer: ReturnType<typeof setTimeout> | undefined
  let source: EventSource | undefined
  const open = () => {
    source = new EventSource(address)
    source.onopen = () => {
      pause = 2000
    }
    source.onerror = () => {
      if (source?.readyState !== EventSource.CLOSED) return
      timer = setTimeout(open, pause)
      pause = Math.min(pause * 2, 60_000)
    }
    for (const kind of kinds)
      source.addEventListener(kind, ({ data }) => onNews({ kind, data: JSON.parse(data) } as LiveNews))
  }
  open()
  signal.addEventListener('abort', () => {
    clearTimeout(timer)
    source?.close()
  })
}
