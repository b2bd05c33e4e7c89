// Failures these tests pin:
// - "a snowy valley with a frozen river" becomes the open sea, because one word of the sea stands first in a table;
// - words that begin like others and mean something else: a dragonfly is no dragon, a crowd no crow;
// - a word that only hints at a place, such as a horse or a boat, outweighs the place that is named.
import { describe, expect, test } from 'vitest'
import { hints, lexicon } from './lexicon.ts'
import { type Found, plain, read } from './read.ts'

const prompts: [prompt: string, expected: Found][] = [
  // Water inland, with what is named beside it.
  ['A snowy mountain valley with pine trees and a frozen river', { setting: 'lake', shore: 'mountains' }],
  ['A cabin in the woods beside a lake', { setting: 'lake', shore: 'forest', subject: 'house' }],
  ['Mountains reflected in water', { setting: 'lake', shore: 'mountains' }],
  ['A bear catches salmon in a river in the forest', { setting: 'lake', shore: 'forest' }],
  ['A river winds through green hills', { setting: 'lake', shore: 'hills', tint: 'green' }],
  ['A still pond at dawn', { setting: 'lake', time: 'dawn', mood: 'calm' }],
  ['A boat on the lake', { setting: 'lake', subject: 'boat' }],
  ['A river through the city at night', { setting: 'city', time: 'night' }],
  ['A dragonfly over a garden pond', { setting: 'field' }],
  ['The river meets the ocean', { setting: 'sea' }],
  ['Ein See in den Bergen, ein Fluss im Wald', { setting: 'lake', shore: 'mountains' }],
  ['湖と山', { setting: 'lake', shore: 'mountains' }],
  // The most hits, then the first mention.
  ['A fire truck races through city streets', { setting: 'city', pace: 'fast' }],
  ['House fire at night, flames rising, firefighters', { setting: 'fire', time: 'night' }],
  ['A car drives along a mountain road by the coast', { setting: 'mountains' }],
  ['Waves roll onto a desert beach', { setting: 'sea' }],
  ['A campfire in the forest', { setting: 'fire' }],
  ['A forest clearing with a campfire', { setting: 'forest' }],
  ['Rain turns to snow, and the snow stays', { weather: 'snow' }],
  // What is named stands before what is hinted at.
  ['A woman walks through a field of wheat', { setting: 'field' }],
  ['Horses gallop across a green meadow at noon', { setting: 'field', time: 'day', pace: 'fast' }],
  ['Hot air balloons over the desert', { setting: 'desert' }],
  ['An eagle flies over the mountains', { setting: 'mountains', subject: 'birds' }],
  ['The Milky Way above the dunes', { setting: 'desert', time: 'night' }],
  ['A dolphin jumps in the ocean', { setting: 'sea' }],
  ['A blue dress at night', { time: 'night', tint: 'blue' }],
  ['Fireworks over the skyline', { setting: 'city', time: 'night' }],
  ['The sun sets behind the hills', { setting: 'hills', time: 'dusk' }],
  ['A train crosses a stone bridge in the foggy morning', { setting: 'hills', time: 'dawn', weather: 'fog' }],
  // Words that only look like others.
  ['A starfish and sunglasses', {}],
  ['Fireflies and a firefly', {}],
  ['Moonshine, seafood and a surface of steel', {}],
  ['A pineapple and a watermelon', {}],
  ['A crystal crown in a crowd', { setting: 'city' }],
  ['A rainbow over a deserted coaster', { setting: 'field', time: 'day' }],
  ['Ice cream with frosting', { setting: 'lights' }],
  ['Champagne for the champion, cosmetics, camellias', {}],
  ['A golden retriever', {}],
  ['Saddles, software and breakfast', {}],
  ['上海の夜', { setting: 'city', time: 'night' }],
  ['花火', { setting: 'lights' }],
  ['나비와 비행기', {}],
  // Several words, and words with hyphens.
  ['Zoom out over a sous-marin', { setting: 'underwater', move: 'pull' }],
  ['A snow-capped peak', { setting: 'mountains', weather: 'snow' }],
  ['Golden hour in the old town', { setting: 'city', time: 'golden' }],
  ['abstract waves', { setting: 'silk' }],
]

test.each(prompts)('"%s"', (prompt, expected) => {
  const { setting, shore } = expected
  expect(read(prompt)).toMatchObject(expected)
  // Nothing is found where nothing is expected.
  expect(read(prompt).setting).toBe(setting)
  expect(read(prompt).shore).toBe(shore)
})

describe('the table', () => {
  test.each(Object.entries(lexicon))('of %s says each word once', (group, entries) => {
    const lists = [entries, group === 'setting' || group === 'time' ? hints[group] : {}]
    const words = lists
      .flatMap((list) => Object.values<string>(list))
      .flatMap((list) => list.split(/\s+/).map(plain))
    expect(words.filter((word, i) => words.indexOf(word) !== i)).toEqual([])
  })
})
