/**
 * What a picture shall not show. "nsfw, nude" there is a careful habit, and read as a wish it would stand in the records as
 * the worst of wishes; so no rule looks for the words of a list of things to avoid. Two things are looked for instead:
 *
 * - what is left when it has been taken away: a child without "clothes", something sexual without "adults"
 * - a wish that hides there. Some models have no field for it and read it behind the prompt, after "do not include"
 *   (Gemini); what follows the end of that sentence, or is longer than the name of a thing, they may take for a wish.
 *
 * What it cannot see: a wish of a few words within the list, where the models have been told to leave it out.
 */
import { isOnly, wordsIn } from './match.ts'

/** Names of things to avoid are short, and shorter where full stops stand between them. */
const MOST_IN_LIST = 8
const MOST_AS_SENTENCE = 2

/** Of which lists it names something by itself: "torn clothes" are about the clothes, "clothes" about the body. */
export function takenAway(unwanted: string): ('clothes_unwanted' | 'adults_unwanted')[] {
  const items = unwanted.split(/[,;|\n.!?]+/)
  return [
    ...(items.some((item) => isOnly(item, 'clothing', saysNothing)) ? (['clothes_unwanted'] as const) : []),
    ...(items.some((item) => isOnly(item, 'adults', saysNothing)) ? (['adults_unwanted'] as const) : []),
  ]
}

/** Weights, as in `(clothes:1.4)`, and words that change nothing. */
function saysNothing(form: string): boolean {
  return /^(\d+|any|all|the|a|her|his|their|wearing|some|and|or|people|person|women|woman|men|man|other)$/.test(
    form,
  )
}

/** The parts of it that a model may read as a wish. */
export function wishesIn(unwanted: string): string[] {
  const [list = '', ...sentences] = unwanted.split(/[.!?\u2026\u3002]+(?=\s*\p{L})/u)
  return [
    ...list.split(/[,;|\n]/).filter((item) => isWish(item, MOST_IN_LIST)),
    ...sentences.filter((sentence) => isWish(sentence, MOST_AS_SENTENCE)),
  ]
}

/** "No nudity." says once more what the field says. */
const denied =
  /^\s*(no|not|never|do not|don['’]t|avoid|without|exclude|keine?|nicht|ohne|pas de|sans|sin|nada de|sem|nao|não|senza|niente|non)\s+\p{L}/iu

function isWish(text: string, most: number): boolean {
  return wordsIn(text) > most && !denied.test(text)
}
