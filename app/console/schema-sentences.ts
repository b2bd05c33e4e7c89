import type { z } from 'zod'
import { type Sentence, say } from '#core/i18n/say.ts'

/**
 * What a schema found wrong as a sentence for an operator. What it has no sentence for comes with the schema's own words
 * as a value: those are English, and better than nothing. Parse with `reportInput`, so that what is missing is told.
 */
export function sentenceOfIssue(issue: z.core.$ZodIssue): Sentence {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined) return say('This is missing.')
      return kinds[issue.expected] ?? otherwise(issue)
    case 'invalid_value':
      return say('It has to be one of these: {values}.', { values: issue.values.map(String).join(', ') })
    case 'unrecognized_keys':
      return say('{count, plural, one {No such field is} other {No such fields are}} known: {names}.', {
        count: issue.keys.length,
        names: issue.keys.join(', '),
      })
    case 'too_small':
      return tooSmall(issue)
    case 'too_big':
      return tooBig(issue)
    case 'invalid_format':
      if (issue.format !== 'regex') return otherwise(issue)
      return say('It has to be written by this pattern: {pattern}', { pattern: issue.pattern ?? '' })
    default:
      return otherwise(issue)
  }
}

const kinds: Readonly<Record<string, Sentence>> = {
  string: say('It has to be a text, in quotes.'),
  number: say('It has to be a number.'),
  int: say('It has to be a whole number.'),
  boolean: say('It has to be true or false.'),
  array: say('It has to be a list, in square brackets.'),
  object: say('It has to be an object, in braces.'),
  record: say('It has to be an object, in braces.'),
}

function tooSmall(issue: z.core.$ZodIssueTooSmall): Sentence {
  const least = Number(issue.minimum)
  if (issue.origin === 'string')
    return say('It needs at least {least, plural, one {# character} other {# characters}}.', { least })
  if (issue.origin === 'array')
    return say('It needs at least {least, plural, one {# entry} other {# entries}}.', { least })
  return issue.inclusive === false
    ? say('It has to be more than {least, number}.', { least })
    : say('It has to be {least, number} or more.', { least })
}

function tooBig(issue: z.core.$ZodIssueTooBig): Sentence {
  const most = Number(issue.maximum)
  if (issue.origin === 'string')
    return say('It may have at most {most, plural, one {# character} other {# characters}}.', { most })
  if (issue.origin === 'array')
    return say('It may have at most {most, plural, one {# entry} other {# entries}}.', { most })
  return issue.inclusive === false
    ? say('It has to be less than {most, number}.', { most })
    : say('It has to be {most, number} or less.', { most })
}

function otherwise({ message }: z.core.$ZodIssue): Sentence {
  return say('It does not fit: {detail}', { detail: message })
}
