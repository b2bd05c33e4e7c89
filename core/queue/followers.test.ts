/**
 * What is asked for under a key whose job runs, on both engines. Pins: work that is never looked at, because it was asked for
 * after the running job had looked; two jobs of one key at once, so that a mail goes twice; a row of jobs that grows with
 * every asking; a job that waits for ever for one that died.
 */
import { expect, test } from 'vitest'
import { HOUR, SECOND } from '#core/clock/clock.ts'
import { onBothGrounds } from '#test/grounds.ts'
import { anotherProcess, aQueue, LEASE, person } from '#test/programs/queue-bed.ts'

onBothGrounds('a job of a key that runs', (ground) => {
  test('is followed by one more, however often that is asked for, and never has it beside it', async () => {
    const { queue, add, take } = await aQueue(ground)
    await add({ n: 1, dedupeKey: 'k' })
    const running = await take()
    const following = await add({ n: 2, dedupeKey: 'k', subject: person('ann'), maxAttempts: 2, priority: 3 })
    expect(following).toBeDefined()
    expect(await add({ n: 3, dedupeKey: 'k' })).toBeUndefined()
    expect(await add({ n: 4, dedupeKey: 'other' })).toBeDefined()
    expect((await queue.counts()).work).toEqual({ waiting: 2, active: 1, dead: 0 })
    expect((await take())?.payload).toEqual({ n: 4 })
    expect(await take()).toBeUndefined()

    expect(running && (await queue.complete(running))).toBe(true)
    const second = await take()
    expect(second).toMatchObject({
      id: following,
      payload: { n: 2 },
      subject: person('ann'),
      attempt: 1,
      maxAttempts: 2,
    })
    expect(await take()).toBeUndefined()
    expect(second && (await queue.complete(second))).toBe(true)
    expect(await take()).toBeUndefined()
    expect(await add({ n: 5, dedupeKey: 'k' })).toBeDefined()
  })

  test('is followed at the time that was asked for', async () => {
    const { queue, add, take, pass, clock } = await aQueue(ground)
    await add({ n: 1, dedupeKey: 'k' })
    const running = await take()
    await add({ n: 2, dedupeKey: 'k', runAt: clock.now() + HOUR })
    if (running) await queue.complete(running)
    expect(await take()).toBeUndefined()
    await pass(HOUR)
    expect((await take())?.payload).toEqual({ n: 2 })
  })

  test('has what it asks for itself come second: what was asked for meanwhile is due before', async () => {
    const { queue, add, take, clock } = await aQueue(ground)
    await add({ n: 1, dedupeKey: 'k' })
    const running = await take()
    await add({ n: 2, dedupeKey: 'k' })
    const next = { queue: 'work', payload: { n: 3 }, dedupeKey: 'k', runAt: clock.now() + HOUR } as const
    expect(running && (await queue.complete(running, [next]))).toBe(true)
    expect((await take())?.payload).toEqual({ n: 2 })
    expect((await queue.counts()).work).toEqual({ waiting: 0, active: 1, dead: 0 })
  })

  test.each(['fails', 'is given back', 'loses its worker'])('and %s is tried again instead', async (how) => {
    const { queue, add, take, pass, clock } = await aQueue(ground)
    const id = await add({ n: 1, dedupeKey: 'k' })
    const running = await take()
    if (!running) throw new Error('nothing claimed')
    await add({ n: 2, dedupeKey: 'k' })
    if (how === 'fails') expect(await queue.fail(running, { code: 'x', retryAt: clock.now() })).toBe('retry')
    if (how === 'is given back') expect(await queue.release(running)).toBe(true)
    if (how === 'loses its worker') {
      await pass(LEASE + SECOND)
      expect(await queue.sweep(clock.now())).toEqual({ expired: 1 })
    }
    expect((await queue.counts()).work).toEqual({ waiting: 1, active: 0, dead: 0 })
    const again = await take()
    expect(again).toMatchObject({ id, attempt: 2, payload: { n: 1 } })
    if (again) await queue.complete(again)
    expect(await take()).toBeUndefined()
  })

  test.each(['fails', 'loses its worker'])(
    'and %s for the last time is followed none the less',
    async (how) => {
      const { queue, add, take, pass, clock } = await aQueue(ground)
      await add({ n: 1, dedupeKey: 'k', maxAttempts: 1 })
      const running = await take()
      if (!running) throw new Error('nothing claimed')
      await add({ n: 2, dedupeKey: 'k' })
      if (how === 'fails') expect(await queue.fail(running, { code: 'x' })).toBe('dead')
      else {
        await pass(LEASE + SECOND)
        expect(await queue.sweep(clock.now())).toEqual({ expired: 1 })
      }
      expect((await queue.counts()).work).toEqual({ waiting: 1, active: 0, dead: 1 })
      expect((await take())?.payload).toEqual({ n: 2 })
    },
  )

  test('has nothing to follow it once that was taken back', async () => {
    const { db, queue, add, take } = await aQueue(ground)
    await add({ n: 1, dedupeKey: 'k' })
    const running = await take()
    await add({ n: 2, dedupeKey: 'k' })
    expect(await db.transaction((tx) => queue.cancel(tx, { queue: 'work', dedupeKey: 'k' }))).toBe(1)
    if (running) await queue.complete(running)
    expect(await take()).toBeUndefined()
  })

  test('may be asked for from many sides while it ends: each is looked at after it was written', async () => {
    const { db, queue, address, clock, take } = await aQueue(ground)
    // Two connections to a file stand in each other's way when one process has both.
    const other = ground === 'sqlite' ? { db, queue } : await anotherProcess(address, clock)
    const write = (n: number, by: { db: typeof db; queue: typeof queue }) =>
      by.db.transaction(async (tx) => {
        await tx
          .insertInto('rate_counter')
          .values({ key: `${n}`, used: 0, resets_at: 1 })
          .execute()
        await by.queue.enqueue(tx, { queue: 'work', payload: { n }, dedupeKey: 'k' })
      })
    const unseen = () => db.read.selectFrom('rate_counter').select('key').where('used', '=', 0).execute()
    const work = async () => {
      const job = await take()
      if (!job) return false
      const keys = (await unseen()).map(({ key }) => key)
      if (keys.length > 0)
        await db.transaction((tx) =>
          tx.updateTable('rate_counter').set({ used: 1 }).where('key', 'in', keys).execute(),
        )
      expect(await queue.complete(job)).toBe(true)
      return true
    }
    let n = 0
    for (let round = 0; round < 20; round++) {
      const asked = [write(n++, { db, queue }), write(n++, other), write(n++, other)]
      await Promise.all([...asked, work(), work().then(work)])
    }
    while (await work()) {}
    expect(await unseen()).toEqual([])
  })
})

test('a job that waits is not begun before what it was asked for again with is committed', async () => {
  const { db, queue, address, clock, add } = await aQueue('postgres')
  const other = await anotherProcess(address, clock)
  const claim = () => other.queue.claim(['work', 'other.work'], 'w2', { leaseMs: LEASE })
  await add({ n: 1, dedupeKey: 'k' })
  await add({ n: 2, queue: 'other.work' })
  await db.transaction(async (tx) => {
    expect(await queue.enqueue(tx, { queue: 'work', payload: { n: 3 }, dedupeKey: 'k' })).toBeUndefined()
    // Others do not wait for it.
    expect((await claim())?.payload).toEqual({ n: 2 })
    expect(await claim()).toBeUndefined()
  })
  expect((await claim())?.payload).toEqual({ n: 1 })
})
