import { expect, test } from 'vitest'
import { z } from 'zod'
import { translatorFor } from '#core/i18n/translate.ts'
import { sentenceOfIssue } from './schema-sentences.ts'

const { t } = translatorFor('en')

/** Pins: the schema library's own English in front of an operator; a field that is missing told as one of a wrong kind. */
const schema = z.strictObject({
  id: z.string().regex(/^[a-z]+$/),
  name: z.string().min(1).max(5),
  seconds: z.number().int().min(2).max(10),
  share: z.number().positive(),
  sound: z.enum(['never', 'always']),
  modes: z.array(z.string()).nonempty(),
  routes: z.object({ to: z.string() }),
})
const good = { id: 'a', name: 'A', seconds: 3, share: 1, sound: 'never', modes: ['x'], routes: { to: 'x' } }

function saidOf(changes: object): string[] {
  const read = schema.safeParse({ ...good, ...changes }, { reportInput: true })
  return read.error?.issues.map((issue) => t(sentenceOfIssue(issue))) ?? []
}

test.each([
  [{ name: undefined }, 'This is missing.'],
  [{ name: 7 }, 'It has to be a text, in quotes.'],
  [{ name: '' }, 'It needs at least 1 character.'],
  [{ name: 'too long' }, 'It may have at most 5 characters.'],
  [{ seconds: 2.5 }, 'It has to be a whole number.'],
  [{ seconds: 1 }, 'It has to be 2 or more.'],
  [{ seconds: 11 }, 'It has to be 10 or less.'],
  [{ share: 0 }, 'It has to be more than 0.'],
  [{ sound: 'loud' }, 'It has to be one of these: never, always.'],
  [{ modes: [] }, 'It needs at least 1 entry.'],
  [{ routes: [] }, 'It has to be an object, in braces.'],
  [{ id: 'A B' }, 'It has to be written by this pattern: /^[a-z]+$/'],
  [{ colour: 1, taste: 2 }, 'No such fields are known: colour, taste.'],
])('%j', (changes, sentence) => {
  expect(saidOf(changes)).toEqual([sentence])
})
