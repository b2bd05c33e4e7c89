/** pg-boss as the house sets it up, and how the next job is chosen from it. */
import { type JobWithMetadata, PgBoss, systemClock } from 'pg-boss'
import { DAY, SECOND } from '#core/clock/clock.ts'
import type { Payload } from './payloads.ts'
import { SCHEMA } from './pgboss-sql.ts'

/** Of every queue. The policy `exclusive` allows one job a key that waits or runs. */
export const queueSettings = {
  notify: true,
  retryDelay: 0,
  heartbeatSeconds: 30,
  // Its longest: a claim that runs a day is taken back whatever its heartbeats say.
  expireInSeconds: 24 * 3600,
  // Its own deletion would take waiting jobs after two weeks and ended ones after one: `prune` decides here.
  deleteAfterSeconds: 0,
  retentionSeconds: 10 * 365 * 24 * 3600,
}

/** Opens nothing: `start` does. `migrate` lets it make or update its schema. */
export function buildEngine(
  url: string,
  { migrate, onError }: { migrate: boolean; onError: (error: unknown) => void },
): PgBoss {
  const boss = new PgBoss({
    connectionString: url,
    application_name: 'fairframe-queue',
    schema: SCHEMA,
    max: 4,
    migrate,
    schedule: false,
    supervise: false,
    monitorVacuum: false,
    // The least: how often `sweep` does something is for its caller to say.
    monitorIntervalSeconds: 1,
    maintenanceIntervalSeconds: DAY / SECOND,
    clock: withoutIntervals,
  })
  boss.on('error', onError)
  return boss
}

/** Its two repeating timers refresh what never changes here: the queues' settings and the list of its own workers. */
const withoutIntervals = { ...systemClock, setInterval: () => undefined, clearInterval: () => {} }

export interface Due {
  queue: string
  priority: number
  busy: Record<string, number>
}

/** The oldest job of who runs least: first leaving out everybody who runs any, then those who run more than one, … */
export async function fetchFairly(
  boss: PgBoss,
  { queue, priority, busy }: Due,
): Promise<JobWithMetadata<Payload> | undefined> {
  const levels = [...new Set([0, ...Object.values(busy)])].sort((a, b) => a - b)
  for (const level of levels) {
    const busier = Object.keys(busy).filter((person) => (busy[person] ?? 0) > level)
    const [job] = await boss.fetch<Payload>(queue, {
      includeMetadata: true,
      minPriority: priority,
      ignoreGroups: busier,
    })
    if (job) return job
  }
}
