/** Pins: a cache that grows without end; a dropped key whose bytes stay in memory; an unused key that never goes. */
import { expect, test } from 'vitest'
import { movableClock } from '#core/clock/clock.ts'
import { newId } from '#core/ids/ids.ts'
import { CACHE_MS, KeyCache } from './key-cache.ts'

const aKey = () => ({ bytes: new Uint8Array(32).fill(7), subject: null })
const wiped = new Uint8Array(32)

test('beyond some thousands the oldest goes, wiped', () => {
  const cache = new KeyCache(movableClock())
  const kept = Array.from({ length: 5000 }, () => ({ id: newId('key', 1), key: aKey() }))
  for (const { id, key } of kept) cache.keep(id, key)
  const there = kept.filter(({ id }) => cache.get(id))
  expect(there).toEqual(kept.slice(5000 - 4096))
  expect(kept.slice(0, 904).every(({ key }) => key.bytes.every((byte) => byte === 0))).toBe(true)
})

test('a sweep wipes what is too old and leaves the rest', () => {
  const clock = movableClock()
  const cache = new KeyCache(clock)
  const [old, young] = [aKey(), aKey()]
  cache.keep(newId('key', 1), old)
  clock.advance(CACHE_MS / 2)
  cache.keep(newId('key', 2), young)
  clock.advance(CACHE_MS / 2)
  cache.sweep()
  expect(old.bytes).toEqual(wiped)
  expect(young.bytes).toEqual(aKey().bytes)
  cache.clear()
  expect(young.bytes).toEqual(wiped)
})
