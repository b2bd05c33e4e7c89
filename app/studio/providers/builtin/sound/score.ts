/** What is to be heard: key, chords, pace and background, chosen from the looks of the shots. Data and choices only. */
import { type Random, randomOf } from '../art/random.ts'
import type { Look, Mood, Setting, Weather } from '../prompt/lexicon.ts'

export interface Score {
  /** Chords as frequencies in Hz, and when each begins, in seconds. */
  chords: readonly { from: number; to: number; notes: readonly number[] }[]
  /** 0 is dark, 1 is bright. */
  brightness: number
  /** Beats a minute, when there is a pulse at all. */
  pulse?: number
  /** Single notes above the pads. */
  bells: readonly { at: number; note: number; strength: number }[]
  noises: readonly Noise[]
}

export interface Noise {
  kind: 'sea' | 'wind' | 'rain' | 'hum' | 'crackle'
  from: number
  to: number
  strength: number
}

interface Key {
  /** MIDI note of the root. */
  root: number
  /** Chords as semitones above the root, in an order that may be walked and repeated. */
  chords: readonly (readonly number[])[]
  scale: readonly number[]
  brightness: number
}

const keys: Record<Mood, Key> = {
  calm: {
    root: 50,
    chords: [
      [0, 7, 14, 16],
      [-3, 4, 12, 19],
      [5, 12, 16, 21],
    ],
    scale: [0, 2, 4, 7, 9],
    brightness: 0.35,
  },
  joyful: {
    root: 55,
    chords: [
      [0, 7, 12, 16],
      [5, 12, 16, 21],
      [7, 11, 14, 19],
    ],
    scale: [0, 2, 4, 7, 9],
    brightness: 0.62,
  },
  sad: {
    root: 45,
    chords: [
      [0, 7, 15, 19],
      [-4, 3, 12, 19],
      [3, 10, 14, 19],
    ],
    scale: [0, 3, 5, 7, 10],
    brightness: 0.22,
  },
  tense: {
    root: 41,
    chords: [
      [0, 7, 13, 15],
      [0, 6, 12, 15],
      [1, 8, 12, 17],
    ],
    scale: [0, 1, 5, 7, 8],
    brightness: 0.28,
  },
  wonder: {
    root: 52,
    chords: [
      [0, 7, 14, 18],
      [2, 9, 14, 21],
      [-3, 7, 12, 16],
    ],
    scale: [0, 2, 4, 6, 7, 11],
    brightness: 0.5,
  },
}

const places: Partial<Record<Setting, [Noise['kind'], number]>> = {
  sea: ['sea', 0.8],
  lake: ['sea', 0.3],
  underwater: ['hum', 0.75],
  space: ['hum', 0.6],
  city: ['hum', 0.45],
  fire: ['crackle', 0.7],
  mountains: ['wind', 0.5],
  desert: ['wind', 0.55],
  clouds: ['wind', 0.55],
  hills: ['wind', 0.3],
  forest: ['wind', 0.35],
  field: ['wind', 0.28],
}

const weathers: Partial<Record<Weather, [Noise['kind'], number]>> = {
  rain: ['rain', 0.6],
  storm: ['rain', 0.85],
  snow: ['wind', 0.4],
  fog: ['wind', 0.25],
}

const hertz = (midi: number) => 440 * 2 ** ((midi - 69) / 12)

/** `shots` with their times in seconds. */
export function scoreFor(
  prompt: string,
  seed: number,
  seconds: number,
  shots: readonly { look: Look; from: number; to: number }[],
): Score {
  const random = randomOf(prompt, seed).fork('score')
  const look = shots[0]?.look
  const key = keys[look?.mood ?? 'calm']
  const dark = look?.time === 'night' || look?.time === 'neon'
  const root = key.root + Math.floor(random.between(-2, 3)) - (dark ? 2 : 0)
  const many = Math.max(1, Math.round(seconds / 2.8))
  const chords = Array.from({ length: many }, (_, i) => ({
    from: (i * seconds) / many,
    to: ((i + 1) * seconds) / many,
    notes: (key.chords[i % key.chords.length] as readonly number[]).map((n) => hertz(root + n)),
  }))
  const fast = shots.some((s) => s.look.pace === 'fast')
  return {
    chords,
    brightness: key.brightness * (dark ? 0.8 : 1) + (fast ? 0.15 : 0),
    ...(fast ? { pulse: 104 } : {}),
    bells: bellsOf(random, key, root, seconds, fast ? 104 : look?.mood === 'joyful' ? 84 : 46, look?.mood),
    noises: shots.flatMap(({ look: l, from, to }) =>
      [places[l.setting], weathers[l.weather]]
        .filter((n) => n !== undefined)
        .map(([kind, strength]) => ({ kind, strength: strength * (l.mood === 'calm' ? 0.85 : 1), from, to })),
    ),
  }
}

function bellsOf(
  random: Random,
  key: Key,
  root: number,
  seconds: number,
  tempo: number,
  mood: Mood | undefined,
) {
  const beat = 60 / tempo / (mood === 'joyful' || tempo > 90 ? 2 : 1)
  const bells: { at: number; note: number; strength: number }[] = []
  let step = Math.floor(random.between(2, key.scale.length + 2))
  for (let at = beat * 0.5; at < seconds - 0.9; at += beat) {
    step = Math.max(0, Math.min(2 * key.scale.length - 1, step + Math.floor(random.between(-2, 3))))
    if (random.next() < (mood === 'tense' || mood === 'sad' ? 0.6 : 0.34)) continue
    const octave = 12 * (1 + Math.floor(step / key.scale.length))
    const note = root + 12 + octave + (key.scale[step % key.scale.length] as number)
    bells.push({ at, note: hertz(Math.min(note, 88)), strength: random.between(0.4, 1) })
  }
  return bells
}
