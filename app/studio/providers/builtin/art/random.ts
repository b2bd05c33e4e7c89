/** Chance that can be repeated: the same seed gives the same film. */

export interface Random {
  /** From 0 up to 1. */
  next(): number
  between(low: number, high: number): number
  pick<T>(items: readonly T[]): T
  /** A stream of its own, so that a change in one part of a picture does not move all the others. */
  fork(label: string): Random
}

/** sfc32 (Chris Doty-Humphrey's Small Fast Counter), seeded with a string and a number. */
export function randomOf(text: string, seed = 0): Random {
  let a = hash(text, seed)
  let b = hash(text, a ^ 0x9e3779b9)
  let c = hash(text, b ^ 0x85ebca6b)
  let counter = 1
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return (sum >>> 0) / 4_294_967_296
  }
  for (let i = 0; i < 12; i++) next()
  return {
    next,
    between: (low, high) => low + (high - low) * next(),
    pick: (items) => items[Math.floor(next() * items.length)] as (typeof items)[number],
    fork: (label) => randomOf(`${text}/${label}`, seed),
  }
}

/** FNV-1a over UTF-16 units, with a seed. */
export function hash(text: string, seed: number): number {
  let h = (0x811c9dc5 ^ seed) | 0
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  return mixed(h)
}

function mixed(n: number): number {
  let h = n | 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

/** A number from 0 to 1 for a point of the grid. */
export function speckle(x: number, y: number, seed: number): number {
  return (mixed(Math.imul(x, 0x27d4eb2d) ^ Math.imul(y, 0x165667b1) ^ seed) >>> 0) / 4_294_967_296
}

/** Value noise with smooth steps, from 0 to 1: between the speckles of four points, whose products are shared. */
export function noise(x: number, y: number, seed: number): number {
  const ix = Math.floor(x)
  const iy = Math.floor(y)
  const fx = x - ix
  const fy = y - iy
  const sx = fx * fx * (3 - 2 * fx)
  const sy = fy * fy * (3 - 2 * fy)
  const left = Math.imul(ix, 0x27d4eb2d)
  const right = (left + 0x27d4eb2d) | 0
  const upper = Math.imul(iy, 0x165667b1) ^ seed
  const lower = Math.imul(iy + 1, 0x165667b1) ^ seed
  const a = mixed(left ^ upper) >>> 0
  const b = mixed(right ^ upper) >>> 0
  const c = mixed(left ^ lower) >>> 0
  const d = mixed(right ^ lower) >>> 0
  return (a + (b - a) * sx + (c - a + (a - b - c + d) * sx) * sy) / 4_294_967_296
}

/** Several octaves of noise, from 0 to 1. */
export function clouds(x: number, y: number, seed: number, octaves: number): number {
  let sum = 0
  let size = 0.5
  let px = x
  let py = y
  for (let i = 0; i < octaves; i++) {
    sum += size * noise(px, py, seed + i * 1013)
    // A turn between the octaves hides the grid.
    const turned = px * 1.63 - py * 1.18 + 3.1
    py = px * 1.18 + py * 1.63 + 7.7
    px = turned
    size *= 0.5
  }
  return sum / (1 - 0.5 ** octaves)
}

export const clamp01 = (n: number) => (n < 0 ? 0 : n > 1 ? 1 : n)

export function smooth(from: number, to: number, n: number): number {
  const t = clamp01((n - from) / (to - from))
  return t * t * (3 - 2 * t)
}
