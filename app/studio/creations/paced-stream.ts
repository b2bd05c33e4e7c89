/**
 * The body of a large answer, for the framework and for an edge that knows better. The framework writes what it reads without looking whether the client keeps up
 * (`writeReadableStreamToWritable` of @remix-run/node 2.17 ignores what `write` answers), so one slow phone would pull a
 * whole video into memory. Here the source waits for the outlet instead, and ends when the client has gone.
 */
export interface Outlet {
  /** Resolves when what was written before has left this process, or never will. */
  drained(): Promise<void>
  /** Fires when the connection has closed. */
  readonly closed: AbortSignal
}

/**
 * Bytes in order. Each piece has memory of its own that nobody else looks into, so that whoever is done with one may let go of
 * it. Holds a file or a connection open until it ends or is left by `return`.
 */
export type Pieces = AsyncIterableIterator<Uint8Array, undefined>

/** An answer that can be sent in two ways, of which only one may be begun: by its `body`, or by its `pieces`. */
export interface PacedResponse extends Response {
  readonly pieces: Pieces
}

export function pacedResponse(
  pieces: Pieces,
  outlet: Outlet | undefined,
  signal: AbortSignal,
  init: ResponseInit,
): PacedResponse {
  return Object.assign(new Response(pacedStream(pieces, outlet, signal), init), { pieces })
}

/** By what it has and not by class: the build holds another copy of this module. */
export function isPaced(answer: Response): answer is PacedResponse {
  return 'pieces' in answer
}

/** Reads `source` only as fast as the outlet takes it. Without an outlet it goes unpaced, as in tests and at no edge. */
export function pacedStream(
  source: AsyncIterable<Uint8Array>,
  outlet: Outlet | undefined,
  signal: AbortSignal,
): ReadableStream<Uint8Array> {
  const iterator = source[Symbol.asyncIterator]()
  const gone = outlet?.closed ?? signal
  let ended = false
  const leave = async () => {
    if (ended) return
    ended = true
    gone.removeEventListener('abort', onGone)
    await iterator.return?.()
  }
  // Whoever went away is no fault: nothing is to be logged, only the file to be closed.
  const onGone = () => void leave().catch(() => {})
  gone.addEventListener('abort', onGone, { once: true })
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        await outlet?.drained()
        if (gone.aborted || ended) {
          await leave()
          return controller.close()
        }
        try {
          const { done, value } = await iterator.next()
          if (ended) return controller.close()
          if (!done) return controller.enqueue(value)
          await leave()
          controller.close()
        } catch (error) {
          await leave().catch(() => {})
          controller.error(error)
        }
      },
      cancel: leave,
    },
    // Nothing is read ahead: the store already is, by a step.
    { highWaterMark: 0 },
  )
}
