// Failures these tests pin:
// - a film whose shots do not cover exactly its frames;
// - of twelve short sentences every second one is never shown, and nothing says so;
// - sentences split inside numbers and abbreviations, or not at all in scripts without spaces;
// - words that only look like a mood or a place ("funeral" is no fun, "start" no star).
import { describe, expect, test } from 'vitest'
import { planShots, sentences } from './plan.ts'
import { plain, read } from './read.ts'

describe('shots', () => {
  const prompts = [
    '',
    'Sea',
    'One. Two. Three. Four. Five. Six. Seven. Eight.',
    'A long walk, then rain, and then the sea.',
  ]
  test.each(prompts)('of "%s" cover all frames and overlap only while they fade', (prompt) => {
    for (const seconds of [2, 3, 5, 7.5, 10]) {
      const frames = seconds * 24
      const shots = planShots(prompt, 1, frames, 24)
      expect(shots[0]).toMatchObject({ from: 0, fade: 0 })
      for (const [i, shot] of shots.entries()) {
        const next = shots[i + 1]
        expect(shot.from + shot.frames).toBe(next ? next.from + next.fade : frames)
        if (next) expect(next.from).toBeGreaterThanOrEqual(shot.from + shot.fade)
      }
    }
  })

  test('come from sentences, then from clauses', () => {
    const lines = (prompt: string) => planShots(prompt, 1, 120, 24).map((s) => s.line)
    expect(lines('The sea sleeps. A gull wakes.')).toEqual(['The sea sleeps.', 'A gull wakes.'])
    expect(lines('A lighthouse in the storm, waves crash at night')).toEqual([
      'A lighthouse in the storm',
      'Waves crash at night',
    ])
    expect(lines('静かな海の夜明け。小さな舟が揺れる。')).toEqual([
      '静かな海の夜明け。',
      '小さな舟が揺れる。',
    ])
  })

  test('that are fewer than the sentences show several together, and say what there is no time for', () => {
    const lines = (prompt: string, seconds: number) =>
      planShots(prompt, 1, seconds * 24, 24).map((s) => s.line)
    const twelve = 'One. Two. Three. Four. Five. Six. Seven. Eight. Nine. Ten. Eleven. Twelve.'
    expect(lines(twelve, 10).join(' ')).toBe(twelve)
    expect(lines('Loud!\nNo stop\n100% of it', 2)).toEqual(['Loud! No stop. 100% of it'])
    const long = 'The sea is wide and the night is long. '.repeat(30)
    for (const line of lines(long, 10)) expect(line).toMatch(/^The sea .* long\. …$/)
  })

  test('keep the hour of the story, and the weather until it goes elsewhere', () => {
    const looks = planShots(
      'Rain over the city at night. She waits. Morning comes to the sea.',
      1,
      192,
      24,
    ).map((s) => s.look)
    expect(looks).toMatchObject([
      { setting: 'city', time: 'night', weather: 'rain' },
      { setting: 'city', time: 'night', weather: 'rain' },
      { setting: 'sea', time: 'dawn', weather: 'clear' },
    ])
  })
})

test('sentences lose list marks and what cannot be shown', () => {
  expect(sentences('Donau\u00addampfer')).toEqual(['Donaudampfer'])
  expect(sentences('1. The sea\n- a boat\u0000\u202e home\n\n…')).toEqual(['The sea', 'a boat home'])
})

describe('words', () => {
  test.each([
    ['a funeral at the start of the misty day', { time: 'day', weather: 'fog' }],
    ['Über den Dächern der Stadt, Regen', { setting: 'city', weather: 'rain' }],
    ['Lever du jour sur la forêt', { setting: 'forest', time: 'day' }],
    ['夜の東京、雨', { setting: 'city', time: 'night', weather: 'rain' }],
    ['مدينة في الليل', { setting: 'city', time: 'night' }],
    ['Ночной город под дождём', { setting: 'city', time: 'night', weather: 'rain' }],
    ['camera pulls back over the mountains', { setting: 'mountains', move: 'pull' }],
  ])('of "%s" are understood', (text, expected) => {
    expect(read(text)).toMatchObject(expected)
  })

  test('that only look like others are not taken for them', () => {
    expect(read('a funeral at the start of a rune')).toEqual({})
  })

  test('are compared without the accents of Latin letters only', () => {
    expect(plain('FORÊT Ёлка が')).toBe('foret ёлка が')
  })
})
