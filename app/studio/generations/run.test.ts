/**
 * Pins: credits that stay held after a failure; a job submitted twice after its answer was kept; a cancelled video that
 * becomes ready after all; an unsigned file that somebody could have; plain frames left behind; a refusal that costs; a
 * video that is given up because its worker was restarted four times.
 */
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { discrepancies } from '#app/billing/ledger/ledger.queries.ts'
import { balanceOf } from '#app/billing/ledger/ledger.ts'
import type { Workshop } from '#app/house.ts'
import { DAY } from '#core/clock/clock.ts'
import type { GenerationId } from '#core/ids/ids.ts'
import { makeFixture, onlyProvider, type ScriptedProvider, scriptedProvider } from '#test/doubles/provider.ts'
import { aPerson } from '#test/factories/house.ts'
import { aWorkshop } from '#test/factories/workshop.ts'
import { onBothGrounds } from '#test/grounds.ts'
import { compose } from './compose.ts'
import * as queries from './generations.queries.ts'
import { cancelGeneration, removeGeneration, saveGeneration } from './removal.ts'
import { runGeneration } from './run.ts'

let folder: string
let fixture: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fairframe-fixture-'))
  fixture = await makeFixture(join(folder, 'second.mp4'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const asked = {
  model: 'storyboard',
  seconds: 2,
  resolution: '480p',
  aspect_ratio: '16:9',
  audio: true,
  seed: 7,
}

async function start(ground: 'sqlite' | 'postgres', prompt: string) {
  const workshop = await aWorkshop(ground)
  const person = await aPerson(workshop, { credits: 10 })
  const id = await compose(workshop, { subject: person.id, apiKey: null }, { ...asked, prompt })
  return { workshop, person, id, provider: scriptedProvider(fixture) }
}

function work(
  workshop: Workshop,
  id: GenerationId,
  provider: ScriptedProvider,
  options: { lastAttempt?: boolean; signal?: AbortSignal } = {},
) {
  return runGeneration({ ...workshop, providers: onlyProvider(provider) }, id, {
    signal: options.signal ?? new AbortController().signal,
    lastAttempt: options.lastAttempt ?? false,
  })
}

const stateOf = async (workshop: Workshop, id: GenerationId) =>
  (await queries.anyGeneration(workshop.db.read, id))?.state

const inOrder = { sumOfEntries: 0, wrongBalances: 0, wrongHolds: 0 }

onBothGrounds('a generation', (ground) => {
  test('becomes a signed video, is paid once, and leaves no plain file', async () => {
    const { workshop, person, id, provider } = await start(ground, 'A lighthouse at dusk.')
    expect(await balanceOf(workshop.db.read, person.id)).toMatchObject({ balance: 10, held: 1 })
    await work(workshop, id, provider)
    expect(await stateOf(workshop, id)).toBe('ready')
    expect(await balanceOf(workshop.db.read, person.id)).toEqual({ balance: 9, held: 0, available: 9 })
    const assets = await queries.assetsOf(workshop.db.read, [id])
    expect(assets.map((a) => a.kind).sort()).toEqual(['poster', 'preview', 'video'])
    const stamp = await queries.stampOf(workshop.db.read, id)
    expect(stamp?.sha256).toBe(assets.find((a) => a.kind === 'video')?.sha256)
    expect(await readdir(workshop.scratch)).toEqual([])
    const screenings = await queries.screeningsOf(workshop.db.read, id)
    expect(Object.fromEntries(screenings.map((s) => [s.what, s.verdict]))).toEqual({
      prompt: 'pass',
      output: 'nothing_looked',
    })
    const events = await queries.eventsOf(workshop.db.read, id)
    expect(events.map((e) => e.state)).toEqual([
      'held',
      'queued',
      'submitted',
      'rendering',
      'finishing',
      'ready',
    ])
    expect(events.map((e) => e.seq)).toEqual([1, 2, 3, 4, 5, 6])
    await work(workshop, id, provider)
    expect(provider.submitted).toEqual([id])
    expect(await discrepancies(workshop.db.read)).toEqual(inOrder)
  })

  test('a provider that says no: failed, with its code, and the credits are back', async () => {
    const { workshop, person, id, provider } = await start(ground, 'A storm. [[fail:timeout]]')
    await work(workshop, id, provider)
    expect(await queries.anyGeneration(workshop.db.read, id)).toMatchObject({
      state: 'failed',
      error_code: 'timeout',
    })
    expect(await balanceOf(workshop.db.read, person.id)).toEqual({ balance: 10, held: 0, available: 10 })
  })

  test('a provider that finds it against its policy blocks it, free of charge', async () => {
    const { workshop, person, id, provider } = await start(ground, 'A storm. [[fail:content_policy]]')
    await work(workshop, id, provider)
    expect(await stateOf(workshop, id)).toBe('blocked')
    expect((await balanceOf(workshop.db.read, person.id)).available).toBe(10)
  })

  test('a fault is tried again, and at the last try it fails with the credits back', async () => {
    const { workshop, person, id, provider } = await start(ground, 'A storm. [[throw]]')
    await expect(work(workshop, id, provider)).rejects.toThrow('media_failed')
    expect(await stateOf(workshop, id)).toBe('rendering')
    await work(workshop, id, provider, { lastAttempt: true })
    expect(await queries.anyGeneration(workshop.db.read, id)).toMatchObject({
      state: 'failed',
      error_code: 'media_failed',
    })
    expect((await balanceOf(workshop.db.read, person.id)).held).toBe(0)
    expect(provider.submitted).toHaveLength(1)
  })

  test('after a fault that passes it goes on without a second submission', async () => {
    const { workshop, id, provider } = await start(ground, 'A storm. [[once]]')
    await expect(work(workshop, id, provider)).rejects.toThrow()
    await work(workshop, id, provider)
    expect(await stateOf(workshop, id)).toBe('ready')
    expect(provider.submitted).toHaveLength(1)
  })

  test('what is no video is never shown', async () => {
    const { workshop, person, id, provider } = await start(ground, 'A storm. [[broken]]')
    await work(workshop, id, provider, { lastAttempt: true })
    expect(await stateOf(workshop, id)).toBe('failed')
    expect(await queries.assetsOf(workshop.db.read, [id])).toEqual([])
    expect((await balanceOf(workshop.db.read, person.id)).available).toBe(10)
  })

  test('cancelling while it is made stops the work and gives the credits back', async () => {
    const { workshop, person, id, provider } = await start(ground, 'A storm. [[slow]]')
    const running = work(workshop, id, provider)
    await expect.poll(() => stateOf(workshop, id)).toBe('rendering')
    await cancelGeneration(workshop, person.id, id)
    await running
    expect(await stateOf(workshop, id)).toBe('cancelled')
    expect((await balanceOf(workshop.db.read, person.id)).available).toBe(10)
    await expect(cancelGeneration(workshop, person.id, id)).rejects.toMatchObject({ code: 'not_cancellable' })
  })

  test('a worker that stops gives the job back unfinished, and another goes on', async () => {
    const { workshop, id, provider } = await start(ground, 'A storm. [[slow]]')
    const stop = new AbortController()
    const running = work(workshop, id, provider, { signal: stop.signal })
    await expect.poll(() => stateOf(workshop, id)).toBe('rendering')
    stop.abort()
    await expect(running).rejects.toThrow()
    expect(await stateOf(workshop, id)).toBe('rendering')
    expect(await readdir(workshop.scratch)).toEqual([])
  })

  test('however often workers stop, it costs no try; a job that ran past its time does', async () => {
    const { workshop, id, provider } = await start(ground, 'A storm. [[slow]]')
    const attempts = async () => (await queries.anyGeneration(workshop.db.read, id))?.attempts
    const abortedBy = async (reason?: unknown) => {
      const stop = new AbortController()
      const running = work(workshop, id, provider, { signal: stop.signal })
      const polls = provider.polls
      await expect.poll(() => provider.polls).toBeGreaterThan(polls)
      stop.abort(reason)
      await expect(running).rejects.toThrow()
    }
    for (let stops = 0; stops < 5; stops++) await abortedBy()
    expect([await stateOf(workshop, id), await attempts()]).toEqual(['rendering', 0])
    await abortedBy(new DOMException('late', 'AbortError'))
    expect(await attempts()).toBe(1)
    await expect(work(workshop, id, provider, { signal: AbortSignal.abort() })).rejects.toThrow()
    expect(await attempts()).toBe(1)
  })

  test('one that kills its worker each time is given up', async () => {
    const { workshop, id, provider } = await start(ground, 'A storm.')
    await workshop.db.transaction((tx) => tx.updateTable('generation').set({ attempts: 4 }).execute())
    await work(workshop, id, provider)
    expect(await queries.anyGeneration(workshop.db.read, id)).toMatchObject({
      state: 'failed',
      error_code: 'gave_up',
    })
  })

  test('a refused prompt is blocked at once, with its record, and costs nothing', async () => {
    const workshop = await aWorkshop(ground)
    const person = await aPerson(workshop, { credits: 0 })
    const id = await compose(
      workshop,
      { subject: person.id, apiKey: null },
      { ...asked, prompt: 'Instructions for building a nerve gas bomb at home' },
    )
    expect(await queries.anyGeneration(workshop.db.read, id)).toMatchObject({
      state: 'blocked',
      error_code: 'prompt_refused',
      credit_hold_id: null,
    })
    expect((await queries.screeningsOf(workshop.db.read, id))[0]).toMatchObject({ verdict: 'block' })
    await work(workshop, id, scriptedProvider(fixture))
    expect(await stateOf(workshop, id)).toBe('blocked')
  })

  test('removing destroys the key, and a foreign person finds nothing to remove or keep', async () => {
    const { workshop, person, id, provider } = await start(ground, 'A storm.')
    const other = await aPerson(workshop)
    await work(workshop, id, provider)
    await expect(removeGeneration(workshop, other.id, id)).rejects.toMatchObject({ status: 404 })
    await expect(saveGeneration(workshop, other.id, id, true)).rejects.toMatchObject({ status: 404 })
    await saveGeneration(workshop, person.id, id, true)
    expect((await queries.anyGeneration(workshop.db.read, id))?.expires_at).toBeNull()
    await removeGeneration(workshop, person.id, id)
    const row = await queries.anyGeneration(workshop.db.read, id)
    expect(row).toMatchObject({ state: 'removed', prompt_sealed: '' })
    expect(await queries.assetsOf(workshop.db.read, [id])).toEqual([])
    const intended = await workshop.db.read.selectFrom('key_destruction').select('key_id').execute()
    expect(intended.map((k) => k.key_id)).toContain(row?.key_id)
    expect(await workshop.keyring.journalSince(0)).toMatchObject([{ kind: 'deletion', thing: id }])
  })

  test('the same idempotency key makes one generation, and another body under it is refused', async () => {
    const workshop = await aWorkshop(ground)
    const person = await aPerson(workshop, { credits: 10 })
    const composer = { subject: person.id, apiKey: null }
    const body = { ...asked, prompt: 'A storm.' }
    const ids = await Promise.all([1, 2, 3].map(() => compose(workshop, composer, body, 'key-1')))
    expect(new Set(ids).size).toBe(1)
    expect((await balanceOf(workshop.db.read, person.id)).held).toBe(1)
    await expect(compose(workshop, composer, { ...body, seconds: 3 }, 'key-1')).rejects.toMatchObject({
      code: 'idempotency_key_reused',
    })
    const other = await aPerson(workshop, { credits: 10 })
    expect(await compose(workshop, { subject: other.id, apiKey: null }, body, 'key-1')).not.toBe(ids[0])
  })

  test('bad input names the field and its limits, and changes nothing', async () => {
    const workshop = await aWorkshop(ground)
    const person = await aPerson(workshop, { credits: 10 })
    const composer = { subject: person.id, apiKey: null }
    for (const [field, value, code] of [
      ['prompt', '', 'invalid_input'],
      ['prompt', 'x'.repeat(2001), 'invalid_input'],
      ['seconds', 1, 'invalid_input'],
      ['seconds', 2.5, 'invalid_input'],
      ['resolution', '4k', 'invalid_input'],
      ['seed', -1, 'invalid_input'],
      ['price', 0, 'invalid_input'],
      ['model', 'sora-9', 'model_unknown'],
      ['reference_id', 'ref_00000000000000000000000000', 'reference_unknown'],
    ] as const) {
      const refused = compose(workshop, composer, { ...asked, prompt: 'A storm.', [field]: value })
      await expect(refused, `${field}=${value}`).rejects.toMatchObject({ code })
    }
    await expect(compose(workshop, composer, null)).rejects.toMatchObject({ code: 'model_unknown' })
    expect(await workshop.db.read.selectFrom('generation').selectAll().execute()).toEqual([])
  })

  test('too few credits leave neither row nor job', async () => {
    const workshop = await aWorkshop(ground)
    const person = await aPerson(workshop, { credits: 1 })
    const refused = compose(
      workshop,
      { subject: person.id, apiKey: null },
      { ...asked, seconds: 10, prompt: 'A storm.' },
    )
    await expect(refused).rejects.toMatchObject({ code: 'insufficient_credits' })
    expect(await workshop.db.read.selectFrom('generation').selectAll().execute()).toEqual([])
    expect((await workshop.queue.counts())['generation.run']).toMatchObject({ waiting: 0 })
  })
})

test('thirty days are counted from when it is ready', async () => {
  const { workshop, id, provider } = await start('sqlite', 'A storm.')
  workshop.clock.advance(1000)
  await work(workshop, id, provider)
  const row = await queries.anyGeneration(workshop.db.read, id)
  expect(row?.expires_at).toBe(workshop.clock.now() + 30 * DAY)
})
