/**
 * Pins: a key whose destruction was asked for while the job that destroys keys ran, and that waits for the next sweep; a check of
 * the promises that goes on after its worker was stopped, beside the one that took its place.
 */
import { expect, test } from 'vitest'
import type { JobPayloads } from '#app/job-payloads.ts'
import { intendDestruction } from '#core/crypto/keyring/destruction.ts'
import type { Handlers } from '#core/queue/runner.ts'
import { aWorkshop } from '#test/factories/workshop.ts'
import { onBothGrounds } from '#test/grounds.ts'
import { handlersFor } from './handlers.ts'

type Context = Parameters<NonNullable<Handlers<JobPayloads>['keys.destroy']>>[1]

onBothGrounds('the handlers', (ground) => {
  test('a key is destroyed at once, though the job that does it had looked before that was asked for', async () => {
    const workshop = await aWorkshop(ground)
    const { db, keyring, queue, clock } = workshop
    const ask = async () => {
      const key = await keyring.create({ class: 'content' })
      await db.transaction(async (tx) => {
        await intendDestruction(tx, [key.id], 'test', clock.now())
        await queue.enqueue(tx, { queue: 'keys.destroy', payload: {}, dedupeKey: 'keys.destroy' })
      })
    }
    const claim = () => queue.claim(['keys.destroy'], 'worker', { leaseMs: 30_000 })
    const handle = handlersFor(workshop)['keys.destroy']
    const left = () =>
      db.read.selectFrom('key_destruction').select('key_id').where('done_at', 'is', null).execute()
    await ask()
    const first = await claim()
    await handle?.({}, {} as Context)
    expect(await left()).toEqual([])
    await ask()
    await ask()
    if (first) await queue.complete(first)
    const second = await claim()
    expect(second).toBeDefined()
    await handle?.({}, {} as Context)
    expect(await left()).toEqual([])
    if (second) await queue.complete(second)
    expect(await claim()).toBeUndefined()
  })
})

test('a check of the promises that is stopped looks at no more of them, and does not count as done', async () => {
  const workshop = await aWorkshop()
  const check = handlersFor(workshop)['promises.check']
  const stopped = { signal: AbortSignal.abort() } as unknown as Parameters<NonNullable<typeof check>>[1]
  await expect(check?.({ slot: 'x' }, stopped)).rejects.toThrow('aborted')
  expect(await workshop.db.read.selectFrom('promise_check').selectAll().execute()).toEqual([])
})
