/**
 * KIE wraps everything in `{code, msg, data}` and tells most errors with HTTP status 200 (docs.kie.ai, status codes). What
 * `msg` says is read for its kind and goes no further: it repeats prompts.
 */
import { z } from 'zod'
import { type ErrorClass, ProviderError } from '../provider-errors.ts'
import { type CallAnswer, retryAfterMs } from '../provider-http.ts'

export interface Envelope {
  code: number
  msg: string
  data: unknown
}

const shape = z.object({
  code: z.coerce.number().int(),
  msg: z.string().nullish(),
  message: z.string().nullish(),
  data: z.unknown().optional(),
})

/** Undefined when the answer is no word of KIE's: a web page, or cut off. */
export function envelopeOf(answer: CallAnswer): Envelope | undefined {
  const parsed = shape.safeParse(answer.json)
  if (!parsed.success) return undefined
  const { code, msg, message, data } = parsed.data
  return { code, msg: msg ?? message ?? '', data }
}

/** How long to leave it alone when it says too many and not for how long: `createTask` counts over ten seconds. */
const PAUSE_MS = 10_000

/** The data of a success. Anything else throws; `accepted` is right for a submit and means nothing elsewhere. */
export function dataOf(answer: CallAnswer, now: number): unknown {
  const envelope = envelopeOf(answer)
  const reached = answer.status >= 200 && answer.status < 300
  if (envelope && reached && envelope.code === 200) return envelope.data
  if (!envelope || (envelope.code === 200 && !reached)) {
    if (answer.status === 429)
      throw new ProviderError('rate_limited', {
        retryAfterMs: retryAfterMs(answer.headers, now) ?? PAUSE_MS,
        providerCode: 429,
      })
    throw new ProviderError('provider_down', { accepted: 'perhaps', providerCode: `HTTP ${answer.status}` })
  }
  throw refusalOf(envelope, answer, now)
}

function refusalOf(envelope: Envelope, answer: CallAnswer, now: number): ProviderError {
  const known = classOf(envelope.code, envelope.msg)
  // Below 500 it refused before it began; above, only what it gives a reason for was surely not begun.
  const surely = (envelope.code >= 400 && envelope.code < 500) || envelope.code === 505
  return new ProviderError(known ?? 'provider_down', {
    accepted: surely || known !== undefined ? 'no' : 'perhaps',
    providerCode: envelope.code,
    retryAfterMs: known === 'rate_limited' ? (retryAfterMs(answer.headers, now) ?? PAUSE_MS) : undefined,
  })
}

/**
 * Its codes are shared by unlike things (a paused model, an empty account and a missing field all come as 500), so the words
 * decide first. In this order: a refusal by policy quotes the prompt, which may hold any of the later words.
 */
const words: readonly (readonly [RegExp, ErrorClass])[] = [
  [/\breal (person|people|human)|\bhuman faces?\b|\breal faces?\b|privacy ?information/i, 'face_policy'],
  [/polic(y|ies)|flagged|sensitive|unsafe|nsfw|prohibited|rejected by flow|moderation/i, 'content_policy'],
  [/credits? insufficient|insufficient (credits?|balance)|balance isn.t enough/i, 'provider_out_of_credit'],
  [
    /model name you specified is not supported|temporarily paused|no longer (available|supported)/i,
    'model_retired',
  ],
  [/fail(ed)? to (fetch|download)|(could|can)not (fetch|access|download)|url is wrong/i, 'input_unfetchable'],
  [/\bis required\b|ratio error|only english prompts|\binvalid\b|must be\b/i, 'invalid_input'],
]

const codes: Readonly<Record<number, ErrorClass>> = {
  400: 'invalid_input',
  401: 'provider_auth',
  402: 'provider_out_of_credit',
  422: 'invalid_input',
  429: 'rate_limited',
  // A key of its own limits: it helps to wait, or another route.
  433: 'rate_limited',
  451: 'input_unfetchable',
  505: 'model_retired',
}

/** Codes that mean one thing whatever the words are. */
const plain = new Set([401, 402, 429, 433, 451])

/** Undefined when neither code nor words tell more than that it failed. */
export function classOf(code: number | undefined, msg: string): ErrorClass | undefined {
  if (code !== undefined && plain.has(code)) return codes[code]
  return words.find(([pattern]) => pattern.test(msg))?.[1] ?? (code === undefined ? undefined : codes[code])
}

/** Does it say that there is no such task (any more)? */
export function isGone(answer: CallAnswer): boolean {
  const envelope = envelopeOf(answer)
  if (!envelope || ![400, 404, 422].includes(envelope.code)) return false
  return envelope.code === 404 || /does not exist|is null|days supported/i.test(envelope.msg)
}
