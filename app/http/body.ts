/** A request's body as it arrives. */
export function piecesOf(request: Request): AsyncIterable<Uint8Array> {
  return (request.body ?? []) as AsyncIterable<Uint8Array>
}

/** Bytes that are read on of what is too long, at least. */
const READ_ON = 32 * 1024 * 1024

/**
 * The body, or the beginning of one that is longer than `most` bytes: the length that a request claims proves nothing. What is
 * too long is read on and nothing kept of it, for whoever still sends when the connection ends never sees the refusal;
 * not for ever, though.
 */
export async function bodyBegun(
  request: Request,
  most: number,
): Promise<{ bytes: Buffer<ArrayBuffer>; whole: boolean }> {
  const pieces: Uint8Array[] = []
  let size = 0
  for await (const piece of piecesOf(request)) {
    if (size < most) pieces.push(piece.subarray(0, most - size))
    size += piece.byteLength
    if (size > Math.max(4 * most, READ_ON)) break
  }
  return { bytes: Buffer.concat(pieces), whole: size <= most }
}

/** The whole body, or undefined when it is longer than `most` bytes. */
export async function bodyUpTo(request: Request, most: number): Promise<Buffer<ArrayBuffer> | undefined> {
  const { bytes, whole } = await bodyBegun(request, most)
  return whole ? bytes : undefined
}
