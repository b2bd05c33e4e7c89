/** Water: it mirrors what was drawn above the horizon so far, ripples it, and glitters where the light falls. */
import { dot } from '../pixels/sprites.ts'
import { blend, blendInto, scale, yuv } from './colour.ts'
import { paint } from './layers.ts'
import { clamp01, noise, smooth } from './random.ts'
import { band, type Stage, type Step, seen, show } from './stage.ts'

export interface Water {
  /** Height of the waterline, in stage pixels from the top. */
  line: number
  /** 0 is a mirror, 1 a swell. */
  swell: number
  /** How much of its own colour the water has against the mirrored, 0 to 1. */
  body: number
  glints: number
}

/** How far away a row is: 1 at the eye, growing towards the waterline. */
const distance = (depth: number) => 1 / (depth * 0.92 + 0.08)

export function water(stage: Stage, w: Water): Step[] {
  return [mirror(stage, w), tint(stage, w), ...(w.glints > 0 ? [glitter(stage, w)] : [])]
}

function mirror(stage: Stage, w: Water): Step {
  const { surface, unit } = stage
  return (frame, camera, t) => {
    const line = Math.round(seen(stage, camera, 0.12, 0, w.line).y / 2) * 2
    const height = frame.y.height
    if (line < 8 || line >= height - 2) return
    const depthOf = (y: number) => Math.max(0, (y - line) / (height - line))
    const squeeze = Math.min(1, (line - 4) / (height - line))
    const inset = 9 * unit
    const wave = (y: number) => {
      const depth = depthOf(y)
      const q = distance(depth)
      const size = (0.5 + 7 * depth) * unit * (0.35 + w.swell)
      return (
        size *
        (Math.sin(q * 21 + t * 2.3) * 0.6 +
          Math.sin(q * 37 - t * 1.7) * 0.3 +
          Math.sin(y / (3.1 * unit) + t * 4.1) * 0.22)
      )
    }
    // Upside down: the rows are told one by one, each a little lower in the sky than the mirrored one would be.
    const rise = (y: number) => {
      const depth = depthOf(y)
      const q = distance(depth)
      return (1.5 + 9 * depth) * unit * (0.2 + w.swell) * Math.sin(q * 29 + t * 2.9)
    }
    surface.mirror(frame, line, squeeze, Math.round(inset), wave, rise)
  }
}

/** The water's own colour, deeper towards the eye, and the dark and light backs of its waves. */
function tint(stage: Stage, w: Water): Step {
  const { surface, palette, unit, height } = stage
  const seed = Math.floor(stage.random.fork('waves').next() * 1e6)
  const deep = scale(blend(palette.near, palette.sky[0], 0.45), 0.8)
  const bright = blend(palette.sky[3], palette.light, 0.3)
  const warm = blend(palette.haze, palette.light, 0.6)
  const lightPath = w.glints > 0 && palette.disc !== 'none' ? 0.9 * Math.min(1, palette.glow) : 0
  const box = band(stage, w.line - 2, height * 2, 90 * unit)
  const layer = paint(surface, box, 2.5 * unit, false, (x, y, out) => {
    const depth = clamp01((y - w.line) / (height - w.line))
    const q = distance(depth)
    const lane = (x / unit - 640) * q * 0.012
    const wave = noise(lane, q * 19, seed) * 0.6 + noise(lane * 2.7, q * 47, seed + 1) * 0.4
    const light = smooth(0.62, 0.8, wave) * w.swell
    // Far away the waves are too fine to be seen one by one.
    const dark = smooth(0.5, 0.25, wave) * smooth(0.01, 0.2, depth)
    const body = w.body * (0.2 + 0.8 * depth ** 0.7)
    const edge = smooth(w.line - 1, w.line + 3 * unit, y)
    // The path of light towards the sun, broken by the waves.
    const aside = (x - stage.sun.x) / ((70 + 190 * depth) * unit)
    const path =
      lightPath * Math.exp(-aside * aside) * (1 - 0.75 * depth) * (0.55 + 0.45 * smooth(0.3, 0.6, wave))
    blendInto(out, deep, bright, light * 0.55)
    blendInto(out, out, warm, path)
    out[3] =
      edge *
      clamp01(body * (1 - 0.4 * path) + dark * 0.3 * (0.3 + w.swell) * (1 - path) + light * 0.16 + path * 0.3)
  })
  return show(stage, layer, 0.5, {
    drift: (t) => ({ x: 5 * unit * t, y: 0 }),
    ripple: (t) => (y) => Math.sin(y / (17 * unit) + t * 1.3) * 5 * unit * (0.3 + w.swell),
  })
}

function glitter(stage: Stage, w: Water): Step {
  const { surface, palette, unit, sun, height, width } = stage
  const random = stage.random.fork('glints')
  const ink = yuv(...blend(palette.light, [255, 255, 255], 0.35))
  const points = Array.from({ length: Math.round(240 * w.glints) }, () => {
    const depth = random.next() ** 1.6
    const spread = (12 + 150 * depth) * unit
    return {
      x: sun.x + spread * (random.next() + random.next() + random.next() - 1.5) * 1.3,
      y: w.line + 3 * unit + depth * (height - w.line) * 0.96,
      wide: (2.6 + 17 * depth * random.next()) * unit,
      tall: (1 + 1.9 * depth) * unit,
      phase: random.between(0, 6.28),
      speed: random.between(1.6, 4.4),
      depth,
    }
  }).filter((p) => p.x > -width * 0.05 && p.x < width * 1.05)
  return (frame, camera, t) => {
    for (const p of points) {
      const light = Math.max(0, Math.sin(p.phase + t * p.speed)) ** 3
      if (light < 0.04) continue
      const at = seen(stage, camera, 0.12 + 0.6 * p.depth, p.x, p.y)
      dot(
        surface,
        frame,
        at.x,
        at.y,
        p.wide,
        Math.max(0.8, p.tall),
        ink,
        light * 0.8 * Math.min(1, palette.glow + 0.2),
        1.5,
      )
    }
  }
}
