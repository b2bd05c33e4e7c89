import { AppError } from '#core/errors/errors.ts'
import { say } from '#core/i18n/say.ts'
import { pictureLimits } from '#core/media/picture.ts'

/** A request's body as it arrives. */
export function piecesOf(request: Request): AsyncIterable<Uint8Array> {
  return (request.body ?? []) as AsyncIterable<Uint8Array>
}

/** One picture that is the body of a request. Throws `picture_too_large`: the length that a request claims proves nothing. */
export async function pictureBody(request: Request): Promise<Buffer> {
  const { maxBytes } = pictureLimits
  const pieces: Uint8Array[] = []
  let size = 0
  for await (const piece of piecesOf(request)) {
    size += piece.byteLength
    if (size <= maxBytes) pieces.push(piece)
    // Read on, and kept nothing of: whoever still sends when the connection ends never sees the refusal. Not for ever, though.
    else if (size > 4 * maxBytes) break
  }
  if (size > maxBytes)
    throw new AppError(
      'picture_too_large',
      say('This picture is larger than {megabytes} MB.', {
        megabytes: Math.floor(maxBytes / 1024 / 1024),
      }),
      { status: 413 },
    )
  return Buffer.concat(pieces)
}
