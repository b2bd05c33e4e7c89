/**
 * A worker process for tests. `hold`: claims one job, says so and never ends, to be killed. `drain`: claims and completes
 * until nothing is left, then prints what it did.
 */
import { systemClock } from '#core/clock/clock.ts'
import { type GroundAddress, openGround } from '#core/db/ground.ts'
import type { Schema } from '#core/db/schema/schema.ts'
import { openQueue } from '#core/queue/open.ts'

interface Order {
  address: GroundAddress
  mode: 'hold' | 'drain'
  queues: string[]
  worker: string
  leaseMs: number
}

const { address, mode, queues, worker, leaseMs } = JSON.parse(process.argv[2] ?? '') as Order
const db = openGround<Schema>(address)
const queue = await openQueue<Record<string, { n: number }>>(db, address, {
  queues,
  clock: systemClock,
  random: Math.random,
  onError: (error) => {
    throw error
  },
})

if (mode === 'hold') {
  const job = await queue.claim(queues, worker, { leaseMs })
  process.stdout.write(`claimed ${job?.id}\n`)
  setInterval(() => {}, 60_000)
} else {
  const done: { id: string; n: number }[] = []
  for (;;) {
    const job = await queue.claim(queues, worker, { leaseMs })
    if (!job) break
    if (await queue.complete(job)) done.push({ id: job.id, n: job.payload.n })
  }
  process.stdout.write(JSON.stringify(done))
  await queue.close()
  await db.close()
}
