/**
 * From a provider's file to one that its owner has. It pins: a poster or preview, which may be the whole of a short video,
 * that goes out without a statement; a result that broke off, or is much shorter than what was asked for, delivered and paid;
 * inputs of which the manifest says what they are not; a failure to sign, or a full disk, that is called "something".
 */
import { execFile } from 'node:child_process'
import { readFile, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { balanceOf } from '#app/billing/ledger/ledger.ts'
import type { Workshop } from '#app/house.ts'
import { deliver } from '#app/studio/creations/delivery.ts'
import { addReference } from '#app/studio/references/references.ts'
import { openEngine } from '#compliance/provenance/engine.ts'
import { MINUTE } from '#core/clock/clock.ts'
import type { GenerationId } from '#core/ids/ids.ts'
import { remoteProvider, theseProviders } from '#test/doubles/remote-provider.ts'
import { aPerson, type TestHouse } from '#test/factories/house.ts'
import { fixture } from '#test/factories/provider-job.ts'
import { aRemoteModel, workOff } from '#test/factories/remote.ts'
import { aWorkshop } from '#test/factories/workshop.ts'
import { aFolder, onBothGrounds } from '#test/grounds.ts'
import { compose } from './compose.ts'
import { sentenceFor } from './errors.ts'
import * as queries from './generations.queries.ts'
import { runGeneration } from './run.ts'

type Shop = Workshop & TestHouse
const asked = { model: 'remote', seconds: 5, resolution: '720p', prompt: 'A quay in the rain.' }
const kinds = ['video', 'poster', 'preview'] as const

onBothGrounds('what a provider made', (ground) => {
  async function open() {
    const one = remoteProvider('one')
    const shop: Shop = { ...(await aWorkshop(ground)), providers: theseProviders(one) }
    const person = await aPerson(shop, { credits: 100 })
    await aRemoteModel(shop, {
      record: { modes: ['text', 'references'], inputs: { image: { most: 3 }, video: { most: 1 } } },
    })
    const ask = async (changes: object = {}) => {
      const id = await compose(shop, { subject: person.id, apiKey: null }, { ...asked, ...changes })
      await workOff(shop, { forMs: MINUTE })
      return id
    }
    /** At the last try, so that whatever it was is told. */
    const end = async (id: GenerationId, changes: Partial<Workshop> = {}) => {
      const context = { signal: new AbortController().signal, lastAttempt: true }
      await runGeneration({ ...shop, ...changes }, id, context)
      return queries.anyGeneration(shop.db.read, id)
    }
    return { one, shop, person, ask, end }
  }

  test('goes out as three files that each say where they come from', async () => {
    const { shop, ask, end } = await open()
    const id = await ask()
    expect(await end(id)).toMatchObject({ state: 'ready' })
    const folder = await aFolder()
    const stamp = await queries.stampOf(shop.db.read, id)
    for (const kind of kinds) {
      const request = new Request('http://localhost/x')
      const file = await deliver({ house: shop, to: { link: 'checked' }, id, kind, request })
      const path = join(folder, kind)
      await writeFile(path, Buffer.from(await file.arrayBuffer()))
      expect(await shop.engine.read(path), kind).toMatchObject({
        state: 'Trusted',
        integrity: 'unchanged',
        source: 'trained',
        generation: { publicId: stamp?.public_id },
        madeFrom: kind === 'video' ? [] : [{ relationship: 'parentOf', hasManifest: true }],
        problems: [],
      })
    }
    // The record is that of the video, whichever of the three leads to it.
    const video = (await queries.assetsOf(shop.db.read, [id])).find(({ kind }) => kind === 'video')
    expect(stamp).toMatchObject({ asset_id: video?.id, sha256: video?.sha256 })
  })

  test('names each file it was made from by its kind and type', async () => {
    const { shop, person, ask, end } = await open()
    const jpeg = await addReference(shop, person.id, await readFile(fixture.picture))
    const source = await ask()
    expect(await end(source)).toMatchObject({ state: 'ready' })
    const id = await ask({
      inputs: [
        { role: 'image', reference_id: jpeg },
        { role: 'video', generation_id: source },
      ],
    })
    expect(await end(id)).toMatchObject({ state: 'ready' })
    const path = join(await aFolder(), 'video')
    const to = { link: 'checked' } as const
    const file = await deliver({ house: shop, to, id, kind: 'video', request: new Request('http://x/') })
    const bytes = Buffer.from(await file.arrayBuffer())
    await writeFile(path, bytes)
    const says = (title: string) => ({ title, relationship: 'inputTo', hasManifest: false })
    const report = await shop.engine.read(path)
    expect(report.madeFrom).toMatchObject([says('Reference image'), says('Earlier video')])
    const other = await queries.stampOf(shop.db.read, source)
    expect(other && bytes.includes(other.public_id)).toBe(false)
  })

  test.each([
    ['cut to a third', async (path: string) => truncate(path, Math.floor((await readFile(path)).length / 3))],
    [
      'cut by a tenth',
      async (path: string) => truncate(path, Math.floor((await readFile(path)).length * 0.9)),
    ],
    [
      'three seconds of five',
      async (path: string) => {
        const args = ['-v', 'error', '-y', '-i', fixture.result, '-t', '3', '-c', 'copy', '-f', 'mp4', path]
        await promisify(execFile)('ffmpeg', args)
      },
    ],
  ])('%s, it is fetched again, and if it stays so the credits are back', async (_, spoil) => {
    const { one, shop, person, ask, end } = await open()
    const whole = one.fetch
    one.fetch = async (job, signal) => {
      const path = await whole(job, signal)
      await spoil(path)
      return path
    }
    const [first, second] = [await ask(), await ask()]
    const trying = { signal: new AbortController().signal, lastAttempt: false }
    await expect(runGeneration(shop, first, trying)).rejects.toMatchObject({ errorClass: 'result_expired' })
    expect(await end(second)).toMatchObject({ state: 'failed', error_code: 'result_expired' })
    one.fetch = whole
    expect(await end(first)).toMatchObject({ state: 'ready' })
    expect(await balanceOf(shop.db.read, person.id)).toMatchObject({ balance: 85, held: 0 })
    expect(one.taken).toHaveLength(2)
  })

  test('a little shorter than asked it is delivered: lengths come in steps', async () => {
    const { one, ask, end } = await open()
    one.fetch = async ({ workDir }) => {
      const path = join(workDir, 'result')
      const args = ['-v', 'error', '-i', fixture.result, '-t', '4.6', '-c', 'copy', '-f', 'mp4', path]
      await promisify(execFile)('ffmpeg', args)
      return path
    }
    expect(await end(await ask())).toMatchObject({ state: 'ready' })
  })

  test('that cannot be signed is not shown, and its owner reads why', async () => {
    const { shop, ask, end } = await open()
    const id = await ask()
    const roots = [shop.authority.rootPem]
    const late = await openEngine({ setting: 'auto', roots, limits: { signMs: 1 } })
    const row = await end(id, { engine: late }).finally(() => late.close())
    expect(row).toMatchObject({ state: 'failed', error_code: 'provenance_timeout' })
    expect(sentenceFor(row?.error_code ?? '').text).toContain('could not be signed')
    expect(await queries.assetsOf(shop.db.read, [id])).toEqual([])
  })

  test('that finds no room when it is fetched waits for its next try, and at the last says so', async () => {
    const { one, shop, ask, end } = await open()
    const { fetch } = one
    one.fetch = async () => {
      throw new Error('fetch failed', { cause: noRoom() })
    }
    const [first, second] = [await ask(), await ask()]
    const trying = { signal: new AbortController().signal, lastAttempt: false }
    await expect(runGeneration(shop, first, trying)).rejects.toThrow('fetch failed')
    expect(await end(second)).toMatchObject({ state: 'failed', error_code: 'storage_full' })
    expect(sentenceFor('storage_full').text).toContain('no room left')
    one.fetch = fetch
    expect(await end(first)).toMatchObject({ state: 'ready' })
  })

  test('is sent when there is room again for what it is made from', async () => {
    const { one, shop, person, ask } = await open()
    const image = await addReference(shop, person.id, await readFile(fixture.picture))
    const { store } = shop
    let room = false
    const opened = (...args: Parameters<typeof store.open>) =>
      room ? store.open(...args) : Promise.reject(noRoom())
    Object.assign(shop, { store: { ...store, open: opened } })
    const id = await ask({ inputs: [{ role: 'image', reference_id: image }] })
    expect(one.taken).toEqual([])
    expect(await queries.anyGeneration(shop.db.read, id)).toMatchObject({ state: 'submitted' })
    room = true
    await workOff(shop, { forMs: 5 * MINUTE })
    expect(await queries.anyGeneration(shop.db.read, id)).toMatchObject({ state: 'finishing' })
    expect(one.taken).toHaveLength(1)
  })
})

function noRoom(): Error {
  return Object.assign(new Error('write'), { code: 'ENOSPC', syscall: 'write' })
}
