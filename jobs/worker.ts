/** The worker process: makes and signs videos, sends mail, sweeps, checks promises. Heavy work happens only here. */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { openHouse, openWorkshop, wipeScratch } from '#app/open-house.ts'
import { systemClock } from '#core/clock/clock.ts'
import { loadConfig } from '#core/config/config.ts'
import { faultLines, sentenceOf } from '#core/config/operator-sentence.ts'
import { logFile } from '#core/log/files.ts'
import { endOnFaults } from '#core/log/last-words.ts'
import { createLog, type Log } from '#core/log/log.ts'
import { runWorker } from '#core/queue/runner.ts'
import { handlersFor } from './handlers.ts'
import { startTimers } from './timers.ts'

const stopping = new AbortController()
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stopping.abort())
// Without its parent nobody would end it.
process.on('disconnect', () => stopping.abort())
let log: Log | undefined

async function main(): Promise<void> {
  const config = loadConfig(process.env)
  log = createLog({
    level: config.logLevel,
    destination: logFile(join(config.dataDir, 'logs'), config.keepLogDays, systemClock),
    base: { process: 'worker' },
  })
  endOnFaults(log, 'The worker')
  await wipeScratch(config)
  const house = await openHouse({ config, log })
  const workshop = await openWorkshop(house)
  const timers = await startTimers(house)
  await runWorker({
    queue: house.queue,
    handlers: handlersFor(workshop),
    concurrency: { 'generation.run': config.workerConcurrency, 'generation.watch': 16, 'mail.send': 4 },
    timeLimitMs: { 'generation.run': 30 * 60_000 },
    clock: house.clock,
    log,
    worker: `worker-${process.pid}-${randomBytes(4).toString('hex')}`,
    signal: stopping.signal,
    graceMs: 10_000,
  })
  await timers.stop()
  await workshop.close()
  await house.close()
}

try {
  await main()
  process.exit(0)
} catch (error) {
  const why = sentenceOf(error)
  log?.fatal('The worker stopped', { why, error })
  process.stderr.write(`The worker stopped: ${why ?? faultLines(error)}\n`)
  process.exit(1)
}
