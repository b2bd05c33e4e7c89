import { z } from 'zod'
import { type ApiCall, cappedBody, LONGEST_BODY, parsedJson } from '#app/http/api.ts'
import { count } from '#app/http/page.ts'
import { AppError } from '#core/errors/errors.ts'
import { type Sentence, say } from '#core/i18n/say.ts'
import { pictureLimits } from '#core/media/picture.ts'
import { UNKNOWN_FIELD } from './openai-errors.ts'

/**
 * What `POST /v1/videos` takes, as a form with a file in it or as JSON; what is not known is refused. The picture comes
 * as bytes: nothing is fetched from an address that somebody sends.
 */
export interface Wish {
  model: string
  prompt: string
  seconds?: string | number
  /** `WIDTHxHEIGHT`. */
  size?: string
  picture?: Uint8Array
}

/** A picture, in base64 when it comes in JSON, and what stands around it. */
const LARGEST_BODY = Math.ceil((pictureLimits.maxBytes * 4) / 3) + LONGEST_BODY

/** Throws errors of status 400, 413 and 415, and `too_many` when pictures come too fast. */
export async function readWish(call: Pick<ApiCall, 'request' | 'context' | 'key'>): Promise<Wish> {
  const { request, context, key } = call
  const type = request.headers.get('content-type') ?? ''
  const read = readers.find(({ takes }) => takes.test(type))?.read
  if (!read)
    throw new AppError('unsupported_media_type', say('Send a form (multipart/form-data) or JSON.'), {
      status: 415,
    })
  const isLarge = Number(request.headers.get('content-length') ?? Number.POSITIVE_INFINITY) > LONGEST_BODY
  // Counted before it is read: what is read lies in the memory.
  if (isLarge) await count(context, 'upload', key.subject)
  const bytes = await cappedBody(request, isLarge ? LARGEST_BODY : LONGEST_BODY)
  const { input_reference: given, ...rest } = checked(await read(bytes, type))
  const picture = given ? await pictureOf(given) : undefined
  if (picture && !isLarge) await count(context, 'upload', key.subject)
  const { model, prompt, seconds, size } = rest
  return { model, prompt, seconds: seconds ?? undefined, size: size ?? undefined, picture }
}

const readers: readonly { takes: RegExp; read(bytes: Buffer, type: string): Promise<unknown> }[] = [
  { takes: /^application\/json\b/i, read: async (bytes) => parsedJson(bytes) },
  { takes: /^multipart\/form-data\b/i, read: parsedForm },
]

async function parsedForm(bytes: Buffer, type: string): Promise<unknown> {
  const form = await new Response(new Uint8Array(bytes), { headers: { 'Content-Type': type } })
    .formData()
    .catch((cause: unknown) => {
      throw new AppError('malformed_form', say('The form is cut or malformed.'), { status: 400, cause })
    })
  const fields = new Map<string, unknown>()
  for (const [name, value] of form) {
    // Clients write an object in a form as `name[key]`.
    const inner = /^input_reference\[(\w{1,20})\]$/.exec(name)?.[1]
    const field = inner === undefined ? name : 'input_reference'
    if (fields.has(field)) throw wrong(field, say('Send this once.'))
    fields.set(field, inner === undefined ? value : { [inner]: value })
  }
  return Object.fromEntries(fields)
}

const schema = z.strictObject({
  model: z.string(),
  prompt: z.string(),
  seconds: z.union([z.string(), z.number()]).nullish(),
  size: z.string().nullish(),
  input_reference: z.union([z.instanceof(Blob), z.strictObject({ image_url: z.string() })]).nullish(),
})

const onlyBytes = say(
  'Send the picture itself: as a file in a form, or as a data: URL with base64 in image_url. Nothing is fetched from elsewhere.',
)

const sentences: Readonly<Record<string, Sentence>> = {
  model: say('Name a model. GET /api/v1/models lists them.'),
  prompt: say('Write a prompt.'),
  seconds: say('Give the seconds as a number, such as "8".'),
  size: say('Give the size as width x height, such as 1280x720.'),
  input_reference: onlyBytes,
}

function checked(body: unknown): z.infer<typeof schema> {
  const result = schema.safeParse(body)
  if (result.success) return result.data
  const [issue] = result.error.issues
  if (issue?.code === 'unrecognized_keys')
    throw wrong(issue.keys[0]?.slice(0, 60) ?? '', say('There is no such field. Remove it.'), UNKNOWN_FIELD)
  const name = issue?.path[0]
  if (name === undefined) throw new AppError('invalid_input', say('Send a JSON object.'), { status: 400 })
  throw wrong(String(name), sentences[String(name)] ?? say('Send a JSON object.'))
}

async function pictureOf(given: Blob | { image_url: string }): Promise<Uint8Array> {
  if (given instanceof Blob) return new Uint8Array(await given.arrayBuffer())
  const { image_url: url } = given
  const comma = url.indexOf(',')
  if (!/^data:[^,]{0,100};base64$/i.test(url.slice(0, Math.max(0, comma))))
    throw wrong('input_reference', onlyBytes)
  return Buffer.from(url.slice(comma + 1), 'base64')
}

function wrong(field: string, sentence: Sentence, code = 'invalid_input'): AppError {
  return new AppError(code, sentence, { status: 400, fields: { [field]: sentence } })
}
