/**
 * What Google's APIs say when they refuse (google.rpc.Status, AIP-193): `{error: {code, message, status, details}}`, on the
 * front end sometimes in an array, on the Interactions API with a word for a code. Shared with Vertex. The message is looked
 * at for a few fixed phrases and never handed on.
 */

import { type ErrorClass, ProviderError } from '#app/studio/providers/provider-errors.ts'
import { type CallAnswer, retryAfterMs } from '#app/studio/providers/provider-http.ts'

export interface GoogleStatus {
  code?: unknown
  status?: unknown
  message?: unknown
  details?: unknown
}

/** Whole words of enum-like fields: `API_KEY_SERVICE_BLOCKED` is no matter of content. */
const safetyToken = /^(IMAGE_)?(SAFETY|PROHIBITED_CONTENT|BLOCKLIST|SPII)$/i
const safetyPhrase =
  /\b(blocked|violates?|sensitive|prohibited)\b[^.]*\b(safety|policy|policies|responsible ai|guidelines)\b/i
const noCredit =
  /\b(prepay\w*|credits?)\b[^.]*\b(depleted|exhausted)\b|\bbilling\b[^.]*\b(disabled|not enabled)\b/i

export function statusOf(json: unknown): GoogleStatus | undefined {
  const body = Array.isArray(json) ? json[0] : json
  if (typeof body !== 'object' || body === null) return undefined
  const { error } = body as { error?: unknown }
  return typeof error === 'object' && error !== null ? error : undefined
}

export function isSafety(error: GoogleStatus): boolean {
  const words = [error.status, error.code, ...reasonsOf(error)]
  if (words.some((word) => typeof word === 'string' && safetyToken.test(word))) return true
  return typeof error.message === 'string' && safetyPhrase.test(error.message)
}

/** Answers that are no success, whatever was asked. Of a submit: only a server's failure leaves open whether it was taken. */
export function googleRefusal(answer: CallAnswer, now: number): ProviderError {
  const { status: http } = answer
  const error = statusOf(answer.json)
  if (!error && http !== 413 && http !== 429)
    return new ProviderError('provider_down', { accepted: 'perhaps', providerCode: http })
  const errorClass = classOf(http, error ?? {})
  return new ProviderError(errorClass, {
    accepted: errorClass === 'provider_down' ? 'perhaps' : 'no',
    providerCode: `${http} ${wordOf(error)}`.trim(),
    retryAfterMs: http === 429 ? (retryDelayMs(error) ?? retryAfterMs(answer.headers, now)) : undefined,
  })
}

function classOf(http: number, error: GoogleStatus): ErrorClass {
  const message = typeof error.message === 'string' ? error.message : ''
  const reasons = reasonsOf(error)
  if (http >= 500) return 'provider_down'
  if (isSafety(error)) return 'content_policy'
  if (http === 402 || noCredit.test(message) || reasons.includes('BILLING_DISABLED'))
    return 'provider_out_of_credit'
  // A wrong key is a bad request here, told only by its reason.
  if (
    http === 401 ||
    http === 403 ||
    reasons.includes('API_KEY_INVALID') ||
    /api key not valid/i.test(message)
  )
    return 'provider_auth'
  if (http === 404 || /\bmodel\b[^.]*\b(not found|not supported|no longer available)\b/i.test(message))
    return 'model_retired'
  if (http === 429) return 'rate_limited'
  return [400, 413, 422].includes(http) ? 'invalid_input' : 'provider_down'
}

/** The class of an operation that ended with a `google.rpc.Code`. */
export function classOfCode(error: GoogleStatus): ErrorClass {
  if (isSafety(error)) return 'content_policy'
  const codes: Record<number, ErrorClass> = {
    3: 'invalid_input',
    4: 'timeout',
    5: 'model_retired',
    7: 'provider_auth',
    8: 'rate_limited',
    9: 'invalid_input',
    16: 'provider_auth',
  }
  return codes[Number(error.code)] ?? 'provider_down'
}

function wordOf(error: GoogleStatus | undefined): string {
  const word = error?.status ?? error?.code
  return typeof word === 'string' && /^\w{1,40}$/.test(word) ? word : ''
}

function reasonsOf(error: GoogleStatus): string[] {
  return detailsOf(error).flatMap(({ reason }) => (typeof reason === 'string' ? [reason] : []))
}

/** `google.rpc.RetryInfo`: a protobuf Duration, `"34s"` or `"0.5s"`. */
function retryDelayMs(error: GoogleStatus | undefined): number | undefined {
  for (const { retryDelay } of error ? detailsOf(error) : []) {
    const seconds = typeof retryDelay === 'string' ? /^(\d+(?:\.\d+)?)s$/.exec(retryDelay)?.[1] : undefined
    if (seconds) return Math.ceil(Number(seconds) * 1000)
  }
  return undefined
}

function detailsOf(error: GoogleStatus): { reason?: unknown; retryDelay?: unknown }[] {
  return Array.isArray(error.details) ? error.details.filter((d) => typeof d === 'object' && d !== null) : []
}
