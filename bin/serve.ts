/**
 * The whole house: migrates, then runs the web server in this process and the worker in another, until a signal ends
 * both. `npm start` and the container come here after their own preparations.
 */
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setUpLink } from '#app/accounts/set-up.ts'
import { loadBuild, openWebServer, type WebServer } from '#app/http/server.ts'
import { migrateHouse } from '#app/migrate-house.ts'
import { openHouse } from '#app/open-house.ts'
import { systemClock } from '#core/clock/clock.ts'
import { type Config, loadConfig } from '#core/config/config.ts'
import { faultLines, sentenceOf } from '#core/config/operator-sentence.ts'
import { ConfigError } from '#core/config/read-env.ts'
import { logFile } from '#core/log/files.ts'
import { endOnFaults } from '#core/log/last-words.ts'
import { createLog, type Log } from '#core/log/log.ts'
import { sameClusterWarning } from './keyring-place.ts'
import { keepWorker } from './worker-process.ts'

const GRACE = 15_000
const root = join(import.meta.dirname, '..')
let log: Log | undefined
let ready = false

async function main(): Promise<void> {
  const config = loadConfig(process.env)
  await mkdir(config.dataDir, { recursive: true, mode: 0o700 }).catch(() => {
    throw new ConfigError(
      'DATA_DIR',
      `is ${config.dataDir}, where no folder can be made. Set it to one you own`,
    )
  })
  log = createLog({
    level: config.logLevel,
    destination: logFile(join(config.dataDir, 'logs'), config.keepLogDays, systemClock),
    base: { process: 'web' },
  })
  endOnFaults(log, 'The web server')
  await migrateHouse(config, log)
  const house = await openHouse({ config, log })
  // Now, and not when all is ready: a start that fails further down has made the key all the same.
  if (house.madeInstallationKey)
    say(
      `Keep a copy of ${join(config.dataDir, 'keyring', 'master.key')} elsewhere: without it nothing can be read.`,
    )
  const warning = await sameClusterWarning(house)
  if (warning) {
    log.warn(warning)
    say(warning)
  }
  const build = await loadBuild(join(root, 'build'))
  const web = await openWebServer(house, build, join(root, 'build'))
  await listen(web, config)
  const worker = keepWorker(join(root, 'jobs/worker.ts'), { log, clock: house.clock })

  ready = true
  say(`Fairframe is ready at ${config.appUrl.origin}`)
  const link = await setUpLink(house)
  if (link) say(`Make the first owner's account here, once: ${link.href}`)

  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
  await Promise.all([web.stop(GRACE), worker.stop(GRACE + 5000)])
  await house.close()
}

async function listen({ server }: WebServer, { port, host }: Config): Promise<void> {
  server.listen(port, host)
  await once(server, 'listening').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EADDRINUSE')
      throw new ConfigError('PORT', `is ${port}, which another program uses. Set it to a free one`)
    if (error.code === 'EACCES')
      throw new ConfigError('PORT', `is ${port}, which this user may not use. Set one from 1024 up`)
    if (error.code === 'EADDRNOTAVAIL' || error.syscall === 'getaddrinfo')
      throw new ConfigError('HOST', `is ${host}, which is no address of this machine. Leave it out for all`)
    throw error
  })
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

try {
  await main()
  process.exit(0)
} catch (error) {
  // What must be set right before a start is a sentence; anything else is a fault and shows where.
  const why = sentenceOf(error)
  log?.fatal('The web server stopped', { why, error })
  process.stderr.write(`Fairframe ${ready ? 'stopped' : 'did not start'}: ${why ?? faultLines(error)}\n`)
  process.exit(1)
}
