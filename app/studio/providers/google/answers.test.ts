/**
 * Google's recorded answers, and what they mean. It pins: a refusal told as a success without a video taken for one; a wrong
 * key taken for wrong settings; a matter of keys taken for one of content; a server's failure taken for "not accepted".
 */
import { describe, expect, test } from 'vitest'
import { fileNameOf } from './files.ts'
import { googleRefusal } from './google-errors.ts'
import { interactionAnswer, readInteraction } from './interactions.ts'
import { veoAnswer } from './veo.ts'

describe('recorded answers', () => {
  const step = (...content: unknown[]) => ({ type: 'model_output', content })
  test.each([
    [{ status: 'queued' }, { state: 'running' }],
    [{ status: 'a_new_word' }, { state: 'running' }],
    [{ status: 'completed', steps: [step({ type: 'video', uri: 'https://x/' })] }, { state: 'succeeded' }],
    [
      { status: 'completed', steps: [step({ type: 'text', text: 'no' })] },
      { state: 'failed', errorClass: 'content_policy' },
    ],
    [
      {
        status: 'completed',
        steps: [],
        usage: { output_tokens_by_modality: [{ modality: 'video', tokens: 9 }] },
      },
      { state: 'failed', errorClass: 'result_expired' },
    ],
    [
      { status: 'failed', error: { status: 'SAFETY' } },
      { state: 'failed', errorClass: 'content_policy' },
    ],
    [
      { status: 'failed', finish_reason: 'IMAGE_SAFETY' },
      { state: 'failed', errorClass: 'content_policy' },
    ],
    [{ status: 'incomplete' }, { state: 'failed', errorClass: 'provider_down' }],
    [{ status: 'budget_exceeded' }, { state: 'failed', errorClass: 'provider_out_of_credit' }],
  ])('of an interaction: %j', (body, answer) => {
    const made = readInteraction({ id: 'v1_x', ...body })
    expect(made && interactionAnswer(made)).toMatchObject(answer)
  })

  test.each([
    [{ name: 'o', done: false }, { state: 'running' }],
    [
      { name: 'o', done: true, error: { code: 3, message: '…', status: 'INVALID_ARGUMENT' } },
      { state: 'failed', errorClass: 'invalid_input' },
    ],
    [
      {
        name: 'o',
        done: true,
        error: {
          code: 3,
          message: 'This prompt contains sensitive words that violate our Responsible AI practices.',
        },
      },
      { state: 'failed', errorClass: 'content_policy' },
    ],
    [
      { name: 'o', done: true, response: {} },
      { state: 'failed', errorClass: 'result_expired' },
    ],
    [
      {
        name: 'o',
        done: true,
        response: { raiMediaFilteredCount: 1, raiMediaFilteredReasons: ['17301594: Celebrity'] },
      },
      { state: 'failed', errorClass: 'face_policy' },
    ],
    [
      {
        name: 'o',
        done: true,
        response: { raiMediaFilteredCount: 1, raiMediaFilteredReasons: ['58061214'] },
      },
      { state: 'failed', errorClass: 'content_policy' },
    ],
    ['<html>', undefined],
  ])('of an operation: %j', (body, answer) => {
    if (!answer) return expect(veoAnswer(body)).toBeUndefined()
    expect(veoAnswer(body)).toMatchObject(answer)
  })

  test.each([
    [
      400,
      { error: { code: 400, message: 'API key not valid.', status: 'INVALID_ARGUMENT' } },
      'provider_auth',
      'no',
    ],
    [
      400,
      [{ error: { code: 'invalid_request', message: 'blocked for safety reasons' } }],
      'content_policy',
      'no',
    ],
    [
      403,
      { error: { status: 'PERMISSION_DENIED', details: [{ reason: 'API_KEY_SERVICE_BLOCKED' }] } },
      'provider_auth',
      'no',
    ],
    [
      400,
      { error: { message: 'Invalid safety_settings', status: 'INVALID_ARGUMENT' } },
      'invalid_input',
      'no',
    ],
    [429, undefined, 'rate_limited', 'no'],
    [413, undefined, 'invalid_input', 'no'],
    [502, undefined, 'provider_down', 'perhaps'],
    [503, { error: { code: 503, status: 'UNAVAILABLE' } }, 'provider_down', 'perhaps'],
  ])('of a refusal with %i: %j', (status, json, errorClass, accepted) => {
    const answer = { status, json, headers: new Headers(), text: '' }
    expect(googleRefusal(answer, 0)).toMatchObject({ errorClass, accepted })
  })

  test('a delay is read where Google writes it', () => {
    const json = { error: { code: 429, details: [{ retryDelay: '34.07s' }] } }
    expect(googleRefusal({ status: 429, json, headers: new Headers(), text: '' }, 0).retryAfterMs).toBe(
      34_070,
    )
  })

  test.each([
    ['https://generativelanguage.googleapis.com/v1beta/files/abc-1:download?alt=media', 'files/abc-1'],
    ['https://generativelanguage.googleapis.com/v1beta/files/abc', 'files/abc'],
    ['https://example.org/x', undefined],
  ])('the name of a file: %s', (uri, name) => expect(fileNameOf(uri)).toBe(name))
})
