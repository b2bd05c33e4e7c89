/**
 * The web server of the house at DATA_DIR and no worker beside it, so that a bench measures the server alone. Says `ready`
 * to the process that started it, answers each message by the processor time it took so far, and ends when that one lets go of it.
 */
import { once } from 'node:events'
import { join } from 'node:path'
import { loadBuild, openWebServer } from '#app/http/server.ts'
import { openHouse } from '#app/open-house.ts'
import { systemClock } from '#core/clock/clock.ts'
import { loadConfig } from '#core/config/config.ts'
import { logFile } from '#core/log/files.ts'
import { createLog } from '#core/log/log.ts'

const buildDir = join(import.meta.dirname, '../../build')
const config = loadConfig(process.env)
const log = createLog({
  level: config.logLevel,
  destination: logFile(join(config.dataDir, 'logs'), config.keepLogDays, systemClock),
})
const house = await openHouse({ config, log })
const web = await openWebServer(house, await loadBuild(buildDir), buildDir)
web.server.listen(config.port, config.host)
await once(web.server, 'listening')
process.on('message', () => process.send?.(process.cpuUsage()))
process.send?.('ready')
await once(process, 'disconnect')
await web.stop(1000)
await house.close()
process.exit(0)
