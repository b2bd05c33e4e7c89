import { expect, test } from 'vitest'
import { errorClasses, isErrorClass } from '#app/studio/providers/provider-errors.ts'
import { sentenceFor } from './errors.ts'

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
