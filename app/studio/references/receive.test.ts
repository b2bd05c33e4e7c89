/**
 * Pins: a clip or sound whose sent bytes stay, also when the worker died or the store failed right before they went; one that is used before the worker has looked at it; a file that is no clip
 * tried for ever; one that a server without ffmpeg keeps its owner waiting for; somebody else's reference seen.
 */
import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import type { Workshop } from '#app/house.ts'
import { aPerson } from '#test/factories/house.ts'
import { fixture } from '#test/factories/provider-job.ts'
import { aWorkshop } from '#test/factories/workshop.ts'
import { onBothGrounds } from '#test/grounds.ts'
import { acceptMedia, receiveMedia, referenceState } from './receive.ts'
import { ownReference } from './references.ts'

async function* bytes(path: string) {
  yield await readFile(path)
}
const first = { signal: new AbortController().signal, lastAttempt: false }
const last = { ...first, lastAttempt: true }

async function keys(shop: Workshop, id: string): Promise<string[]> {
  const found: string[] = []
  for await (const { key } of shop.objects.list(`references/${id}/`)) found.push(key)
  return found
}

onBothGrounds('a clip or sound that somebody gives', (ground) => {
  test('waits for the worker, is encoded anew, and what was sent is gone', async () => {
    const shop = await aWorkshop(ground)
    const { id: subject } = await aPerson(shop)
    const id = await receiveMedia(shop, subject, 'clip', bytes(fixture.clip))
    expect(await referenceState(shop, subject, id)).toMatchObject({ state: 'receiving', kind: 'clip' })
    await expect(ownReference(shop, subject, id)).rejects.toMatchObject({ code: 'reference_not_ready' })
    await acceptMedia(shop, id, first)
    await acceptMedia(shop, id, first)
    const { asset } = await ownReference(shop, subject, id)
    expect(asset).toMatchObject({ kind: 'clip', media_type: 'video/mp4', width: 640, height: 360 })
    expect((await referenceState(shop, subject, id)).seconds).toBeCloseTo(3, 1)
    expect(await keys(shop, id)).toEqual([`references/${id}/clip`])
    const looks = await shop.db.read
      .selectFrom('screening')
      .selectAll()
      .where('reference_id', '=', id)
      .execute()
    expect(looks).toMatchObject([{ what: 'reference', verdict: 'nothing_looked' }])
  })

  test('that cannot be read is refused with the reason, and nothing of it stays', async () => {
    const shop = await aWorkshop(ground)
    const { id: subject } = await aPerson(shop)
    const id = await receiveMedia(shop, subject, 'sound', bytes(fixture.picture))
    await acceptMedia(shop, id, first)
    const state = await referenceState(shop, subject, id)
    expect(state).toMatchObject({ state: 'refused' })
    expect(state.reason?.text).toContain('cannot be read')
    for await (const { key } of shop.objects.list(`references/${id}/`)) throw new Error(key)
  })

  test('goes on where a worker died between the row and the deletion, or where the store did not delete', async () => {
    const shop = await aWorkshop(ground)
    const { id: subject } = await aPerson(shop)
    const broken = async () => {
      throw new Error('as by kill -9')
    }
    for (const source of [fixture.clip, fixture.picture]) {
      const id = await receiveMedia(shop, subject, 'clip', bytes(source))
      const dying = { ...shop, store: { ...shop.store, delete: broken } }
      await expect(acceptMedia(dying, id, first)).rejects.toThrow('kill -9')
      const { state } = await referenceState(shop, subject, id)
      expect(state).toBe(source === fixture.clip ? 'ready' : 'refused')
      expect(await keys(shop, id)).toContain(`references/${id}/sent`)
      await acceptMedia(shop, id, first)
      expect(await keys(shop, id)).toEqual(state === 'ready' ? [`references/${id}/clip`] : [])
      expect((await referenceState(shop, subject, id)).state).toBe(state)
    }
  })

  test('is given up at the last try with a sentence, whatever it was that failed', async () => {
    const shop = await aWorkshop(ground)
    const { id: subject } = await aPerson(shop)
    const noTools = { ...shop, tools: { ffmpeg: '/nowhere/ffmpeg', ffprobe: '/nowhere/ffprobe' } }
    const full = async () => {
      throw Object.assign(new Error('write'), { code: 'ENOSPC', syscall: 'write' })
    }
    const noRoom = { ...shop, store: { ...shop.store, put: full } }
    for (const [house, code] of [
      [noTools, 'ffmpeg_missing'],
      [noRoom, 'storage_full'],
    ] as const) {
      const id = await receiveMedia(shop, subject, 'sound', bytes(fixture.sound))
      await expect(acceptMedia(house, id, first)).rejects.toBeDefined()
      expect((await referenceState(shop, subject, id)).state).toBe('receiving')
      await acceptMedia(house, id, last)
      const row = await shop.db.read.selectFrom('reference').selectAll().where('id', '=', id).execute()
      expect(row).toMatchObject([{ state: 'refused', error_code: code }])
      expect((await referenceState(shop, subject, id)).reason?.text).toContain('Add it again later')
      expect(await keys(shop, id)).toEqual([])
    }
  })

  test('of somebody else is not there', async () => {
    const shop = await aWorkshop(ground)
    const [one, other] = [await aPerson(shop), await aPerson(shop)]
    const id = await receiveMedia(shop, one.id, 'sound', bytes(fixture.sound))
    await expect(referenceState(shop, other.id, id)).rejects.toMatchObject({ status: 404 })
  })

  test('too large or empty it is refused while it arrives, and leaves no row', async () => {
    const shop = await aWorkshop(ground)
    const { id: subject } = await aPerson(shop)
    async function* endless() {
      for (;;) yield new Uint8Array(8 * 1024 * 1024)
    }
    async function* nothing() {}
    await expect(receiveMedia(shop, subject, 'sound', endless())).rejects.toMatchObject({ status: 413 })
    await expect(receiveMedia(shop, subject, 'sound', nothing())).rejects.toMatchObject({ status: 422 })
    expect(await shop.db.read.selectFrom('reference').selectAll().execute()).toEqual([])
    for await (const { key } of shop.objects.list('references/')) throw new Error(key)
  })
})
