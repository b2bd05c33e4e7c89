/**
 * Recorded answers and webhooks of these servers, as ours. It pins: an unknown word taken for the end, percent as text,
 * a flagged prompt taken for a bad key, a wrong address taken for a retired model, a message where a code belongs.
 */
import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import type { CallAnswer } from '../provider-http.ts'
import { job, pollAnswerOf, refusalOf, urlOf } from './answers.ts'
import { verifySigned } from './webhook.ts'

const recorded = {
  id: 'video_123',
  object: 'video',
  model: 'sora-2',
  status: 'queued',
  progress: 0,
  created_at: 1712697600,
  completed_at: null,
  expires_at: null,
  prompt: '…',
  seconds: '8',
  size: '1280x720',
  remixed_from_video_id: null,
  error: null,
}
const polled = (changes: object) => pollAnswerOf(job.parse({ ...recorded, ...changes }), 1000)
const running = { state: 'running', againAfterMs: 1000 }

test.each([
  [{}, running],
  [{ status: 'pending' }, running],
  [
    { status: 'IN_PROGRESS', progress: 45 },
    { ...running, progress: 0.45 },
  ],
  [
    { status: 'processing', progress: '45%' },
    { ...running, progress: 0.45 },
  ],
  [
    { status: 'running', progress: 250 },
    { ...running, progress: 1 },
  ],
  [{ status: 'completed', progress: 100 }, { state: 'succeeded' }],
  [{ status: 'success', usage: { duration_seconds: 8 } }, { state: 'succeeded' }],
  [
    { status: 'completed', usage: { cost: 0.5 } },
    { state: 'succeeded', charged: { microUsd: 500_000 } },
  ],
  [
    { status: 'failed', error: { code: 'moderation_blocked', message: '…' } },
    { state: 'failed', errorClass: 'content_policy' },
  ],
  [
    { status: 'failed', error: 'The prompt was flagged.' },
    { state: 'failed', errorClass: 'content_policy' },
  ],
  [
    { status: 'failed', error: { code: 500, message: 'CUDA out of memory' } },
    { state: 'failed', errorClass: 'provider_down' },
  ],
  [{ status: 'error' }, { state: 'failed', errorClass: 'provider_down' }],
  [{ status: 'expired' }, { state: 'failed', errorClass: 'timeout' }],
  [{ status: 'cancelled' }, { state: 'failed', errorClass: 'timeout' }],
  [{ status: 'deleted' }, { state: 'failed', errorClass: 'result_expired' }],
  [{ status: 'paused' }, undefined],
  [{ status: undefined }, undefined],
])('a job that is %o', (changes, answer) => {
  expect(polled(changes)).toEqual(answer)
})

test.each([
  [{ url: 'https://a/1' }, 'https://a/1'],
  [{ url: null, video_url: 'https://a/2' }, 'https://a/2'],
  [{ metadata: { url: 'https://a/3' } }, 'https://a/3'],
  [{ unsigned_urls: ['https://a/4'] }, 'https://a/4'],
  [{}, undefined],
])('the file of %o', (changes, url) => {
  expect(urlOf(job.parse({ ...recorded, ...changes }))).toBe(url)
})

function answer(status: number, json: unknown, headers: Record<string, string> = {}): CallAnswer {
  return { status, json, text: '', headers: new Headers(headers) }
}
const error = (type: string, code: unknown) => ({ error: { message: 'On: …', type, param: null, code } })

test.each([
  [401, error('invalid_request_error', 'invalid_api_key'), 'provider_auth', 'no'],
  [400, error('invalid_request_error', 'moderation_blocked'), 'content_policy', 'no'],
  [400, error('invalid_request_error', 'invalid_value'), 'invalid_input', 'no'],
  [400, error('invalid_request_error', 'billing_hard_limit_reached'), 'provider_out_of_credit', 'no'],
  [400, error('budget_exceeded', null), 'provider_out_of_credit', 'no'],
  [400, error('BadRequestError', 400), 'invalid_input', 'no'],
  [400, { error: { code: 400, message: 'x is not a valid model ID' } }, 'invalid_input', 'no'],
  [402, { error: { code: 402, message: 'Insufficient credits' } }, 'provider_out_of_credit', 'no'],
  [
    403,
    { error: { code: 403, message: 'Your input was flagged', metadata: { reasons: ['violence'] } } },
    'content_policy',
    'no',
  ],
  [403, { error: { code: 403, message: 'Key has no access' } }, 'provider_auth', 'no'],
  [404, error('NotFoundError', 404), 'model_retired', 'no'],
  [400, error('invalid_request_error', 'model_not_found'), 'model_retired', 'no'],
  [404, { detail: 'Not Found' }, 'provider_down', 'no'],
  [422, { detail: [{ loc: ['body', 'width'], msg: '…', type: 'int_parsing' }] }, 'invalid_input', 'no'],
  [429, error('rate_limit_error', 'rate_limit_exceeded'), 'rate_limited', 'no'],
  [429, error('insufficient_quota', 'insufficient_quota'), 'provider_out_of_credit', 'no'],
  [500, error('server_error', null), 'provider_down', 'perhaps'],
  [503, { error: { code: 503, message: 'No provider available' } }, 'provider_down', 'perhaps'],
  [502, undefined, 'provider_down', 'perhaps'],
  [403, undefined, 'provider_down', 'perhaps'],
  [301, undefined, 'provider_down', 'perhaps'],
])('a submission answered with %i %o', (status, json, errorClass, accepted) => {
  expect(refusalOf(answer(status, json), 0)).toMatchObject({ errorClass, accepted })
})

test('a sentence in the place of a code is not kept', () => {
  const said = refusalOf(answer(400, error('invalid', 'Grandmother Ottilie is not allowed')), 0)
  expect(said.providerCode).toBe('400')
})

/** The example of the Standard Webhooks specification's libraries. */
const example = {
  secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  time: '1614265330',
  body: '{"test": 2432232314}',
  signature: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
}
const now = Number(example.time) * 1000

function knock(changes: Partial<typeof example> = {}, at = now) {
  const { secret, id, time, body, signature } = { ...example, ...changes }
  const headers = { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': signature }
  return verifySigned({ headers, rawBody: Buffer.from(body) }, secret, 'standard', at)
}

test('the specification’s own example is signed rightly, though it is no video', () => {
  expect(knock()).toEqual({ accepted: false, why: 'malformed' })
})

test.each([
  ['one of several signatures', { signature: `v1,AAAA v2,xxxx ${example.signature}` }, now, 'malformed'],
  ['another version only', { signature: example.signature.replace('v1,', 'v2,') }, now, 'forged'],
  ['another body', { body: '{"test": 2432232315}' }, now, 'forged'],
  ['another id', { id: 'msg_2' }, now, 'forged'],
  ['another secret', { secret: 'whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' }, now, 'forged'],
  ['301 s later', {}, now + 301_000, 'stale'],
  ['301 s early', {}, now - 301_000, 'stale'],
  ['no time', { time: 'now' }, now, 'stale'],
])('%s', (_, changes, at, why) => {
  expect(knock(changes, at)).toEqual({ accepted: false, why })
})

test('a secret without bytes signs nothing', () => {
  const signature = `v1,${createHmac('sha256', '').update(`${example.id}.${example.time}.{}`).digest('base64')}`
  expect(knock({ secret: 'whsec_', body: '{}', signature })).toMatchObject({ why: 'forged' })
})

test('an event about something else is not ours', () => {
  const body = '{"type":"response.completed","data":{"id":"resp_1"}}'
  const key = Buffer.from(example.secret.slice(6), 'base64')
  const mac = createHmac('sha256', key).update(`${example.id}.${example.time}.${body}`)
  expect(knock({ body, signature: `v1,${mac.digest('base64')}` })).toMatchObject({ why: 'not_ours' })
})
