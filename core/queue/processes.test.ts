/** Several processes on one queue. Pins: a job lost or run twice when its worker is killed; two workers with one job. */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { SECOND } from '#core/clock/clock.ts'
import { onBothGrounds } from '#test/grounds.ts'
import { aQueue, LEASE, person, queues } from '#test/programs/queue-bed.ts'

const program = fileURLToPath(new URL('../../test/programs/queue-worker.ts', import.meta.url))

onBothGrounds('processes at a queue', (ground) => {
  test('a worker killed in the middle of a job: it runs again, once', async () => {
    const { queue, address, add, take, pass, clock } = await aQueue(ground)
    const id = await add({ n: 1 })
    const order = { address, mode: 'hold', queues, worker: 'doomed', leaseMs: LEASE }
    const worker = spawn(process.execPath, [program, JSON.stringify(order)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [said] = await once(worker.stdout, 'data')
    expect(String(said).trim()).toBe(`claimed ${id}`)
    worker.kill('SIGKILL')
    await once(worker, 'exit')

    expect(await take()).toBeUndefined()
    await pass(LEASE + 5 * SECOND)
    expect(await queue.sweep(clock.now())).toEqual({ expired: 1 })
    const again = await take()
    expect(again).toMatchObject({ id, attempt: 2 })
    expect(await take()).toBeUndefined()
    expect(again && (await queue.complete(again))).toBe(true)
    await pass(LEASE + 5 * SECOND)
    expect(await queue.sweep(clock.now())).toEqual({ expired: 0 })
    expect(await take()).toBeUndefined()
  })

  test('four workers share five hundred jobs, none lost and none run twice', async () => {
    const { db, queue, address } = await aQueue(ground)
    await db.transaction(async (tx) => {
      for (let n = 0; n < 500; n++) {
        await queue.enqueue(tx, { queue: 'work', payload: { n }, subject: person(`p${n % 7}`) })
      }
    })
    const runs = ['a', 'b', 'c', 'd'].map((worker) => {
      const order = { address, mode: 'drain', queues, worker, leaseMs: LEASE }
      return promisify(execFile)(process.execPath, [program, JSON.stringify(order)])
    })
    const shares = (await Promise.all(runs)).map(({ stdout }) => JSON.parse(stdout) as { n: number }[])
    const numbers = shares.flatMap((share) => share.map(({ n }) => n))
    expect(numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 500 }, (_, n) => n))
    expect((await queue.counts()).work).toEqual({ waiting: 0, active: 0, dead: 0 })
  })
})
