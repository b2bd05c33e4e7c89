/**
 * fal's recorded answers, as ours. It pins: an empty account taken for a bad key (both are 403), a face taken for bad
 * words, a proxy's page taken for fal's word, a passing failure taken for the job's end.
 */
import { expect, test } from 'vitest'
import type { CallAnswer } from '../provider-http.ts'
import { refusalOf, verdictOf, videoUrlOf } from './answers.ts'

function answer(status: number, json: unknown, headers: Record<string, string> = {}): CallAnswer {
  return { status, json, text: JSON.stringify(json) ?? '<html>', headers: new Headers(headers) }
}
const typed = (type: string, msg = '…', ctx = {}) => ({
  detail: [{ loc: ['body', 'image_url'], msg, type, ctx, input: 'x' }],
})

test.each([
  [
    'prompt refused',
    422,
    typed(
      'content_policy_violation',
      'The content could not be processed because it contained material flagged by a content checker.',
    ),
    'content_policy',
  ],
  [
    'a real face',
    422,
    typed('content_policy_violation', 'The images or videos provided may contain likenesses of real people', {
      extra_info: { reason: 'partner_validation_failed' },
    }),
    'face_policy',
  ],
  [
    'sound refused by the partner',
    422,
    typed('content_policy_violation', 'Output audio has sensitive content.', {
      extra_info: { reason: 'partner_validation_failed' },
    }),
    'content_policy',
  ],
  ['no face found where one is needed', 422, typed('face_detection_error'), 'invalid_input'],
  ['an input it cannot read', 422, typed('image_load_error'), 'input_unfetchable'],
  ['an input it cannot fetch', 422, typed('file_download_error'), 'input_unfetchable'],
  ['too small', 422, typed('image_too_small'), 'invalid_input'],
  ['a value out of range', 422, typed('less_than_equal'), 'invalid_input'],
  ['a type nobody wrote down', 422, typed('constructor'), 'invalid_input'],
  ['the model failed', 500, typed('internal_server_error'), 'provider_down'],
  ['what stands behind it failed', 400, typed('downstream_service_error'), 'provider_down'],
  ['it took too long', 504, typed('generation_timeout'), 'timeout'],
  ['nobody started it', 504, { detail: 'Request timed out', error_type: 'startup_timeout' }, 'timeout'],
  [
    'its runner broke',
    503,
    { detail: 'Runner disconnected', error_type: 'runner_disconnected' },
    'provider_down',
  ],
])('%s ends the job', (_, status, json, errorClass) => {
  expect(verdictOf(answer(status, json))?.errorClass).toBe(errorClass)
})

test.each([
  ['a sentence of the platform', 500, { detail: 'Internal Server Error' }],
  ['a page', 502, undefined],
  ['a key that went bad', 401, { detail: 'Unauthorized' }],
])('%s ends no job', (_, status, json) => {
  expect(verdictOf(answer(status, json))).toBeUndefined()
})

test.each([
  [401, { detail: 'Cannot access application' }, 'provider_auth', 'no'],
  [
    403,
    { detail: 'User is locked. Reason: Exhausted balance. Top up your balance at fal.ai/dashboard/billing.' },
    'provider_out_of_credit',
    'no',
  ],
  [403, { detail: 'Forbidden' }, 'provider_auth', 'no'],
  [402, { detail: 'Payment required' }, 'provider_out_of_credit', 'no'],
  [404, { detail: 'Application not found' }, 'model_retired', 'no'],
  [422, typed('one_of'), 'invalid_input', 'no'],
  [429, { detail: 'Too many requests' }, 'rate_limited', 'no'],
  [500, { detail: 'Internal Server Error' }, 'provider_down', 'perhaps'],
  [504, { detail: 'Gateway Timeout' }, 'provider_down', 'perhaps'],
  [403, undefined, 'provider_down', 'perhaps'],
  [429, undefined, 'rate_limited', 'perhaps'],
  [302, undefined, 'provider_down', 'perhaps'],
  [200, { status: 'ok' }, 'provider_down', 'perhaps'],
])('a submission answered with %i %o', (status, json, errorClass, accepted) => {
  expect(refusalOf(answer(status, json), 0)).toMatchObject({ errorClass, accepted })
})

test('it waits as long as fal asks', () => {
  const limited = answer(429, { detail: 'Too many requests' }, { 'retry-after': '7' })
  expect(refusalOf(limited, 0).retryAfterMs).toBe(7000)
})

test.each([
  [
    {
      video: {
        url: 'https://v3b.fal.media/files/b/0a96bf46/x.mp4',
        content_type: 'video/mp4',
        file_size: 4446521,
      },
      seed: 1775431481,
    },
    'https://v3b.fal.media/files/b/0a96bf46/x.mp4',
  ],
  [
    {
      video: { url: 'https://v3b.fal.media/a.mp4' },
      video_id: 'video_69e3',
      thumbnail: { url: 'https://v3b.fal.media/t.webp' },
    },
    'https://v3b.fal.media/a.mp4',
  ],
  [{ videos: [{ url: 'https://v3.fal.media/b.mp4' }] }, 'https://v3.fal.media/b.mp4'],
  [{ images: [{ url: 'https://v3.fal.media/c.png' }] }, undefined],
  [null, undefined],
])('the video in %o', (json, url) => {
  expect(videoUrlOf(json)).toBe(url)
})
