/** Pins: memory that grows with each file ever read; the ids of deleted things kept for as long as the process lives. */
import { expect, test } from 'vitest'
import { newHeader } from '#core/crypto/stream/format.ts'
import { KnownHeaders } from './known-headers.ts'

const known = { header: newHeader('key_a', new Uint8Array(32), 18), sealedSize: 1000 }

test('are known for a minute, also when they are asked for all the time', () => {
  let now = 0
  const headers = new KnownHeaders(() => now)
  headers.keep('one', known)
  now = 59_999
  expect(headers.get('one')).toMatchObject(known)
  now = 60_000
  expect(headers.get('one')).toBeUndefined()
})

test('are a thousand at most, and what is past its time goes with the next that comes', () => {
  let now = 0
  const headers = new KnownHeaders(() => now)
  for (let i = 0; i < 1001; i++) headers.keep(`video-${i}`, known)
  expect([headers.get('video-0'), headers.size]).toEqual([undefined, 1000])
  now = 60_000
  headers.keep('next', known)
  expect(headers.size).toBe(1)
  headers.forget('next')
  expect(headers.get('next')).toBeUndefined()
})
