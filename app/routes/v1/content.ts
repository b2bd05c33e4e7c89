import { type ApiCall, apiEndpoint } from '#app/http/api.ts'
import { deliver } from '#app/studio/creations/delivery.ts'
import { AppError, isAppError } from '#core/errors/errors.ts'
import { say } from '#core/i18n/say.ts'
import { idOf } from '../api/api-view.ts'
import { openAiRefusal } from './openai-errors.ts'
import { ownVideo } from './video-view.ts'

/** The signed video, or a picture of it, whole or by ranges. */
const endpoint = apiEndpoint('/v1/videos/{id}/content', {
  refusal: openAiRefusal,
  methods: { GET: { scope: 'generations:read', work: send } },
})

async function send(call: ApiCall): Promise<Response> {
  const { house, context, key, request, url } = call
  const id = idOf(call)
  const kind = kindOf(url.searchParams.get('variant'))
  const actor = { kind: 'api_key', id: key.id, subject: key.subject } as const
  const to = { subject: key.subject, actor }
  try {
    return await deliver({ house, to, id, kind, request, download: true, outlet: context.outlet })
  } catch (error) {
    if (!isAppError(error) || error.code !== 'not_found') throw error
    const { status } = await ownVideo(call, id)
    if (status === 'failed')
      throw new AppError('video_failed', say('This video failed, so there is no file. See its error.'), {
        status: 404,
      })
    throw new AppError('video_not_ready', say('This video is not ready yet. Ask for its status first.'), {
      status: 404,
    })
  }
}

function kindOf(variant: string | null): 'video' | 'poster' {
  if (variant === null || variant === 'video') return 'video'
  if (variant === 'thumbnail') return 'poster'
  const sentence = say('Choose one of these variants: video, thumbnail.')
  throw new AppError('invalid_variant', sentence, { status: 400, fields: { variant: sentence } })
}

// Named one by one: the build cuts exports out by name, and does not look into a pattern.
export const loader = endpoint.loader
export const action = endpoint.action
