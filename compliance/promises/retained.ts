import { sql } from 'kysely'
import { DAY, HOUR } from '#core/clock/clock.ts'
import type { Read } from '#core/db/schema/schema.ts'
import { say } from '#core/i18n/say.ts'
import { oldestLog } from '#core/log/files.ts'
import { type Kept, keptIf } from './promise.ts'

/** How long it is kept. */

/** The sweep comes every ten minutes; what it has not reached in an hour it has missed. */
const GRACE = HOUR

export const T1: Kept = {
  id: 'T1',
  sentence: say(
    'A video that you do not save goes after its time, and what was refused or failed goes with it.',
  ),
  keptBy: say('A time on each, a sweep every ten minutes; its key is destroyed first.'),
  async check({ db, clock, config }) {
    const now = clock.now()
    const overdue = await count(db.read, sql`generation where expires_at < ${now - GRACE}`)
    const endless = await count(
      db.read,
      sql`generation where state in ('ready', 'blocked', 'failed', 'cancelled')
        and expires_at is null and saved_at is null`,
    )
    const left = await count(
      db.read,
      sql`generation as g where state in ('expired', 'removed') and (prompt_sealed <> '' or texts_sealed is not null
        or exists (select 1 from asset as a where a.generation_id = g.id))`,
    )
    return keptIf(overdue + endless + left === 0, {
      days: config.keepUnsavedDays,
      overdue,
      without_time: endless,
      gone_with_content: left,
    })
  },
}

export const T2: Kept = {
  id: 'T2',
  sentence: say('The log of API calls goes after its time.'),
  keptBy: say('A sweep every ten minutes.'),
  async check({ db, clock, config }) {
    const before = clock.now() - config.keepApiLogDays * DAY - GRACE
    const old = await count(db.read, sql`api_request where at < ${before}`)
    return keptIf(old === 0, { days: config.keepApiLogDays, too_old: old })
  },
}

export const T3: Kept = {
  id: 'T3',
  sentence: say('Application, security and audit logs go after their times.'),
  keptBy: say('Log files by day; the audit log in whole segments behind a signed checkpoint.'),
  async check({ db, clock, config, folders }) {
    const now = clock.now()
    const oldestFile = logsFrom(folders.logs)
    const filesTooOld = oldestFile !== undefined && oldestFile < now - config.keepLogDays * DAY - GRACE
    // A segment goes when its youngest row is too old, and a checkpoint closes one a day.
    const audit = await count(db.read, sql`audit where at < ${now - config.keepAuditDays * DAY - 2 * DAY}`)
    const sessions = await count(db.read, sql`session where expires_at < ${now - GRACE}`)
    const tries = await count(db.read, sql`rate_counter where resets_at < ${now - DAY}`)
    return keptIf(!filesTooOld && audit + sessions + tries === 0, {
      log_days: config.keepLogDays,
      oldest_log_file: oldestFile === undefined ? null : new Date(oldestFile).toISOString().slice(0, 10),
      audit_days: config.keepAuditDays,
      audit_too_old: audit,
      ended_sessions: sessions,
      counted_tries_too_old: tries,
    })
  },
}

/** Where the operator collects logs elsewhere there may be no folder. */
function logsFrom(folder: string): number | undefined {
  try {
    return oldestLog(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

async function count(read: Read, from: ReturnType<typeof sql>): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*) as n from ${from}`.execute(read as never)
  return Number(rows[0]?.n)
}
