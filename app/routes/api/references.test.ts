/**
 * Pins: a file taken by its claimed type alone; a clip used before it was read; a key without the scope that sends files;
 * somebody else's file or video told of.
 */
import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { aReadyVideo } from '#app/studio/creations/testing.ts'
import { aHouse, aPerson } from '#test/factories/house.ts'
import { fixture } from '#test/factories/provider-job.ts'
import { aRemoteModel } from '#test/factories/remote.ts'
import { onBothGrounds } from '#test/grounds.ts'
import { referenceSchema } from './reference-view.ts'
import { anApi } from './testing.ts'

const at = '/api/v1/references'

onBothGrounds('files that programs send', (ground) => {
  async function start() {
    const house = await aHouse(ground)
    const [ana, ben] = [await aPerson(house), await aPerson(house)]
    const api = await anApi(house)
    const send = async (type: string, body: Uint8Array, key: string) =>
      api.ask(at, { method: 'POST', key, body, headers: { 'content-type': type } })
    return { house, api, send, anas: await api.keyOf(ana.id), bens: await api.keyOf(ben.id), ana }
  }

  test('a picture is ready at once and makes a video begin with it', async () => {
    const { api, send, anas, bens } = await start()
    const sent = await send('image/jpeg', await readFile(fixture.picture), anas)
    const seen = referenceSchema.parse(await sent.json())
    expect([sent.status, sent.headers.get('location')]).toEqual([201, `${at}/${seen.id}`])
    expect(seen).toMatchObject({ kind: 'picture', status: 'ready' })
    const body = {
      model: 'storyboard',
      prompt: 'It begins to move.',
      inputs: [{ role: 'first_frame', reference_id: seen.id }],
    }
    const made = await api.ask('/api/v1/generations', { method: 'POST', key: anas, body })
    expect(await made.json()).toMatchObject({ status: 'queued', mode: 'first_frame' })
    const stolen = await api.ask('/api/v1/generations', { method: 'POST', key: bens, body })
    expect(stolen.status).toBe(404)
    expect((await api.ask(`${at}/${seen.id}`, { key: bens })).status).toBe(404)
  })

  test('a video of one’s own goes on, by its generation’s id', async () => {
    const { house, api, anas, bens, ana } = await start()
    await aRemoteModel(house, {
      record: { modes: ['text', 'extend'], inputs: { extend: { most: 1, mostSeconds: 4 } } },
    })
    const { id } = await aReadyVideo(house, ana.id)
    const ask = async (key: string, inputs: object[]) => {
      const body = { model: 'remote', prompt: 'On it goes.', inputs }
      const answer = await api.ask('/api/v1/generations', { method: 'POST', key, body })
      return [answer.status, await answer.json()]
    }
    const own = [{ role: 'extend', generation_id: id }]
    expect(await ask(anas, own)).toMatchObject([202, { status: 'queued', mode: 'extend' }])
    expect(await ask(bens, own)).toMatchObject([404, { code: 'reference_unknown' }])
    for (const wrong of [
      { role: 'image', generation_id: id },
      { ...own[0], reference_id: id },
      { role: 'extend' },
    ])
      expect(await ask(anas, [wrong])).toMatchObject([422, { errors: { inputs: expect.any(String) } }])
    await house.db.transaction((tx) => tx.updateTable('asset').set({ duration_ms: 9000 }).execute())
    expect(await ask(anas, own)).toMatchObject([
      422,
      { errors: { inputs: expect.stringContaining('wrong length') } },
    ])
  })

  test('a clip waits for the worker, and cannot be used before', async () => {
    const { api, send, anas } = await start()
    const sent = await send('video/mp4', await readFile(fixture.clip), anas)
    expect(sent.status).toBe(202)
    const { id } = referenceSchema.parse(await sent.json())
    const again = await api.ask(`${at}/${id}`, { key: anas })
    expect(await again.json()).toMatchObject({ kind: 'clip', status: 'receiving', seconds: null })
    const body = {
      model: 'storyboard',
      prompt: 'On it goes.',
      inputs: [{ role: 'first_frame', reference_id: id }],
    }
    const early = await api.ask('/api/v1/generations', { method: 'POST', key: anas, body })
    expect([early.status, (await early.json()).code]).toEqual([409, 'reference_not_ready'])
  })

  test.each([
    ['image/png', Buffer.from('<!doctype html>'), 422],
    ['text/html', Buffer.from('<!doctype html>'), 415],
    ['audio/wav', Buffer.alloc(0), 422],
  ])('%s that is none of it answers with a problem and leaves nothing', async (type, body, status) => {
    const { house, send, anas } = await start()
    const answer = await send(type, body, anas)
    expect([answer.status, answer.headers.get('content-type')]).toEqual([status, 'application/problem+json'])
    expect(await house.db.read.selectFrom('reference').selectAll().execute()).toEqual([])
  })

  test('a key that may only read sends none', async () => {
    const { api, send, ana } = await start()
    const key = await api.keyOf(ana.id, ['generations:read'])
    expect((await send('image/jpeg', await readFile(fixture.picture), key)).status).toBe(403)
  })
})
