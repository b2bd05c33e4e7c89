/** Pins: a failing job that is tried for ever, or given up without a trace; a dead one that comes back as a second. */
import { expect, test } from 'vitest'
import { DAY, HOUR, MINUTE, SECOND } from '#core/clock/clock.ts'
import { onBothGrounds } from '#test/grounds.ts'
import { aQueue, LEASE, person } from '#test/programs/queue-bed.ts'
import { LEASE_EXPIRED } from './queue.ts'

onBothGrounds('failing', (ground) => {
  test('a failed job waits longer each time, then lies dead with its code, and can be given one more attempt', async () => {
    const { db, queue, add, take, pass, clock } = await aQueue(ground)
    const id = await add({ n: 1, maxAttempts: 3, subject: person('ann') })
    if (!id) throw new Error('a duplicate')
    const first = await take()
    expect(first && (await queue.fail(first, { code: 'provider.busy' }))).toBe('retry')
    // Half of 2 s, and half of the other half: the test's chance is 0.5.
    await pass(300)
    expect(await take()).toBeUndefined()
    await pass(1200)
    const second = await take()
    expect(second && (await queue.fail(second, { code: 'provider.busy', retryAt: clock.now() + HOUR }))).toBe(
      'retry',
    )
    await pass(HOUR - MINUTE)
    expect(await take()).toBeUndefined()
    await pass(MINUTE)
    const third = await take()
    expect(third).toMatchObject({ attempt: 3, maxAttempts: 3 })
    expect(third && (await queue.fail(third, { code: 'provider.gone' }))).toBe('dead')

    await pass(DAY)
    expect(await take()).toBeUndefined()
    const [dead] = await queue.dead(10)
    expect(dead).toMatchObject({
      id,
      queue: 'work',
      payload: { n: 1 },
      subject: person('ann'),
      code: 'provider.gone',
      attempts: 3,
    })
    expect(Math.abs((dead?.diedAt ?? 0) - (clock.now() - DAY))).toBeLessThan(MINUTE)
    expect(await db.transaction((tx) => queue.retryDead(tx, id))).toBe(true)
    expect(await db.transaction((tx) => queue.retryDead(tx, id))).toBe(false)
    const last = await take()
    expect(last).toMatchObject({ id, attempt: 4, maxAttempts: 4 })
    expect(last && (await queue.complete(last))).toBe(true)
    expect(await queue.dead(10)).toEqual([])
  })

  test('a dead job stays dead while another with its key lives', async () => {
    const { db, queue, add, take } = await aQueue(ground)
    const id = await add({ n: 1, maxAttempts: 1, dedupeKey: 'k' })
    const job = await take()
    expect(job && (await queue.fail(job, { code: 'x' }))).toBe('dead')
    await add({ n: 2, dedupeKey: 'k' })
    if (id) expect(await db.transaction((tx) => queue.retryDead(tx, id))).toBe(false)
  })

  test('a worker that dies at the last attempt leaves a dead job', async () => {
    const { queue, add, take, pass, clock } = await aQueue(ground)
    await add({ n: 1, maxAttempts: 1 })
    await take()
    await pass(LEASE + SECOND)
    expect(await queue.sweep(clock.now())).toEqual({ expired: 1 })
    expect(await take()).toBeUndefined()
    expect((await queue.dead(1))[0]?.code).toBe(LEASE_EXPIRED)
    expect((await queue.counts()).work).toEqual({ waiting: 0, active: 0, dead: 1 })
  })
})
