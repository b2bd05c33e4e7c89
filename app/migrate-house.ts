import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { systemClock } from '#core/clock/clock.ts'
import type { Config } from '#core/config/config.ts'
import { migrate, migrationState } from '#core/db/migrate.ts'
import { migrations } from '#core/db/migrations/all.ts'
import type { Log } from '#core/log/log.ts'
import { openQueue } from '#core/queue/open.ts'
import { type JobPayloads, queueNames } from './job-payloads.ts'
import { openDatabase } from './open-house.ts'

/**
 * Brings the main database and the queue's engine to this version. Refuses a database that a newer version has written.
 * Answers the names of what was applied. The keyring migrates itself when it is opened.
 */
export async function migrateHouse(config: Config, log: Log): Promise<string[]> {
  if (config.database.kind === 'sqlite')
    await mkdir(dirname(config.database.path), { recursive: true, mode: 0o700 })
  const db = openDatabase(config, log)
  try {
    const { unknown } = await migrationState(db, migrations)
    if (unknown.length > 0)
      throw new Error(
        `The database was written by a newer version (it has ${unknown.join(', ')}). Start that version, or restore a backup from before.`,
      )
    const applied = await migrate(db, migrations)
    const queue = await openQueue<JobPayloads>(db, config.database, {
      queues: queueNames,
      clock: systemClock,
      random: Math.random,
      onError: (error) => log.warn('The queue met an error while migrating', { error }),
    })
    await queue.migrate()
    await queue.close()
    if (applied.length > 0) log.info('The schema was brought up to date', { applied: applied.join(', ') })
    return applied
  } finally {
    await db.close()
  }
}
