/** Pins: jobs that failed together and come back together; an id that one engine spells otherwise; a waiter left behind. */
import { expect, test } from 'vitest'
import { isId, newId } from '#core/ids/ids.ts'
import { backoffMs } from './backoff.ts'
import { Bell } from './bell.ts'
import { jobIdOf, onceId, uuidOf } from './job-id.ts'

test('the wait doubles up to a quarter of an hour, and half of it is chance', () => {
  expect([1, 2, 3, 9, 10, 11, 5000].map((attempt) => backoffMs(attempt, () => 1))).toEqual([
    2000, 4000, 8000, 512_000, 900_000, 900_000, 900_000,
  ])
  expect(backoffMs(3, () => 0)).toBe(4000)
})

test('a job id and its uuid are the same 128 bits', () => {
  const id = newId('job', 1_700_000_000_000)
  expect(uuidOf(id)).toMatch(/^018bcfe5-6800-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(jobIdOf(uuidOf(id))).toBe(id)
  // The TypeID specification's own examples of its ends.
  expect(jobIdOf('ffffffff-ffff-ffff-ffff-ffffffffffff')).toBe('job_7zzzzzzzzzzzzzzzzzzzzzzzzz')
  expect(uuidOf('job_00000000000000000000000001' as typeof id)).toBe('00000000-0000-0000-0000-000000000001')
})

test('once makes one id of one name, and a well-formed one', () => {
  const id = onceId('work', 'sweep:2026-11-21T12:00Z')
  expect(onceId('work', 'sweep:2026-11-21T12:00Z')).toBe(id)
  expect(onceId('other', 'sweep:2026-11-21T12:00Z')).not.toBe(id)
  expect(isId('job', id)).toBe(true)
})

test('the bell wakes all who wait, and an abort only its own', async () => {
  const bell = new Bell()
  const never = new AbortController().signal
  const own = new AbortController()
  const waits = [
    bell.wait(60_000, never),
    bell.wait(60_000, own.signal),
    bell.wait(60_000, never),
    bell.wait(1, never),
  ]
  own.abort()
  expect(await waits[1]).toBe(false)
  expect(await waits[3]).toBe(false)
  bell.ring()
  expect(await Promise.all(waits)).toEqual([true, false, true, false])
  expect(await bell.wait(60_000, own.signal)).toBe(false)
})
