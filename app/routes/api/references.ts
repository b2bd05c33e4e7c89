import { type ApiCall, apiEndpoint, json } from '#app/http/api.ts'
import { piecesOf } from '#app/http/body.ts'
import { count } from '#app/http/page.ts'
import { pictureBody } from '#app/http/picture-body.ts'
import { paths } from '#app/paths.ts'
import { receiveMedia, referenceState } from '#app/studio/references/receive.ts'
import { addReference } from '#app/studio/references/references.ts'
import { AppError } from '#core/errors/errors.ts'
import { say } from '#core/i18n/say.ts'
import type { ReferenceId } from '#core/ids/ids.ts'
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
async function taken({ house, context, key, request }: ApiCall): Promise<ReferenceId> {
  const type = request.headers.get('content-type')?.split('/')[0]?.toLowerCase()
  // Decoding is work: files count as they do in the studio.
  if (type === 'image' || type === 'video' || type === 'audio') await count(context, 'upload', key.subject)
  if (type === 'image') return addReference(house, key.subject, await pictureBody(request))
  if (type === 'video') return receiveMedia(house, key.subject, 'clip', piecesOf(request))
  if (type === 'audio') return receiveMedia(house, key.subject, 'sound', piecesOf(request))
  throw new AppError(
    'unsupported_media_type',
    say('Send the file itself, with its image, video or audio type.'),
    {
      status: 415,
    },
  )
}

// Named one by one: the build cuts exports out by name, and does not look into a pattern.
export const loader = endpoint.loader
export const action = endpoint.action
