/**
 * Pins: a fault that passes and is shown as if everything had broken; one that nobody hears of; an inner error that is shown; an error page
 * whose number is another request's, or none.
 */
import { expect, test } from 'vitest'
import { AppError } from '#core/errors/errors.ts'
import { say } from '#core/i18n/say.ts'
import { errorPage, refusalOf } from './refusals.ts'

const sentence = say('Something to say.')

test.each([
  ['a wrong field', new AppError('wrong', sentence, { status: 422 }), 422, 0],
  ['a model that is away', new AppError('model_unavailable', sentence, { status: 503 }), 503, 1],
  ['a full disk', new AppError('storage_full', sentence, { status: 507 }), 507, 1],
  ['a key that does not fit', new AppError('unreadable', sentence, { status: 500 }), undefined, 0],
  ['a mistake of ours', new TypeError('x is not a function'), undefined, 0],
])('%s', (_, error, status, told) => {
  const reported: unknown[] = []
  const refused = refusalOf(error, { report: (one) => reported.push(one) })
  expect(refused?.status).toBe(status)
  if (refused) expect(refused.refusal).toMatchObject({ sentence, fields: {} })
  expect(reported).toHaveLength(told)
})

test.each([
  ['what is not there', new AppError('not_found', sentence, { status: 404 }), 404, 'not_found', 0],
  ['an expected fault', new AppError('not_signed', sentence, { status: 503 }), 503, 'not_signed', 1],
  ['a mistake of ours', new TypeError('x is not a function'), 500, 'internal', 1],
])('the page of %s has the number of its request', (_, error, status, code, told) => {
  const reported: unknown[] = []
  const context = { traceId: 'ab12', report: (one: unknown) => reported.push(one) }
  const request = new Request('http://localhost/')
  const thrown = errorPage(error, { request, context }) as { data: object; init: object }
  expect(thrown).toMatchObject({ data: { code, traceId: 'ab12' }, init: { status } })
  expect(JSON.stringify(thrown)).not.toContain('not a function')
  expect(reported).toEqual(Array(told).fill(error))
  const gone = AbortSignal.abort()
  errorPage(error, { request: new Request(request, { signal: gone }), context })
  expect(reported).toHaveLength(told)
  const redirect = new Response(null, { status: 302 })
  expect(errorPage(redirect, { request, context })).toBe(redirect)
})
