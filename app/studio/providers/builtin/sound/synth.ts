/** Plays a score into PCM: pads, bells and a soft pulse with a little room around them, and noise for wind and water. */
import { randomOf, smooth } from '../art/random.ts'
import type { Noise, Score } from './score.ts'

export const SAMPLE_RATE = 48_000

/** Music, wind and water have next to nothing above 8 kHz, so they are made at half the rate. */
const MUSIC_RATE = 24_000

type Channels = [Float32Array, Float32Array]

/** Interleaved signed 16-bit stereo, little-endian; the loudest sample is well below full scale. Deterministic. */
export function play(score: Score, seconds: number, seed: number): Buffer {
  const music = silence(seconds, MUSIC_RATE)
  for (const chord of score.chords) pad(music, chord, score.brightness, seconds)
  for (const bell of score.bells)
    ring(music, bell.at, bell.note, bell.strength * (0.035 + 0.05 * score.brightness))
  if (score.pulse) beat(music, score.pulse, seconds)
  room(music)
  rustling(music, MUSIC_RATE, score.noises, seed)
  const all = silence(seconds, SAMPLE_RATE)
  for (const [side, channel] of all.entries()) doubled(music[side] as Float32Array, channel)
  rustling(all, SAMPLE_RATE, score.noises, seed)
  return finished(all, seconds)
}

function silence(seconds: number, rate: number): Channels {
  const length = Math.round(seconds * rate)
  return [new Float32Array(length), new Float32Array(length)]
}

/** Twice the rate, each new sample half-way between its neighbours. */
function doubled(from: Float32Array, to: Float32Array): void {
  let before = from[0] ?? 0
  for (let i = 0; i < from.length; i++) {
    const now = from[i] as number
    if (i > 0) to[2 * i - 1] = (before + now) / 2
    to[2 * i] = now
    before = now
  }
  to[2 * from.length - 1] = before
}

const sine = Float32Array.from({ length: 4097 }, (_, i) => Math.sin((i / 4096) * 2 * Math.PI))

/** Slow voices: each note twice, slightly apart and to both sides, its overtones opening and closing. */
function pad(out: Channels, chord: Score['chords'][number], brightness: number, seconds: number): void {
  const [attack, release] = [chord.from === 0 ? 0.5 : 0.9, 0.9]
  const from = Math.max(0, Math.floor((chord.from - attack * 0.5) * MUSIC_RATE))
  const end = Math.min(seconds, chord.to + release)
  const to = Math.min(out[0].length, Math.floor(end * MUSIC_RATE))
  const gain = 0.1 / Math.sqrt(chord.notes.length)
  for (const [n, note] of chord.notes.entries()) {
    for (const side of [-1, 1]) {
      const step = ((note * (1 + side * 0.0016)) / MUSIC_RATE) * 4096
      const pan = 0.5 + side * (0.16 + 0.07 * n)
      const swing = 0.11 + 0.05 * n
      // Higher notes a little softer, as ears would have it.
      const voice = gain * (220 / Math.max(220, note)) ** 0.35
      const [left, right] = out
      let phase = (n * 911 + (side + 1) * 300) % 4096
      let level = 0
      let second = 0
      let third = 0
      for (let i = from; i < to; i++) {
        if ((i - from) % 32 === 0) {
          const t = i / MUSIC_RATE
          const open = 0.5 + 0.5 * Math.sin(2 * Math.PI * swing * t + n * 1.7)
          level = voice * smooth(0, attack, (i - from) / MUSIC_RATE) * smooth(end, end - release, t)
          second = (0.18 + 0.3 * brightness) * open
          third = 0.26 * brightness * open * open
        }
        const index = phase | 0
        const sample =
          (sine[index] as number) +
          second * (sine[(index * 2) & 4095] as number) +
          third * (sine[(index * 3) & 4095] as number)
        left[i] = (left[i] as number) + sample * level * (1 - pan)
        right[i] = (right[i] as number) + sample * level * pan
        phase += step
        if (phase >= 4096) phase -= 4096
      }
    }
  }
}

/** A bell: three partials that die away, the higher the sooner. */
function ring(out: Channels, at: number, note: number, strength: number): void {
  const from = Math.floor(at * MUSIC_RATE)
  const to = Math.min(out[0].length, from + Math.floor(1.8 * MUSIC_RATE))
  const pan = 0.5 + 0.3 * Math.sin(at * 5.3)
  const partials = [
    [1, 1, 1.5],
    [2.004, 0.34, 3.1],
    [3.93, 0.13, 6.4],
  ] as const
  for (const [ratio, share, decay] of partials) {
    const step = (2 * Math.PI * note * ratio) / MUSIC_RATE
    const fall = Math.exp(-decay / MUSIC_RATE)
    let level = strength * share
    // A rotating pointer instead of a sine per sample.
    const [c, s] = [Math.cos(step), Math.sin(step)]
    const [left, right] = out
    let x = 1
    let y = 0
    for (let i = from; i < to; i++) {
      const open = i - from < 120 ? (i - from) / 120 : 1
      const sample = y * level * open
      left[i] = (left[i] as number) + sample * (1 - pan)
      right[i] = (right[i] as number) + sample * pan
      const nx = x * c - y * s
      y = x * s + y * c
      x = nx
      level *= fall
    }
  }
}

/** A soft heartbeat: a low sine that falls, on each beat, and a breath of air between. */
function beat(out: Channels, tempo: number, seconds: number): void {
  const every = 60 / tempo
  for (let at = 0; at < seconds - 0.3; at += every) {
    const from = Math.floor(at * MUSIC_RATE)
    const to = Math.min(out[0].length, from + Math.floor(0.28 * MUSIC_RATE))
    let phase = 0
    for (let i = from; i < to; i++) {
      const t = (i - from) / MUSIC_RATE
      phase += (2 * Math.PI * (44 + 56 * Math.exp(-t * 26))) / MUSIC_RATE
      const sample = 0.2 * Math.sin(phase) * Math.exp(-t * 11) * Math.min(1, t * 400)
      ;(out[0] as Float32Array)[i] = (out[0][i] as number) + sample
      ;(out[1] as Float32Array)[i] = (out[1][i] as number) + sample
    }
  }
}

/** Four feedback delays and one all-pass a side, after M. R. Schroeder (1962). */
function room(out: Channels): void {
  const delays = [843, 801, 1027, 1127]
  for (const [side, channel] of out.entries()) {
    const wet = new Float32Array(channel.length)
    for (const [k, delay] of delays.entries()) {
      const line = new Float32Array(delay + side * 11 + k)
      let at = 0
      let dull = 0
      for (let i = 0; i < channel.length; i++) {
        const back = line[at] as number
        // Walls take the highs first.
        dull = back * 0.55 + dull * 0.45
        line[at] = (channel[i] as number) + dull * 0.8
        wet[i] = (wet[i] as number) + back * 0.25
        at = at + 1 === line.length ? 0 : at + 1
      }
    }
    const pass = new Float32Array(173 + side * 6)
    let at = 0
    for (let i = 0; i < channel.length; i++) {
      const back = pass[at] as number
      const input = (wet[i] as number) + back * -0.6
      pass[at] = input
      at = at + 1 === pass.length ? 0 : at + 1
      channel[i] = (channel[i] as number) * 0.78 + (back + input * 0.6) * 0.55
    }
  }
}

interface Voice {
  /** Samples a second it needs: rain and sparks are bright. */
  rate: number
  /** Corner of the low pass and of the high pass, in Hz. */
  low: number
  high: number
  gain: number
  /** Loudness over time, 0 to 1. */
  swell: (t: number) => number
}

const voices: Record<Noise['kind'], Voice> = {
  sea: {
    rate: MUSIC_RATE,
    low: 900,
    high: 60,
    gain: 0.34,
    swell: (t) => 0.3 + 0.7 * (0.5 + 0.5 * Math.sin(t * 1.25 - 1.2)) ** 1.7,
  },
  wind: {
    rate: MUSIC_RATE,
    low: 480,
    high: 90,
    gain: 0.36,
    swell: (t) => 0.45 + 0.3 * Math.sin(t * 0.9) + 0.2 * Math.sin(t * 2.3 + 1),
  },
  rain: {
    rate: SAMPLE_RATE,
    low: 7000,
    high: 1100,
    gain: 0.055,
    swell: (t) => 0.85 + 0.1 * Math.sin(t * 1.7),
  },
  hum: { rate: MUSIC_RATE, low: 130, high: 32, gain: 0.62, swell: (t) => 0.8 + 0.2 * Math.sin(t * 0.7) },
  crackle: {
    rate: SAMPLE_RATE,
    low: 420,
    high: 60,
    gain: 0.3,
    swell: (t) => 0.7 + 0.2 * Math.sin(t * 3.1) + 0.1 * Math.sin(t * 7.7),
  },
}

/** The noises whose voices are of this rate. */
function rustling(out: Channels, rate: number, noises: Score['noises'], seed: number): void {
  for (const [i, noise] of noises.entries()) {
    if (voices[noise.kind].rate === rate) rustle(out, rate, noise, seed + i)
  }
}

function rustle(out: Channels, rate: number, noise: Noise, seed: number): void {
  const voice = voices[noise.kind]
  const fade = 0.4
  const from = Math.max(0, Math.floor((noise.from - fade) * rate))
  const to = Math.min(out[0].length, Math.floor((noise.to + fade) * rate))
  const lowPass = 1 - Math.exp((-2 * Math.PI * voice.low) / rate)
  const highPass = 1 - Math.exp((-2 * Math.PI * voice.high) / rate)
  // White noise of the same samples has more of its power below the corner when there are fewer of them.
  const even = Math.sqrt(rate / SAMPLE_RATE)
  for (const [side, channel] of out.entries()) {
    const random = randomOf(`${noise.kind} ${side}`, seed)
    let one = 0
    let two = 0
    let base = 0
    let gain = 0
    let spark = 0
    for (let i = from; i < to; i++) {
      if ((i - from) % 64 === 0) {
        const t = i / rate
        const open =
          smooth(noise.from - fade, noise.from + fade, t) * smooth(noise.to + fade, noise.to - fade, t)
        gain =
          even *
          voice.gain *
          noise.strength *
          voice.swell(t) *
          (from === 0 && noise.from <= 0 ? Math.max(open, smooth(noise.to + fade, noise.to - fade, t)) : open)
        if (noise.kind === 'crackle' && random.next() < 0.011) spark = random.between(0.15, 0.6)
      }
      const white = random.next() * 2 - 1
      one += (white - one) * lowPass
      two += (one - two) * lowPass
      base += (two - base) * highPass
      spark *= 0.993
      channel[i] = (channel[i] as number) + (two - base + spark * white) * gain
    }
  }
}

/** Even loudness, a fade at both ends, and no sample near the limit. */
function finished([left, right]: Channels, seconds: number): Buffer {
  let peak = 1e-6
  let sum = 0
  for (let i = 0; i < left.length; i++) {
    const l = left[i] as number
    const r = right[i] as number
    peak = Math.max(peak, Math.abs(l), Math.abs(r))
    sum += l * l + r * r
  }
  const loud = Math.sqrt(sum / (2 * left.length)) || 1e-6
  const gain = Math.min(0.11 / loud, 0.7 / peak)
  const out = new Int16Array(left.length * 2)
  const tail = Math.min(1.1, seconds * 0.3)
  const full = gain * 32_767
  const [opened, closing] = [0.25 * SAMPLE_RATE, (seconds - tail) * SAMPLE_RATE]
  for (let i = 0; i < left.length; i++) {
    let edge = full
    if (i < opened) edge *= i / opened
    if (i > closing) edge *= smooth(seconds, seconds - tail, i / SAMPLE_RATE)
    out[i * 2] = Math.round((left[i] as number) * edge)
    out[i * 2 + 1] = Math.round((right[i] as number) * edge)
  }
  return Buffer.from(out.buffer)
}
