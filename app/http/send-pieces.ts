import type { ServerResponse } from 'node:http'
import type { Pieces } from '#app/studio/creations/paced-stream.ts'

/**
 * Ends the answer with these pieces, one at a time, each once the one before has left this process. When the client goes, they
 * are left and nothing is thrown. Their own errors are thrown on; the answer then must be cut, so that it does not look whole.
 *
 * The memory of each piece is freed as soon as it was sent. Left to the garbage collector, a few videos being watched make it
 * walk the whole heap all the time, which costs several times what opening the pieces does.
 */
export async function sendPieces(pieces: Pieces, response: ServerResponse): Promise<void> {
  try {
    for (;;) {
      const { done, value } = await pieces.next()
      if (response.destroyed) return
      if (done) return void response.end()
      if (!(await written(value, response))) return
      letGo(value)
    }
  } catch (error) {
    if (!response.destroyed) throw error
  } finally {
    await pieces.return?.()
  }
}

/** Whether it has left this process; false when it never will. */
function written(piece: Uint8Array, response: ServerResponse): Promise<boolean> {
  return new Promise((resolve) => {
    const gone = () => resolve(false)
    // A write that waits when its connection closes may never be heard of again.
    response.once('close', gone)
    response.write(piece, (error) => {
      response.off('close', gone)
      resolve(!error)
    })
  })
}

function letGo({ buffer }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer) buffer.transfer(0)
}
