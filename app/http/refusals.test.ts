/** Pins: a fault that passes and is shown as if everything had broken; one that nobody hears of; an inner error that is shown. */
import { expect, test } from 'vitest'
import { AppError } from '#core/errors/errors.ts'
import { say } from '#core/i18n/say.ts'
import { refusalOf } from './refusals.ts'

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
