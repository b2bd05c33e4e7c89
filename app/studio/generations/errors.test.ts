import { expect, test } from 'vitest'
import { errorClasses, isErrorClass } from '#app/studio/providers/provider-errors.ts'
import { AppError } from '#core/errors/errors.ts'
import { say } from '#core/i18n/say.ts'
import { codeOf, sentenceFor } from './errors.ts'

/** Pins: a person who is told "something went wrong" of a failure that has words of its own. */
test('every way in which a provider fails, and a provider that was not agreed to, has its sentence', () => {
  const unknown = sentenceFor('of-another-version').text
  for (const code of [...Object.keys(errorClasses), 'no_route_agreed', 'gave_up']) {
    const { text } = sentenceFor(code)
    expect(text).toContain('credits are back')
    if (code !== 'gave_up') expect(text, code).not.toBe(unknown)
    if (isErrorClass(code)) expect(text).toBe(errorClasses[code].says.text)
  }
})

test('whatever keeps a video from being signed is said to be that', () => {
  for (const code of ['not_trusted', 'engine_missing', 'busy', 'timeout', 'unreadable', 'of-another-version'])
    expect(sentenceFor(`provenance_${code}`).text).toContain('could not be signed')
})

test('a full disk is one wherever it was met', () => {
  const full = Object.assign(new Error('write'), { code: 'ENOSPC' })
  const quota = Object.assign(new Error('write'), { code: 'EDQUOT' })
  const refused = new AppError('media_failed', say('This file could not be read or made.'), { cause: full })
  for (const error of [full, quota, refused, new Error('fetch failed', { cause: full })])
    expect(codeOf(error)).toBe('storage_full')
  expect(codeOf(new AppError('media_failed', say('This file could not be read or made.')))).toBe(
    'media_failed',
  )
  expect(codeOf(new Error('anything'))).toBe('internal')
})
