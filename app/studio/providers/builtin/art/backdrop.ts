/** What is far away: sky, stars, sun and moon, clouds, mist; and the soft darkening of the frame's edges. */
import { dot } from '../pixels/sprites.ts'
import { blend, blendInto, type Rgb, scale, yuv } from './colour.ts'
import { type Layer, paint, put } from './layers.ts'
import { clamp01, clouds, noise, smooth } from './random.ts'
import { band, type Stage, type Step, seen, show } from './stage.ts'

/** A gradient through four colours, put into `out`; `t` from 0 (first) to 1 (last). */
function gradient(out: Float32Array, stops: readonly [Rgb, Rgb, Rgb, Rgb], t: number): void {
  const at = clamp01(t) * 3
  const i = Math.min(2, Math.floor(at))
  const from = stops[i] as Rgb
  const to = stops[i + 1] as Rgb
  // Eased a little at the stops, so that none of them shows as a line.
  const f = at - i
  blendInto(out, from, to, f * 0.6 + 0.4 * f * f * (3 - 2 * f))
}

export function sky(stage: Stage): Step {
  const { surface, palette, horizon, unit, sun, height } = stage
  const seed = Math.floor(stage.random.fork('sky').next() * 1e6)
  const glow = palette.light
  const wide = 420 * unit
  const box = band(stage, -1e5, height * 2)
  const shine = new Float32Array(3)
  const layer = paint(surface, box, 6 * unit, true, (x, y, out) => {
    const at = y / Math.max(horizon, height * 0.35)
    const drifted = at + (clouds(x / (500 * unit), y / (260 * unit), seed, 2) - 0.5) * 0.09
    gradient(out, palette.sky, clamp01(drifted) ** 1.15)
    const dx = (x - sun.x) / wide
    const dy = (y - sun.y) / wide
    const near = Math.exp(-3.2 * Math.sqrt(dx * dx + dy * dy + 0.002))
    const along = Math.exp(-(((y - horizon) / (130 * unit)) ** 2)) * Math.exp(-(dx * dx) * 0.9)
    blendInto(shine, palette.haze, glow, near)
    blendInto(out, out, shine, clamp01(palette.glow * (near * 0.95 + along * 0.35)))
  })
  return show(stage, layer, 0.04)
}

export function stars(stage: Stage, amount: number): Step {
  const random = stage.random.fork('stars')
  const { width, horizon, unit, surface } = stage
  const field = Array.from({ length: Math.round(300 * amount) }, () => ({
    x: random.between(-0.06, 1.06) * width,
    // More of them high up: near the horizon the air is thick.
    y: horizon * (1 - random.next() ** 0.7) * 1.02 - 0.02 * stage.height,
    size: (0.75 + 1.3 * random.next() ** 6) * Math.max(0.9, unit),
    light: random.between(0.25, 0.95),
    phase: random.between(0, 6.28),
    ink: yuv(...blend([255, 244, 226], [196, 214, 255], random.next())),
  }))
  return (frame, camera, t) => {
    for (const star of field) {
      const p = seen(stage, camera, 0.05, star.x, star.y)
      const twinkle = 0.8 + 0.2 * Math.sin(star.phase + t * 2.4)
      const low = smooth(1, 0.55, star.y / horizon)
      dot(surface, frame, p.x, p.y, star.size, star.size, star.ink, star.light * twinkle * low * amount, 1.6)
    }
  }
}

/** Sun or moon as a disc; its glow is part of the sky. */
export function disc(stage: Stage): Step[] {
  const { palette, unit, sun, surface, random } = stage
  if (palette.disc === 'none') return []
  const moon = palette.disc === 'moon'
  // A high sun is small and blinding; a low one large and mild.
  const high = palette.height > 0.4
  const radius = (moon ? 30 : high ? 21 : 40) * unit
  const halo = radius * (moon ? 3.4 : high ? 9 : 4)
  const seed = Math.floor(random.fork('disc').next() * 1e6)
  const box = { x: sun.x - halo, y: sun.y - halo, width: 2 * halo, height: 2 * halo }
  const soft = paint(surface, box, 4 * unit, false, (x, y, out) => {
    const d = Math.hypot(x - sun.x, y - sun.y) / halo
    put(out, palette.light)
    out[3] = (high && !moon ? 0.8 : 0.42) * Math.min(1, palette.glow + 0.25) * clamp01(1 - d) ** 2.2
  })
  const pad = radius + 3
  const hard = paint(
    surface,
    { x: sun.x - pad, y: sun.y - pad, width: 2 * pad, height: 2 * pad },
    1,
    false,
    (x, y, out) => {
      const d = Math.hypot(x - sun.x, y - sun.y)
      const seas = moon
        ? 1 - 0.2 * smooth(0.46, 0.66, clouds(x / (radius * 0.55), y / (radius * 0.55), seed, 3))
        : 1
      const c = scale(palette.light, seas)
      // The lower rim of a low sun takes the colour of the haze.
      const low = moon ? 0 : 0.35 * smooth(-radius, radius, y - sun.y)
      put(out, blend(c, palette.haze, low))
      out[3] = smooth(radius + 0.8, radius - (high && !moon ? 9 * unit : 0.8), d)
    },
  )
  return [show(stage, soft, 0.05), show(stage, hard, 0.05)]
}

/** A bank of clouds; `cover` from 0 (none) to 1 (closed). They drift. */
export function cloudBank(
  stage: Stage,
  label: string,
  options: {
    cover: number
    top: number
    bottom: number
    size: number
    depth: number
    speed: number
    strength?: number
  },
): Step {
  const { palette, unit, sun, surface } = stage
  const random = stage.random.fork(label)
  const seed = Math.floor(random.next() * 1e6)
  const speed = options.speed * unit * (random.next() < 0.5 ? -1 : 1)
  const { size, cover, top, bottom } = options
  const [sx, sy] = [size * 1.9 * unit, size * 0.62 * unit]
  const threshold = 0.72 - 0.42 * cover
  const box = band(stage, top, bottom, Math.abs(speed) * 11)
  const layer = paint(surface, box, 4 * unit, false, (x, y, out) => {
    const edge =
      smooth(top, top + (bottom - top) * 0.3, y) * smooth(bottom, bottom - (bottom - top) * 0.35, y)
    const wisp = clouds(x / sx, y / sy, seed, 4)
    const body = smooth(threshold, threshold + 0.3, wisp * (0.62 + 0.38 * edge))
    if (body <= 0 || edge <= 0) {
      out[3] = 0
      return
    }
    // Lit from the side of the sun: the density a little nearer to it says how much light comes through.
    const away = Math.hypot(x - sun.x, y - sun.y) + 1
    const toSun = clouds(
      (x + ((sun.x - x) / away) * 46 * unit) / sx,
      (y + ((sun.y - y) / away) * 30 * unit) / sy,
      seed,
      3,
    )
    const lit = clamp01(0.55 + (wisp - toSun) * 3.2 + 0.5 * Math.exp(-away / (300 * unit)) * palette.glow)
    blendInto(out, palette.cloudDark, palette.cloudLit, lit)
    out[3] = body * edge * (options.strength ?? 0.9)
  })
  return show(stage, layer, options.depth, { drift: (t) => ({ x: speed * t, y: 0 }) })
}

/** Heaped clouds seen from above or afar: round tops in the light, feet that dissolve. */
export function cumulus(
  stage: Stage,
  label: string,
  options: { y: number; height: number; size: number; depth: number; speed: number },
): Step {
  const { palette, unit, sun, surface } = stage
  const random = stage.random.fork(label)
  const seed = Math.floor(random.next() * 1e6)
  const speed = options.speed * unit * (random.next() < 0.5 ? -1 : 1)
  const { y: base, height, size, depth } = options
  const puff = (x: number, y: number, octaves: number) => {
    let sum = 0
    let share = 0.5
    let f = 1
    for (let i = 0; i < octaves; i++) {
      sum += Math.abs(2 * noise(x * f + i * 11, y * f, seed + i) - 1) * share
      share *= 0.55
      f *= 2.03
    }
    return sum
  }
  const foot = blend(palette.haze, palette.cloudDark, 0.25 + 0.3 * depth)
  const lit = blend(palette.cloudLit, palette.light, 0.25)
  const box = band(stage, base - height * 1.2, base + height * 2.2, Math.abs(speed) * 11)
  const layer = paint(surface, box, 3 * unit, false, (x, y, out) => {
    const outline = base - height * (1.15 * clouds(x / (size * 2.2), 0.3, seed + 9, 2) - 0.2)
    const n = puff(x / size, y / (size * 0.8), 5)
    const inside = (y - outline) / height + (0.42 - n) * 0.9
    const body = smooth(0, 0.07, inside)
    if (body <= 0) {
      out[3] = 0
      return
    }
    const away = Math.hypot(sun.x - x, sun.y - y) + 1
    const shift = 0.2
    const toSun = puff(
      x / size + ((sun.x - x) / away) * shift,
      (y / size + ((sun.y - y) / away) * shift) / 0.8,
      3,
    )
    const light = clamp01(0.62 + (toSun - n) * 1.25 - inside * 0.42)
    const glow = Math.exp(-away / (260 * unit)) * palette.glow
    put(
      out,
      blend(
        blend(blend(palette.cloudDark, lit, light), foot, smooth(0.3, 1.5, inside)),
        palette.light,
        glow * light * 0.6,
      ),
    )
    out[3] = body
  })
  return show(stage, layer, depth, { drift: (t) => ({ x: speed * t, y: 0 }) })
}

/** Mist between two heights, thickest at `middle`. */
export function mist(
  stage: Stage,
  label: string,
  options: { middle: number; spread: number; strength: number; depth: number; speed?: number; colour?: Rgb },
): Step {
  const { unit, surface, palette } = stage
  const seed = Math.floor(stage.random.fork(label).next() * 1e6)
  const speed = (options.speed ?? 9) * unit
  const { middle, spread, strength } = options
  const colour = options.colour ?? palette.haze
  const box = band(stage, middle - spread * 1.5, middle + spread * 1.5, speed * 11)
  const layer = paint(surface, box, 8 * unit, false, (x, y, out) => {
    const fall = Math.exp(-(((y - middle) / (spread * 0.62)) ** 2))
    const torn = 0.45 + 0.75 * clouds(x / (360 * unit), y / (90 * unit), seed, 3)
    put(out, colour)
    const edge = smooth(1.5, 1.2, Math.abs(y - middle) / spread)
    out[3] = clamp01(fall * torn * strength) * edge
  })
  return show(stage, layer, options.depth, { drift: (t) => ({ x: speed * t, y: 0 }) })
}

/** Darker towards the corners, as lenses do. Fixed to the frame. */
export function vignette(stage: Stage, strength: number): Layer {
  const { width, height, surface, unit } = stage
  const box = { x: -48, y: -48, width: width + 96, height: height + 96 }
  return paint(surface, box, 12 * unit, false, (x, y, out) => {
    const dx = (x - width / 2) / (width * 0.62)
    const dy = (y - height * 0.48) / (height * 0.66)
    out[0] = out[1] = out[2] = 6
    out[3] = strength * smooth(0.55, 1.6, Math.sqrt(dx * dx + dy * dy))
  })
}

/** Sky, light and clouds of a place under the open sky; `cover` (0 to 1) is how many clouds it has in fair weather. */
export function openSky(stage: Stage, cover: number): Step[] {
  const { palette, horizon, height, look } = stage
  const dull = look.weather === 'rain' || look.weather === 'storm' || look.weather === 'fog'
  const closed = dull ? 0.95 : look.weather === 'snow' ? 0.75 : cover
  return [
    sky(stage),
    ...(palette.stars > 0 && !dull
      ? [stars(stage, palette.stars * (look.weather === 'snow' ? 0.4 : 1))]
      : []),
    ...(dull ? [] : disc(stage)),
    cloudBank(stage, 'high clouds', {
      cover: closed,
      top: -0.1 * height,
      bottom: horizon * 0.8,
      size: 210,
      depth: 0.08,
      speed: 5,
      strength: 0.75,
    }),
    cloudBank(stage, 'low clouds', {
      cover: closed * 0.85,
      top: horizon * 0.3,
      bottom: horizon * 1.02,
      size: 150,
      depth: 0.14,
      speed: 8,
      strength: 0.85,
    }),
  ]
}

/** Mist that lies between two ridges. */
export const valley = (stage: Stage, at: number, strength: number, label: string): Step =>
  mist(stage, label, { middle: at, spread: 70 * stage.unit, strength, depth: 0.4 })
