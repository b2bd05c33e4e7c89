/**
 * The same request again, at the address that speaks OpenAI's language. Pins: a repeat that is refused since the model was
 * switched off, or takes another size for granted, or whose picture was kept once more and so made another request of it.
 */
import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { aHouse, aPerson } from '#test/factories/house.ts'
import { anApi } from '../api/testing.ts'

test('is answered with its video after the model was switched off and the picture refused', async () => {
  const house = await aHouse()
  const api = await anApi(house)
  const key = await api.keyOf((await aPerson(house)).id)
  const picture = (await readFile('test/fixtures/picture.jpg')).toString('base64')
  const body = {
    model: 'storyboard',
    prompt: 'A boat in the rain.',
    size: '1280x720',
    input_reference: { image_url: `data:image/jpeg;base64,${picture}` },
  }
  const post = async (name: string) => {
    const headers = { 'idempotency-key': name }
    const answer = await api.ask('/v1/videos', { method: 'POST', key, body, headers })
    return { http: answer.status, id: ((await answer.json()) as { id?: string }).id }
  }
  const first = await post('order 1')
  expect(first.http).toBe(200)
  await house.db.transaction(async (tx) => {
    const unset = { record: null, price_rule: null, price_version: 0, lifecycle: null }
    await tx
      .insertInto('model_setting')
      .values({ id: 'storyboard', is_on: 0, ...unset, most_seconds: null, most_live: null, updated_at: 0 })
      .execute()
    await tx.updateTable('reference').set({ state: 'refused' }).execute()
  })
  house.catalogue.changed()
  expect(await post('order 1')).toMatchObject({ http: 200, id: first.id })
  expect((await post('order 2')).http).toBe(503)
  expect(await house.db.read.selectFrom('reference').select('id').execute()).toHaveLength(1)
})
