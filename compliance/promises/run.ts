import { DAY } from '#core/clock/clock.ts'
import { fromJson, toJson } from '#core/db/columns.ts'
import type { ReadOrTx } from '#core/db/schema/schema.ts'
import type { Sentence } from '#core/i18n/say.ts'
import { promises } from './list.ts'
import type { Evidence, Kept, Outcome, PromiseGround } from './promise.ts'

/** A result that is older counts as none. */
export const RESULT_LASTS = DAY

export interface Standing {
  id: string
  sentence: Sentence
  keptBy: Sentence
  /** `unknown`: not looked at for a day, which counts as broken. */
  state: Outcome['state'] | 'unknown'
  evidence: Evidence
  checkedAt: number | null
}

/**
 * Looks at the promises, all or those named, writes down what was found and answers it. A check that cannot look leaves the
 * result before it, which becomes `unknown` with time, and stops no other.
 */
export async function runPromises(
  ground: PromiseGround,
  options: { ids?: readonly string[]; signal?: AbortSignal; list?: readonly Kept[] } = {},
): Promise<Standing[]> {
  const { ids, signal, list = promises } = options
  const wanted = list.filter(({ id }) => ids === undefined || ids.includes(id))
  for (const promise of wanted) {
    if (signal?.aborted) break
    await checkOne(ground, promise)
  }
  const standings = await standingsOf(ground.db.read, ground.clock.now(), list)
  return standings.filter(({ id }) => wanted.some((one) => one.id === id))
}

/** How the promises stand by their newest results. */
export async function standingsOf(
  read: ReadOrTx,
  now: number,
  list: readonly Kept[] = promises,
): Promise<Standing[]> {
  const rows = await read.selectFrom('promise_check').selectAll().execute()
  const byId = new Map(rows.map((row) => [row.promise, row]))
  return list.map(({ id, sentence, keptBy }) => {
    const row = byId.get(id)
    const fresh = row !== undefined && row.checked_at > now - RESULT_LASTS
    return {
      id,
      sentence,
      keptBy,
      state: fresh ? row.state : 'unknown',
      evidence: row ? fromJson(row.evidence) : {},
      checkedAt: row?.checked_at ?? null,
    }
  })
}

async function checkOne(ground: PromiseGround, promise: Kept): Promise<void> {
  const { db, clock, log } = ground
  try {
    const before = await db.read
      .selectFrom('promise_check')
      .select('evidence')
      .where('promise', '=', promise.id)
      .executeTakeFirst()
    const { state, evidence } = await promise.check(ground, before ? fromJson(before.evidence) : {})
    const result = { state, evidence: toJson<Evidence>(evidence), checked_at: clock.now() }
    await db.transaction((tx) =>
      tx
        .insertInto('promise_check')
        .values({ promise: promise.id, ...result })
        .onConflict((c) => c.column('promise').doUpdateSet(result))
        .execute(),
    )
    if (state === 'broken') log.error('A promise is broken', { promise: promise.id, ...evidence })
  } catch (error) {
    log.error('A promise could not be looked at', { promise: promise.id, error })
  }
}
