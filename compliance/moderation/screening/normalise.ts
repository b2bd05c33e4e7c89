/**
 * Takes the disguise off a text: what looks the same to a reader should look the same to a rule. A word keeps every form it
 * may stand for ("n3wt": "n3wt", "newt"), since a digit is a letter in disguise in one word and a number in the next.
 */

export interface Word {
  /** Lower case, without accents, the plain form first. */
  readonly forms: readonly string[]
  /** With each run of equal letters written once, where some were drawn out: "neeeewt" and "neewt" are both "newt". */
  readonly squeezed: readonly string[]
  /** Put together from single letters, `n e w t s`: nobody knows where its words end, so rules look inside it. */
  readonly joined: boolean
  /** Began with a capital letter, as names do. */
  readonly capital: boolean
  /** Follows the word before it with nothing but space between. */
  readonly close: boolean
}

/**
 * Letters of other alphabets that are drawn like Latin ones (after Unicode TR39's confusables), and Latin letters that do
 * not decompose. Compatibility forms, such as fullwidth or mathematical letters, are taken back by NFKC before.
 */
const lookalikes = pairs(`
  а a в b с c ԁ d е e ѕ s һ h і i ј j к k ӏ l м m н h о o р p ԛ q г r т t у y ѵ v ԝ w х x ү y п n и u з 3 б 6 ь b ѡ w
  α a β b ϲ c δ d ε e η n ι i κ k ν v ο o ρ p σ o τ t υ u χ x ω w γ y ϳ j
  ɑ a ɡ g ı i ɩ i ɪ i ʏ y ɴ n ʀ r ʟ l ʙ b ɢ g ʜ h ᴀ a ᴄ c ᴅ d ᴇ e ᴊ j ᴋ k ᴍ m ᴏ o ᴘ p ᴛ t ᴜ u ᴠ v ᴡ w ᴢ z ꜱ s ꜰ f
  ǝ e ɐ a ɔ o ə e ɛ e ƒ f օ o ս u ո n հ h ց g ß ss æ ae œ oe ø o đ d ð d ł l ħ h ŧ t`)

/** Digits and signs that stand for letters; where two are common, both. */
const standIns = pairs('0 o 1 il 3 e 4 a 5 s 6 g 7 t 8 b 9 g @ a $ s ! il | li + t € e £ e ¡ i ( c')

function pairs(text: string): ReadonlyMap<string, string> {
  const signs = text.trim().split(/\s+/)
  return new Map(
    signs.flatMap((sign, i): [string, string][] => (i % 2 === 0 ? [[sign, signs[i + 1] ?? sign]] : [])),
  )
}

/** Accents off, alphabets folded, lower case. Terms of the rules pass through here too, so that both sides agree. */
export function fold(text: string): string {
  // Nothing of what follows changes plain ASCII, and most prompts are that.
  if (/^[\t\n\r -~]*$/.test(text)) return text
  const bare = text
    .normalize('NFKC')
    // Invisible: format characters, and fillers that count as letters.
    .replace(/[\p{Cf}\u115f\u1160\u3164\uffa0]/gu, '')
    // Letters in squares and circles, and flags' letters, which have no compatibility form.
    .replace(/[\u{1f150}-\u{1f169}\u{1f170}-\u{1f189}\u{1f1e6}-\u{1f1ff}]/gu, (sign) =>
      String.fromCharCode(97 + boxed(sign)),
    )
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
  return bare.replace(/\p{L}+/gu, foldWord)
}

function boxed(sign: string): number {
  const code = sign.codePointAt(0) ?? 0
  return code - (code >= 0x1f1e6 ? 0x1f1e6 : code >= 0x1f170 ? 0x1f170 : 0x1f150)
}

/** A word is folded whole or not at all: a Russian word with two Latin-looking letters stays Russian. */
function foldWord(word: string): string {
  const letters = [...word].map((letter) => {
    const small = letter.toLowerCase()
    const latin = lookalikes.get(small) ?? (/^[a-z]$/.test(small) ? small : undefined)
    // Capitals keep their case for a moment: a name is told by them.
    return latin && letter !== small ? latin.slice(0, 1).toUpperCase() + latin.slice(1) : latin
  })
  return letters.every((letter) => letter !== undefined) ? letters.join('') : word
}

export function normalise(text: string): Word[] {
  const words: Word[] = []
  /** Single characters seen one after the other, and where in `words` the first of them stands. */
  let run = { from: 0, letters: '' }
  const endRun = () => {
    if ([...run.letters].length >= 3) words.splice(run.from, words.length, ...joined(run.letters))
    run = { from: words.length, letters: '' }
  }
  let open = false
  for (const [, space = '', chunk = ''] of fold(text).matchAll(/(\s*)(\S+)/g)) {
    const parts = chunk.match(/[\p{L}\p{N}]+/gu) ?? []
    const inside = chunk.replace(/^[^\p{L}\p{N}@$€£]+|[^\p{L}\p{N}$€]+$/gu, '')
    const single = [...inside].length === 1
    // Between words that are spread out letter by letter stands a wider gap.
    if (!single || space.length > 1) endRun()
    if (single) run.letters += inside
    if (parts.length >= 3 && parts.every((part) => [...part].length === 1)) words.push(...joined(inside))
    else {
      for (const [i, part] of parts.entries()) {
        const forms = formsOf(i === 0 && inside !== part ? [part, inside] : [part])
        words.push({
          forms,
          squeezed: drawnOut(forms),
          joined: false,
          capital: /^\p{Lu}\p{Ll}/u.test(part),
          close: open && i === 0 && chunk.startsWith(part),
        })
      }
    }
    open = /[\p{L}\p{N}]$/u.test(chunk)
    if (!single) run.from = words.length
  }
  endRun()
  return words
}

function joined(letters: string): Word[] {
  const forms = formsOf([letters])
  return [{ forms, squeezed: drawnOut(forms), joined: true, capital: false, close: false }]
}

function formsOf(spellings: readonly string[]): string[] {
  const forms = new Set<string>()
  for (const spelling of spellings) {
    const lower = spelling.toLowerCase()
    for (const form of [lower, ...undisguised(lower)]) {
      const plain = form.replace(/[^\p{L}\p{N}]+/gu, '')
      forms.add(plain)
    }
  }
  return [...forms]
}

/** Every run of equal letters as one. */
export function squeeze(text: string): string {
  return text.replace(/(.)\1+/gu, '$1')
}

function drawnOut(forms: readonly string[]): string[] {
  return forms.filter((form) => /(.)\1\1/u.test(form)).map(squeeze)
}

function undisguised(text: string): string[] {
  if (/^[a-z]*$/.test(text) || !/\p{L}/u.test(text)) return []
  const read = (choice: number) =>
    [...text].map((sign) => standIns.get(sign)?.[choice] ?? standIns.get(sign)?.[0] ?? sign).join('')
  return [read(0), read(1)].filter((form) => form !== text)
}
