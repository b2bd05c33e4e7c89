/**
 * Pins: a clip or sound whose sent bytes stay; one that is used before the worker has looked at it; a file that is no clip
 * tried for ever; somebody else's reference seen.
 */
import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { aPerson } from '#test/factories/house.ts'
import { fixture } from '#test/factories/provider-job.ts'
import { aWorkshop } from '#test/factories/workshop.ts'
import { onBothGrounds } from '#test/grounds.ts'
import { acceptMedia, receiveMedia, referenceState } from './receive.ts'
import { ownReference } from './references.ts'

async function* bytes(path: string) {
  yield await readFile(path)
}
const never = new AbortController().signal

onBothGrounds('a clip or sound that somebody gives', (ground) => {
  test('waits for the worker, is encoded anew, and what was sent is gone', async () => {
    const shop = await aWorkshop(ground)
    const { id: subject } = await aPerson(shop)
    const id = await receiveMedia(shop, subject, 'clip', bytes(fixture.clip))
    expect(await referenceState(shop, subject, id)).toMatchObject({ state: 'receiving', kind: 'clip' })
    await expect(ownReference(shop, subject, id)).rejects.toMatchObject({ code: 'reference_not_ready' })
    await acceptMedia(shop, id, never)
    await acceptMedia(shop, id, never)
    const { asset } = await ownReference(shop, subject, id)
    expect(asset).toMatchObject({ kind: 'clip', media_type: 'video/mp4', width: 640, height: 360 })
    expect((await referenceState(shop, subject, id)).seconds).toBeCloseTo(3, 1)
    const left: string[] = []
    for await (const { key } of shop.objects.list(`references/${id}/`)) left.push(key)
    expect(left).toEqual([`references/${id}/clip`])
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
    await acceptMedia(shop, id, never)
    const state = await referenceState(shop, subject, id)
    expect(state).toMatchObject({ state: 'refused' })
    expect(state.reason?.text).toContain('cannot be read')
    for await (const { key } of shop.objects.list(`references/${id}/`)) throw new Error(key)
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
