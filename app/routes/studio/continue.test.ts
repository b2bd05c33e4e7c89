/**
 * Going on with a video, in the studio. It pins: a button that leads to a form which nobody takes; a form that begins with
 * settings the model refuses; somebody else's video in it; a clip that is lost when the form comes back or is made again.
 */
import { expect, test } from 'vitest'
import { paths } from '#app/paths.ts'
import { aReadyVideo } from '#app/studio/creations/testing.ts'
import { removeGeneration } from '#app/studio/generations/removal.ts'
import { aHouse, aPerson } from '#test/factories/house.ts'
import { aRemoteModel } from '#test/factories/remote.ts'
import { onBothGrounds } from '#test/grounds.ts'
import { aBrowser } from './testing.ts'

const asked = {
  model: 'remote',
  token: 'a-token',
  prompt: 'The tide comes in.',
  seconds: '7',
  aspect_ratio: '16:9',
  resolution: '720p',
  audio: 'with',
  mode: 'extend',
  way: 'extend',
}

onBothGrounds('Going on with a video', (ground) => {
  test('a video that is ready is gone on with from its page, as the clip of the form', async () => {
    const house = await aHouse(ground)
    const person = await aPerson(house)
    const browser = await aBrowser(house, person)
    const page = async (query: Parameters<typeof paths.compose>[0], who = browser) =>
      (await who.page(paths.compose(query), 'compose')).data
    const { id } = await aReadyVideo(house, person.id)
    const shown = async (who = browser) => (await who.page(paths.creation(id), 'creation')).data
    expect(await shown()).toMatchObject({ continuable: false })
    await aRemoteModel(house, {
      record: {
        modes: ['text', 'extend'],
        aspectRatios: ['9:16', '16:9'],
        inputs: { extend: { most: 1 } },
        rules: [{ when: "mode == 'extend'", must: 'seconds == 7', field: 'seconds', says: 'Seven.' }],
      },
    })
    expect(await shown()).toMatchObject({ continuable: true })
    const query = { continue: id }
    expect(await page(query)).toMatchObject({
      offer: { record: { id: 'remote' } },
      origin: { by: 'continue', id },
      start: {
        wish: { seconds: 7, aspect_ratio: '16:9' },
        prompt: '',
        files: [{ role: 'extend', id, of: 'generation', seconds: 2 }],
      },
    })
    const stranger = await aBrowser(house, await aPerson(house))
    expect(await page(query, stranger)).toMatchObject({
      start: { files: [] },
    })
    const inputs = JSON.stringify([{ role: 'extend', generation_id: id }])
    const terms = await browser.terms('remote')
    const form = { ...asked, terms, inputs }
    const refused = await browser.post(paths.compose(query), { ...form, prompt: '' })
    expect(refused.answer?.typed).toMatchObject({ inputs })
    expect((await browser.post(paths.compose(query), form)).status).toBe(302)
    const [given] = await house.db.read.selectFrom('generation_input').selectAll().execute()
    expect(given).toMatchObject({ role: 'extend', source_id: id, reference_id: null })
    const next = { from: given?.generation_id ?? '' }
    expect(await page(next)).toMatchObject({ start: { files: [{ id, of: 'generation' }] } })
    expect((await browser.page(paths.creation(next.from), 'creation')).data).toMatchObject({
      inputs: [{ role: 'extend', id, of: 'generation', kind: 'clip' }],
    })
    await removeGeneration(house, person.id, id)
    expect(await page(query)).toMatchObject({ start: { files: [] } })
    expect(await shown()).toMatchObject({ continuable: false })
  })
})
