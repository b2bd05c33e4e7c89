import { type ApiCall, apiEndpoint, json } from '#app/http/api.ts'
import { removeGeneration } from '#app/studio/generations/removal.ts'
import { AppError } from '#core/errors/errors.ts'
import { say } from '#core/i18n/say.ts'
import { idOf } from '../api/api-view.ts'
import { withEnding } from '../api/ending.ts'
import { openAiRefusal } from './openai-errors.ts'
import { ownVideo } from './video-view.ts'

/** One video: how it stands, or away with it. What is posted here is a verb in the place of an id. */
const endpoint = apiEndpoint('/v1/videos/{id}', {
  refusal: openAiRefusal,
  methods: {
    GET: { scope: 'generations:read', work: show },
    DELETE: { scope: 'generations:write', work: remove },
    POST: { scope: 'generations:write', work: refuse },
  },
})

async function show(call: ApiCall): Promise<Response> {
  const video = await ownVideo(call, idOf(call))
  return withEnding(call, video.model, async () => json(video))
}

async function remove(call: ApiCall): Promise<Response> {
  const id = idOf(call)
  await removeGeneration(call.house, call.key.subject, id)
  return json({ id, object: 'video.deleted', deleted: true })
}

async function refuse(): Promise<never> {
  throw new AppError(
    'not_offered',
    say('Edits, extensions and characters are not offered here. Make a new video with POST /v1/videos.'),
    { status: 404 },
  )
}

// Named one by one: the build cuts exports out by name, and does not look into a pattern.
export const loader = endpoint.loader
export const action = endpoint.action
