/**
 * Screens prompts by rules. What rules like these cannot see, and the coverage matrix therefore must not claim: meaning
 * ("the one from before, but without the dress"), names written small or not known as names, other languages than six, words
 * cut in two or spelled by sound, code words younger than the lists, text inside pictures, and whatever a harmless prompt makes
 * of a reference. They stop what says plainly what it is; references and outputs need looks of their own.
 */
import { say } from '#core/i18n/say.ts'
import { type CategoryId, categories, type Rule } from './categories.ts'
import type { Look } from './look.ts'
import { reader } from './match.ts'
import { takenAway, wishesIn } from './unwanted.ts'

/** Counted up whenever a list, a rule or the matching changes, so that a record says what had really looked. */
export const PROMPT_RULES = 'prompt rules 2'

const unclear = say(
  'What to avoid reads like something to show. Name single things there, with commas between them.',
)

/**
 * Looks at all of `text`, in time that grows with its length. The first category that matches is named. `unwanted` is what
 * the picture shall not show; it is read as `unwanted.ts` says.
 */
export function screenPrompt(text: string, unwanted = ''): Look {
  const found = foundIn(text, unwanted)
  if (found) return { what: 'prompt', by: PROMPT_RULES, verdict: 'block', ...found }
  const wishes = wishesIn(unwanted)
  // Whether it is asked for or to be avoided no rule can tell: it is not made, and nobody is said to have asked for it.
  if (wishes.length > 0 && foundIn([text, ...wishes].join('\n')))
    return { what: 'prompt', by: PROMPT_RULES, verdict: 'block', rule: 'unwanted', reason: unclear }
  return { what: 'prompt', by: PROMPT_RULES, verdict: 'pass' }
}

function foundIn(text: string, unwanted = ''): Pick<Look, 'category' | 'rule' | 'reason'> | undefined {
  const found = reader(text, takenAway(unwanted))
  for (const [id, { reason, rules }] of Object.entries(categories)) {
    const rule = (rules as readonly Rule[]).find(found)
    if (rule) return { category: id as CategoryId, rule: rule.id, reason }
  }
}
