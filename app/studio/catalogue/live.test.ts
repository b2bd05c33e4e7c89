/**
 * A model under the operator's limits. It pins: a standard length that nobody can choose, priced and sent for who names none;
 * a limit below every choice that leaves none.
 */
import { expect, test } from 'vitest'
import { generationSchema } from '#app/studio/generations/generation.schema.ts'
import { assemble, type CatalogueRows } from './live.ts'
import { storyboard } from './models/storyboard.ts'

function secondsUnder(most_seconds: number | null, seconds: Partial<typeof storyboard.seconds>) {
  const record = { ...storyboard, seconds: { ...storyboard.seconds, ...seconds } }
  const rows = { routes: [], connections: [], processors: [], health: [] }
  const models = [{ id: record.id, record: null, most_seconds }] as unknown as CatalogueRows['models']
  const [live] = assemble([record], () => false, { ...rows, models }, 0)
  if (!live) throw new Error('It is there')
  const asked = generationSchema(live.record).parse({ model: record.id, prompt: 'A boat.' })
  return { ...live.record.seconds, asked: asked.seconds }
}

const choices = { least: 4, most: 8, standard: 8, choices: [4, 6, 7, 8] } as const

test.each([
  [5, { choices: [4], standard: 4, most: 5 }],
  [7, { choices: [4, 6, 7], standard: 7 }],
  [8, { choices: [4, 6, 7, 8], standard: 8 }],
  [null, { choices: [4, 6, 7, 8], standard: 8, most: 8 }],
  [3, { choices: [4], standard: 4 }],
])('choices under a limit of %s', (limit, left) => {
  const seconds = secondsUnder(limit, { ...choices, choices: [...choices.choices] })
  expect(seconds).toMatchObject({ ...left, asked: left.standard })
})

test('between two that are as near, the shorter; and what lies lower stays the standard', () => {
  expect(secondsUnder(8, { least: 4, most: 12, standard: 6, choices: [4, 8, 12] })).toMatchObject({
    standard: 4,
  })
  expect(secondsUnder(8, { ...choices, standard: 4, choices: [4, 6, 7, 8] })).toMatchObject({ standard: 4 })
})

test('without choices the standard is the limit at most', () => {
  expect(secondsUnder(3, { least: 2, most: 10, standard: 5 })).toMatchObject({
    most: 3,
    standard: 3,
    asked: 3,
  })
  expect(secondsUnder(9, { least: 2, most: 10, standard: 5 })).toMatchObject({
    most: 9,
    standard: 5,
    asked: 5,
  })
})
