/** A request's body as it arrives. */
export function piecesOf(request: Request): AsyncIterable<Uint8Array> {
  return (request.body ?? []) as AsyncIterable<Uint8Array>
}

/**
 * The whole body, or undefined when it is longer than `most` bytes: the length that a request claims proves nothing. What is
 * too long is read on and nothing kept of it, for whoever still sends when the connection ends never sees the refusal;
 * not for ever, though.
 */
export async function bodyUpTo(request: Request, most: number): Promise<Buffer<ArrayBuffer> | undefined> {
  const pieces: Uint8Array[] = []
  let size = 0
  for await (const piece of piecesOf(request)) {
    size += piece.byteLength
    if (size <= most) pieces.push(piece)
    else if (size > 4 * most) break
  }
  return size > most ? undefined : Buffer.concat(pieces)
}
