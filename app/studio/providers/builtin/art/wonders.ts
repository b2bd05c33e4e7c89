/** Places without ground: space, the deep sea, a fire, lights out of focus, silk. */
import { blend, type Rgb, scale } from './colour.ts'
import { paint, put } from './layers.ts'
import { clamp01, clouds, noise, smooth } from './random.ts'
import { band, type Stage, type Step, show } from './stage.ts'
import { motes } from './weather.ts'

const seedOf = (stage: Stage, label: string) => Math.floor(stage.random.fork(label).next() * 1e6)
const everywhere = (stage: Stage, drift = 0) => band(stage, -1e6, 1e6, drift)

/** Glowing clouds of gas over black. */
export function nebula(stage: Stage): Step {
  const { surface, palette, unit, width, height } = stage
  const seed = seedOf(stage, 'nebula')
  const size = Math.max(width, height) * 0.42
  const [a, b] = [
    blend([92, 50, 170], palette.sky[2], 0.3),
    blend([214, 92, 140], palette.accents[0] as Rgb, 0.25),
  ]
  const layer = paint(surface, everywhere(stage), 5 * unit, true, (x, y, out) => {
    const wx = x + (clouds(x / size, y / size, seed + 5, 3) - 0.5) * size * 1.1
    const wy = y + (clouds(x / size, y / size, seed + 9, 3) - 0.5) * size * 1.1
    const gas = smooth(0.44, 0.86, clouds(wx / size, wy / size, seed, 4))
    const core = smooth(0.56, 0.9, clouds(wx / (size * 0.7), wy / (size * 0.7), seed + 2, 4))
    const dark = smooth(0.4, 0.7, clouds(wx / (size * 0.34), wy / (size * 0.34), seed + 3, 3))
    const c = blend(blend([5, 6, 18], a, gas * 0.75), b, core * 0.6)
    const shade = 1 - dark * 0.45 * gas
    out[0] = c[0] * shade
    out[1] = c[1] * shade
    out[2] = c[2] * shade
  })
  return show(stage, layer, 0.12)
}

/** A planet, lit from one side, with a thin air around it. */
export function planet(stage: Stage): Step {
  const { surface, random, width, height } = stage
  const r = random.fork('planet')
  const seed = Math.floor(r.next() * 1e6)
  const radius = r.between(0.24, 0.4) * Math.min(width, height) * 1.25
  const cx = width * r.between(0.62, 0.8)
  const cy = height * r.between(0.3, 0.5)
  const [warm, cool] = r.pick([
    [
      [214, 160, 116],
      [120, 78, 70],
    ],
    [
      [120, 170, 214],
      [34, 62, 110],
    ],
    [
      [206, 186, 160],
      [112, 98, 96],
    ],
  ] as const) as unknown as [Rgb, Rgb]
  const pad = radius * 1.16
  const box = { x: cx - pad, y: cy - pad, width: 2 * pad, height: 2 * pad }
  const layer = paint(surface, box, 1.5, false, (x, y, out) => {
    const [dx, dy] = [(x - cx) / radius, (y - cy) / radius]
    const d = Math.hypot(dx, dy)
    const air =
      0.4 * Math.exp(-Math.max(0, d - 1) * 22) * smooth(0.9, -0.5, dx * 0.8 + dy * 0.5) * smooth(1.16, 1.1, d)
    const inside = smooth(1 + 1.2 / radius, 1 - 1.2 / radius, d)
    if (inside <= 0 && air < 0.004) {
      out[3] = 0
      return
    }
    const dz = Math.sqrt(Math.max(0, 1 - d * d))
    const light = clamp01(-dx * 0.62 - dy * 0.34 + dz * 0.45)
    const belts = clouds(dx * 1.2 + noise(dx * 3, dy * 6, seed) * 0.3, dy * 5.5, seed, 4)
    const c = scale(blend(cool, warm, smooth(0.3, 0.7, belts)), 0.02 + 1.15 * light ** 0.8)
    const rim = (1 - dz) ** 3 * light
    const lit = blend(c, [190, 220, 255], rim * 0.5)
    const shown = blend([150, 190, 255], lit, inside)
    out[0] = shown[0]
    out[1] = shown[1]
    out[2] = shown[2]
    out[3] = Math.max(inside, air)
  })
  return show(stage, layer, 0.3)
}

/** Light from above that fans out in the water. */
export function deep(stage: Stage): Step[] {
  const { surface, width, height, unit, palette } = stage
  const seed = seedOf(stage, 'deep')
  const top = blend([120, 214, 222], palette.sky[2], 0.25)
  const water = paint(surface, everywhere(stage), 5 * unit, true, (x, y, out) => {
    const t = clamp01(y / height + (clouds(x / (420 * unit), y / (300 * unit), seed, 2) - 0.5) * 0.12)
    const c =
      t < 0.4
        ? blend(top, [16, 112, 146], smooth(-0.1, 0.4, t))
        : blend([16, 112, 146], [3, 28, 52], smooth(0.35, 1.05, t))
    const glow = Math.exp(-(((x - stage.sun.x) / (width * 0.3)) ** 2) - (y / (height * 0.4)) ** 2)
    const lit = blend(c, [226, 250, 240], glow * 0.55)
    put(out, lit)
  })
  const rays = [0, 1].map((k) =>
    paint(surface, everywhere(stage, 60 * unit), 5 * unit, false, (x, y, out) => {
      const [dx, dy] = [x - stage.sun.x, y + height * 0.3]
      const angle = Math.atan2(dx, dy)
      const beam =
        smooth(0.5, 0.85, noise(angle * 11, k * 9, seed + k)) * (0.6 + 0.4 * noise(angle * 31, 4, seed + k))
      out[0] = 214
      out[1] = 250
      out[2] = 244
      out[3] = 0.34 * beam * smooth(1.0, 0.1, y / height)
    }),
  )
  return [
    show(stage, water, 0.05),
    ...rays.map((layer, k) =>
      show(stage, layer, 0.3 + 0.2 * k, {
        opacity: (t) => 0.7 + 0.3 * Math.sin(t * 0.9 + k * 2.4),
        drift: (t) => ({ x: Math.sin(t * 0.35 + k * 2) * 34 * unit, y: 0 }),
      }),
    ),
    motes(stage, 'bubbles', {
      count: 60,
      size: [1, 4.5],
      colour: [210, 244, 246],
      opacity: 0.5,
      fall: -26,
      side: 5,
      sway: 10,
      blink: 0.4,
    }),
  ]
}

/** Flames from the ground: three veils of noise that rise at different speeds, over a glow. */
export function flames(stage: Stage): Step[] {
  const { surface, unit, width, height } = stage
  const seed = seedOf(stage, 'flames')
  const middle = width * 0.5 + (stage.sun.x - width * 0.5) * 0.6
  const base = height * 1.05
  const tall = Math.min(height * 0.86, width * 0.95)
  const wide = Math.min(width * 0.36, tall * 0.5)
  const glow = paint(surface, everywhere(stage), 6 * unit, true, (x, y, out) => {
    const d = Math.hypot((x - middle) / (width * 0.5), (y - base) / (height * 0.62))
    const c = blend([232, 96, 26], [46, 10, 10], smooth(0, 0.75, d))
    const dark = blend(c, [9, 5, 9], smooth(0.5, 1.25, d))
    put(out, dark)
  })
  const colours: readonly (readonly [Rgb, Rgb])[] = [
    [
      [150, 30, 12],
      [226, 84, 20],
    ],
    [
      [226, 90, 20],
      [255, 168, 50],
    ],
    [
      [255, 170, 60],
      [255, 240, 190],
    ],
  ]
  const veils = colours.map(([outer, inner], k) => {
    const shrink = 1 - 0.25 * k
    const box = {
      x: middle - wide * 1.9 * shrink,
      y: base - tall * shrink * 1.02,
      width: wide * 3.8 * shrink,
      height: tall * shrink * 1.06,
    }
    const layer = paint(surface, box, 3 * unit, false, (x, y, out) => {
      const up = clamp01((base - y) / (tall * shrink))
      const lick = clouds(x / (58 * unit) + k * 7, (y + up * 80 * unit) / (150 * unit), seed + k, 4) - 0.5
      const side = Math.abs((x - middle + lick * 190 * unit * up) / (wide * shrink))
      const body = (1 - up) ** 0.55 * 1.05 - side * (0.75 + up * 0.9) + lick * 1.5 * up
      put(out, blend(outer, inner, smooth(0.1, 0.75, body)))
      out[3] = 0.85 * smooth(0.02, 0.36, body) * smooth(1, 0.75, up) * smooth(0, 0.04, up)
    })
    const beat = 5.2 + 1.7 * k
    return show(stage, layer, 0.6, {
      opacity: (t) => 0.8 + 0.14 * Math.sin(t * beat) + 0.06 * Math.sin(t * beat * 2.7 + 1),
      ripple: (t) => (y) => {
        const up = clamp01((base - y) / tall)
        return (
          up *
          unit *
          (17 * Math.sin(y / (46 * unit) + t * beat) + 8 * Math.sin(y / (19 * unit) + t * beat * 1.7 + k))
        )
      },
    })
  })
  const sparks = { size: [1, 3.2] as const, colour: [255, 190, 92] as Rgb, side: 12, sway: 22 }
  return [
    show(stage, glow, 0.05, {}),
    ...veils,
    motes(stage, 'sparks', { ...sparks, count: 90, opacity: 1, fall: -150, blink: 0.75 }),
    motes(stage, 'embers', { ...sparks, count: 14, size: [4, 11], opacity: 0.4, fall: -90, blink: 0.5 }),
  ]
}

/** Lights out of focus, in three depths, over a warm dark. */
export function bokeh(stage: Stage): Step[] {
  const { surface, palette, unit, width, height } = stage
  const seed = seedOf(stage, 'bokeh')
  const random = stage.random.fork('bokeh')
  const key = blend(palette.accents[0] as Rgb, palette.light, 0.35)
  const low = scale(blend(palette.near, key, 0.12), 0.75)
  const back = paint(surface, everywhere(stage), 6 * unit, true, (x, y, out) => {
    const d = Math.hypot((x - stage.sun.x) / (width * 0.6), (y - height * 0.36) / (height * 0.72))
    const soft = clouds(x / (420 * unit), y / (420 * unit), seed, 2)
    const c = blend(
      blend(key, palette.sky[2], 0.35 + 0.3 * soft),
      blend(blend(palette.sky[1], key, 0.3), low, 0.6),
      smooth(0, 0.95, d + (soft - 0.5) * 0.3),
    )
    put(out, blend(c, low, smooth(0.6, 1.6, d)))
  })
  const depths = [0.2, 0.5, 1].map((depth, k) => {
    const lights = Array.from({ length: [26, 15, 6][k] as number }, () => ({
      x: random.between(-0.08, 1.08) * width,
      y: random.between(-0.05, 0.86) * height,
      r: random.between(0.7, 1.3) * ([20, 44, 92][k] as number) * unit,
      c: blend(random.pick(palette.accents), key, random.between(0, 0.6)),
      a: random.between(0.16, 0.5) * ([1, 0.75, 0.42][k] as number),
    }))
    const coarse = ([2.2, 3, 5][k] as number) * unit
    const layer = paint(surface, everywhere(stage), coarse, false, (x, y, out) => {
      let [r, g, b, a] = [0, 0, 0, 0]
      for (const l of lights) {
        const [dx, dy] = [x - l.x, y - l.y]
        if (Math.abs(dx) > l.r || Math.abs(dy) > l.r) continue
        const d = Math.hypot(dx, dy) / l.r
        if (d >= 1) continue
        // A lens draws a point as a disc with a slightly brighter rim.
        const here = l.a * smooth(1, 1 - (2.4 * coarse) / l.r, d) * (0.72 + 0.28 * smooth(0.55, 0.95, d))
        r += (l.c[0] - r) * here
        g += (l.c[1] - g) * here
        b += (l.c[2] - b) * here
        a += (1 - a) * here
      }
      out[3] = a
      if (a > 0) put(out, [r / a, g / a, b / a])
    })
    return show(stage, layer, depth, {
      opacity: (t) => 0.86 + 0.14 * Math.sin(t * (0.9 + 0.3 * k) + k * 2),
      drift: (t) => ({ x: Math.sin(t * 0.3 + k) * 12 * unit * (k + 1), y: -t * 3.5 * unit * (k + 1) }),
    })
  })
  return [show(stage, back, 0.05), ...depths]
}

/** Folds of light, slowly moving against each other. */
export function silk(stage: Stage): Step[] {
  const { surface, palette, unit, width, height } = stage
  const seed = seedOf(stage, 'silk')
  const size = Math.max(width, height)
  const back = paint(surface, everywhere(stage), 6 * unit, true, (x, y, out) => {
    const t = clamp01(
      0.15 + 0.55 * (y / height) + (clouds(x / (size * 0.5), y / (size * 0.5), seed, 3) - 0.5) * 0.9,
    )
    const c =
      t < 0.5
        ? blend(palette.sky[0], palette.sky[1], t * 2)
        : blend(palette.sky[1], palette.sky[2], t * 2 - 1)
    put(out, scale(c, 0.8))
  })
  const folds = [0, 1, 2].map((k) => {
    const colour =
      k === 1
        ? palette.sky[3]
        : blend(palette.accents[k % palette.accents.length] as Rgb, palette.sky[2], 0.4)
    const layer = paint(surface, everywhere(stage, 80 * unit), 4 * unit, false, (x, y, out) => {
      const along = x / (size * 0.55)
      const bend = (clouds(along + k * 3, 0.7 * k, seed + k, 2) - 0.5) * size * 0.42
      const middle = height * (0.3 + 0.22 * k) + bend
      const fold = (y - middle) / (size * (0.13 + 0.08 * noise(along * 1.4, k, seed + 20)))
      // Sharp on one side and soft on the other: that is what makes it a fold.
      const body = fold < 0 ? Math.exp(fold * 7) : Math.exp(-fold * fold * 1.1)
      const sheen = Math.exp(-((fold * 3.4 - 0.35) ** 2))
      const threads = 0.9 + 0.1 * noise(along * 5 + fold * 2, fold * 26, seed + 40)
      put(out, blend(colour, palette.light, sheen * 0.55))
      out[3] = 0.74 * body * threads * (0.55 + 0.45 * noise(along * 1.1, k * 5, seed + 60))
    })
    return show(stage, layer, 0.3 + 0.3 * k, {
      drift: (t) => ({ x: Math.sin(t * 0.28 + k * 2.1) * 46 * unit, y: Math.sin(t * 0.37 + k) * 13 * unit }),
      ripple: (t) => (y) => Math.sin(y / (150 * unit) + t * 0.8 + k) * 15 * unit,
    })
  })
  return [show(stage, back, 0.05), ...folds]
}
