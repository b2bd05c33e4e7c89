/**
 * A look: what one screening saw of one thing, for the record that promise M1 checks. It names what looked, so that nobody
 * later claims a screening that did not happen: where nothing looks yet, the record says so.
 */
import { type Sentence, say } from '#core/i18n/say.ts'
import type { CategoryId } from './categories.ts'

export type Looked = 'prompt' | 'reference' | 'output'

export interface Look {
  readonly what: Looked
  /** What looked, with its version: `prompt rules 1`. */
  readonly by: string
  readonly verdict: 'pass' | 'block' | 'nothing_looked'
  readonly category?: CategoryId
  /** Which rule matched, for the people who review. Never the words that it matched. */
  readonly rule?: string
  readonly reason?: Sentence
  /** The thing was not found wanting: what should have looked could not. */
  readonly code?: 'screening_unavailable'
}

/** The honest record for what has no screening here. */
export function nothingLooks(what: Looked): Look {
  return { what, by: 'nothing', verdict: 'nothing_looked' }
}

/** Asks a classifier and blocks where it fails: what could not be looked at is not shown. Never throws. */
export async function looked(what: Looked, by: string, look: () => Look | Promise<Look>): Promise<Look> {
  try {
    return await look()
  } catch {
    const reason = say(
      'We could not check this, so it was not made. Nothing was charged. Please try again in a moment.',
    )
    return { what, by, verdict: 'block', code: 'screening_unavailable', reason }
  }
}
