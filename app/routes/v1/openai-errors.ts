import { json, type Refusal, toldOf } from '#app/http/api.ts'

/** Where this API has a code or a status of its own for what ours says otherwise. */
const theirs: ReadonlyMap<string, { status?: number; code: string; type?: string }> = new Map([
  ['unauthorized', { code: 'invalid_api_key' }],
  ['too_many', { code: 'rate_limit_exceeded' }],
  ['insufficient_credits', { status: 429, code: 'insufficient_quota', type: 'insufficient_quota' }],
  ['model_unknown', { status: 404, code: 'model_not_found' }],
  ['internal', { code: 'server_error' }],
])

/** Our fields in this API's words. A map, since whoever sends `__proto__` names a field too. */
const params: ReadonlyMap<string, string> = new Map([
  ['resolution', 'size'],
  ['aspect_ratio', 'size'],
  ['reference_id', 'input_reference'],
  ['inputs', 'input_reference'],
  ['mode', 'input_reference'],
])

/** The code of a field that is not this API's: its name is told as it came. */
export const UNKNOWN_FIELD = 'unknown_parameter'

/**
 * `{error: {message, type, param, code}}`, as OpenAI's clients read it. Their clients try 409 and 429 again by
 * themselves; `x-should-retry` keeps them from it where that cannot help. The trace id is in `x-request-id`.
 */
export const openAiRefusal: Refusal = (error, { traceId }) => refused(error, traceId, {})

/** The same for a model that has ended: with the id of the one to use instead. */
export function openAiRetired(replacement: string | null): Refusal {
  return (error, { traceId }) => refused(error, traceId, { replacement })
}

function refused(error: unknown, traceId: string, more: { replacement?: string | null }): Response {
  const told = toldOf(error)
  const known = theirs.get(told.code)
  const status = known?.status ?? (told.status === 422 ? 400 : told.status)
  const { headers } = told
  headers.set('x-request-id', traceId)
  if (status === 409 || (status === 429 && !headers.has('Retry-After')))
    headers.set('x-should-retry', 'false')
  const [field, message = told.detail] = Object.entries(told.errors ?? {})[0] ?? []
  const body = {
    message,
    type: known?.type ?? typeOf(status),
    param: paramOf(told.code, field),
    code: known?.code ?? told.code,
    ...more,
  }
  return json({ error: body }, { status, headers })
}

function typeOf(status: number): string {
  if (status >= 500) return 'server_error'
  return status === 429 ? 'rate_limit_error' : 'invalid_request_error'
}

function paramOf(code: string, field: string | undefined): string | null {
  if (field !== undefined) return code === UNKNOWN_FIELD ? field : (params.get(field) ?? field)
  // Refusals of pictures do not say which field they came in: there is one only.
  return /^(picture|reference)_/.test(code) ? 'input_reference' : null
}
