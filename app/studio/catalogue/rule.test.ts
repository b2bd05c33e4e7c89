/**
 * Pins: a price that differs between page and server; a rule that runs code, hangs or eats the stack; a price of nothing
 * for a resolution that nobody priced.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { numberBy, RuleError, ruleOf, truthBy } from './rule.ts'

const v = { seconds: 8, resolution: '1080p', audio: true, references: 0, mode: 'text' }

test.each([
  ['1 + 2 * 3', 7],
  ['(1 + 2) * 3', 9],
  ['10 - 2 - 3', 5],
  ['12 / 3 / 2', 2],
  ['2 - -3', 5],
  ['seconds * 0.1', 0.8],
  ['ceil(seconds * 0.3)', 3],
  ['ceil(0.1 * 3 * 10)', 3],
  ['floor(2.9) + min(4, 2, 3) + max(1, 5)', 9],
  ["pick(resolution, '720p', 7, '1080p', 9) * seconds", 72],
  ["pick(mode, 'extend', 2, 1)", 1],
  ['audio ? 2 : 1', 2],
  ['not audio ? 1 : seconds > 5 and seconds <= 8 ? 4 : 3', 4],
  ["resolution == '720p' or references > 0 ? 1 : 0", 0],
])('%s is %d', (rule, value) => expect(numberBy(rule, v)).toBeCloseTo(value, 9))

test('a choice looks only at the side it takes', () => {
  expect(numberBy("audio or nothing_here == 1 ? 1 : pick(mode, 'x', 1)", v)).toBe(1)
})

test.each([
  ['', 0],
  ['1 +', 3],
  ['(1', 2],
  ['1 2', 1],
  ['seconds.constructor', 7],
  ['nowhere(1)', 0],
  ['constructor(1)', 0],
  ["pick(resolution, '720p', 7)", 0],
  ["'a' * 2", 3],
  ['1 ? 2 : 3', 1],
  ['unknown', 0],
  ['__proto__', 0],
  ['1 = 1', 1],
  ['"1"', 0],
  ['1 - 2', 0],
  ['1 / 0', 0],
  ['audio', 0],
])('%s is refused, with the place', (rule, at) => {
  const error = (() => {
    try {
      return numberBy(rule, v)
    } catch (e) {
      return e
    }
  })()
  expect(error).toBeInstanceOf(RuleError)
  expect((error as RuleError).at).toBe(at)
})

test('what is too long or too deep is refused and costs no stack', () => {
  expect(() => ruleOf('1'.repeat(2001))).toThrow('too long')
  expect(() => ruleOf(`${'('.repeat(500)}1${')'.repeat(500)}`)).toThrow('too deep')
  expect(() => ruleOf(`${'-'.repeat(900)}1`)).toThrow('too deep')
  expect(() => ruleOf(`${'not '.repeat(400)}true`)).toThrow('too deep')
})

test('it says which names it needs', () => {
  expect([...ruleOf("pick(resolution, 'a', seconds, 2)").names]).toEqual(['resolution', 'seconds'])
  expect(truthBy("mode == 'text'", v)).toBe(true)
  expect(() => truthBy('1', v)).toThrow(RuleError)
})

test('no text whatever does anything but answer or throw a RuleError', () => {
  const words = fc.constantFrom(
    ...[
      'seconds',
      'pick',
      'ceil',
      '(',
      ')',
      ',',
      '?',
      ':',
      '+',
      '*',
      '-',
      '/',
      '==',
      '<',
      'and',
      'not',
      "'x'",
      '1',
      '.5',
    ],
  )
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(words).map((w) => w.join(' ')),
      ),
      (text) => {
        try {
          const value = ruleOf(text).evaluate(v)
          expect(['number', 'string', 'boolean']).toContain(typeof value)
        } catch (error) {
          expect(error).toBeInstanceOf(RuleError)
        }
      },
    ),
    { numRuns: 500 },
  )
})
