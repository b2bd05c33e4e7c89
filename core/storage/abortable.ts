/**
 * `source`, left as soon as `signal` aborts, even while it is waiting for its next piece: its iterator is told to return, and the
 * signal's reason is thrown. Without this a put would wait for a provider's stalled download.
 */
export function abortable<T>(source: AsyncIterable<T>, signal: AbortSignal | undefined): AsyncIterable<T> {
  return signal ? untilAborted(source, signal) : source
}

async function* untilAborted<T>(
  source: AsyncIterable<T>,
  signal: AbortSignal,
): AsyncGenerator<T, void, undefined> {
  let abort = () => {}
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason)
  })
  aborted.catch(() => {})
  signal.addEventListener('abort', abort, { once: true })
  const iterator = source[Symbol.asyncIterator]()
  let ended = false
  try {
    while (true) {
      signal.throwIfAborted()
      const next = await Promise.race([iterator.next(), aborted])
      if (next.done) {
        ended = true
        return
      }
      yield next.value
    }
  } catch (error) {
    // An iterator that threw has ended by itself.
    ended = !signal.aborted
    throw error
  } finally {
    signal.removeEventListener('abort', abort)
    if (!ended) {
      const returned = Promise.resolve(iterator.return?.())
      // A generator that hangs returns only when it wakes: it is told, but not waited for.
      if (signal.aborted) returned.catch(() => {})
      else await returned
    }
  }
}
