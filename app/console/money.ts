import type { House } from '#app/house.ts'
import { siteSettings } from '#app/settings.ts'
import { DAY } from '#core/clock/clock.ts'
import * as queries from './money.queries.ts'

/** What providers took next to what people paid, and why jobs failed, day by day. */
export interface DayOfMoney {
  /** The first ms of the day, UTC. */
  day: number
  spentMicroUsd: number
  credits: number
  /** What the credits stand for by today's setting. */
  worthMicroUsd: number
  failures: Readonly<Record<string, number>>
}

export interface Money {
  days: DayOfMoney[]
  /** Classes of failures with their sums, the most frequent first. */
  failures: { errorClass: string; count: number }[]
}

const chartDays = 30

export async function money({ db, clock }: Pick<House, 'db' | 'clock'>): Promise<Money> {
  const now = clock.now()
  const from = now - (now % DAY) - (chartDays - 1) * DAY
  const [spent, captured, failed, { credit_micro_usd }] = await Promise.all([
    queries.spentByDay(db.read, from),
    queries.capturedByDay(db.read, from),
    queries.failuresByDay(db.read, from),
    siteSettings(db.read),
  ])
  const sums = new Map<string, number>()
  for (const { errorClass, count } of failed) sums.set(errorClass, (sums.get(errorClass) ?? 0) + count)
  const days = Array.from({ length: chartDays }, (_, at): DayOfMoney => {
    const day = from + at * DAY
    const credits = captured.find((row) => row.day === day)?.credits ?? 0
    return {
      day,
      spentMicroUsd: spent.find((row) => row.day === day)?.microUsd ?? 0,
      credits,
      worthMicroUsd: credits * credit_micro_usd,
      failures: Object.fromEntries(
        failed.filter((row) => row.day === day).map(({ errorClass, count }) => [errorClass, count]),
      ),
    }
  })
  const failures = [...sums]
    .map(([errorClass, count]) => ({ errorClass, count }))
    .sort((a, b) => b.count - a.count || (a.errorClass < b.errorClass ? -1 : 1))
  return { days, failures }
}
