/** Reads a prompt by the words it is made of: which place, hour, weather, mood and colour they speak of. */
import { hints, lexicon, type Shore } from './lexicon.ts'

type Group = keyof typeof lexicon

/** What was said, group by group; a group that nothing was said about is absent. */
export type Found = Partial<Record<Group | 'shore', string>>

/** Lower case without the accents of Latin letters; other scripts keep their marks, which are letters there. */
export function plain(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFD')
    .replace(/([a-z])\p{M}+/gu, '$1')
    .normalize('NFC')
}

interface Meaning {
  name: string
  /** Whether the word names the thing or only hints at it. */
  names: boolean
}

/** One group's words, made ready to be looked up. */
interface Table {
  exact: ReadonlyMap<string, Meaning>
  /** Beginnings of words, the longest first. */
  stems: readonly (readonly [stem: string, Meaning])[]
  /** Words of scripts without spaces, the longest first, as one pattern and by themselves. */
  inside: RegExp | undefined
  signs: ReadonlyMap<string, Meaning>
}

const spaceless = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u
const hangul = /\p{Script=Hangul}/u

const tables = Object.keys(lexicon).map((group) => [group as Group, tableOf(group as Group)] as const)

function tableOf(group: Group): Table {
  const exact = new Map<string, Meaning>()
  const stems = new Map<string, Meaning>()
  const signs = new Map<string, Meaning>()
  const add = (words: string, meaning: Meaning) => {
    for (const word of words.split(/\s+/).map(plain)) {
      const stem = word.endsWith('*') ? word.slice(0, -1) : hangul.test(word) ? word : undefined
      const [into, key] = stem ? [stems, stem] : [spaceless.test(word) ? signs : exact, word]
      if (!into.has(key)) into.set(key, meaning)
    }
  }
  for (const [name, words] of Object.entries(lexicon[group])) add(words, { name, names: true })
  const hinting: Record<string, string> = group in hints ? hints[group as keyof typeof hints] : {}
  for (const [name, words] of Object.entries(hinting)) add(words, { name, names: false })
  const longest = [...signs.keys()].sort((a, b) => b.length - a.length)
  return {
    exact,
    stems: [...stems].sort(([a], [b]) => b.length - a.length),
    inside: longest.length > 0 ? new RegExp(longest.join('|'), 'gu') : undefined,
    signs,
  }
}

/** How often something was meant, and where first. */
interface Tally {
  hits: number
  first: number
}
type Tallies = ReadonlyMap<string, Tally>

interface Word {
  word: string
  at: number
}

/** Most hits win, then the first mention; what is named stands before what is hinted at. */
export function read(text: string): Found {
  const flat = plain(text)
  const words = [...flat.matchAll(/[\p{L}\p{M}\p{N}]+/gu)].map((m) => ({
    // Arabic writes its article onto the word.
    word: m[0].replace(/^(?:وال|بال|ال)(?=.{2})/u, ''),
    at: m.index,
  }))
  const found: Found = {}
  for (const [group, table] of tables) {
    const [named, hinted] = count(table, flat, words)
    if (group === 'setting') Object.assign(found, placeOf(named, hinted))
    else {
      const name = bestOf(named) ?? bestOf(hinted)
      if (name) found[group] = name
    }
  }
  return found
}

const shores: readonly Shore[] = ['mountains', 'hills', 'forest']

/** Water inland lies before the land that is named with it; a river in a city or a pond in a garden is a part of these. */
function placeOf(named: Tallies, hinted: Tallies): Found {
  const land = bestOf(named, (name) => name !== 'lake')
  const water = named.has('lake') || hinted.has('lake')
  if (land && !(water && isShore(land))) return { setting: land }
  const setting = land || named.has('lake') ? 'lake' : bestOf(hinted)
  if (setting !== 'lake') return setting ? { setting } : {}
  const shore = land ?? bestOf(hinted, isShore)
  return { setting, ...(shore ? { shore } : {}) }
}

const isShore = (name: string) => shores.some((shore) => shore === name)

function bestOf(tallies: Tallies, allowed: (name: string) => boolean = () => true): string | undefined {
  return [...tallies]
    .filter(([name]) => name !== 'nothing' && allowed(name))
    .sort(([, a], [, b]) => b.hits - a.hits || a.first - b.first)[0]?.[0]
}

function count(
  table: Table,
  flat: string,
  words: readonly Word[],
): readonly [named: Tallies, hinted: Tallies] {
  const both = [new Map<string, Tally>(), new Map<string, Tally>()] as const
  const hit = ({ name, names }: Meaning, at: number) => {
    const tallies = both[names ? 0 : 1]
    const { hits = 0, first = at } = tallies.get(name) ?? {}
    tallies.set(name, { hits: hits + 1, first: Math.min(first, at) })
  }
  for (let i = 0; i < words.length; ) {
    const [meaning, length] = meaningAt(table, words, i)
    if (meaning) hit(meaning, words[i]?.at ?? 0)
    i += length
  }
  for (const match of table.inside ? flat.matchAll(table.inside) : []) {
    const meaning = table.signs.get(match[0])
    if (meaning) hit(meaning, match.index)
  }
  return both
}

/** What begins at a word, and how many words it takes: the longest that the table knows. */
function meaningAt(table: Table, words: readonly Word[], at: number): readonly [Meaning | undefined, number] {
  for (const length of [3, 2, 1]) {
    if (at + length > words.length) continue
    const form = words
      .slice(at, at + length)
      .map((w) => w.word)
      .join('-')
    const stem = table.stems.find(([s]) => form.startsWith(s) && (length === 1 || s.includes('-')))
    const meaning = table.exact.get(form) ?? stem?.[1]
    if (meaning) return [meaning, length]
  }
  return [undefined, 1]
}
