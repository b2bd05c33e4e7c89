// Failures these tests pin:
// - a row of empty boxes where a font has no letters for a script;
// - a line that leaves its measure, or a text that is lost because it is too long;
// - a word that is too long for a line, cut anywhere, without a hyphen, and as small as can be;
// - type that depends on the fonts of the machine.
import { describe, expect, test } from 'vitest'
import { brokenWord, loadFaces, type Measure, setText } from './lines.ts'

const faces = loadFaces()
const measure: Measure = {
  width: 600,
  sizes: [
    [60, 2],
    [40, 3],
  ],
}

describe('a line of text', () => {
  test.each([
    'Calm sea',
    'Žluťoučký kůň úpěl',
    'Тихое море',
    'Η θάλασσα',
    'Một con thuyền nhỏ',
    'Straße & “Café” – 42',
  ])('"%s" is set', (text) => {
    const set = setText(faces, text, measure)
    expect(set?.width).toBeGreaterThan(50)
    expect(set?.path).toMatch(/^M/)
  })

  test.each(['静かな海', 'مدينة في الليل', 'שלום', '🌊🌊', ''])('"%s" is left to the picture', (text) => {
    expect(setText(faces, text, measure)).toBeUndefined()
  })

  test('stays within its measure at any length, and a single endless word is cut', () => {
    for (const text of [
      'the quick brown fox '.repeat(60),
      'w'.repeat(2000),
      `${'word '.repeat(5)}${'x'.repeat(300)}`,
    ]) {
      const set = setText(faces, text, measure)
      expect(set?.width).toBeLessThanOrEqual(600.5)
      expect(set?.height).toBeLessThan(60 * 4)
    }
  })

  test('breaks a word that fits in no size with a hyphen, where a syllable begins', () => {
    const word = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft'
    const pieces = brokenWord(faces.display, word, 12)
    expect(pieces.length).toBeGreaterThan(2)
    expect(pieces.map((piece, i) => (i < pieces.length - 1 ? piece.slice(0, -1) : piece)).join('')).toBe(word)
    for (const piece of pieces.slice(0, -1)) expect(piece).toMatch(/^\p{L}{3,}-$/u)
    for (const piece of pieces.slice(1)) expect(piece).toMatch(/^[^aeiou][aeiouä]/u)
    expect(brokenWord(faces.display, 'https://videos.example.org/gallery/2026', 9)).toEqual([
      'https://videos.example.',
      'org/gallery/2026',
    ])
  })

  test('breaks it in the largest size that it then fits', () => {
    const large = setText(faces, 'Unterbeamtengesellschaftsordnungen', { width: 300, sizes: [[60, 3]] })
    const both = setText(faces, 'Unterbeamtengesellschaftsordnungen', {
      width: 300,
      sizes: [
        [60, 3],
        [40, 3],
      ],
    })
    expect(both).toEqual(large)
  })

  test('is set smaller rather than shortened, and in lines of about one length', () => {
    const short = setText(faces, 'A calm sea', measure)
    const long = setText(
      faces,
      'A calm sea in the first light of a morning that nobody had expected',
      measure,
    )
    expect(short?.height).toBeLessThan(70)
    expect(long?.height).toBeGreaterThan(80)
    expect(long?.width).toBeGreaterThan(350)
  })

  test('is kerned', () => {
    const apart = setText(faces, 'A', measure)?.width ?? 0
    const other = setText(faces, 'V', measure)?.width ?? 0
    expect(setText(faces, 'AV', measure)?.width).toBeLessThan(apart + other - 1)
  })

  test('loses a sign that has no letter, not the sentence', () => {
    expect(setText(faces, 'Waves 🌊 at dawn', measure)?.width).toBeCloseTo(
      setText(faces, 'Waves at dawn', measure)?.width ?? 0,
      3,
    )
  })
})
