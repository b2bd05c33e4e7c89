/** What the two kinds of records say of a task: those of the jobs API and those of Veo. */
import { z } from 'zod'
import type { Charge, PollAnswer } from '../provider.ts'
import { ProviderError } from '../provider-errors.ts'
import { classOf } from './envelope.ts'

export interface TaskWord {
  answer: Exclude<PollAnswer, { state: 'running' }> | { state: 'running' }
  /** Of a success: where the video lies for a while. */
  url?: string
  /** Of a Veo success: the size it came in, where told. */
  resolution?: string
}

/** Arrays of addresses come as such or as JSON in a string, and `resultJson` is a string with an object. */
const unpacked = (value: unknown): unknown => {
  if (typeof value !== 'string') return value
  try {
    return JSON.parse(value)
  } catch {
    return undefined
  }
}

const urls = z.preprocess(unpacked, z.array(z.string()).nullish().catch(undefined))
const results = z.preprocess(unpacked, z.object({ resultUrls: urls }).nullish().catch(undefined))
const credits = z.number().nonnegative().nullish().catch(undefined)

const jobRecord = z.object({
  state: z.string(),
  resultJson: results,
  response: results,
  failCode: z.union([z.string(), z.number()]).nullish(),
  failMsg: z.string().nullish(),
  creditsConsumed: credits,
})

/** docs.kie.ai/market/common/get-task-detail. Throws `provider_down` when it is no such record. */
export function jobWord(data: unknown, microUsdPerCredit: number): TaskWord {
  const record = recordOf(jobRecord, data)
  const charged = chargeOf(record.creditsConsumed, microUsdPerCredit)
  if (record.state === 'success')
    return succeeded((record.response?.resultUrls ?? record.resultJson?.resultUrls)?.[0], charged)
  if (record.state === 'fail') return failed(record.failCode, record.failMsg, charged)
  return { answer: { state: 'running' } }
}

const veoResponse = z.object({
  resultUrls: urls,
  fullResultUrls: urls,
  resolution: z.string().nullish().catch(undefined),
})

const veoRecord = z.object({
  successFlag: z.coerce.number().int(),
  response: z.preprocess(unpacked, veoResponse.nullish().catch(undefined)),
  resultUrls: urls,
  errorCode: z.union([z.string(), z.number()]).nullish(),
  errorMessage: z.string().nullish(),
  creditsConsumed: credits,
})

/** docs.kie.ai/veo3-api/get-veo-3-video-details. `successFlag`: 0 works on it, 1 done, 2 and 3 failed. */
export function veoWord(data: unknown, microUsdPerCredit: number): TaskWord {
  const record = recordOf(veoRecord, data)
  const charged = chargeOf(record.creditsConsumed, microUsdPerCredit)
  if (record.successFlag === 0) return { answer: { state: 'running' } }
  if (record.successFlag !== 1) return failed(record.errorCode, record.errorMessage, charged)
  const { response } = record
  // An extension's own piece, and the whole with the piece at its end.
  const url = (response?.fullResultUrls ?? response?.resultUrls ?? record.resultUrls)?.[0]
  return { ...succeeded(url, charged), resolution: response?.resolution ?? undefined }
}

function recordOf<T>(schema: z.ZodType<T>, data: unknown): T {
  const parsed = schema.safeParse(data)
  if (parsed.success) return parsed.data
  throw new ProviderError('provider_down', { providerCode: 'record' })
}

function chargeOf(amount: number | null | undefined, microUsdPerCredit: number): Charge | undefined {
  return typeof amount === 'number' ? { microUsd: Math.round(amount * microUsdPerCredit) } : undefined
}

function succeeded(url: string | undefined, charged: Charge | undefined): TaskWord {
  if (!url) return { answer: { state: 'failed', errorClass: 'result_expired', charged } }
  return { answer: { state: 'succeeded', charged }, url }
}

function failed(
  code: string | number | null | undefined,
  msg: string | null | undefined,
  charged: Charge | undefined,
): TaskWord {
  const number = Number(code)
  const errorClass = classOf(code && Number.isInteger(number) ? number : undefined, msg ?? '')
  return { answer: { state: 'failed', errorClass: errorClass ?? 'provider_down', charged } }
}
