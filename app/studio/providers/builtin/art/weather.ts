/** What falls and floats: rain, snow, dust, sparks. Positions are functions of time, so any frame can be drawn alone. */
import { dot, type Ink, streak } from '../pixels/sprites.ts'
import { type Rgb, yuv } from './colour.ts'
import type { Stage, Step } from './stage.ts'

const wrap = (n: number, length: number) => ((n % length) + length) % length

export function rain(stage: Stage, strength: number): Step {
  const random = stage.random.fork('rain')
  const { width, height, unit, surface } = stage
  const slant = 0.14 * (random.next() < 0.5 ? -1 : 1) * (0.6 + strength)
  const drops = Array.from({ length: Math.round(330 * strength * Math.max(1, width / height)) }, () => {
    const near = random.next() ** 1.7
    return {
      x: random.next(),
      y: random.next(),
      speed: (900 + 1300 * near) * unit,
      length: (26 + 62 * near) * unit,
      width: (0.7 + 0.9 * near) * unit,
      opacity: 0.1 + 0.24 * near,
    }
  })
  const size = Math.hypot(slant, 1)
  const [spanX, spanY] = [width * 1.3, height + 120 * unit]
  return (frame, camera, t) => {
    for (const d of drops) {
      const fall = d.y * spanY + t * d.speed
      const round = Math.floor(fall / spanY)
      // Each time around a drop falls in another place.
      const y = wrap(fall, spanY) - 100 * unit
      const x = wrap(d.x * spanX + round * 0.37 * spanX - camera.x * 0.6 + y * slant, spanX) - width * 0.15
      streak(surface, frame, x, y, slant / size, 1 / size, d.length, Math.max(1, d.width), 222, d.opacity)
    }
  }
}

export interface Motes {
  count: number
  /** Radius in points, from and to; the large ones are near and soft. */
  size: readonly [number, number]
  colour: Rgb
  opacity: number
  /** Points a second; down is positive. */
  fall: number
  side: number
  /** How far they swing, in points. */
  sway: number
  /** How strongly they blink, 0 to 1. */
  blink: number
  /** Only between these heights, as shares of the frame. */
  from?: number
  to?: number
}

/** Snow, dust, pollen, sparks, fireflies, bubbles. */
export function motes(stage: Stage, label: string, m: Motes): Step {
  const random = stage.random.fork(label)
  const { width, height, unit, surface } = stage
  const ink: Ink = yuv(...m.colour)
  const from = (m.from ?? -0.05) * height
  const span = ((m.to ?? 1.05) - (m.from ?? -0.05)) * height
  const wide = width * 1.16
  const grains = Array.from({ length: m.count }, () => {
    const near = random.next() ** 2.4
    return {
      x: random.next() * wide,
      y: random.next() * span,
      near,
      radius: (m.size[0] + (m.size[1] - m.size[0]) * near) * unit,
      speed: 0.45 + 0.9 * near + 0.25 * random.next(),
      phase: random.between(0, 6.28),
      beat: random.between(0.5, 1.5),
    }
  })
  return (frame, camera, t) => {
    for (const g of grains) {
      const y = from + wrap(g.y + t * m.fall * unit * g.speed, span)
      const swing = Math.sin(g.phase + t * g.beat) * m.sway * unit
      const x =
        wrap(g.x + t * m.side * unit * g.speed + swing - camera.x * (0.3 + g.near), wide) - width * 0.08
      const blink = 1 - m.blink * (0.5 + 0.5 * Math.sin(g.phase * 3 + t * g.beat * 3.1))
      // They appear and go at the ends of their span instead of popping.
      const ends = Math.min(1, Math.min(y - from, from + span - y) / (span * 0.12))
      const soft = m.opacity * (1 - 0.55 * g.near) * blink * ends
      dot(surface, frame, x, y, g.radius, g.radius, ink, soft, 1.4 - 0.4 * g.near)
    }
  }
}

export const snowfall = (stage: Stage, colour: Rgb, pace: number): Step =>
  motes(stage, 'snowfall', {
    count: Math.round(190 * Math.max(1, stage.width / stage.height)),
    size: [1.3, 8],
    colour,
    opacity: 0.85,
    fall: 64 * pace,
    side: 14 * pace,
    sway: 14,
    blink: 0,
  })

export const dust = (stage: Stage, colour: Rgb): Step =>
  motes(stage, 'dust', {
    count: 46,
    size: [1, 5],
    colour,
    opacity: 0.4,
    fall: -7,
    side: 9,
    sway: 16,
    blink: 0.7,
  })

/** A flock far away, beating their wings. */
export function birds(stage: Stage, y: number): Step {
  const random = stage.random.fork('birds')
  const { width, unit, surface, palette } = stage
  const ink = yuv(...palette.near)
  const way = random.next() < 0.5 ? 1 : -1
  const flock = Array.from({ length: 7 + Math.floor(random.next() * 5) }, () => ({
    x: random.between(-0.1, 0.1) * width,
    y: random.between(-32, 32) * unit,
    size: random.between(5, 9) * unit,
    phase: random.between(0, 6.28),
  }))
  const start = way > 0 ? random.between(0.2, 0.4) : random.between(0.6, 0.8)
  return (frame, camera, t) => {
    for (const b of flock) {
      const x = start * width + b.x + way * t * 34 * unit - camera.x * 0.2
      const base = y + b.y + Math.sin(t * 0.8 + b.phase) * 4 * unit
      const beat = Math.sin(t * 7.5 + b.phase)
      for (let k = -5; k <= 5; k++) {
        const out = Math.abs(k) / 5
        const lift = out * (0.34 + 0.5 * beat) - out * out * 0.42
        dot(
          surface,
          frame,
          x + (k / 5) * b.size,
          base - lift * b.size,
          1.5 * unit,
          (1.5 - out * 0.7) * unit,
          ink,
          0.85,
          2,
        )
      }
    }
  }
}
