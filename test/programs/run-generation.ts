/**
 * A worker that makes one generation and may be killed on the way: `node run-generation.ts <job as JSON>`. With `killAt`
 * n it dies by SIGKILL right after (`after`) or right before (`before`) the n-th commit to the database; with `killPut`
 * n right after the n-th file was stored. Prints how many commits it made when it comes to its end.
 */
import { join } from 'node:path'
import { openHouse, openWorkshop } from '#app/open-house.ts'
import { runGeneration } from '#app/studio/generations/run.ts'
import { loadConfig } from '#core/config/config.ts'
import type { GroundAddress } from '#core/db/ground.ts'
import type { GenerationId } from '#core/ids/ids.ts'
import { createLog } from '#core/log/log.ts'
import { onlyProvider, scriptedProvider } from '#test/doubles/provider.ts'

interface Job {
  dataDir: string
  database: GroundAddress
  generation: GenerationId
  fixture: string
  killAt?: number
  when?: 'before' | 'after'
  killPut?: number
}

const job = JSON.parse(process.argv[2] ?? '') as Job
const config = { ...loadConfig({ DATA_DIR: job.dataDir }), database: job.database }
const log = createLog({ level: 'silent' })
const house = await openHouse({ config, log })
const workshop = await openWorkshop(house)
const die = () => process.kill(process.pid, 'SIGKILL')

let commits = 0
const transaction: typeof house.db.transaction = async (work) => {
  commits += 1
  const mine = commits === job.killAt
  const result = await house.db.transaction(async (tx) => {
    const done = await work(tx)
    if (mine && job.when === 'before') {
      die()
      // SIGKILL comes at once, but not before this line has been left.
      await new Promise(() => {})
    }
    return done
  })
  if (mine) {
    die()
    await new Promise(() => {})
  }
  return result
}

let puts = 0
const store: typeof workshop.store = {
  ...workshop.store,
  put: (async (...args: Parameters<typeof workshop.store.put>) => {
    const stored = await workshop.store.put(...args)
    puts += 1
    if (puts === job.killPut) {
      die()
      await new Promise(() => {})
    }
    return stored
  }) as typeof workshop.store.put,
}

const provider = scriptedProvider(join(job.fixture))
await runGeneration(
  { ...workshop, providers: onlyProvider(provider), store, db: { ...house.db, transaction } },
  job.generation,
  {
    signal: new AbortController().signal,
    lastAttempt: false,
  },
)
process.stdout.write(JSON.stringify({ commits, puts, submitted: provider.submitted.length }))
await workshop.close()
await house.close()
process.exit(0)
