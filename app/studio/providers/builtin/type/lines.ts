/** Sets a line of text: chooses the face, breaks it into balanced lines, finds the size that fits. */
import { readFileSync } from 'node:fs'
import { type Font, readFont } from './font.ts'

export interface Face {
  /** Tried in this order for each character. */
  fonts: readonly Font[]
  /** Added after each character, in em. */
  tracking: number
  /** Distance of baselines, in em. */
  leading: number
  /** Size against the display face, so that both look equally large. */
  optical: number
}

export interface Faces {
  display: Face
  text: Face
}

/** Instrument Serif for what it can write, Inter for Cyrillic, Greek and Vietnamese and for captions. Both under the OFL. */
export function loadFaces(): Faces {
  const font = (name: string) =>
    readFont(readFileSync(new URL(`../fonts/${name}-normal.woff`, import.meta.url)))
  const inter = ['latin', 'latin-ext', 'cyrillic', 'greek', 'vietnamese'].map((s) => font(`inter-${s}-500`))
  const serif = ['latin', 'latin-ext'].map((s) => font(`instrument-serif-${s}-400`))
  return {
    display: { fonts: serif, tracking: -0.008, leading: 1.08, optical: 1 },
    text: { fonts: inter, tracking: -0.018, leading: 1.2, optical: 0.78 },
  }
}

export interface SetText {
  /** SVG path data; x from 0, the first baseline at `ascent`. */
  path: string
  width: number
  height: number
}

export interface Measure {
  width: number
  /** Sizes to try, in px, from the largest; with each, how many lines it may take. */
  sizes: readonly (readonly [size: number, lines: number])[]
}

/**
 * The text as outlines, or nothing when these fonts cannot write it (they have no Arabic, Hebrew, Indic or East Asian
 * letters; a row of empty boxes would be worse than the bare picture). Single signs such as emoji are left out.
 */
export function setText(faces: Faces, text: string, measure: Measure): SetText | undefined {
  const face = [faces.display, faces.text].find((f) => writable(f, text))
  if (!face) return undefined
  const words = polished(text)
    .split(' ')
    .map((word) => [...word].filter((c) => glyphOf(face, c)).join(''))
    .filter(Boolean)
  if (words.length === 0) return undefined
  const [smallest, most] = measure.sizes.at(-1) as readonly [number, number]
  const widest = measure.width / (smallest * face.optical)
  for (const [size, lines] of measure.sizes) {
    const em = size * face.optical
    // A word that fits in a smaller size is better shrunk than broken; one that fits in none is broken in the largest.
    const pieces = words.flatMap((word) =>
      widthOf(face, word) > widest ? brokenWord(face, word, measure.width / em) : [word],
    )
    const set = balanced(face, pieces, measure.width / em)
    if (set && set.length <= lines) return outlined(face, set, em)
  }
  const pieces = words.flatMap((word) => brokenWord(face, word, widest))
  return outlined(face, shortened(face, pieces, widest, most), smallest * face.optical)
}

/** One line of capitals and numbers with open spacing. */
export function setCaption(face: Face, text: string, size: number, tracking: number): SetText {
  return outlined({ ...face, tracking }, [text], size)
}

const glyphOf = (face: Face, c: string) => {
  const point = c.codePointAt(0) ?? 0
  return face.fonts.find((f) => f.glyph(point))?.glyph(point)
}

function writable(face: Face, text: string): boolean {
  const letters = [...text].filter((c) => /[\p{L}\p{N}]/u.test(c))
  const known = letters.filter((c) => glyphOf(face, c))
  return letters.length > 0 && known.length >= letters.length * 0.9
}

/** Marks as a typesetter writes them. */
function polished(text: string): string {
  return text
    .normalize('NFC')
    .replace(/\.{3,}/g, '…')
    .replace(/(^|[\s([{–—-])"/g, '$1“')
    .replace(/"/g, '”')
    .replace(/(^|[\s([{–—-])'/g, '$1‘')
    .replace(/'/g, '’')
    .replace(/\s-{1,2}\s/g, ' – ')
    .replace(/\s+/g, ' ')
    .trim()
}

/** Width of a run in em. */
function widthOf(face: Face, text: string): number {
  let width = 0
  let before: { font: Font; point: number } | undefined
  for (const c of text) {
    const point = c.codePointAt(0) ?? 0
    const font = face.fonts.find((f) => f.glyph(point))
    if (!font) continue
    const kern = before?.font === font ? font.kerning(before.point, point) : 0
    width += ((font.glyph(point)?.advance ?? 0) + kern) / font.unitsPerEm + face.tracking
    before = { font, point }
  }
  return width
}

function wrapped(face: Face, words: readonly string[], width: number): string[] | undefined {
  const lines: string[] = []
  let line = ''
  for (const word of words) {
    const longer = line ? `${line} ${word}` : word
    if (widthOf(face, longer) <= width) {
      line = longer
      continue
    }
    if (!line || widthOf(face, word) > width) return undefined
    lines.push(line)
    line = word
  }
  return [...lines, line]
}

/** Lines of about the same length: the narrowest width that needs no more lines than the full one. */
function balanced(face: Face, words: readonly string[], width: number): string[] | undefined {
  const widest = wrapped(face, words, width)
  if (!widest) return undefined
  let [low, high, best] = [width * 0.4, width, widest]
  for (let i = 0; i < 8; i++) {
    const middle = (low + high) / 2
    const lines = wrapped(face, words, middle)
    if (lines && lines.length <= widest.length) [best, high] = [lines, middle]
    else low = middle
  }
  return best
}

/** As much as fits, ending in an ellipsis. */
function shortened(face: Face, pieces: readonly string[], width: number, most: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const piece of pieces) {
    const longer = line ? `${line} ${piece}` : piece
    const room = lines.length === most - 1 ? width - widthOf(face, '…') : width
    if (widthOf(face, longer) <= room) {
      line = longer
      continue
    }
    if (lines.length === most - 1) return [...lines, `${line.replace(/[\s.,;:!?–-]+$/u, '')}…`]
    lines.push(line)
    line = piece
  }
  return [...lines, line]
}

/** More letters than any line holds: of a longer word, no more need to be measured to know that it does not fit. */
const LONGEST_LINE = 300

/** How much of a line a piece of a broken word leaves at least. */
const FILLED = 0.6

/**
 * A word in pieces that fit, each but the last with a hyphen. It is broken where most languages of these letters begin a
 * syllable, before the last consonant in front of a vowel, when such a place leaves the line well filled; no dictionary of
 * any language is at hand. After a sign, as in an address, it needs no hyphen.
 */
export function brokenWord(face: Face, word: string, width: number): string[] {
  const pieces: string[] = []
  let rest = [...word]
  while (widthOf(face, rest.slice(0, LONGEST_LINE).join('')) > width) {
    const fits = (n: number) => widthOf(face, `${rest.slice(0, n).join('')}-`) <= width
    let longest = 1
    while (longest < rest.length - 1 && fits(longest + 1)) longest += 1
    let at = longest
    for (let n = longest; n >= Math.max(3, longest * FILLED); n--) {
      if (!breaks(rest, n)) continue
      at = n
      break
    }
    const piece = rest.slice(0, at).join('')
    pieces.push(/[\p{L}\p{M}\p{N}]$/u.test(piece) ? `${piece}-` : piece)
    rest = rest.slice(at)
  }
  return [...pieces, rest.join('')]
}

const vowel = /^[aeiouyœæøаеёиоуыэюяіїєαεηιουω]/iu
/** Two letters for one sound. */
const together = /^(?:[cst]h|ph|th|ck|qu|gh|sz|cz|rz|ng)$/iu

/** Whether a syllable, or what follows a sign, may begin at the `n`th letter; three letters stay on either side. */
function breaks(letters: readonly string[], n: number): boolean {
  const [before, at, after] = [letters[n - 1] ?? '', letters[n] ?? '', letters[n + 1] ?? '']
  if (n < 3 || letters.length - n < 3) return false
  if (!/\p{L}|\p{N}/u.test(before)) return true
  const [base, next] = [at, after].map((c) => c.normalize('NFD'))
  const letter = /\p{L}/u.test(at) && /\p{L}/u.test(before)
  return letter && !vowel.test(base as string) && vowel.test(next as string) && !together.test(before + at)
}

function outlined(face: Face, lines: readonly string[], size: number): SetText {
  const ascent = size * 0.8
  const parts: string[] = []
  let width = 0
  lines.forEach((line, row) => {
    const baseline = ascent + row * size * face.leading
    let x = 0
    let before: { font: Font; point: number } | undefined
    for (const c of line) {
      const point = c.codePointAt(0) ?? 0
      const font = face.fonts.find((f) => f.glyph(point))
      const glyph = font?.glyph(point)
      if (!font || !glyph) continue
      const scale = size / font.unitsPerEm
      if (before?.font === font) x += font.kerning(before.point, point) * scale
      parts.push(moved(glyph.path, x, baseline, scale))
      x += glyph.advance * scale + face.tracking * size
      before = { font, point }
    }
    width = Math.max(width, x)
  })
  return {
    path: parts.join(''),
    width,
    height: ascent + (lines.length - 1) * size * face.leading + size * 0.26,
  }
}

function moved(path: string, x: number, y: number, scale: number): string {
  return path.replace(
    /(-?[\d.]+) (-?[\d.]+)/g,
    (_, px: string, py: string) =>
      `${(Number(px) * scale + x).toFixed(2)} ${(Number(py) * scale + y).toFixed(2)}`,
  )
}
