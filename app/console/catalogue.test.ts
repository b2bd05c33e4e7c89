/**
 * Pins: a price rule that fails for one resolution only and is kept; a version of a price that names two rules; a route
 * switched off that changes the order of the others; a record that no driver understands; a replacement that is not there;
 * a model removed from under its videos.
 */
import { expect, test } from 'vitest'
import { noteFault } from '#app/studio/generations/route-health.ts'
import { DAY, MINUTE, SECOND } from '#core/clock/clock.ts'
import { toJson } from '#core/db/columns.ts'
import { aHouse, aPerson, type TestHouse } from '#test/factories/house.ts'
import { aRemoteModel, remoteModel } from '#test/factories/remote.ts'
import { onBothGrounds } from '#test/grounds.ts'
import { listModels, modelPage, type ReadableModel } from './catalogue.ts'
import {
  addModel,
  changeCost,
  changeLifecycle,
  changeModelLimits,
  changePrice,
  changeRecord,
  moveRoute,
  removeRecord,
  switchModel,
  switchRoute,
} from './model-acts.ts'
import { actsOf, aGeneration, anAttempt, asStaff } from './testing.ts'

onBothGrounds('the catalogue in the console', (ground) => {
  test('a price is kept when it holds for every job, and its version only grows', async () => {
    const { house, owner } = await aStage(ground)
    const half = "pick(resolution, '720p', 3)"
    await expect(changePrice(house, owner, 'remote', half)).rejects.toMatchObject({
      status: 422,
      fields: { rule: { values: { resolution: '1080p', message: 'There is no value for 1080p', at: 1 } } },
    })
    await expect(changePrice(house, owner, 'remote', 'ceil(seconds * ')).rejects.toMatchObject({
      fields: { rule: { values: { message: 'Expected a value' } } },
    })
    await expect(changePrice(house, owner, 'remote', 'seconds * weather')).rejects.toMatchObject({
      fields: { rule: { values: { message: 'There is no value weather', at: 11 } } },
    })
    await changePrice(house, owner, 'remote', 'seconds * 2')
    expect((await page(house)).record.price).toEqual({ version: 2, credits: 'seconds * 2' })
    await changePrice(house, owner, 'remote', '')
    expect((await page(house)).record.price).toEqual({ version: 1, credits: remoteModel.price.credits })
    await changePrice(house, owner, 'remote', 'seconds * 3')
    expect((await page(house)).record.price.version).toBe(3)
  })

  test('routes are switched, ordered and priced, each without touching the rest', async () => {
    const { house, owner } = await aStage(ground)
    await switchRoute(house, owner, 'remote', { route: 'a', to: 'off' })
    expect(await routes(house)).toEqual(['a off', 'b on'])
    expect((await page(house)).ordered).toBe(false)
    await switchRoute(house, owner, 'remote', { route: 'a', to: 'on' })
    await moveRoute(house, owner, 'remote', { route: 'b', to: 'up' })
    expect(await routes(house)).toEqual(['b on', 'a on'])
    await moveRoute(house, owner, 'remote', { route: 'b', to: 'up' })
    expect(await routes(house)).toEqual(['b on', 'a on'])
    await changeCost(house, owner, 'remote', { route: 'b', rule: 'seconds * 0.5' })
    expect((await page(house)).routes[0]).toMatchObject({
      cost: 'seconds * 0.5',
      costVersion: 2,
      ownCost: true,
    })
    await expect(changeCost(house, owner, 'remote', { route: 'b', rule: 'cost' })).rejects.toMatchObject({
      fields: { rule: { values: { message: 'There is no value cost' } } },
    })
    expect(await routes(house)).toEqual(['b on', 'a on'])
    await expect(switchRoute(house, owner, 'remote', { route: 'z', to: 'off' })).rejects.toMatchObject({
      status: 404,
    })
    expect(await actsOf(house, owner.id)).toEqual([
      'route.changed',
      'route.changed',
      'route.changed',
      'route.changed',
    ])
  })

  test('switch, lifecycle and limits count at once and can be taken back', async () => {
    const { house, owner } = await aStage(ground)
    await switchModel(house, owner, 'remote', 'off')
    expect(await page(house)).toMatchObject({ hidden: 'off', set: { isOn: false } })
    await switchModel(house, owner, 'remote', 'on')
    const soon = new Date(house.clock.now() + 10 * DAY).toISOString().slice(0, 10)
    const wanted = { state: 'deprecated', sunsetOn: soon, replacement: 'storyboard' } as const
    await changeLifecycle(house, owner, 'remote', wanted)
    expect((await page(house)).record.lifecycle).toEqual(wanted)
    house.clock.advance(12 * DAY)
    expect(await page(house)).toMatchObject({ hidden: 'retired' })
    await changeLifecycle(house, owner, 'remote', { state: 'record', sunsetOn: '', replacement: '' })
    expect(await page(house)).toMatchObject({ hidden: null, set: { lifecycle: false } })
    for (const replacement of ['remote', 'nobody'])
      await expect(
        changeLifecycle(house, owner, 'remote', { state: 'retired', sunsetOn: '', replacement }),
      ).rejects.toMatchObject({ fields: { replacement: {} } })
    await changeModelLimits(house, owner, 'remote', { mostSeconds: 4, mostLive: 2 })
    expect(await page(house)).toMatchObject({
      record: { seconds: { most: 4, standard: 4 } },
      set: { mostSeconds: 4, mostLive: 2 },
    })
    await expect(
      changeModelLimits(house, owner, 'remote', { mostSeconds: 11, mostLive: null }),
    ).rejects.toMatchObject({ fields: { most_seconds: { values: { least: 2, most: 10 } } } })
  })

  test('a record of the operator’s own is checked to its last path, and can be changed and removed', async () => {
    const { house, owner } = await aStage(ground)
    const mine = { ...remoteModel, id: 'mine', routes: [kieRoute] }
    const add = (record: unknown) => addModel(house, owner, JSON.stringify(record))
    await expect(addModel(house, owner, '{')).rejects.toMatchObject({ code: 'record_refused', status: 422 })
    const faultsOf = (record: unknown) =>
      add(record).then(
        () => [],
        (error: { fields: object }) => Object.keys(error.fields),
      )
    expect(await faultsOf({ ...mine, seconds: { least: 'x' }, more: 1 })).toEqual([
      'seconds.least',
      'seconds.most',
      'seconds.standard',
      '',
    ])
    expect(await faultsOf({ ...mine, routes: [{ ...kieRoute, endpoint: { family: 'jobs' } }] })).toEqual([
      'routes.0.endpoint.model',
      'routes.0.endpoint.input',
    ])
    expect(await faultsOf({ ...mine, routes: [{ ...kieRoute, provider: 'nobody' }] })).toEqual([
      'routes.0.provider',
    ])
    expect(await faultsOf({ ...mine, price: { version: 1, credits: "'much'" } })).toEqual(['price.credits'])
    expect(await faultsOf({ ...mine, seconds: { least: 4, most: 8, standard: 9 } })).toEqual([
      'seconds.standard',
    ])
    expect(await faultsOf({ ...mine, id: 'storyboard' })).toEqual(['id'])

    expect(await add(mine)).toEqual({ id: 'mine' })
    expect(await faultsOf(mine)).toEqual(['id'])
    const cheaper = { ...mine, price: { version: 1, credits: '1' } }
    const change = (record: unknown) => changeRecord(house, owner, 'mine', JSON.stringify(record))
    await expect(change(cheaper)).rejects.toMatchObject({ fields: { 'price.version': {} } })
    await change({ ...cheaper, price: { version: 2, credits: '1' } })
    await expect(change({ ...mine, id: 'other' })).rejects.toMatchObject({ fields: { id: {} } })
    expect((await listModels(house)).find(({ id }) => id === 'mine')).toMatchObject({ own: true, credits: 1 })
    await expect(removeRecord(house, owner, 'mine', 'yes')).rejects.toMatchObject({ status: 422 })
    await removeRecord(house, owner, 'mine', 'mine')
    await expect(modelPage(house, 'mine')).rejects.toMatchObject({ status: 404 })
    expect(await actsOf(house, owner.id)).toEqual(['model.added', 'model.changed', 'model.removed'])
  })

  test('a shipped record can be replaced and comes back, also while videos are made with it', async () => {
    const { house, owner } = await aStage(ground)
    const { text } = await page(house, 'storyboard')
    const record = { ...JSON.parse(text), name: 'Our storyboard' }
    await changeRecord(house, owner, 'storyboard', JSON.stringify(record))
    expect(await page(house, 'storyboard')).toMatchObject({ own: true, replaces: true })
    const anna = await aPerson(house)
    await aGeneration(house, anna.id)
    await removeRecord(house, owner, 'storyboard', 'storyboard')
    expect(await page(house, 'storyboard')).toMatchObject({ own: false, record: { name: 'Storyboard' } })
    await expect(removeRecord(house, owner, 'storyboard', 'storyboard')).rejects.toMatchObject({
      status: 404,
    })
  })

  test('a record that does not fit any more is shown with what is wrong', async () => {
    const { house, owner } = await aStage(ground)
    await house.db.transaction((tx) =>
      tx
        .updateTable('model_setting')
        .set({ record: toJson<unknown>({ ...remoteModel, modes: ['dream'] }) })
        .where('id', '=', 'remote')
        .execute(),
    )
    expect((await listModels(house)).at(-1)).toMatchObject({ id: 'remote', hidden: 'unreadable' })
    expect(await modelPage(house, 'remote')).toMatchObject({ readable: false, faults: { 'modes.0': {} } })
    await removeRecord(house, owner, 'remote', 'remote')
    expect((await listModels(house)).map(({ id }) => id)).not.toContain('remote')
  })

  test('a route tells how its last attempts went, without those that were refused for their content', async () => {
    const { house } = await aStage(ground)
    const { clock } = house
    const anna = await aPerson(house, { credits: 100 })
    for (const [state, error_class, took] of [
      ['succeeded', null, 60],
      ['succeeded', null, 90],
      ['succeeded', null, 200],
      ['failed', 'provider_down', 5],
      ['failed', 'face_policy', 5],
      ['accepted', null, 5],
    ] as const)
      await anAttempt(house, anna.id, atA, { state, error_class, ended_at: clock.now() + took * SECOND })
    await anAttempt(
      house,
      anna.id,
      { ...atA, route: 'aa' },
      { state: 'failed', error_class: 'provider_down' },
    )
    await house.db.transaction((tx) =>
      noteFault(tx, { model: 'remote', route: 'a' }, 'provider_auth', clock.now()),
    )
    expect((await page(house)).routes[0]).toMatchObject({
      id: 'a',
      fare: { ended: 4, made: 3, refused: 1, medianMs: 90 * SECOND },
      lastError: { class: 'provider_auth', hint: { text: expect.stringContaining('key') } },
      openUntil: clock.now() + 30 * SECOND,
    })
    clock.advance(MINUTE)
    expect((await page(house)).routes[0]?.openUntil).toBeNull()
  })
})

const atA = { provider: 'one', route: 'a' }
const kieRoute = {
  id: 'kie',
  provider: 'kie',
  endpoint: { family: 'jobs', model: 'kling-3.0/video', input: 'kling-3' },
  cost: { version: 1, usd: 'seconds * 0.1' },
}

async function aStage(ground: 'sqlite' | 'postgres') {
  const house = await aHouse(ground)
  const owner = asStaff((await aPerson(house, { role: 'owner' })).id, 'owner')
  await aRemoteModel(house)
  return { house, owner }
}

async function page(house: TestHouse, id = 'remote'): Promise<ReadableModel> {
  const found = await modelPage(house, id)
  if (!found.readable) throw new Error('The record cannot be read')
  return found
}

async function routes(house: TestHouse): Promise<string[]> {
  return (await page(house)).routes.map(({ id, isOn }) => `${id} ${isOn ? 'on' : 'off'}`)
}
