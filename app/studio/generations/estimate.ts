import { fromJson } from '#core/db/columns.ts'
import type { ReadOrTx } from '#core/db/schema/schema.ts'
import type { GenerationSettings } from '#core/db/schema/studio.ts'
import * as queries from './generations.queries.ts'

/** How long it usually takes, from the newest that ended well: the middle and the slow end, in ms. */
export interface Estimate {
  usual: number
  slow: number
  /** From how many it was taken; none are shown below three. */
  of: number
}

/**
 * From history alone: of the newest hundred of the model those of the same size and about the same length, at the 50th
 * and the 90th percentile. Undefined while fewer than three are like it: no number is better than an invented one.
 */
export async function estimate(
  read: ReadOrTx,
  model: string,
  settings: Pick<GenerationSettings, 'seconds' | 'resolution'>,
): Promise<Estimate | undefined> {
  return estimateFrom(await queries.recentDurations(read, model, 100), settings)
}

/** The same from rows that were read before, for a page that shows many. */
export function estimateFrom(
  rows: Awaited<ReturnType<typeof queries.recentDurations>>,
  settings: Pick<GenerationSettings, 'seconds' | 'resolution'>,
): Estimate | undefined {
  const times = rows
    .filter((row) => {
      const had = fromJson(row.settings)
      return had.resolution === settings.resolution && Math.abs(had.seconds - settings.seconds) <= 2
    })
    .flatMap((row) => (row.started_at === null || row.ended_at === null ? [] : row.ended_at - row.started_at))
    .sort((a, b) => a - b)
  if (times.length < 3) return undefined
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0
  return { usual: at(0.5), slow: at(0.9), of: times.length }
}
