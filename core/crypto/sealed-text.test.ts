/**
 * Pins: a sealed text that opens in another cell or under another key; a changed one that opens; two spellings of one
 * sealed text; an error that carries what was sealed.
 */
import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isAppError } from '#core/errors/errors.ts'
import { newId } from '#core/ids/ids.ts'
import { type Place, SealBroken, sealJson, sealText, unsealJson, unsealText } from './sealed-text.ts'
import type { ThingKey } from './thing-key.ts'

const aKey = (): ThingKey => ({ id: newId('key', 1), bytes: randomBytes(32) })
const place: Place = { table: 'generation', column: 'prompt_sealed', row: 'gen_1' }
const key = aKey()

test('every text comes back as it was, and never looks the same twice', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      const sealed = sealText(key, place, text)
      expect(unsealText(key, place, sealed)).toBe(text)
      expect(sealText(key, place, text)).not.toBe(sealed)
      expect(sealed).toMatch(/^v1\.[A-Za-z0-9_-]+$/)
    }),
  )
})

test('a value comes back through JSON', () => {
  const value = { to: 'a@b.example', lines: ['x', 'ü'], secret: true, none: null }
  expect(unsealJson(key, place, sealJson(key, place, value))).toEqual(value)
})

test('a sealed text does not open in any other cell, however the names are cut', () => {
  const name = fc.string({ minLength: 0, maxLength: 12 })
  const places = fc.record({ table: name, column: name, row: name })
  fc.assert(
    fc.property(places, places, (one, other) => {
      fc.pre(one.table !== other.table || one.column !== other.column || one.row !== other.row)
      expect(() => unsealText(key, other, sealText(key, one, 'text'))).toThrow(SealBroken)
    }),
  )
  const shifted = { table: 'a', column: 'bc', row: 'd' }
  expect(() => unsealText(key, shifted, sealText(key, { table: 'ab', column: 'c', row: 'd' }, ''))).toThrow(
    SealBroken,
  )
})

test('it opens neither under another key, nor under the same bytes with another id', () => {
  const sealed = sealText(key, place, 'text')
  expect(() => unsealText(aKey(), place, sealed)).toThrow(SealBroken)
  expect(() => unsealText({ ...key, id: aKey().id }, place, sealed)).toThrow(SealBroken)
  expect(() => unsealText({ ...key, bytes: randomBytes(32) }, place, sealed)).toThrow(SealBroken)
})

test('any changed, cut or added character is refused', () => {
  const sealed = sealText(key, place, 'a text of some length')
  const characters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ \n']
  fc.assert(
    fc.property(fc.nat(sealed.length - 1), fc.constantFrom('', ...characters), (at, put) => {
      const changed = sealed.slice(0, at) + put + sealed.slice(at + 1)
      fc.pre(changed !== sealed)
      expect(() => unsealText(key, place, changed)).toThrow(SealBroken)
    }),
    { numRuns: 500 },
  )
  for (const wrong of [
    '',
    'v1',
    'v1.',
    'v2.',
    `v2${sealed.slice(2)}`,
    `${sealed}=`,
    `${sealed}\n`,
    'plain text',
  ]) {
    expect(() => unsealText(key, place, wrong)).toThrow(SealBroken)
  }
})

test('the error names the cell and nothing that was in it', () => {
  const sealed = sealText(key, place, 'the secret wish')
  const thrown = (() => {
    try {
      unsealText(aKey(), place, sealed)
    } catch (error) {
      return error
    }
  })()
  if (!(thrown instanceof SealBroken)) throw new Error('it opened')
  expect(isAppError(thrown)).toBe(true)
  expect(thrown.place).toEqual(place)
  expect(thrown.message).toContain('generation.prompt_sealed of gen_1')
  expect(`${thrown.stack} ${JSON.stringify(thrown)}`).not.toContain(sealed.slice(3, 20))
})
