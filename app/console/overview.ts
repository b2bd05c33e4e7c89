import { statfs } from 'node:fs/promises'
import type { House } from '#app/house.ts'
import { appendAudit, prepareEntry } from '#compliance/records/audit.ts'
import { DAY } from '#core/clock/clock.ts'
import type { GenerationState } from '#core/db/schema/studio.ts'
import { queueCounts } from './jobs.ts'
import * as queries from './overview.queries.ts'
import { promiseCounts } from './promises.ts'
import { type ProviderAlarm, providerAlarms } from './provider-alarms.ts'
import type { Staff } from './staff.ts'

/** What waits for a person, by kind. Counts only: nothing is opened for it. */
export interface Attention {
  deadJobs: number
  failedMails: number
  /** Waiting here because no mail server is set. */
  heldMails: number
  brokenPromises: number
  unknownPromises: number
  keptPromises: number
  /** Videos that should have been ready or refunded by now. */
  lateGenerations: number
  /** What only an operator mends at a provider. */
  providers: ProviderAlarm[]
}

export async function attention(house: House): Promise<Attention> {
  const { db, clock } = house
  const [queues, mails, promises, lateGenerations, providers] = await Promise.all([
    queueCounts(house),
    queries.mailCounts(db.read),
    promiseCounts(house),
    queries.pastDeadline(db.read, clock.now()),
    providerAlarms(house),
  ])
  return {
    deadJobs: queues.reduce((sum, queue) => sum + queue.dead, 0),
    failedMails: mails.failed,
    heldMails: mails.held,
    brokenPromises: promises.broken,
    unknownPromises: promises.unknown,
    keptPromises: promises.kept,
    lateGenerations,
    providers,
  }
}

export interface Upkeep {
  mailIsOff: boolean
  /** Bytes free where the data lies, when that is less than four times the reserve; else null. */
  diskLow: { free: number; reserve: number } | null
  /** Whether somebody still has to say that they keep a copy of the installation key. */
  keyBackupOpen: boolean
}

/** @param reserve bytes under which new videos are refused */
export async function upkeep({ db, config }: House, reserve: number): Promise<Upkeep> {
  const { bavail, bsize } = await statfs(config.dataDir)
  const free = bavail * bsize
  // A key that comes with the environment is the operator's own and lies with them already.
  const backedUp = config.masterKey ? 0 : await queries.keyBackedUpAt(db.read)
  return {
    mailIsOff: !config.smtp,
    diskLow: free < reserve * 4 ? { free, reserve } : null,
    keyBackupOpen: backedUp === undefined,
  }
}

/** Notes that a copy of the installation key is kept elsewhere. When the log lets this row go, the question comes again. */
export async function noteKeyBackup(house: House, actor: Staff): Promise<void> {
  const target = { kind: 'key', id: 'installation_key' }
  const entry = await prepareEntry(house, { actor, act: 'installation.key_backed_up', target })
  await house.db.transaction((tx) => appendAudit(tx, entry))
}

export interface DayOfVideos {
  /** The first ms of the day, UTC. */
  day: number
  /** Also those that were let go later. */
  ready: number
  /** Failed, blocked or cancelled. */
  ended: number
  /** Still being made. */
  running: number
}

const chartDays = 14

export async function load(house: House) {
  const { db, clock } = house
  const now = clock.now()
  const today = now - (now % DAY)
  const from = today - (chartDays - 1) * DAY
  const [queues, day, week, byDay, durations, credits] = await Promise.all([
    queueCounts(house),
    queries.statesSince(db.read, now - DAY),
    queries.statesSince(db.read, now - 7 * DAY),
    queries.statesByDay(db.read, from),
    queries.durationsSince(db.read, now - 7 * DAY, 1000),
    queries.creditsSince(db.read, now - 7 * DAY),
  ])
  const days: DayOfVideos[] = Array.from({ length: chartDays }, (_, at) => ({
    day: from + at * DAY,
    ready: 0,
    ended: 0,
    running: 0,
  }))
  for (const row of byDay) {
    const one = days.find(({ day: start }) => start === row.day)
    if (one) one[outcomeOf(row.state, row.wrong)] += row.count
  }
  return { queues, day, week, days, medianMs: median(durations), ofMedian: durations.length, credits }
}

function outcomeOf(state: GenerationState, wrong: boolean): 'ready' | 'ended' | 'running' {
  if (['held', 'queued', 'submitted', 'rendering', 'finishing'].includes(state)) return 'running'
  return wrong ? 'ended' : 'ready'
}

/** The middle one; null without any. */
function median(times: readonly number[]): number | null {
  const sorted = times.toSorted((a, b) => a - b)
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? null
}
