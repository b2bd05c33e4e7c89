/**
 * The same request again. It pins: a repeat that answers "not available" for the video that it made; a changed standard that
 * makes another request of the same body; two at once of whom one is told that the credits are gone, which the other took; a
 * body that nests without end and ends the server.
 */
import { expect, test } from 'vitest'
import type { House } from '#app/house.ts'
import { toJson } from '#core/db/columns.ts'
import { aHouse, aPerson } from '#test/factories/house.ts'
import { aRemoteModel, remoteModel } from '#test/factories/remote.ts'
import { onBothGrounds } from '#test/grounds.ts'
import { compose } from './compose.ts'
import { repeatOf } from './idempotency.ts'

const body = { model: 'remote', prompt: 'A quay in the rain.' }

async function setting(house: House, change: object) {
  await house.db.transaction((tx) => tx.updateTable('model_setting').set(change).execute())
  house.catalogue.changed()
}

onBothGrounds('a repeated request', (ground) => {
  test('answers the same generation, whatever became of the model since', async () => {
    const house = await aHouse(ground)
    const composer = { subject: (await aPerson(house)).id, apiKey: null }
    const ask = (asked: object = body) => compose(house, composer, asked, 'order 1')
    await aRemoteModel(house)
    const first = await ask()
    expect(await ask({ prompt: body.prompt, model: 'remote' })).toBe(first)
    const seconds = { ...remoteModel.seconds, standard: 6 }
    await setting(house, { record: toJson<unknown>({ ...remoteModel, seconds }) })
    expect(await ask()).toBe(first)
    await setting(house, { lifecycle: toJson<unknown>({ state: 'retired' }) })
    expect(await ask()).toBe(first)
    await house.db.transaction((tx) => tx.deleteFrom('model_setting').execute())
    house.catalogue.changed()
    expect(await ask()).toBe(first)
    await expect(compose(house, composer, body, 'order 2')).rejects.toMatchObject({ code: 'model_unknown' })
    await expect(ask({ ...body, seconds: 5 })).rejects.toMatchObject({ code: 'idempotency_key_reused' })
  })

  test('two at once with credits for one are one', async () => {
    const house = await aHouse(ground)
    const composer = { subject: (await aPerson(house, { credits: 1 })).id, apiKey: null }
    const asked = { model: 'storyboard', prompt: 'A boat.', seconds: 2, resolution: '480p' }
    const ids = await Promise.all([1, 2, 3].map(() => compose(house, composer, asked, 'order 1')))
    expect(new Set(ids).size).toBe(1)
  })
})

test('the order of fields says nothing, their values do, and what nests without end is refused', () => {
  const hashOf = (said: unknown) => repeatOf('sub_1' as never, 'key', said).body_hash
  expect(hashOf({ a: 1, b: [{ c: 2, d: 3 }] })).toBe(hashOf({ b: [{ d: 3, c: 2 }], a: 1 }))
  const others = [{ a: 1 }, { a: '1' }, { a: [1] }, { a: null }, {}, [], null, 'a', { a: Buffer.from('1') }]
  expect(new Set([...others, { a: Buffer.from('2') }].map(hashOf)).size).toBe(others.length + 1)
  const deep = JSON.parse('['.repeat(30_000) + ']'.repeat(30_000))
  expect(() => hashOf(deep)).toThrow(expect.objectContaining({ code: 'invalid_input' }))
})
