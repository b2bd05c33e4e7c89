/** Pins: a child let in during the month of the birthday; a region without a rule. */
import { expect, test } from 'vitest'
import { isOldEnough, requiredAge } from './ages.ts'
import { isRegion, regionsIn } from './regions.ts'

const now = Date.UTC(2026, 10, 21)

test.each([
  ['US-CA', 2013, 10, true],
  ['US-CA', 2013, 11, false],
  ['DE', 2010, 10, true],
  ['DE', 2010, 11, false],
  ['GB', 2012, 1, false],
  ['KR', 2012, 10, true],
  ['KR', 2012, 12, false],
])('in %s, born %i-%i: %s', (region, year, month, answer) => {
  expect(isOldEnough(region, { year, month }, now)).toBe(answer)
})

test('every region has a name and a rule', () => {
  const regions = regionsIn('en')
  expect(regions.length).toBeGreaterThan(290)
  for (const { id, name } of regions) {
    expect(isRegion(id)).toBe(true)
    expect(name).not.toBe(id)
    expect(requiredAge(id)).toBeGreaterThanOrEqual(13)
  }
  expect(isRegion('US')).toBe(false)
  expect(isRegion('XX')).toBe(false)
})
