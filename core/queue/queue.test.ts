/**
 * The contract of the queue, on both engines. Pins: a job without its change, or a change without its job; a worker that
 * was thought dead and ends another's job; a job that nobody runs again after a kill -9, or that runs twice; one person's
 * hundred jobs in front of everybody; a schedule's slot that runs again because its first job had ended.
 */
import { expect, test } from 'vitest'
import { DAY, HOUR, MINUTE, SECOND } from '#core/clock/clock.ts'
import { onBothGrounds } from '#test/grounds.ts'
import { anotherProcess, aQueue, LEASE, person, queues } from '#test/programs/queue-bed.ts'
import { ONCE_KEPT_MS } from './queue.ts'

onBothGrounds('the queue', (ground) => {
  test('a job of a transaction that fails does not exist, one that commits does', async () => {
    const { db, queue, take } = await aQueue(ground)
    const broken = db.transaction(async (tx) => {
      await queue.enqueue(tx, { queue: 'work', payload: { n: 1 } })
      throw new Error('changed our mind')
    })
    await expect(broken).rejects.toThrow('changed our mind')
    expect(await take()).toBeUndefined()
    const id = await db.transaction((tx) =>
      queue.enqueue(tx, { queue: 'work', payload: { n: 2 }, subject: person('ann') }),
    )
    expect(await take()).toEqual({
      id,
      queue: 'work',
      payload: { n: 2 },
      subject: person('ann'),
      attempt: 1,
      maxAttempts: 5,
      worker: 'w1',
      leaseMs: LEASE,
    })
    expect(await take()).toBeUndefined()
  })

  test('while a job with a key waits another is a duplicate, and the transaction lives on', async () => {
    const { db, queue, add, take, pass } = await aQueue(ground)
    const first = await add({ n: 1, dedupeKey: 'k' })
    await pass(SECOND)
    const [second, other] = await db.transaction(async (tx) => [
      await queue.enqueue(tx, { queue: 'work', payload: { n: 2 }, dedupeKey: 'k' }),
      await queue.enqueue(tx, { queue: 'work', payload: { n: 3 }, dedupeKey: 'another' }),
    ])
    expect([second, typeof other]).toEqual([undefined, 'string'])
    const job = await take()
    expect(job?.id).toBe(first)
    if (job) await queue.complete(job)
    expect(await add({ n: 4, dedupeKey: 'k' })).toBeDefined()
  })

  test('what is enqueued once is never enqueued again, done or dead', async () => {
    const { queue, add, take, pass, clock } = await aQueue(ground)
    const id = await add({ n: 1, once: 'sweep:2026-11-21T12:00Z' })
    expect(await add({ n: 1, once: 'sweep:2026-11-21T12:00Z' })).toBeUndefined()
    const job = await take()
    expect(job?.id).toBe(id)
    if (job) await queue.complete(job)
    expect(await add({ n: 1, once: 'sweep:2026-11-21T12:00Z' })).toBeUndefined()
    expect(await add({ n: 1, once: 'sweep:2026-11-21T13:00Z' })).toBeDefined()

    await pass(DAY)
    expect(await queue.prune(clock.now())).toBe(0)
    await pass(ONCE_KEPT_MS)
    expect(await queue.prune(clock.now())).toBe(1)
  })

  test('a delayed job comes at its time', async () => {
    const { add, take, pass, clock } = await aQueue(ground)
    await add({ n: 1, runAt: clock.now() + HOUR })
    expect(await take()).toBeUndefined()
    await pass(HOUR)
    expect((await take())?.payload).toEqual({ n: 1 })
  })

  test('better priorities first, then age; the longest waiting queue first', async () => {
    const { add, take, pass } = await aQueue(ground)
    for (const [n, priority] of [
      [1, 5],
      [2, -5],
      [3, 0],
      [4, 0],
    ] as const) {
      await add({ n, priority })
      await pass(SECOND)
    }
    await add({ n: 5, queue: 'other.work' })
    const order = []
    for (let i = 0; i < 5; i++) order.push((await take('other.work', 'work'))?.payload.n)
    expect(order).toEqual([2, 3, 4, 5, 1])
  })

  test('no priority starves another: what waited too long becomes urgent', async () => {
    const { queue, add, take, pass, clock } = await aQueue(ground)
    await add({ n: 1, priority: 10 })
    await pass(11 * MINUTE)
    await add({ n: 2, priority: -9 })
    await queue.sweep(clock.now())
    expect((await take())?.payload).toEqual({ n: 1 })
  })

  test('who has least running comes first, and nobody is kept waiting by one who queued a hundred', async () => {
    const { queue, add, take, pass } = await aQueue(ground)
    for (let n = 0; n < 6; n++) await add({ n, subject: person('ann') })
    await pass(SECOND)
    await add({ n: 100, subject: person('bea') })
    await add({ n: 101, subject: person('bea') })
    await pass(SECOND)
    await add({ n: 200, subject: person('cid') })
    const jobs = []
    for (let i = 0; i < 6; i++) jobs.push(await take())
    const owners = jobs.map((job) => job?.subject)
    expect(owners.slice(0, 3)).toEqual([person('ann'), person('bea'), person('cid')])
    // Now each has one running; cid has none waiting.
    expect(owners.slice(3)).toEqual([person('ann'), person('bea'), person('ann')])
    const [first] = jobs
    if (first) await queue.complete(first)
    await add({ n: 300 })
    expect((await take())?.payload).toEqual({ n: 300 })
  })

  test('a newcomer is found behind thousands of jobs of a busy person', async () => {
    const { db, queue, add, take } = await aQueue(ground)
    // More than SQLite looks through one by one.
    const flood = ground === 'sqlite' ? 1100 : 100
    await db.transaction(async (tx) => {
      for (let n = 0; n < flood; n++) {
        await queue.enqueue(tx, { queue: 'work', payload: { n }, subject: person('ann') })
      }
    })
    await add({ n: 5000, subject: person('bea') })
    expect((await take())?.subject).toBe(person('ann'))
    expect((await take())?.subject).toBe(person('bea'))
    expect((await take())?.subject).toBe(person('ann'))
  })

  test('a worker that lost its lease can do nothing to the job any more', async () => {
    const { queue, add, take, pass, clock } = await aQueue(ground)
    await add({ n: 1 })
    const stale = await take()
    if (!stale) throw new Error('nothing claimed')
    await pass(LEASE / 2)
    expect(await queue.heartbeat(stale)).toBe(true)
    await pass(LEASE / 2)
    expect(await queue.sweep(clock.now())).toEqual({ expired: 0 })
    await pass(LEASE)
    expect(await queue.sweep(clock.now())).toEqual({ expired: 1 })
    const again = await queue.claim(['work'], 'w2', { leaseMs: LEASE })
    expect(again).toMatchObject({ id: stale.id, attempt: 2, worker: 'w2' })

    expect(await queue.heartbeat(stale)).toBe(false)
    expect(await queue.complete(stale, [{ queue: 'other.work', payload: { n: 9 } }])).toBe(false)
    expect(await queue.fail(stale, { code: 'x' })).toBe('lost')
    expect(await queue.release(stale)).toBe(false)
    expect(await take('other.work')).toBeUndefined()
    expect(again && (await queue.complete(again))).toBe(true)
    expect(again && (await queue.complete(again))).toBe(false)
  })

  test('what follows a job is enqueued with its end', async () => {
    const { queue, add, take } = await aQueue(ground)
    await add({ n: 1 })
    const job = await take()
    if (!job) throw new Error('nothing claimed')
    expect(await queue.complete(job, [{ queue: 'other.work', payload: { n: 2 } }])).toBe(true)
    expect((await take('other.work'))?.payload).toEqual({ n: 2 })
    expect(await queue.counts()).toEqual({
      work: { waiting: 0, active: 0, dead: 0 },
      'other.work': { waiting: 0, active: 1, dead: 0 },
    })
  })

  test('a released job is there at once, and the attempt is not counted', async () => {
    const { queue, add, take } = await aQueue(ground)
    await add({ n: 1, maxAttempts: 1 })
    for (let round = 1; round <= 3; round++) {
      const job = await take()
      expect(job).toMatchObject({ attempt: round, maxAttempts: round })
      expect(job && (await queue.release(job))).toBe(true)
      expect(job && (await queue.complete(job))).toBe(false)
    }
    const stale = await take()
    if (stale) await queue.release(stale)
    const job = await take()
    // Of the same worker, but of an attempt that is over.
    expect(stale && (await queue.complete(stale))).toBe(false)
    expect(job && (await queue.fail(job, { code: 'x' }))).toBe('dead')
  })

  test('a job that waits can be taken back, one that runs cannot', async () => {
    const { db, queue, add, take } = await aQueue(ground)
    const cancel = () => db.transaction((tx) => queue.cancel(tx, { queue: 'work', dedupeKey: 'k' }))
    await add({ n: 1, dedupeKey: 'k' })
    await add({ n: 2 })
    expect(await cancel()).toBe(1)
    expect((await take())?.payload).toEqual({ n: 2 })
    await add({ n: 3, dedupeKey: 'k' })
    const job = await take()
    expect(await cancel()).toBe(0)
    expect(job && (await queue.complete(job))).toBe(true)
  })

  test('ended jobs go when they are old enough, waiting ones never', async () => {
    const { queue, add, take, pass, clock } = await aQueue(ground)
    await add({ n: 1 })
    await add({ n: 2, runAt: clock.now() + 400 * DAY })
    const job = await take()
    if (job) await queue.complete(job)
    await pass(DAY)
    expect(await queue.prune(clock.now() - 2 * DAY)).toBe(0)
    expect(await queue.prune(clock.now())).toBe(1)
    expect((await queue.counts()).work).toEqual({ waiting: 1, active: 0, dead: 0 })
    await pass(400 * DAY)
    await queue.sweep(clock.now())
    expect((await take())?.payload).toEqual({ n: 2 })
  })

  test('a payload carries ids, not content', async () => {
    const { db, queue } = await aQueue(ground)
    const content = { n: 'a prompt somebody wrote, '.repeat(10) } as unknown as { n: number }
    const enqueue = db.transaction((tx) => queue.enqueue(tx, { queue: 'work', payload: content }))
    await expect(enqueue).rejects.toThrow('ids, not content')
  })

  test('waiting ends when another process enqueues, and when told to stop', async () => {
    const { queue, address, clock, take } = await aQueue(ground)
    const other = await anotherProcess(address, clock)
    const never = new AbortController()
    await take()
    // The first wait may have to connect first; then the notice must be quicker than the poll.
    await queue.waitForWork(queues, never.signal)
    // The poll alone would take a second each time; a machine that is busy delays some notices, but not all.
    let quickest = Number.POSITIVE_INFINITY
    for (let n = 1; n <= 5; n += 1) {
      await take()
      const waited = queue.waitForWork(queues, never.signal)
      const enqueued = performance.now()
      await other.db.transaction((tx) => other.queue.enqueue(tx, { queue: 'work', payload: { n } }))
      await waited
      quickest = Math.min(quickest, performance.now() - enqueued)
      expect(await take()).toBeDefined()
    }
    expect(quickest).toBeLessThan(600)

    await take()
    const stop = new AbortController()
    const stopped = queue.waitForWork(queues, stop.signal)
    stop.abort()
    await stopped
  })

  test('migrating again changes nothing', async () => {
    const { queue, add, take } = await aQueue(ground)
    await add({ n: 1 })
    await queue.migrate()
    expect(await take()).toBeDefined()
  })
})
