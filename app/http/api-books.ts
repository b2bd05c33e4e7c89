import { type LimitName, limits, TooMany } from '#app/accounts/limits.ts'
import { SECOND } from '#core/clock/clock.ts'
import type { ApiRequestTable } from '#core/db/schema/compliance.ts'
import type { Db } from '#core/db/schema/schema.ts'
import type { Ground } from '#core/house.ts'

/**
 * What the API keeps of its calls in memory, so that a call does not cost a write of its own (on SQLite there is one
 * writer): lines for the request log, written once a second, and how many calls each key has left.
 */
export interface ApiBooks {
  /** A line for the log. It is written within a second; a process that is killed loses what it had not written. */
  write(line: ApiRequestTable): void
  /** Counts a call of this key and throws `too_many` when its allowance is used up. */
  countCall(key: string): void
  /** Writes what waits. Call it before the database is closed. */
  flush(): Promise<void>
}

/** Beyond this the database has not taken lines for long; the oldest go, and the log says how many. */
export const mostWaiting = 20_000
const ROWS_IN_ONE_INSERT = 500

type Needs = Pick<Ground, 'db' | 'clock' | 'log'>

// The web server loads this module twice, once itself and once inside the built pages; both must find the same books.
const shelf: unique symbol = Symbol.for('fairframe.api-books') as never
const shared = globalThis as { [shelf]?: WeakMap<Db, ApiBooks> }

/** The books of this house in this process. */
export function apiBooks(house: Needs): ApiBooks {
  shared[shelf] ??= new WeakMap()
  const books = shared[shelf]
  const open = books.get(house.db) ?? openBooks(house)
  books.set(house.db, open)
  return open
}

function openBooks({ db, clock, log }: Needs): ApiBooks {
  const allowance = callsOf('api')
  let waiting: ApiRequestTable[] = []
  let lost = 0
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> = Promise.resolve()

  const writeAll = async () => {
    const lines = waiting
    waiting = []
    if (lost > 0) log.error('Lines of the API log were lost: the database did not take them', { lost })
    lost = 0
    for (let start = 0; start < lines.length; start += ROWS_IN_ONE_INSERT) {
      const some = lines.slice(start, start + ROWS_IN_ONE_INSERT)
      try {
        await db.transaction((tx) => tx.insertInto('api_request').values(some).execute())
      } catch (error) {
        log.error('The API log could not be written; it is tried again', {
          error,
          lines: lines.length - start,
        })
        waiting = [...lines.slice(start), ...waiting]
        bound()
        return schedule()
      }
    }
  }
  const bound = () => {
    const over = waiting.length - mostWaiting
    if (over <= 0) return
    waiting.splice(0, over)
    lost += over
  }
  const schedule = () => {
    timer ??= setTimeout(() => void flush(), SECOND).unref()
  }
  const flush = () => {
    clearTimeout(timer)
    timer = undefined
    writing = writing.then(writeAll)
    return writing
  }
  return {
    write(line) {
      waiting.push(line)
      bound()
      schedule()
    },
    countCall: (key) => allowance(key, clock.now()),
    flush,
  }
}

/**
 * A token bucket for each key, filled evenly up to what the catalogue of limits allows in its time. In this process's
 * memory: with several web processes a key has as many buckets, and a restart fills them. The API is bounded by credits
 * and by `queue_full`; this only keeps one program from taking the whole server.
 */
function callsOf(name: LimitName): (key: string, now: number) => void {
  const { identity: most, each } = limits[name]
  const buckets = new Map<string, { left: number; at: number }>()
  return (key, now) => {
    const bucket = buckets.get(key) ?? { left: most, at: now }
    bucket.left = Math.min(most, bucket.left + (Math.max(0, now - bucket.at) * most) / each)
    bucket.at = now
    if (buckets.size > 10_000) buckets.clear()
    buckets.set(key, bucket)
    if (bucket.left < 1) throw new TooMany(Math.ceil(((1 - bucket.left) * each) / most / SECOND))
    bucket.left -= 1
  }
}
