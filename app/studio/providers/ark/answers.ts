/** What ModelArk says: tasks (docs.byteplus.com/en/docs/ModelArk/1521309) and errors (…/1299023). Messages are not read. */
import { z } from 'zod'
import { type ErrorClass, ProviderError } from '../provider-errors.ts'
import { type CallAnswer, retryAfterMs } from '../provider-http.ts'

const errorShape = z.object({ code: z.string(), message: z.string().nullish() })

const taskShape = z.object({
  id: z.string(),
  status: z.enum(['queued', 'running', 'succeeded', 'failed', 'cancelled', 'expired']),
  content: z.object({ video_url: z.string().nullish() }).nullish(),
  error: errorShape.nullish(),
  safety_identifier: z.string().nullish(),
})

export type ArkTask = z.infer<typeof taskShape>

export const listShape = z.object({ items: z.array(taskShape), total: z.number().nullish() })
export const createdShape = z.object({ id: z.string().min(1).max(200) })

/** The body of a success in this shape. Anything else throws; `accepted` is right for a submit and means nothing elsewhere. */
export function read<T>(schema: z.ZodType<T>, answer: CallAnswer, now: number): T {
  if (answer.status < 200 || answer.status >= 300) throw refusalOf(answer, now)
  const parsed = schema.safeParse(answer.json)
  if (parsed.success) return parsed.data
  throw new ProviderError('provider_down', { accepted: 'perhaps', providerCode: `HTTP ${answer.status}` })
}

export function readTask(answer: CallAnswer, now: number): ArkTask {
  return read(taskShape, answer, now)
}

const refusalShape = z.object({ error: errorShape })

/** Its own code for what went wrong; undefined when the answer is no word of its. */
export function errorCodeOf(answer: CallAnswer): string | undefined {
  return refusalShape.safeParse(answer.json).data?.error.code
}

function refusalOf(answer: CallAnswer, now: number): ProviderError {
  const code = errorCodeOf(answer)
  const { status } = answer
  // Below 500 its own word means that it did not begin.
  const surely = status === 429 || (code !== undefined && status >= 400 && status < 500)
  const errorClass = classOf(code ?? '') ?? (surely ? statuses[status] : undefined) ?? 'provider_down'
  return new ProviderError(errorClass, {
    accepted: surely ? 'no' : 'perhaps',
    providerCode: code ?? `HTTP ${status}`,
    retryAfterMs: errorClass === 'rate_limited' ? retryAfterMs(answer.headers, now) : undefined,
  })
}

/** Codes by their beginnings, the special before the general. */
const classes: readonly (readonly [RegExp, ErrorClass])[] = [
  [/SensitiveContentDetected\.PrivacyInformation$/, 'face_policy'],
  [/SensitiveContentDetected|RiskDetection$/, 'content_policy'],
  [/^(AccountOverdue|ServiceOverdue|QuotaExceeded|SetLimitExceeded)/, 'provider_out_of_credit'],
  // The account has not opened the model: a matter for the operator, as a key is.
  [/^(AuthenticationError|AccessDenied|ModelNotOpen|ServiceNotOpen)/, 'provider_auth'],
  [/^InvalidEndpoint/, 'model_retired'],
  [/RateLimitExceeded|^ServerOverloaded|^RequestBurstTooFast/, 'rate_limited'],
  [/^(MissingParameter|InvalidParameter|InvalidArgument|InvalidImage)/, 'invalid_input'],
]

const statuses: Partial<Record<number, ErrorClass>> = {
  400: 'invalid_input',
  401: 'provider_auth',
  403: 'provider_auth',
  413: 'invalid_input',
  429: 'rate_limited',
}

/** Undefined when the code is unknown, or tells of a fault of its own. */
export function classOf(code: string): ErrorClass | undefined {
  return classes.find(([pattern]) => pattern.test(code))?.[1]
}
