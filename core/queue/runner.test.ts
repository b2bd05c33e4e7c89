/**
 * The worker, on both engines. Pins: a stop that loses a job or counts it as failed; an error's message in the database;
 * a handler that runs for ever and keeps its place; more of a queue at once than was said; work that nobody fetches
 * because the worker waits for another queue.
 */
import { expect, test } from 'vitest'
import { AppError } from '#core/errors/errors.ts'
import { say } from '#core/i18n/say.ts'
import { createLog } from '#core/log/log.ts'
import { onBothGrounds } from '#test/grounds.ts'
import { aQueue, type Bed, LEASE, type Payloads } from '#test/programs/queue-bed.ts'
import { type Handlers, runWorker, type WorkerOptions } from './runner.ts'

onBothGrounds('a worker', (ground) => {
  test('runs what comes, and what follows from it', async () => {
    const bed = await aQueue(ground)
    const ran: string[] = []
    const last = signalled()
    const worker = start(bed, {
      work: async ({ n }, { attempt }) => {
        ran.push(`work ${n}.${attempt}`)
        return { next: [{ queue: 'other.work', payload: { n: n + 1 } }] }
      },
      'other.work': async ({ n }) => {
        ran.push(`other ${n}`)
        last.now()
      },
    })
    await bed.add({ n: 1 })
    await last.come
    await worker.stop()
    expect(ran).toEqual(['work 1.1', 'other 2'])
    expect(await total(bed)).toEqual({ waiting: 0, active: 0, dead: 0 })
  })

  test('keeps of a failure its code and nothing else', async () => {
    const bed = await aQueue(ground)
    await bed.add({ n: 1, maxAttempts: 1 })
    await bed.add({ n: 2, maxAttempts: 1, queue: 'other.work' })
    const worker = start(bed, {
      work: async () => {
        throw new AppError('provider.refused', say('The prompt about {x} was refused', { x: 'Ann' }))
      },
      'other.work': async () => {
        throw new Error('could not write to ann@example.org')
      },
    })
    await until(async () => (await bed.queue.dead(9)).length === 2)
    await worker.stop()
    const dead = await bed.queue.dead(9)
    expect(dead.map(({ queue, code }) => `${queue}: ${code}`).sort()).toEqual([
      'other.work: unexpected',
      'work: provider.refused',
    ])
  })

  test('stops: finishes what ends in time, gives back the rest, claims nothing more', async () => {
    const bed = await aQueue(ground)
    for (const n of [1, 2, 3]) {
      await bed.add({ n })
      await bed.pass(1000)
    }
    await bed.add({ n: 4, queue: 'other.work' })
    const quick = signalled()
    const [slowRuns, stubbornRuns] = [signalled(), signalled()]
    const worker = start(
      bed,
      {
        work: async ({ n }) => {
          if (n === 1) {
            slowRuns.now()
            await quick.come
          } else {
            // Heeds nothing, not even its signal.
            stubbornRuns.now()
            await new Promise(() => {})
          }
        },
        'other.work': async (_payload, { signal }) => {
          await new Promise((_resolve, reject) =>
            signal.addEventListener('abort', () => reject(signal.reason)),
          )
        },
      },
      { concurrency: { work: 2 }, graceMs: 200 },
    )
    await Promise.all([slowRuns.come, stubbornRuns.come])
    await until(async () => (await bed.queue.counts())['other.work'].active === 1)

    const stopped = worker.stop()
    quick.now()
    await stopped
    // 1 was completed; 2 and 4 were given back at no cost; 3 was never claimed.
    const left = []
    for (let job = await bed.take('work', 'other.work'); job; job = await bed.take('work', 'other.work')) {
      left.push({ n: job.payload.n, counted: 5 - (job.maxAttempts - job.attempt + 1) })
    }
    expect(left.sort((a, b) => a.n - b.n)).toEqual([
      { n: 2, counted: 0 },
      { n: 3, counted: 0 },
      { n: 4, counted: 0 },
    ])
  })

  test('ends a job that runs past its time, and goes on', async () => {
    const bed = await aQueue(ground)
    const aborted = signalled()
    await bed.add({ n: 1, maxAttempts: 1 })
    const second = signalled()
    const worker = start(
      bed,
      {
        work: async ({ n }, { signal }) => {
          if (n === 2) return second.now()
          signal.addEventListener('abort', aborted.now)
          await new Promise(() => {})
        },
      },
      { timeLimitMs: { work: 50 } },
    )
    await aborted.come
    await bed.add({ n: 2 })
    await second.come
    await worker.stop()
    expect((await bed.queue.dead(9)).map((job) => job.code)).toEqual(['timed-out'])
  })

  test('a job whose lease was lost is left to its new owner', async () => {
    const bed = await aQueue(ground)
    await bed.add({ n: 1 })
    const [claimed, taken] = [signalled(), signalled()]
    const lost: unknown[] = []
    const worker = start(
      bed,
      {
        work: async (_payload, { signal, heartbeat }) => {
          claimed.now()
          await taken.come
          lost.push(await heartbeat(), signal.aborted)
        },
      },
      { sweepEveryMs: 3_600_000 },
    )
    await claimed.come
    await bed.pass(LEASE + 5000)
    await bed.queue.sweep(bed.clock.now())
    const job = await bed.queue.claim(['work'], 'w2', { leaseMs: LEASE })
    taken.now()
    await until(async () => lost.length === 2)
    await worker.stop()
    expect(lost).toEqual([false, true])
    expect(job && (await bed.queue.complete(job))).toBe(true)
  })

  test('leaves room for timers however much work there is', async () => {
    const bed = await aQueue(ground)
    for (let n = 0; n < 20; n++) await bed.add({ n })
    let ran = 0
    let atTimer: number | undefined
    const all = signalled()
    setTimeout(() => {
      atTimer = ran
    }, 0)
    const worker = start(bed, {
      work: async () => {
        if (++ran === 20) all.now()
      },
    })
    await all.come
    await worker.stop()
    expect(atTimer).toBeLessThan(20)
  })

  test('never runs more of a queue at once than it was told', async () => {
    const bed = await aQueue(ground)
    let [now, most, ran] = [0, 0, 0]
    const [three, all] = [signalled(), signalled()]
    for (let n = 0; n < 9; n++) await bed.add({ n })
    const worker = start(
      bed,
      {
        work: async () => {
          most = Math.max(most, ++now)
          if (now === 3) three.now()
          await three.come
          await new Promise((resolve) => setImmediate(resolve))
          now--
          if (++ran === 9) all.now()
        },
      },
      { concurrency: { work: 3 } },
    )
    await all.come
    await worker.stop()
    expect(most).toBe(3)
  })
})

const silent = createLog({ level: 'silent' })

function start(bed: Bed, handlers: Handlers<Payloads>, more: Partial<WorkerOptions<Payloads>> = {}) {
  const stopping = new AbortController()
  const { queue, clock } = bed
  const ended = runWorker<Payloads>({
    queue,
    handlers,
    clock,
    log: silent,
    worker: 'w1',
    signal: stopping.signal,
    ...more,
  })
  return {
    stop: () => {
      stopping.abort()
      return ended
    },
  }
}

/** Something that the test waits for. */
function signalled() {
  let now: () => void = () => {}
  const come = new Promise<void>((resolve) => {
    now = resolve
  })
  return { now: () => now(), come }
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setImmediate(resolve))
}

async function total({ queue }: Bed) {
  const counts = Object.values(await queue.counts())
  return counts.reduce((a, b) => ({
    waiting: a.waiting + b.waiting,
    active: a.active + b.active,
    dead: a.dead + b.dead,
  }))
}
