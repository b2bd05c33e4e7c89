import { z } from 'zod'
import { type ApiCall, apiEndpoint, json } from '#app/http/api.ts'
import { compose } from '#app/studio/generations/compose.ts'
import { pageOfSubject } from '#app/studio/generations/generations.queries.ts'
import { answeredBefore, repeatOf } from '#app/studio/generations/idempotency.ts'
import { AppError } from '#core/errors/errors.ts'
import { type Sentence, say } from '#core/i18n/say.ts'
import { type GenerationId, isId } from '#core/ids/ids.ts'
import { withEnding } from '../api/ending.ts'
import { idempotencyKeyOf } from '../api/idempotency-key.ts'
import { mostInPage } from '../api/schemas.ts'
import { openAiRefusal, openAiRetired } from './openai-errors.ts'
import { readWish } from './video-body.ts'
import { ownVideo, videosOf } from './video-view.ts'
import { inputFor } from './video-wish.ts'

/** Makes a video, or lists those there are. */
const endpoint = apiEndpoint('/v1/videos', {
  refusal: openAiRefusal,
  methods: {
    POST: { scope: 'generations:write', work: make },
    GET: { scope: 'generations:read', work: list },
  },
})

async function make(call: ApiCall): Promise<Response> {
  const { house, key, request } = call
  const named = idempotencyKeyOf(request.headers)
  const composer = { subject: key.subject, apiKey: key.id }
  const wish = await readWish(call)
  // By the wish itself: what is asked of the studio depends on the model as it is now, and a picture is kept for it.
  const repeat = named === undefined ? undefined : repeatOf(key.subject, named, wish)
  const model = await house.catalogue.model(wish.model)
  const retired = openAiRetired(model?.record.lifecycle.replacement ?? null)
  const work = async () => {
    const made = async () => compose(house, composer, await inputFor(house, key.subject, wish, model), repeat)
    return json(await ownVideo(call, (await answeredBefore(house, repeat)) ?? (await made())))
  }
  return withEnding(call, wish.model, work, retired)
}

async function list(call: ApiCall): Promise<Response> {
  const { limit, after, order } = pageOf(call.url.searchParams)
  const rows = await pageOfSubject(call.house.db.read, call.key.subject, {
    before: after,
    limit: limit + 1,
    oldestFirst: order === 'asc',
  })
  const videos = await videosOf(call, rows.slice(0, limit))
  return json({
    object: 'list',
    data: videos,
    first_id: videos[0]?.id ?? null,
    last_id: videos.at(-1)?.id ?? null,
    has_more: rows.length > limit,
  })
}

const pageSchema = z.object({
  limit: z.coerce.number().int().min(1).max(mostInPage).default(20),
  after: z.custom<GenerationId>((text) => isId('generation', text)).optional(),
  order: z.enum(['asc', 'desc']).default('desc'),
})

const pageErrors: Readonly<Record<string, Sentence>> = {
  limit: say('Choose a limit from 1 to {most}.', { most: mostInPage }),
  after: say('Give the last_id of the page before, or none.'),
  order: say('Choose asc or desc.'),
}

/** What else stands in the address is another's business: gateways and clients add their own. */
function pageOf(query: URLSearchParams): z.infer<typeof pageSchema> {
  const result = pageSchema.safeParse(Object.fromEntries(query))
  if (result.success) return result.data
  const name = String(result.error.issues[0]?.path[0])
  const sentence = pageErrors[name] ?? say('Something in the address is wrong.')
  throw new AppError('invalid_query', sentence, { status: 400, fields: { [name]: sentence } })
}

// Named one by one: the build cuts exports out by name, and does not look into a pattern.
export const loader = endpoint.loader
export const action = endpoint.action
