/**
 * The whole house: migrates, then runs the web server in this process and the worker in another, until a signal ends
 * both. `npm start` and the container come here after their own preparations.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setUpLink } from '#app/accounts/set-up.ts'
import { loadBuild, openWebServer } from '#app/http/server.ts'
import { migrateHouse } from '#app/migrate-house.ts'
import { openHouse } from '#app/open-house.ts'
import { systemClock } from '#core/clock/clock.ts'
import { loadConfig } from '#core/config/config.ts'
import { ConfigError } from '#core/config/read-env.ts'
import { logFile } from '#core/log/files.ts'
import { createLog, type Log } from '#core/log/log.ts'

const GRACE = 15_000
const root = join(import.meta.dirname, '..')

async function main(): Promise<void> {
  const config = loadConfig(process.env)
  await mkdir(config.dataDir, { recursive: true, mode: 0o700 }).catch(() => {
    throw new ConfigError(
      'DATA_DIR',
      `is ${config.dataDir}, where no folder can be made. Set it to one you own`,
    )
  })
  const log = createLog({
    level: config.logLevel,
    destination: logFile(join(config.dataDir, 'logs'), config.keepLogDays, systemClock),
    base: { process: 'web' },
  })
  await migrateHouse(config, log)
  const house = await openHouse({ config, log })
  const build = await loadBuild(join(root, 'build'))
  const web = await openWebServer(house, build, join(root, 'build'))
  web.server.listen(config.port, config.host)
  await once(web.server, 'listening').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EADDRINUSE')
      throw new ConfigError('PORT', `is ${config.port}, which another program uses. Set it to a free one`)
    throw error
  })
  const worker = keepWorker(log)

  say(`Fairframe is ready at ${config.appUrl.origin}`)
  const link = await setUpLink(house)
  if (link) say(`Make the first owner's account here, once: ${link.href}`)
  if (house.madeInstallationKey)
    say(
      `Keep a copy of ${join(config.dataDir, 'keyring', 'master.key')} elsewhere: without it nothing can be read.`,
    )

  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
  await Promise.all([web.stop(GRACE), worker.stop()])
  await house.close()
}

/** The worker in a process of its own; one that dies is started again, with a pause that grows. */
function keepWorker(log: Log): { stop(): Promise<void> } {
  let child: ChildProcess | undefined
  let stopping = false
  let pause = 500
  const start = () => {
    const began = Date.now()
    child = fork(join(root, 'jobs/worker.ts'), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    child.on('exit', (code, signal) => {
      if (stopping) return
      log.error('The worker ended and is started again', { code: code ?? 'none', signal: signal ?? 'none' })
      pause = Date.now() - began > 60_000 ? 500 : Math.min(pause * 2, 30_000)
      setTimeout(() => {
        if (!stopping) start()
      }, pause)
    })
  }
  start()
  return {
    async stop() {
      stopping = true
      if (!child || child.exitCode !== null) return
      const gone = once(child, 'exit')
      child.kill('SIGTERM')
      const timer = setTimeout(() => child?.kill('SIGKILL'), GRACE + 5000)
      await gone
      clearTimeout(timer)
    },
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

try {
  await main()
  process.exit(0)
} catch (error) {
  // What must be set right before a start is a sentence; anything else is a fault and shows where.
  const known = error instanceof ConfigError || (error instanceof Error && !(error instanceof TypeError))
  process.stderr.write(
    `Fairframe did not start: ${known ? (error as Error).message : String((error as Error).stack)}\n`,
  )
  process.exit(1)
}
