import { AppError } from '#core/errors/errors.ts'
import { say } from '#core/i18n/say.ts'
import { pictureLimits } from '#core/media/picture.ts'
import { bodyUpTo } from './body.ts'

/** One picture that is the body of a request. Throws `picture_too_large`. */
export async function pictureBody(request: Request): Promise<Buffer> {
  const { maxBytes } = pictureLimits
  const body = await bodyUpTo(request, maxBytes)
  if (!body)
    throw new AppError(
      'picture_too_large',
      say('This picture is larger than {megabytes} MB.', {
        megabytes: Math.floor(maxBytes / 1024 / 1024),
      }),
      { status: 413 },
    )
  return body
}
