/**
 * Pins, over real sockets: a client that reads slowly and makes the server hold the whole video; one that goes away and leaves
 * the file open; a file that breaks off and looks whole; memory let go of before it was sent, or kept until it is collected.
 */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { expect, test } from 'vitest'
import type { Pieces } from '#app/studio/creations/paced-stream.ts'
import { sendPieces } from './send-pieces.ts'
import { listening, settled, unread } from './testing.ts'

const PIECE = 256 * 1024
const PIECES = 400
const pattern = randomBytes(PIECE)

async function aServer(breakAfter = PIECES) {
  const state = { given: [] as Uint8Array[], left: false, failed: undefined as unknown }
  async function* video(): AsyncGenerator<Uint8Array, undefined> {
    try {
      while (state.given.length < PIECES) {
        if (state.given.length === breakAfter) throw new Error('changed on the disk')
        const piece = Uint8Array.from(pattern)
        state.given.push(piece)
        yield piece
      }
    } finally {
      state.left = true
    }
    return undefined
  }
  const answer = async (response: ServerResponse) => {
    response.setHeader('Content-Length', PIECE * PIECES)
    await sendPieces(video() as Pieces, response).catch((error: unknown) => {
      state.failed = error
      response.destroy()
    })
  }
  const response = await unread(await listening((_, response) => void answer(response)))
  return { state, response }
}

const held = (given: readonly Uint8Array[]) => given.filter((piece) => piece.length > 0).length

test('a client that does not read stops the reading; one that does gets every byte, and no piece is kept', async () => {
  const { state, response } = await aServer()
  // What sockets hold on both sides, and one piece beside it; the whole would be a hundred megabytes.
  expect(await settled(() => state.given.length)).toBeLessThan(PIECES / 4)
  expect(held(state.given)).toBe(1)
  let at = 0
  for await (const piece of response as AsyncIterable<Buffer>) {
    for (let from = 0; from < piece.length; ) {
      const expected = pattern.subarray(at % PIECE, (at % PIECE) + piece.length - from)
      expect(expected.equals(piece.subarray(from, from + expected.length))).toBe(true)
      from += expected.length
      at += expected.length
    }
  }
  expect([at, state.left, held(state.given)]).toEqual([PIECE * PIECES, true, 0])
})

test('when the client goes away, the file is left and nothing is thrown', async () => {
  const { state, response } = await aServer()
  await once(response, 'data')
  response.destroy()
  const given = await settled(() => state.given.length)
  expect(given).toBeLessThan(PIECES)
  expect(state).toMatchObject({ left: true, failed: undefined })
})

test('a file that breaks off cuts the connection', async () => {
  const { state, response } = await aServer(3)
  await expect(response.resume().toArray()).rejects.toThrow('aborted')
  expect(state).toMatchObject({ left: true, failed: { message: 'changed on the disk' } })
})
