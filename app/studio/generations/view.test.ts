/**
 * Pins: somebody else's prompt in a view; a keyring opened once for each row of a page; credits that say "captured" for a
 * video that failed; a view that the published schema does not describe; a page that breaks because one key is gone.
 */
import { expect, test } from 'vitest'
import { aReadyVideo } from '#app/studio/creations/testing.ts'
import { DAY } from '#core/clock/clock.ts'
import type { GenerationId } from '#core/ids/ids.ts'
import { aHouse, aPerson, type TestHouse } from '#test/factories/house.ts'
import { onBothGrounds } from '#test/grounds.ts'
import { advance, notePhase } from './advance.ts'
import { compose } from './compose.ts'
import * as queries from './generations.queries.ts'
import { letGo, removeGeneration, saveGeneration } from './removal.ts'
import { generationViewSchema } from './view.schema.ts'
import { generationView, generationViews } from './view.ts'

const ask = (prompt: string) => ({ model: 'storyboard', prompt, seconds: 2, resolution: '480p' })

async function view(
  house: TestHouse,
  person: { id: Parameters<typeof compose>[1]['subject'] },
  id: GenerationId,
) {
  const row = await queries.anyGeneration(house.db.read, id)
  if (!row) throw new Error('no row')
  const seen = await generationView(house, row, { actor: { kind: 'person', id: person.id } })
  return generationViewSchema.parse(seen)
}

onBothGrounds('a view of a generation', (ground) => {
  test('follows it through its life, always as the schema says', async () => {
    const house = await aHouse(ground)
    const ana = await aPerson(house)
    const id = await compose(house, { subject: ana.id, apiKey: null }, ask('A boat.'))
    expect(await view(house, ana, id)).toMatchObject({
      status: 'queued',
      prompt: 'A boat.',
      credits: { held: 1, captured: 0 },
      content_url: null,
      provenance: null,
      expires_at: null,
    })
    const now = house.clock.now()
    await house.db.transaction(async (tx) => {
      await advance(tx, id, 'submit', now)
      await advance(tx, id, 'accept', now)
      await notePhase(tx, id, 'rendering', 'sound', now)
    })
    expect(await view(house, ana, id)).toMatchObject({ status: 'running', phase: 'sound' })
    await house.db.transaction((tx) =>
      advance(tx, id, 'fail', now, { error_code: 'timeout', expires_at: now + DAY }),
    )
    expect(await view(house, ana, id)).toMatchObject({
      status: 'failed',
      credits: { held: 0, captured: 0 },
      error: { code: 'timeout', message: expect.stringContaining('too long') },
      expires_at: new Date(now + DAY).toISOString(),
    })
  })

  test('shows files, provenance and price of a ready one, and the price still when it has gone', async () => {
    const house = await aHouse(ground)
    const ana = await aPerson(house)
    const { id, row } = await aReadyVideo(house, ana.id)
    const ready = await view(house, ana, id)
    expect(ready).toMatchObject({
      status: 'ready',
      credits: { held: 0, captured: 1 },
      content_url: `/media/${id}/video`,
      poster_url: `/media/${id}/poster`,
      saved: false,
    })
    expect(ready.provenance?.record_url).toBe(`http://localhost:3000/v/${ready.provenance?.public_id}`)
    await saveGeneration(house, ana.id, id, true)
    expect(await view(house, ana, id)).toMatchObject({ saved: true, expires_at: null })
    await house.db.transaction((tx) => letGo(house, tx, row, 'expire', house.clock.now()))
    expect(await view(house, ana, id)).toMatchObject({
      status: 'expired',
      prompt: null,
      credits: { held: 0, captured: 1 },
      content_url: null,
      provenance: null,
    })
  })

  test('a page asks the keyring once, keeps its order and survives a key that has just gone', async () => {
    const house = await aHouse(ground)
    const ana = await aPerson(house)
    for (const prompt of ['one', 'two', 'three']) {
      await compose(house, { subject: ana.id, apiKey: null }, ask(prompt))
      house.clock.advance(1)
    }
    const rows = await queries.pageOfSubject(house.db.read, ana.id, { limit: 10 })
    let opened = 0
    const open: typeof house.keyring.open = (...args) => {
      opened += 1
      return house.keyring.open(...args)
    }
    const counted = { ...house, keyring: { ...house.keyring, open } }
    const options = { actor: { kind: 'person', id: ana.id } } as const
    const seen = await generationViews(counted, rows, options)
    expect(seen.map((one) => one.prompt)).toEqual(['three', 'two', 'one'])
    expect(opened).toBe(1)
    await house.keyring.destroy([rows[1]?.key_id as never])
    expect((await generationViews(house, rows, options)).map((one) => one.prompt)).toEqual([
      'three',
      null,
      'one',
    ])
    expect(await generationViews(house, [], options)).toEqual([])
  })

  test('nobody but the owner sees the prompt, and the keyring is not even asked', async () => {
    const house = await aHouse(ground)
    const [ana, ben] = [await aPerson(house), await aPerson(house, { role: 'moderator' })]
    const id = await compose(house, { subject: ana.id, apiKey: null }, ask('A secret.'))
    const row = await queries.anyGeneration(house.db.read, id)
    for (const actor of [
      { kind: 'person', id: ben.id },
      { kind: 'staff', id: ben.id, role: 'moderator' },
      { kind: 'system', id: 'worker' },
    ] as const)
      expect((await generationView(house, row as never, { actor })).prompt).toBeNull()
    expect(await house.keyring.tally({ since: 0, purpose: 'generation.read' })).toEqual([])
  })

  test('one that becomes ready while its owner removes it goes all the same', async () => {
    const house = await aHouse(ground)
    const ana = await aPerson(house)
    const id = await compose(house, { subject: ana.id, apiKey: null }, ask('A race.'))
    const late = {
      ...house,
      queue: {
        ...house.queue,
        enqueue: house.queue.enqueue.bind(house.queue),
        // Between the look and the cancel the worker finishes.
        cancel: async (...[tx]: Parameters<typeof house.queue.cancel>) => {
          for (const event of ['submit', 'accept', 'produce', 'finish'] as const)
            await advance(tx, id, event, house.clock.now())
          return 0
        },
      },
    } as typeof house
    await removeGeneration(late, ana.id, id)
    expect(await view(house, ana, id)).toMatchObject({ status: 'removed' })
  })
})
