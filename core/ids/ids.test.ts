import { expect, test } from 'vitest'
import { isId, newId } from './ids.ts'

test('ids sort by the time they were made', () => {
  const early = newId('generation', 1_700_000_000_000)
  const late = newId('generation', 1_700_000_000_001)
  expect(early < late).toBe(true)
})

test('an id of one kind is not an id of another', () => {
  const id = newId('subject', Date.now())
  expect(isId('subject', id)).toBe(true)
  expect(isId('generation', id)).toBe(false)
  expect(isId('subject', `${id}x`)).toBe(false)
  expect(isId('subject', id.toUpperCase())).toBe(false)
  expect(isId('subject', null)).toBe(false)
})

test('carries a UUIDv7: version and variant bits are set', () => {
  // The 26 characters hold 130 bits; drop the two leading spare bits to get the UUID back.
  const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'
  let value = 0n
  for (const c of newId('job', 0).slice(4)) value = (value << 5n) | BigInt(alphabet.indexOf(c))
  const hex = value.toString(16).padStart(32, '0')
  expect(hex.slice(0, 12)).toBe('000000000000')
  expect(hex[12]).toBe('7')
  expect('89ab').toContain(hex[16])
})

test('thousands of the same millisecond all differ', () => {
  const ids = new Set(Array.from({ length: 5000 }, () => newId('job', 0)))
  expect(ids.size).toBe(5000)
})
