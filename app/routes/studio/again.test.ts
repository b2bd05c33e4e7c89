/** Making a failed video again, in the studio. It pins: a press that makes two, or under terms that were not shown; one without limits. */
import { expect, test } from 'vitest'
import { paths } from '#app/paths.ts'
import { compose } from '#app/studio/generations/compose.ts'
import { endFailed } from '#app/studio/generations/end.ts'
import { aHouse, aPerson } from '#test/factories/house.ts'
import { onBothGrounds } from '#test/grounds.ts'
import { aBrowser } from './testing.ts'

onBothGrounds('A video that failed', (ground) => {
  test('is made again by one press on its page, also without scripts', async () => {
    const house = await aHouse(ground)
    const person = await aPerson(house)
    const browser = await aBrowser(house, person)
    const wish = { model: 'storyboard', prompt: 'A kite over the dunes.', seconds: 3, resolution: '480p' }
    const id = await compose(house, { subject: person.id, apiKey: null }, wish)
    const shown = async () =>
      (await browser.page(paths.creation(id), 'creation')).data as {
        again: { credits: number; terms: string; recipients: { where: string }[] } | null
      }
    expect((await shown()).again).toBeNull()
    await endFailed(house, id, 'media_failed')
    const { again } = await shown()
    expect(again).toMatchObject({ recipients: [{ where: 'here' }] })
    const press = (terms: string) => browser.post(paths.creation(id), { intent: 'again', terms })
    expect((await press('others')).answer?.refusal?.code).toBe('terms_changed')
    const first = await press(again?.terms ?? '')
    expect(first).toMatchObject({ status: 302 })
    expect(first.to).toMatch(/\/creations\/gen_/)
    expect(first.to).not.toBe(paths.creation(id))
    expect((await press(again?.terms ?? '')).to).toBe(first.to)
  })

  test('is made again only as often as videos may be asked for', async () => {
    const house = await aHouse(ground)
    const person = await aPerson(house)
    const browser = await aBrowser(house, person)
    const wish = { model: 'storyboard', prompt: 'A kite over the dunes.', seconds: 3, resolution: '480p' }
    const id = await compose(house, { subject: person.id, apiKey: null }, wish)
    const codes = new Set<string | undefined>()
    for (let i = 0; i < 40 && !codes.has('too_many'); i++)
      codes.add(
        (await browser.post(paths.creation(id), { intent: 'again', terms: 'x' })).answer?.refusal?.code,
      )
    expect(codes).toContain('too_many')
    // What costs nothing is not counted with it.
    expect((await browser.post(paths.creation(id), { intent: 'save' })).answer?.refusal?.code).not.toBe(
      'too_many',
    )
  })
})
