/** From a prompt to shots: what is shown, for how long, what is written over it, how the camera moves. */
import { type Random, randomOf } from '../art/random.ts'
import type { Look, Move, Pace, Setting, Time } from './lexicon.ts'
import { type Found, read } from './read.ts'

export interface ShotPlan {
  /**
   * What stands over the picture: a sentence or a part of one, or the several that share the shot when they are more than
   * there is time for; empty for a shot that only continues the one before.
   */
  line: string
  look: Look
  move: Move
  /** First frame and number of frames, the cross-fades with its neighbours included. */
  from: number
  frames: number
  /** Frames of the cross-fade at its beginning; 0 for the first shot. */
  fade: number
}

/** A shot shorter than this cannot be read, one longer than about twice this tires. */
const SHORTEST_S = 1.6
const USUAL_S = 2.6
/** Letters of a title that are read in a second, by somebody who also looks at the picture. */
const READ_PER_S = 30

/** The shots of a film of `frames` frames. The same prompt and seed give the same plan. */
export function planShots(prompt: string, seed: number, frames: number, fps: number): ShotPlan[] {
  const random = randomOf(prompt, seed).fork('plan')
  const seconds = frames / fps
  const most = Math.max(1, Math.floor(seconds / SHORTEST_S))
  const wanted = Math.min(most, Math.max(1, Math.round(seconds / USUAL_S)))
  const parts = partsOf(prompt, wanted, most, seconds)
  const whole = read(prompt)
  const common = defaults(random, whole)
  const bounds = boundsOf(
    parts.map((p) => p.line),
    frames,
  )
  let lastMove: Move | undefined
  let carried: Found = { ...whole, weather: undefined, subject: undefined, move: undefined }
  return parts
    .map((part, i) => {
      const own = { ...read(part.sentence), ...read(part.words) }
      // Weather stays until the story goes elsewhere; what a sentence is about does not outlive it.
      const moved = own.setting !== undefined || own.time !== undefined
      carried = {
        ...carried,
        ...(moved ? { weather: undefined } : {}),
        ...(own.setting === undefined ? {} : { shore: undefined }),
        ...own,
        subject: own.subject,
        move: own.move,
      }
      const look = lookOf(carried, common)
      const from = bounds[i] as number
      const to = bounds[i + 1] as number
      const fade = i === 0 ? 0 : fadeOf(look.pace, Math.min(to - from, from - (bounds[i - 1] as number)), fps)
      const move = (carried.move as Move | undefined) ?? nextMove(random, look, lastMove)
      lastMove = move
      // The fade lies around the cut, so the shot starts before it; its predecessor ends after it by the same frames.
      const lead = Math.floor(fade / 2)
      return { line: part.line, look, move, from: from - lead, frames: to - from + lead, fade }
    })
    .map((shot, i, all) => {
      const next = all[i + 1]
      return next ? { ...shot, frames: next.from + next.fade - shot.from } : shot
    })
}

function fadeOf(pace: Pace, room: number, fps: number): number {
  const seconds = pace === 'fast' ? 0.3 : pace === 'slow' ? 0.8 : 0.6
  return Math.min(Math.round(seconds * fps), Math.floor(room / 3)) & ~1
}

/** Where the shots begin, in frames: longer lines stay longer, within reason. */
function boundsOf(lines: string[], frames: number): number[] {
  const weights = lines.map((line) => 1 + Math.min(1, [...line].length / 120))
  const sum = weights.reduce((a, b) => a + b, 0)
  let passed = 0
  const starts = weights.map((w) => {
    const start = Math.round((passed / sum) * frames)
    passed += w
    return start
  })
  return [...starts, frames]
}

interface Part {
  line: string
  /** All words that choose the picture: the line's, and those of sentences that found no shot of their own. */
  words: string
  /** The whole sentence that the line is a part of. */
  sentence: string
}

function partsOf(prompt: string, wanted: number, most: number, seconds: number): Part[] {
  const lines = sentences(prompt).map((line) => ({ line, sentence: line }))
  while (lines.length > 0 && lines.length < wanted) {
    const longest = lines.reduce(
      (best, { line }, i) => (line.length > (lines[best]?.line.length ?? 0) ? i : best),
      0,
    )
    const { line = '', sentence = '' } = lines[longest] ?? {}
    const halves = clauses(line)
    if (!halves) break
    lines.splice(longest, 1, ...halves.map((half) => ({ line: half, sentence })))
  }
  const groups = Math.min(lines.length, most)
  const parts: Part[] = Array.from({ length: groups }, (_, g) => {
    const group = lines.slice(
      Math.round((g * lines.length) / groups),
      Math.round(((g + 1) * lines.length) / groups),
    )
    const texts = group.map((l) => l.line)
    const { sentence = '' } = group[0] ?? {}
    return { line: titleOf(texts, (seconds / groups) * READ_PER_S), sentence, words: texts.join(' ') }
  })
  while (parts.length < wanted) parts.push({ line: '', words: '', sentence: parts.at(-1)?.sentence ?? '' })
  return parts
}

/** The sentences of a shot as its title, as many as can be read; that there were more is said by an ellipsis. */
function titleOf(texts: readonly string[], letters: number): string {
  let [title = '', ...rest] = texts
  for (let next = rest[0]; next !== undefined; next = rest[0]) {
    const longer = `${closed(title)} ${next}`
    if (longer.length * weight(longer) > letters) return `${closed(title)} …`
    title = longer
    rest = rest.slice(1)
  }
  return title
}

/** With a full stop, when the end of the line was the end of the sentence. */
const closed = (sentence: string) => (/[\p{L}\p{N}]$/u.test(sentence) ? `${sentence}.` : sentence)

/** Sentences by Unicode's rules (UAX 29), also at line ends; list marks and control characters are taken off. */
export function sentences(text: string): string[] {
  const cut = new Intl.Segmenter('en', { granularity: 'sentence' })
  return text
    .slice(0, 20_000)
    .split(/[\r\n\u2028\u2029]+/u)
    .flatMap((line) => [...cut.segment(line)].map((part) => part.segment))
    .map((line) =>
      line
        // Marks such as a soft hyphen stand inside words.
        .replace(/\p{Cf}+/gu, '')
        .replace(/[\p{Cc}\p{Co}\p{Cn}\p{Cs}]+/gu, ' ')
        .replace(/^\s*(?:[-*•–—]+|\d+[.)])\s+/u, '')
        .replace(/\s+/gu, ' ')
        .trim(),
    )
    .filter((line) => /[\p{L}\p{N}\p{S}]/u.test(line))
}

const breaks = /[,;:，、；،؛]\s*|\s+[–—-]\s+|\s+(?:and then|then|while|und dann|puis|luego|poi)\s+/giu

/** The line in two at the break nearest to its middle, or nothing when it has none that leaves both sides a meaning. */
function clauses(line: string): [string, string] | undefined {
  const fits = [...line.matchAll(breaks)]
    .map((m) => [line.slice(0, m.index).trim(), line.slice(m.index + m[0].length).trim()] as const)
    .filter(([a, b]) => a.length * weight(a) >= 12 && b.length * weight(b) >= 12)
    .sort(([a, b], [c, d]) => Math.abs(a.length - b.length) - Math.abs(c.length - d.length))
  const best = fits[0]
  return best && [best[0], best[1].replace(/^\p{Ll}/u, (c) => c.toUpperCase())]
}

/** A character of a script without spaces says about as much as three letters. */
const weight = (text: string) =>
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(text) ? 3 : 1

const usualTimes: Partial<Record<Setting, readonly Time[]>> = {
  city: ['night', 'neon', 'dusk'],
  space: ['night'],
  fire: ['night'],
  lights: ['golden', 'dusk', 'night'],
  underwater: ['day'],
  silk: ['dusk', 'dawn', 'neon', 'golden'],
  desert: ['golden', 'dusk', 'dawn'],
  forest: ['dawn', 'day', 'golden'],
}

/** What the prompt leaves open is chosen by the seed, once for the whole film. */
function defaults(random: Random, whole: Found): Look {
  const fallback =
    whole.time === 'neon' ? 'city' : random.pick(['hills', 'sea', 'clouds', 'silk', 'mountains'] as const)
  const setting = (whole.setting as Setting | undefined) ?? fallback
  const time = random.pick(
    usualTimes[setting] ?? (['dawn', 'golden', 'dusk', 'night', 'dawn', 'day'] as const),
  )
  return { setting, time, weather: 'clear', mood: 'calm', pace: 'even', monochrome: false }
}

function lookOf(found: Found, otherwise: Look): Look {
  const said = Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined))
  const look = { ...otherwise, ...said, monochrome: found.monochrome !== undefined } as Look
  // "Golden hour" names the light, not a colour to lay over it.
  if (look.tint === 'gold' && look.time === 'golden') look.tint = undefined
  if (found.pace === undefined && found.mood === 'calm') look.pace = 'slow'
  if (look.setting === 'underwater' || look.setting === 'space') look.weather = 'clear'
  return look
}

function nextMove(random: Random, look: Look, last: Move | undefined): Move {
  const moves: Move[] =
    look.setting === 'city' ? ['push', 'left', 'right', 'rise'] : ['push', 'right', 'left', 'pull', 'rise']
  return random.pick(moves.filter((m) => m !== last))
}
