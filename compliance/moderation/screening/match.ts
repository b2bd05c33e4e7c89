/** Finds the words of the lists in a normalised text and says which rules they satisfy. */
import type { Rule, Sign } from './categories.ts'
import { fold, normalise, squeeze, type Word } from './normalise.ts'
import { type ListName, terms } from './terms.ts'

/** Where something was found: the first and the last word. */
interface Span {
  readonly from: number
  readonly to: number
}

interface Part {
  readonly text: string
  readonly squeezed: string
  readonly prefix: boolean
}
interface Term {
  readonly list: ListName
  readonly parts: readonly Part[]
}

const all: readonly Term[] = Object.entries(terms).flatMap(([list, phrases]) =>
  phrases.map((phrase) => {
    const parts = fold(phrase).toLowerCase().split(' ')
    return { list: list as ListName, parts: parts.map(partOf) }
  }),
)

function partOf(written: string): Part {
  const text = written.replace('*', '')
  return { text, squeezed: squeeze(text), prefix: written.endsWith('*') }
}

/** The terms by the two letters they begin with, drawn out or not: most words of a text begin like no term. */
const byStart = new Map<string, Term[]>()
for (const term of all) {
  const [first] = term.parts
  for (const start of new Set([first?.text.slice(0, 2) ?? '', first?.squeezed.slice(0, 2) ?? ''])) {
    byStart.set(start, [...(byStart.get(start) ?? []), term])
  }
}

/** Reads `text` once, and answers for each rule whether it matches. `given` are signs that stand outside of the text. */
export function reader(text: string, given: readonly Sign[] = []): (rule: Rule) => boolean {
  const words = normalise(text)
  const found = find(words)
  const spans = (list: ListName) => found.get(list) ?? []
  const harmless = new Set(spans('harmless').flatMap(positions))
  // "Sexual abuse" is the name of a crime, with a rule of its own, and not the word "sexual".
  const crimes = new Set(spans('sexual_crime').flatMap(positions))
  const seen = new Map<Sign, readonly Span[]>([
    ['minor_age', ages(words)],
    ['person_name', names(words)],
    ['clothes_unwanted', given.includes('clothes_unwanted') ? nowhere : []],
    ['adults_unwanted', given.includes('adults_unwanted') ? nowhere : []],
  ])
  const spansOf = (sign: Sign): readonly Span[] => {
    const known = seen.get(sign)
    if (known) return known
    const meant = spans(sign as ListName).filter(
      ({ from }) => !harmless.has(from) && !(sign === 'sexual' && crimes.has(from)),
    )
    seen.set(sign, meant)
    return meant
  }
  return (rule) => matches(rule, words, spansOf)
}

/** Some place, for what has none. */
const nowhere: readonly Span[] = [{ from: 0, to: 0 }]

/** Whether `text` is one thing of this list and nothing else, but for words that `skip` names. */
export function isOnly(text: string, list: ListName, skip: (form: string) => boolean): boolean {
  const words = normalise(text)
  return (find(words).get(list) ?? []).some((span) => {
    const own = new Set(positions(span))
    return words.every(({ forms }, at) => own.has(at) || forms.some(skip))
  })
}

export function wordsIn(text: string): number {
  return normalise(text).length
}

function find(words: readonly Word[]): Map<ListName, Span[]> {
  const found = new Map<ListName, Span[]>()
  for (const [at, word] of words.entries()) {
    const starts = new Set([...word.forms, ...word.squeezed].map((form) => form.slice(0, 2)))
    const candidates = word.joined ? all : [...starts].flatMap((start) => byStart.get(start) ?? [])
    for (const { list, parts } of candidates) {
      if (!parts.every((part, i) => fits(words[at + i], part, parts.length))) continue
      const spans = found.get(list) ?? []
      spans.push({ from: at, to: at + parts.length - 1 })
      found.set(list, spans)
    }
  }
  return found
}

function fits(word: Word | undefined, { text, squeezed, prefix }: Part, parts: number): boolean {
  if (!word) return false
  const same = (form: string, wanted: string) => {
    // Nobody knows where the words in joined letters end; short terms would be found in anything.
    if (word.joined && parts === 1 && wanted.length >= 4) return form.includes(wanted)
    return prefix ? form.startsWith(wanted) : form === wanted
  }
  return (
    word.forms.some((form) => same(form, text)) ||
    (squeezed.length > 2 && word.squeezed.some((form) => same(form, squeezed)))
  )
}

function matches(rule: Rule, words: readonly Word[], spansOf: (sign: Sign) => readonly Span[]): boolean {
  const [first = [], ...others] = rule.all.map((signs) => signs.flatMap(spansOf))
  if (rule.within === undefined && others.length > 0)
    return first.length > 0 && others.every((spans) => spans.length > 0)
  // Each round widens what was found so far by one more sign nearby.
  let together: readonly Span[] = first
  for (const spans of others) together = widen(rule, words, together, spans)
  const { list, reach = 4 } = rule.unless ?? {}
  const opposed = new Set<number>()
  for (const span of list ? spansOf(list) : []) {
    for (let at = span.from - reach; at <= span.to + reach; at++) opposed.add(at)
  }
  return together.some((span) => !positions(span).some((at) => opposed.has(at)))
}

/** Joins each span with those that stand within the rule's reach. Looks only nearby, or a long prompt would take for ever. */
function widen(rule: Rule, words: readonly Word[], before: readonly Span[], next: readonly Span[]): Span[] {
  const within = rule.within ?? 0
  const starting = new Map<number, Span[]>()
  for (const span of next) starting.set(span.from, [...(starting.get(span.from) ?? []), span])
  const found = new Map<string, Span>()
  for (const one of before) {
    for (let at = rule.ordered ? one.to + 1 : one.to - within; at <= one.from + within; at++) {
      for (const other of starting.get(at) ?? []) {
        const both = { from: Math.min(one.from, other.from), to: Math.max(one.to, other.to) }
        const gap = words.slice(Math.min(one.to, other.to) + 1, Math.max(one.from, other.from))
        const bridged =
          !rule.between || gap.every(({ forms }) => rule.between?.some((word) => forms.includes(word)))
        if (both.to - both.from <= within && bridged) found.set(`${both.from} ${both.to}`, both)
      }
    }
  }
  return [...found.values()]
}

function positions({ from, to }: Span): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i)
}

const numbers = new Map<string, number>(
  [
    'one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen',
    'ein zwei drei vier funf sechs sieben acht neun zehn elf zwolf dreizehn vierzehn funfzehn sechzehn siebzehn',
    'un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dixsept',
    'uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciseis diecisiete',
    'um dois tres quatro cinco seis sete oito nove dez onze doze treze catorze quinze dezesseis dezessete',
    'un due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici diciassette',
  ].flatMap((line) => line.split(' ').map((word, i): [string, number] => [word, i + 1])),
)

/** What is commonly so many years old and is no person. */
const aged =
  /^(whisk|scotch|bourbon|rum|wine|vin|wein|cheddar|cheese|kase|car|auto|house|haus|building|company|firma|tree|baum|dog|hund|cat|katze|horse|pferd|ship|church|bridge)/

/** Ages under eighteen: "14-year-old", "aged 14", "14yo", "vierzehnjährig", "14 Jahre alt", "de 14 años". */
function ages(words: readonly Word[]): Span[] {
  const is = (at: number, pattern: RegExp) => words[at]?.forms.some((form) => pattern.test(form)) ?? false
  const spans: Span[] = []
  for (const [at, { forms }] of words.entries()) {
    const glued = forms.some((form) =>
      young(/^(\d{1,2})(?:yo|yrs?|yearold|yearsold|jahrig\p{L}*|jaehrig\p{L}*)$/u.exec(form)?.[1]),
    )
    const spelled = forms.some((form) => young(/^(\p{L}{3,})ja(?:e?)hrig\p{L}*$/u.exec(form)?.[1]))
    if (glued || spelled) spans.push({ from: at, to: at })
    if (!forms.some(young)) continue
    const before = is(at - 1, /^(aged|age|agee?s?|alter)$/) || (is(at - 1, /^of$/) && is(at - 2, /^age$/))
    const english =
      is(at + 1, /^(years?|yrs?)$/) && (is(at + 2, /^old$/) || (is(at + 2, /^of$/) && is(at + 3, /^age$/)))
    const short = is(at + 1, /^(yo|y|yr|yrs)$/) && !is(at + 2, /^(ago|later)$/)
    const german = is(at + 1, /^jahrig|^jaehrig/) || (is(at + 1, /^jahre?$/) && is(at + 2, /^alt/))
    const roman = is(at + 1, /^(ans|anos|anni)$/) && (is(at - 1, /^(de|di)$/) || is(at + 2, /^(de|d)$/))
    const thing = english && is(at + 3, aged)
    if ((before || english || short || german || roman) && !thing) spans.push({ from: at, to: at + 1 })
  }
  return spans
}

function young(number: string | undefined): boolean {
  if (number === undefined) return false
  const value = /^\d{1,2}$/.test(number) ? Number(number) : numbers.get(number)
  return value !== undefined && value < 18
}

/**
 * Two capitalised words side by side, in a text that is not capitalised throughout. German writes every noun so, and is
 * left out: better a name unseen than every German prompt of a nude painting refused.
 */
function names(words: readonly Word[]): Span[] {
  const capitals = words.filter((word) => word.capital).length
  const german = words.some((word) =>
    word.forms.some((form) => /^(der|die|das|und|ein|eine|einer|mit|auf|im|am|von|zu|ist)$/.test(form)),
  )
  if (german || (words.length > 6 && capitals * 2 > words.length)) return []
  return words.flatMap((word, at) =>
    word.capital && words[at + 1]?.capital && words[at + 1]?.close ? [{ from: at, to: at + 1 }] : [],
  )
}
