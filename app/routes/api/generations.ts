import { z } from 'zod'
import { type ApiCall, apiEndpoint, json, jsonBody } from '#app/http/api.ts'
import { composeShown } from '#app/studio/generations/compose.ts'
import { pageOfSubject } from '#app/studio/generations/generations.queries.ts'
import { AppError } from '#core/errors/errors.ts'
import { type Sentence, say } from '#core/i18n/say.ts'
import { type GenerationId, isId } from '#core/ids/ids.ts'
import { generationPath, shownAll, shownNew } from './api-view.ts'
import { withEnding } from './ending.ts'
import { idempotencyKeyOf } from './idempotency-key.ts'
import { mostInPage } from './schemas.ts'

/** Makes a video, or lists those there are. */
const endpoint = apiEndpoint('/api/v1/generations', {
  methods: {
    POST: { scope: 'generations:write', work: make },
    GET: { scope: 'generations:read', work: list },
  },
})

async function make(call: ApiCall): Promise<Response> {
  const { house, key, request } = call
  const repeat = idempotencyKeyOf(request.headers)
  const composer = { subject: key.subject, apiKey: key.id }
  const body = await jsonBody(request)
  return withEnding(call, modelOf(body), async () => {
    const composed = await composeShown(house, composer, body, repeat)
    return json(await shownNew(call, composed), {
      status: 202,
      headers: { Location: generationPath(composed.id) },
    })
  })
}

function modelOf(body: unknown): unknown {
  return (body as { model?: unknown } | null)?.model
}

async function list(call: ApiCall): Promise<Response> {
  const { limit, cursor } = pageOf(call.url.searchParams)
  const rows = await pageOfSubject(call.house.db.read, call.key.subject, { before: cursor, limit: limit + 1 })
  const page = rows.slice(0, limit)
  return json({
    data: await shownAll(call, page),
    next_cursor: rows.length > limit ? (page.at(-1)?.id ?? null) : null,
  })
}

const pageSchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(mostInPage).default(20),
  cursor: z.custom<GenerationId>((text) => isId('generation', text)).optional(),
})

const pageErrors: Readonly<Record<string, Sentence>> = {
  limit: say('Choose a limit from 1 to {most}.', { most: mostInPage }),
  cursor: say('Give the next_cursor of the page before, or none.'),
}

function pageOf(query: URLSearchParams): z.infer<typeof pageSchema> {
  const result = pageSchema.safeParse(Object.fromEntries(query))
  if (result.success) return result.data
  const names = result.error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys' ? issue.keys : [String(issue.path[0])],
  )
  const fields = new Map(
    names.map((name) => [name, pageErrors[name] ?? say('There is no such parameter. Remove it.')]),
  )
  throw new AppError('invalid_query', say('Something in the address is wrong.'), {
    status: 422,
    fields: Object.fromEntries(fields),
  })
}

// Named one by one: the build cuts exports out by name, and does not look into a pattern.
export const loader = endpoint.loader
export const action = endpoint.action
