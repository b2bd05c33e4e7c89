import { type ApiCall, apiEndpoint, json } from '#app/http/api.ts'
import { paths } from '#app/paths.ts'
import { receiveMedia, referenceState } from '#app/studio/references/receive.ts'
import { addReference } from '#app/studio/references/references.ts'
import { AppError } from '#core/errors/errors.ts'
import { say } from '#core/i18n/say.ts'
import type { ReferenceId } from '#core/ids/ids.ts'
import { pictureLimits } from '#core/media/picture.ts'
import { referenceView } from './reference-view.ts'

/** A file to make videos from, as the body of the request. */
const endpoint = apiEndpoint('/api/v1/references', {
  methods: {
    POST: {
      scope: 'generations:write',
      async work(call) {
        const id = await taken(call)
        const state = await referenceState(call.house, call.key.subject, id)
        return json(referenceView(state), {
          status: state.state === 'ready' ? 201 : 202,
          headers: { Location: paths.apiReference(id) },
        })
      },
    },
  },
})

/** By its type; what it really is, decoding it shows. */
async function taken({ house, key, request }: ApiCall): Promise<ReferenceId> {
  const type = request.headers.get('content-type')?.split('/')[0]?.toLowerCase()
  const body = (request.body ?? []) as AsyncIterable<Uint8Array>
  if (type === 'image') return addReference(house, key.subject, await pictureOf(body))
  if (type === 'video') return receiveMedia(house, key.subject, 'clip', body)
  if (type === 'audio') return receiveMedia(house, key.subject, 'sound', body)
  throw new AppError(
    'unsupported_media_type',
    say('Send the file itself, with its image, video or audio type.'),
    {
      status: 415,
    },
  )
}

async function pictureOf(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  let size = 0
  for await (const piece of body) {
    size += piece.byteLength
    if (size > pictureLimits.maxBytes)
      throw new AppError(
        'picture_too_large',
        say('This picture is larger than {megabytes} MB.', {
          megabytes: Math.floor(pictureLimits.maxBytes / 1024 / 1024),
        }),
        { status: 413 },
      )
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}

// Named one by one: the build cuts exports out by name, and does not look into a pattern.
export const loader = endpoint.loader
export const action = endpoint.action
