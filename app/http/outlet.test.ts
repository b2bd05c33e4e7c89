/**
 * Pins: a client that reads slowly and makes the server hold the whole video, and one that goes away and leaves the file open;
 * both over a real socket, with the framework's own writer.
 */
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { writeReadableStreamToWritable } from '@remix-run/node'
import { expect, test } from 'vitest'
import { pacedStream } from '#app/studio/creations/paced-stream.ts'
import { outletOf } from './outlet.ts'
import { listening, settled, unread } from './testing.ts'

const PIECE = 256 * 1024
const PIECES = 400

async function aServer() {
  const state = { given: 0, left: false }
  async function* video() {
    try {
      for (; state.given < PIECES; state.given++) yield new Uint8Array(PIECE)
    } finally {
      state.left = true
    }
  }
  const answer = async (response: ServerResponse) => {
    response.setHeader('Content-Length', PIECE * PIECES)
    const body = pacedStream(video(), outletOf(response), new AbortController().signal)
    await writeReadableStreamToWritable(body, response)
  }
  const response = await unread(await listening((_, response) => void answer(response)))
  return { state, response }
}

test('a client that does not read stops the reading, and one that does gets everything', async () => {
  const { state, response } = await aServer()
  const held = await settled(() => state.given)
  // What sockets hold on both sides, and one piece beside it; the whole would be a hundred megabytes.
  expect(held).toBeLessThan(PIECES / 4)
  let size = 0
  for await (const piece of response) size += (piece as Buffer).length
  expect([size, state.left]).toEqual([PIECE * PIECES, true])
})

test('when the client goes away, what was being read is left', async () => {
  const { state, response } = await aServer()
  await once(response, 'data')
  response.destroy()
  const given = await settled(() => state.given)
  expect(state.left).toBe(true)
  expect(given).toBeLessThan(PIECES)
})
