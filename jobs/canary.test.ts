/**
 * Pins: a canary that somebody could use; one that shows in a list or a figure, costs somebody a credit, waits for a worker or
 * a provider, or is mailed; texts of it that stay for ever, or that nobody replaces when they have gone.
 */
import { expect, test } from 'vitest'
import * as generations from '#app/console/generations.queries.ts'
import * as outbox from '#app/console/outbox.queries.ts'
import * as overview from '#app/console/overview.queries.ts'
import * as people from '#app/console/people.queries.ts'
import { DAY } from '#core/clock/clock.ts'
import { aHouse, aPerson, type TestHouse } from '#test/factories/house.ts'
import { onBothGrounds } from '#test/grounds.ts'
import { ensureCanary } from './canary.ts'
import { sweep } from './retention.ts'

const rowsOf = async ({ db: { read } }: TestHouse) => {
  const canary = await read
    .selectFrom('subject')
    .selectAll()
    .where('status', '=', 'suspended')
    .executeTakeFirstOrThrow()
  const of = (table: 'generation' | 'mail' | 'api_key') =>
    read.selectFrom(table).selectAll().where('subject_id', '=', canary.id).execute()
  return { canary, of }
}

onBothGrounds('the canary', (ground) => {
  test('is made once, by as many as want it, and nobody can use it', async () => {
    const house = await aHouse(ground)
    await aPerson(house)
    const first = await ensureCanary(house)
    expect(await ensureCanary(house)).toEqual(first)
    const statuses = await house.db.read.selectFrom('subject').select('status').execute()
    expect(statuses.map(({ status }) => status).sort()).toEqual(['active', 'suspended'])
    const { of } = await rowsOf(house)
    expect(await of('generation')).toMatchObject([{ state: 'cancelled' }])
    expect(await of('mail')).toMatchObject([{ status: 'failed' }])
    expect(await of('api_key')).toMatchObject([{ revoked_at: house.clock.now() }])
    for (const table of ['credit_hold', 'attempt'] as const)
      expect(await house.db.read.selectFrom(table).selectAll().execute()).toEqual([])
  })

  test('is in no list and no figure, waits for nobody and is not mailed', async () => {
    const house = await aHouse(ground)
    const { id } = await aPerson(house)
    const { read } = house.db
    const since = house.clock.now() - DAY
    const figures = async () => ({
      people: (await people.newest(read, 50)).map((row) => row.id),
      videos: await generations.page(read, { limit: 50 }),
      mails: await outbox.page(read, { limit: 50 }),
      counted: await overview.mailCounts(read),
      states: await overview.statesSince(read, since),
      days: await overview.statesByDay(read, since),
      credits: await overview.creditsSince(read, since),
    })
    const before = await figures()
    expect(before.people).toEqual([id])
    await ensureCanary(house)
    expect(await figures()).toEqual(before)
    const queues = ['generation.run', 'generation.admit', 'generation.watch', 'mail.send'] as const
    expect(await house.queue.claim(queues, 'w', { leaseMs: 10_000 })).toBeUndefined()
  })

  test('its video and its mail go after their time, and are made anew', async () => {
    const house = await aHouse(ground)
    await ensureCanary(house)
    const { of } = await rowsOf(house)
    house.clock.advance((house.config.keepUnsavedDays + 1) * DAY)
    await sweep(house, new AbortController().signal)
    expect(await of('generation')).toMatchObject([{ state: 'expired', prompt_sealed: '' }])
    expect(await of('mail')).toEqual([])
    await ensureCanary(house)
    expect(await of('generation')).toMatchObject([{ state: 'expired' }, { state: 'cancelled' }])
    expect(await of('mail')).toHaveLength(1)
    expect((await rowsOf(house)).canary.status).toBe('suspended')
  })
})
