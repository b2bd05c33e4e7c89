/**
 * Screens prompts by rules. What rules like these cannot see, and the coverage matrix therefore must not claim: meaning
 * ("the one from before, but without the dress"), names written small or not known as names, other languages than six, words
 * cut in two or spelled by sound, code words younger than the lists, text inside pictures, and whatever a harmless prompt makes
 * of a reference. They stop what says plainly what it is; references and outputs need looks of their own.
 */
import { type CategoryId, categories, type Rule } from './categories.ts'
import type { Look } from './look.ts'
import { reader } from './match.ts'

/** Counted up whenever a list, a rule or the matching changes, so that a record says what had really looked. */
export const PROMPT_RULES = 'prompt rules 1'

/** Looks at all of `text`, in time that grows with its length. The first category that matches is named. */
export function screenPrompt(text: string): Look {
  const found = reader(text)
  for (const [id, { reason, rules }] of Object.entries(categories)) {
    const rule = (rules as readonly Rule[]).find(found)
    if (rule)
      return {
        what: 'prompt',
        by: PROMPT_RULES,
        verdict: 'block',
        category: id as CategoryId,
        rule: rule.id,
        reason,
      }
  }
  return { what: 'prompt', by: PROMPT_RULES, verdict: 'pass' }
}
