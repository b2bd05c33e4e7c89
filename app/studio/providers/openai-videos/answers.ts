/** Answers of these servers as ours, read liberally: each has words of its own for the same few things. Pure. */
import { z } from 'zod'
import type { PollAnswer } from '../provider.ts'
import { type ErrorClass, ProviderError } from '../provider-errors.ts'
import { type CallAnswer, retryAfterMs } from '../provider-http.ts'

type End = 'running' | 'succeeded' | 'failed' | 'stopped' | 'gone'

const states: ReadonlyMap<string, End> = new Map([
  ...['queued', 'pending', 'submitted', 'not_start', 'processing', 'running', 'in_progress'].map(
    (word) => [word, 'running'] as const,
  ),
  ...['completed', 'succeeded', 'success', 'done'].map((word) => [word, 'succeeded'] as const),
  ...['failed', 'failure', 'error'].map((word) => [word, 'failed'] as const),
  ...['cancelled', 'canceled', 'expired'].map((word) => [word, 'stopped'] as const),
  ['deleted', 'gone'],
])

const word = z.union([z.string(), z.number()])
const fault = z.union([
  z.string().transform((message) => ({ message, code: undefined, type: undefined, param: undefined })),
  z.object({
    message: z.string().nullish(),
    code: word.nullish(),
    type: z.string().nullish(),
    param: z.string().nullish(),
  }),
])

export const job = z.object({
  id: word.transform(String),
  status: z.string().optional(),
  progress: word.nullish(),
  error: fault.nullish(),
  usage: z.object({ cost: z.number().min(0).optional() }).nullish(),
  url: z.string().nullish(),
  video_url: z.string().nullish(),
  metadata: z.object({ url: z.string().nullish() }).nullish(),
  unsigned_urls: z.array(z.string()).nullish(),
})

export type VideoJob = z.infer<typeof job>

/** `undefined` for a word nobody knows: that is no end. */
export function pollAnswerOf(read: VideoJob, againAfterMs: number): PollAnswer | undefined {
  const end = states.get((read.status ?? '').toLowerCase())
  const cost = read.usage?.cost
  const charged = cost === undefined ? {} : { charged: { microUsd: Math.round(cost * 1_000_000) } }
  if (end === 'running') return { state: 'running', againAfterMs, ...progressOf(read.progress) }
  if (end === 'succeeded') return { state: 'succeeded', ...charged }
  if (end === 'failed') return { state: 'failed', errorClass: classOfFault(read.error ?? {}), ...charged }
  if (end === 'stopped') return { state: 'failed', errorClass: 'timeout', ...charged }
  if (end === 'gone') return { state: 'failed', errorClass: 'result_expired' }
  return undefined
}

/** Percent, as a number or with its sign; 0 is what servers say that do not know. */
function progressOf(progress: VideoJob['progress']): { progress?: number } {
  const percent = typeof progress === 'string' ? Number.parseFloat(progress) : progress
  if (!percent || !(percent > 0)) return {}
  return { progress: Math.min(percent / 100, 1) }
}

/** Where the file may be had besides `/content`. */
export function urlOf(read: VideoJob): string | undefined {
  return read.url ?? read.video_url ?? read.metadata?.url ?? read.unsigned_urls?.[0] ?? undefined
}

type Fault = Exclude<z.infer<typeof fault>, string>

/** Codes first; of the message only that it speaks of a policy, for servers that have no code. Nothing of it is kept. */
const policy = /moderation|content[ _-]?policy|safety|sensitive|flagged|prohibited/i

function classOfFault({ code, type, message }: Partial<Fault>): ErrorClass {
  const named = `${code ?? ''} ${type ?? ''}`
  if (policy.test(named)) return 'content_policy'
  if (/insufficient_quota|billing|budget|credit/i.test(named)) return 'provider_out_of_credit'
  if (/invalid|validation|bad_request|unsupported|unknown_parameter/i.test(named)) return 'invalid_input'
  return policy.test(message ?? '') ? 'content_policy' : 'provider_down'
}

const refused = z.object({
  error: fault.optional(),
  /** FastAPI's own, of vLLM-Omni and SGLang. */
  detail: z.unknown().optional(),
})

/** Any answer that is no success, as an error of the call; `accepted` counts at a submission only. */
export function refusalOf(answer: CallAnswer, now: number): ProviderError {
  const { status } = answer
  const read = refused.safeParse(answer.json).data
  const spoken = read?.error !== undefined || read?.detail !== undefined
  const providerCode = codeOf(read?.error, status)
  const after = retryAfterMs(answer.headers, now)
  if (!spoken || status < 400 || status >= 500)
    return new ProviderError(status === 429 ? 'rate_limited' : 'provider_down', {
      accepted: 'perhaps',
      providerCode,
      retryAfterMs: after,
    })
  return new ProviderError(classOfStatus(status, read?.error), {
    accepted: 'no',
    providerCode,
    retryAfterMs: after,
  })
}

/** Never a sentence: some servers put their message where the code belongs. */
function codeOf(error: Fault | undefined, status: number): string | number {
  const code = String(error?.code ?? error?.type ?? '')
  return /^[\w.-]{1,60}$/.test(code) ? code : status
}

function classOfStatus(status: number, error: Fault | undefined): ErrorClass {
  const fromFault = classOfFault(error ?? {})
  if (status === 401) return 'provider_auth'
  if (status === 402) return 'provider_out_of_credit'
  // OpenRouter answers 403 to flagged words, others to keys without a right.
  if (status === 403) return fromFault === 'content_policy' ? 'content_policy' : 'provider_auth'
  // A path nobody serves is a wrong address; only a server that names an error knows models.
  if (status === 404 || status === 410) return error ? 'model_retired' : 'provider_down'
  if (status === 405) return 'provider_down'
  if (status === 429) return fromFault === 'provider_out_of_credit' ? fromFault : 'rate_limited'
  if (/model_not_found/.test(String(error?.code))) return 'model_retired'
  return fromFault === 'provider_down' ? 'invalid_input' : fromFault
}
