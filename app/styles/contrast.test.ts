import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

/**
 * Pins: a grey that reads well on paper and fails on the sunken sidebar; a tag whose word cannot be read on its own
 * soft ground; a token changed in one theme only; a field whose edge nobody sees.
 * The formula is WCAG 2.2's relative luminance and contrast ratio (definitions in its glossary).
 */
const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8')

const tokens = new Map(
  [...css.matchAll(/--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)].map((found) => [
    found[1] as string,
    { light: found[2] as string, dark: found[3] as string },
  ]),
)

const grounds = ['paper', 'surface', 'sunken']
const softs = ['accent-soft', 'good-soft', 'warn-soft', 'bad-soft']

/** Every pair of ink and ground that the components put together. */
const text: [ink: string, ground: string][] = [
  ...[...grounds, 'raised', ...softs].flatMap((ground): [string, string][] => [
    ['ink', ground],
    ['ink-2', ground],
  ]),
  ...[...grounds, 'accent-soft'].map((ground): [string, string] => ['ink-3', ground]),
  ...grounds.flatMap((ground): [string, string][] =>
    ['accent', 'good', 'warn', 'bad'].map((ink) => [ink, ground]),
  ),
  ...['accent', 'good', 'warn', 'bad'].map((ink): [string, string] => [ink, `${ink}-soft`]),
  // A row that is selected lies on the accent's soft ground and may hold a warning word.
  ...['warn', 'bad', 'good'].map((ink): [string, string] => [ink, 'accent-soft']),
  ['accent-strong', 'paper'],
  ['accent-ink', 'accent'],
  ['accent-ink', 'accent-strong'],
  ['bad-ink', 'bad'],
  ['bad-ink', 'bad-strong'],
  ['paper', 'ink'],
]

/** Edges and marks by which a control or its state is known (WCAG 1.4.11). */
const marks: [mark: string, ground: string][] = [
  ...grounds.flatMap((ground): [string, string][] => [
    ['field', ground],
    ['accent', ground],
    ['bad', ground],
  ]),
  ['warn-bar', 'surface'],
]

test.each(['light', 'dark'] as const)('every ink can be read on every ground it stands on, %s', (theme) => {
  const faint = text
    .map(([ink, ground]) => ({ ink, ground, ratio: contrast(colour(ink, theme), colour(ground, theme)) }))
    .filter((pair) => pair.ratio < 4.5)
  expect(faint).toEqual([])
})

test.each(['light', 'dark'] as const)(
  'the edge of a field and the mark of a state can be seen, %s',
  (theme) => {
    const faint = marks
      .map(([mark, ground]) => ({
        mark,
        ground,
        ratio: contrast(colour(mark, theme), colour(ground, theme)),
      }))
      .filter((pair) => pair.ratio < 3)
    expect(faint).toEqual([])
  },
)

test('the formula agrees with the two figures of the standard', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5)
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2)
})

function colour(name: string, theme: 'light' | 'dark'): string {
  const token = tokens.get(name)
  if (!token) throw new Error(`no colour --${name} in tokens.css`)
  return token[theme]
}

function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
