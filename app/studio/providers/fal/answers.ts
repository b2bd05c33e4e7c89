/** fal's answers as ours. Pure. Sources: fal.ai/docs, "Queue", "Model errors" and "Request error types". */
import { z } from 'zod'
import { type ErrorClass, ProviderError } from '../provider-errors.ts'
import { type CallAnswer, retryAfterMs } from '../provider-http.ts'

/** What fal says went wrong: in a list when the model or its checks say so, as a sentence when the platform does. */
const fault = z.object({
  detail: z
    .union([z.string(), z.array(z.object({ type: z.string(), msg: z.string().optional() }).loose()).min(1)])
    .optional(),
  error_type: z.string().optional(),
})

/** Types of a model's errors that are no fault of the settings, which all others of status 4xx are. */
const modelFaults: ReadonlyMap<string, ErrorClass> = new Map([
  ['content_policy_violation', 'content_policy'],
  ['image_load_error', 'input_unfetchable'],
  ['file_download_error', 'input_unfetchable'],
  ['invalid_archive', 'input_unfetchable'],
  ['generation_timeout', 'timeout'],
  ['internal_server_error', 'provider_down'],
  ['downstream_service_error', 'provider_down'],
  ['downstream_service_unavailable', 'provider_down'],
])

/** Types of errors of the platform around the model. */
const requestFaults: ReadonlyMap<string, ErrorClass> = new Map([
  ['request_timeout', 'timeout'],
  ['startup_timeout', 'timeout'],
  ['client_cancelled', 'timeout'],
  ['bad_request', 'invalid_input'],
])

export interface Verdict {
  errorClass: ErrorClass
  code: string
}

/** The job's own end, when the body tells one; undefined when it says nothing typed about the job. */
export function verdictOf(answer: CallAnswer): Verdict | undefined {
  const read = fault.safeParse(answer.json)
  if (!read.success) return undefined
  const { detail, error_type = answer.headers.get('x-fal-error-type') ?? undefined } = read.data
  const first = Array.isArray(detail) ? detail[0] : undefined
  if (first) return { errorClass: classOfModelFault(first, answer.status), code: first.type }
  if (error_type) return { errorClass: requestFaults.get(error_type) ?? 'provider_down', code: error_type }
  return undefined
}

/** Of its prose only this is read, and nothing kept: Seedance's refusal of real faces has no type of its own. */
const likeness = /likeness(es)? of real people|real (person|people)/i

function classOfModelFault({ type, msg = '' }: { type: string; msg?: string }, status: number): ErrorClass {
  if (type === 'content_policy_violation' && likeness.test(msg)) return 'face_policy'
  return modelFaults.get(type) ?? (status >= 500 ? 'provider_down' : 'invalid_input')
}

/** Any answer that is no success, as an error of the call; `accepted` counts at a submission only. */
export function refusalOf(answer: CallAnswer, now: number): ProviderError {
  const { status } = answer
  const read = fault.safeParse(answer.json)
  const spoken = read.success && read.data.detail !== undefined
  const verdict = verdictOf(answer)
  // A page of a proxy says nothing about what stands behind it.
  if (!spoken || status >= 500)
    return new ProviderError(status === 429 ? 'rate_limited' : 'provider_down', {
      accepted: 'perhaps',
      providerCode: verdict?.code ?? status,
      retryAfterMs: retryAfterMs(answer.headers, now),
    })
  const detail = typeof read.data.detail === 'string' ? read.data.detail : ''
  return new ProviderError(verdict?.errorClass ?? classOfStatus(status, detail), {
    accepted: 'no',
    providerCode: verdict?.code ?? status,
    retryAfterMs: retryAfterMs(answer.headers, now),
  })
}

function classOfStatus(status: number, detail: string): ErrorClass {
  if (status === 402) return 'provider_out_of_credit'
  // "User is locked. Reason: Exhausted balance."
  if (status === 403) return /balance|locked/i.test(detail) ? 'provider_out_of_credit' : 'provider_auth'
  if (status === 401) return 'provider_auth'
  if (status === 404 || status === 410) return 'model_retired'
  if (status === 429) return 'rate_limited'
  return 'invalid_input'
}

export const queued = z.object({ request_id: z.string().min(1), response_url: z.string().optional() })

export const queueStatus = z.object({
  status: z.enum(['IN_QUEUE', 'IN_PROGRESS', 'COMPLETED']),
  queue_position: z.number().int().min(0).optional(),
})

const video = z.object({ url: z.string() })
const output = z.union([
  z.object({ video }).transform((made) => made.video.url),
  z.object({ videos: z.array(video).min(1) }).transform((made) => made.videos[0]?.url),
])

/** The address of the finished video. */
export function videoUrlOf(json: unknown): string | undefined {
  return output.safeParse(json).data
}
