/** Pins: a body without end that fills the memory; a refusal that nobody sees, for the connection ended under it. */
import { expect, test } from 'vitest'
import { bodyBegun, bodyUpTo } from './body.ts'

const PIECE = 1000

/** A request that sends so many pieces, and how it was left. */
function sending(pieces: number) {
  const seen = { sent: 0, brokenOff: false }
  const body = new ReadableStream<Uint8Array>(
    {
      pull(stream) {
        if (seen.sent === pieces) return stream.close()
        seen.sent += 1
        stream.enqueue(new Uint8Array(PIECE).fill(seen.sent))
      },
      cancel() {
        seen.brokenOff = true
      },
    },
    { highWaterMark: 0 },
  )
  const init = { method: 'POST', body, duplex: 'half' } as RequestInit
  return { seen, request: new Request('http://localhost/', init) }
}

test('a body that fits is whole', async () => {
  const { request } = sending(3)
  const body = await bodyUpTo(request, 3 * PIECE)
  expect([body?.length, body?.[0], body?.[2999]]).toEqual([3000, 1, 3])
  expect(await bodyUpTo(new Request('http://localhost/'), 10)).toHaveLength(0)
})

test('one that is too long is read to its end, so that its sender hears of it', async () => {
  const { request, seen } = sending(6)
  expect(await bodyUpTo(request, 3 * PIECE)).toBeUndefined()
  expect(seen).toEqual({ sent: 6, brokenOff: false })
})

test('of one that is too long its beginning is known', async () => {
  const { bytes, whole } = await bodyBegun(sending(6).request, 2.5 * PIECE)
  expect([whole, bytes.length, bytes[0], bytes[2499]]).toEqual([false, 2500, 1, 3])
})

test('one without end is broken off', async () => {
  const { request, seen } = sending(1_000_000)
  expect(await bodyUpTo(request, 3 * PIECE)).toBeUndefined()
  expect(seen.brokenOff).toBe(true)
  expect(seen.sent * PIECE).toBeLessThan(40_000_000)
})
