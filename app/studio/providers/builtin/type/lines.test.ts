// Failures these tests pin:
// - a row of empty boxes where a font has no letters for a script;
// - a line that leaves its measure, or a text that is lost because it is too long;
// - type that depends on the fonts of the machine.
import { describe, expect, test } from 'vitest'
import { loadFaces, type Measure, setText } from './lines.ts'

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
