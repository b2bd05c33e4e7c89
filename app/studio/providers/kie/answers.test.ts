/**
 * Recorded answers of KIE, as they were. Pins: an error with HTTP 200 taken for success; a validation error called "perhaps
 * taken"; a passing failure called "not taken"; addresses as JSON in a string; a callback whose body is believed.
 */
import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { isProviderError } from '../provider-errors.ts'
import type { CallAnswer } from '../provider-http.ts'
import { jobWord, veoWord } from './answers.ts'
import { againAfter } from './driver.ts'
import { classOf, dataOf, isGone } from './envelope.ts'
import { verify } from './webhook.ts'

function answer(json: unknown, status = 200): CallAnswer {
  return { status, headers: new Headers(), text: JSON.stringify(json), json }
}

const waiting = {
  taskId: '49265b81be9607661c0246b892144776',
  model: 'bytedance/seedance-2',
  state: 'waiting',
  param: '{"input":"{\\"duration\\":4}","model":"bytedance/seedance-2"}',
  resultJson: '',
  failCode: null,
  failMsg: null,
  costTime: null,
  completeTime: null,
  createTime: 1776487278516,
}
const url = 'https://tempfile.aiquickdraw.com/seedance/1776487563148-mp9rqrqq9nt.mp4'
const done = {
  ...waiting,
  state: 'success',
  resultJson: `{"resultUrls":["${url}"]}`,
  costTime: 285,
  completeTime: 1776487564100,
}

describe('a record of the jobs API', () => {
  test.each(['waiting', 'queuing', 'generating'])('runs while it is %s', (state) => {
    expect(jobWord({ ...waiting, state }, 5000)).toEqual({ answer: { state: 'running' } })
  })

  test('is done with the address in a string, as recorded in April 2026', () => {
    expect(jobWord(done, 5000)).toEqual({ answer: { state: 'succeeded', charged: undefined }, url })
  })

  test('is done with the parsed response and the credits, as since September 2026', () => {
    const record = {
      ...done,
      resultJson: '',
      response: { resultUrls: [url] },
      successFlag: 1,
      creditsConsumed: 62.5,
    }
    expect(jobWord(record, 5000)).toEqual({
      answer: { state: 'succeeded', charged: { microUsd: 312_500 } },
      url,
    })
  })

  test.each([
    ['400', 'Your prompt was flagged by Website as violating content policies', 'content_policy'],
    ['500', 'The request failed because the input image may contain real person.', 'face_policy'],
    [
      '500',
      'The request failed because the output video may contain sensitive information',
      'content_policy',
    ],
    ['451', 'Failed to fetch the image', 'input_unfetchable'],
    ['422', 'Ratio error', 'invalid_input'],
    ['501', 'internal error, try again later', 'provider_down'],
    [null, null, 'provider_down'],
  ])('failed with %s and the words "%s": %s', (failCode, failMsg, errorClass) => {
    expect(jobWord({ ...waiting, state: 'fail', failCode, failMsg }, 5000).answer).toMatchObject({
      state: 'failed',
      errorClass,
    })
  })

  test('that is none is a passing failure', () => {
    expect(() => jobWord(null, 5000)).toThrow('provider_down')
  })
})

describe('a record of Veo', () => {
  const record = {
    taskId: 'veo_task_abcdef123456',
    paramJson: '{}',
    createTime: '2025-06-06 10:25:00',
    completeTime: '2025-06-06 10:30:00',
    successFlag: 1,
    response: { taskId: 'veo_task_abcdef123456', resultUrls: [url], originUrls: [url], resolution: '1080p' },
    errorCode: null,
    errorMessage: '',
    fallbackFlag: false,
  }

  test('is done', () => {
    expect(veoWord(record, 5000)).toMatchObject({ answer: { state: 'succeeded' }, url, resolution: '1080p' })
  })

  test.each([
    ['in the response', { ...record, response: { resultUrls: `["${url}"]` } }],
    ['beside it', { ...record, response: null, resultUrls: `["${url}"]` }],
  ])('is done with the addresses as a string %s', (_, old) => {
    expect(veoWord(old, 5000)).toMatchObject({ answer: { state: 'succeeded' }, url })
  })

  test('gives the whole of an extension', () => {
    const whole = 'https://tempfile.aiquickdraw.com/whole.mp4'
    const response = { resultUrls: [url], fullResultUrls: [whole] }
    expect(veoWord({ ...record, response }, 5000).url).toBe(whole)
  })

  test.each([
    [2, 501, 'failed', 'provider_down'],
    [
      3,
      422,
      'Your request was rejected by Flow(a quay). You may consider our other fallback channels',
      'content_policy',
    ],
    [3, 400, 'Failed to fetch the image', 'input_unfetchable'],
    [3, 400, 'Only English prompts are supported at this time.', 'invalid_input'],
  ])(
    'failed with flag %i, code %i and the words "%s": %s',
    (successFlag, errorCode, errorMessage, errorClass) => {
      const failed = { ...record, successFlag, response: null, errorCode, errorMessage }
      expect(veoWord(failed, 5000).answer).toMatchObject({ state: 'failed', errorClass })
    },
  )
})

describe('an answer to a submit', () => {
  const model =
    'The model name you specified is not supported. Please verify your input and use one of the supported models provided by KIE.'
  test.each<[number, unknown, string, 'no' | 'perhaps']>([
    [200, { code: 401, msg: 'You do not have access permissions' }, 'provider_auth', 'no'],
    [200, { code: 402, msg: 'Credits insufficient' }, 'provider_out_of_credit', 'no'],
    [200, { code: 500, msg: 'Credits insufficient' }, 'provider_out_of_credit', 'no'],
    [200, { code: 422, msg: model }, 'model_retired', 'no'],
    [200, { code: 500, msg: 'This interface is temporarily paused' }, 'model_retired', 'no'],
    [200, { code: 500, msg: 'aspect_ratio is required for text-to-video' }, 'invalid_input', 'no'],
    [200, { code: 429, message: 'too many' }, 'rate_limited', 'no'],
    [429, { code: 429, msg: 'too many' }, 'rate_limited', 'no'],
    [200, { code: 433, msg: 'sub-key' }, 'rate_limited', 'no'],
    [200, { code: 455, msg: 'maintenance' }, 'provider_down', 'no'],
    [200, { code: 500, msg: 'Server exception' }, 'provider_down', 'perhaps'],
    [500, { code: 500, msg: 'Server exception' }, 'provider_down', 'perhaps'],
    [502, undefined, 'provider_down', 'perhaps'],
    [502, { code: 200, data: {} }, 'provider_down', 'perhaps'],
    [200, undefined, 'provider_down', 'perhaps'],
    [429, undefined, 'rate_limited', 'no'],
  ])('HTTP %i with %o', (status, json, errorClass, accepted) => {
    try {
      dataOf(answer(json, status), 0)
      expect.unreachable()
    } catch (error) {
      expect(isProviderError(error)).toBe(true)
      expect(error).toMatchObject({ errorClass, accepted })
    }
  })

  test('an interface is not a face', () => {
    expect(classOf(500, 'This interface is temporarily paused')).toBe('model_retired')
  })
})

test('only the word that there is no such record ends a task', () => {
  expect(isGone(answer({ code: 422, msg: 'Record does not exist', data: null }))).toBe(true)
  expect(isGone(answer({ code: 422, msg: 'record is null' }))).toBe(true)
  expect(isGone(answer({ code: 422, msg: 'only 14 days supported' }))).toBe(true)
  expect(isGone(answer({ code: 422, msg: 'record status is not success' }))).toBe(false)
  expect(isGone(answer({ code: 500, msg: 'record is null' }))).toBe(false)
  expect(isGone(answer(undefined, 404))).toBe(false)
})

test('it is asked as often as its documentation advises', () => {
  expect([0, 29_999, 30_000, 119_999, 120_000, 1e9].map(againAfter)).toEqual([
    3000, 3000, 7000, 7000, 20_000, 20_000,
  ])
})

describe('a callback', () => {
  const now = 1_776_487_564_100
  const at = String(Math.floor(now / 1000))
  const signed = (taskId: string) => ({
    'x-webhook-timestamp': at,
    'x-webhook-signature': createHmac('sha256', 'secret').update(`${taskId}.${at}`).digest('base64'),
  })
  const raw = (body: unknown) => Buffer.from(JSON.stringify(body))

  test.each([
    ['the jobs API', { code: 200, data: { taskId: 't1' } }],
    ['the sample code', { code: 200, data: { task_id: 't1' } }],
    ['the top', { taskId: 't1' }],
  ])('names its task as in %s', (_, body) => {
    expect(verify({ headers: signed('t1'), rawBody: raw(body) }, 'secret', now)).toEqual({
      accepted: true,
      providerJob: 't1',
      delivery: `t1.${at}`,
    })
  })

  test('signed for another task is forged, and without a secret none is believed', () => {
    const rawBody = raw({ data: { taskId: 't2' } })
    expect(verify({ headers: signed('t1'), rawBody }, 'secret', now)).toEqual({
      accepted: false,
      why: 'forged',
    })
    expect(verify({ headers: signed('t2'), rawBody }, undefined, now)).toEqual({
      accepted: false,
      why: 'unsigned',
    })
  })
})
