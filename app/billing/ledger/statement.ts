import type { CreditHoldTable } from '#core/db/schema/billing.ts'
import type { ReadOrTx } from '#core/db/schema/schema.ts'
import { type GenerationId, isId, type SubjectId } from '#core/ids/ids.ts'
import * as queries from './statement.queries.ts'

/** What came and went, as a person reads it: a line for each gift and for each video, newest first. */
export interface StatementLine {
  /** Where it stands; goes into the address of the page that begins after it. */
  place: string
  at: number
  what: 'welcome' | 'given' | CreditHoldTable['state']
  /** Credits that were given, or that the video costs or would have cost. */
  amount: number
  /** What it changes in what can be spent: 0 for a video that was not made. */
  effect: number
  /** What could be spent after it, as it stands now: a hold counts until it is given back. */
  left: number
  /** The video of a hold while its owner can still open it. */
  generation: GenerationId | null
}

/**
 * A page of a person's statement. `before` is the place of the last line of the page before; anything else is taken for
 * the first page. The lines add up: each `left` is the next line's `left` plus its own `effect`, across pages too.
 */
export async function statementOf(
  read: ReadOrTx,
  subject: SubjectId,
  options: { before?: string | null; limit: number },
): Promise<{ lines: StatementLine[]; older: string | undefined; before: string | undefined }> {
  const { limit } = options
  const before = isId('transfer', `tra_${options.before}`) ? (options.before as string) : undefined
  const found = await queries.lines(read, subject, { limit: limit + 1, ...(before ? { before } : {}) })
  let left = found[0]?.left_at_top ?? 0
  const lines = found.slice(0, limit).map((row) => {
    const line: StatementLine = {
      place: row.place,
      at: row.at,
      what: row.state ?? (row.key?.startsWith('grant:welcome:') ? 'welcome' : 'given'),
      amount: row.amount,
      effect: row.effect,
      left,
      generation: canBeOpened(row) ? row.generation_id : null,
    }
    left -= row.effect
    return line
  })
  return { lines, older: found.length > limit ? lines.at(-1)?.place : undefined, before }
}

/** What was removed or has expired keeps its row for a while, without a page. */
function canBeOpened({ generation_state: state }: queries.Line): boolean {
  return state !== null && state !== 'removed' && state !== 'expired'
}
