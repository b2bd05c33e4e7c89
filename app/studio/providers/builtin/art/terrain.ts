/** Land: hills, mountains, dunes, conifers, grass. Each becomes a layer cut along an outline. */
import { blend, hexOf, type Rgb, scale } from './colour.ts'
import { drawing, land } from './layers.ts'
import { clouds, noise, smooth } from './random.ts'
import { band, REACH, type Stage, type Step, show } from './stage.ts'

export interface Ridge {
  /** Mean height of the outline, in stage pixels from the top. */
  y: number
  /** How far it rises and falls, and over what length. */
  height: number
  length: number
  /** 0 is far (colour of the haze), 1 is near. */
  depth: number
  /** Height below which nearer land hides it; the frame's end if not given. */
  hidden?: number
}

const seedOf = (stage: Stage, label: string) => Math.floor(stage.random.fork(label).next() * 1e6)

/** The colour of land at a depth: from haze through the far colour to the near one. */
export function landColour(stage: Stage, depth: number): Rgb {
  const { haze, far, near } = stage.palette
  return depth < 0.4 ? blend(haze, far, 0.25 + depth * 1.6) : blend(far, near, ((depth - 0.4) / 0.6) ** 0.75)
}

/** Lighter towards its foot, where the mist of the valley lies. */
const misty = (stage: Stage, depth: number, reach: number) => {
  const crest = landColour(stage, depth)
  const foot = blend(crest, stage.palette.haze, 0.55 * (1 - depth * 0.85))
  return (d: number) => blend(crest, foot, smooth(0, reach, d))
}

export function hills(stage: Stage, label: string, r: Ridge): Step {
  const seed = seedOf(stage, label)
  const box = band(stage, r.y - r.height, r.hidden ?? stage.height * 2)
  const grain = 26 * stage.unit
  const layer = land(stage.surface, box, {
    top: (x) =>
      r.y +
      r.height * 1.7 * (0.5 - clouds(x / r.length, 0.5, seed, 3)) -
      r.height * 0.03 * noise(x / (3 * stage.unit), 7, seed),
    colour: misty(stage, r.depth, 190 * stage.unit),
    shade: (x, d) => (noise(x / grain, d / (grain * 0.35), seed) - 0.5) * 7 * r.depth,
  })
  return show(stage, layer, 0.12 + 0.88 * r.depth ** 1.4)
}

/** Sharp ridges: a lit and a shaded flank below each peak, and snow where it holds. */
export function peaks(stage: Stage, label: string, r: Ridge & { snow: number }): Step {
  const seed = seedOf(stage, label)
  const box = band(stage, r.y - r.height * 1.16, r.hidden ?? stage.height * 2)
  const { palette, sun, unit } = stage
  const ridged = (x: number, octaves: number) => {
    let sum = 0
    let size = 0.5
    let f = 1
    for (let i = 0; i < octaves; i++) {
      sum += (1 - Math.abs(2 * noise(x * f + i * 17, 0.5, seed + i) - 1)) * size
      size *= 0.46
      f *= 2.17
    }
    return sum
  }
  // Chance may put all peaks outside the frame; stretched between its lowest and highest, a range is always one.
  const heights = Array.from({ length: 160 }, (_, i) => ridged((box.x + (box.width * i) / 159) / r.length, 6))
  const [low, high] = [Math.min(...heights), Math.max(...heights)]
  const outline = (x: number, octaves: number) => {
    const h = Math.min(1.1, (ridged(x / r.length, octaves) - low) / (high - low))
    return r.y + r.height * (0.1 - 1.05 * h)
  }
  const rock = landColour(stage, r.depth)
  const white = blend(palette.cloudLit, [240, 245, 255], 0.3)
  const snowy = blend(rock, white, 0.62 * r.snow)
  const foot = blend(rock, palette.haze, 0.66 * (1 - r.depth * 0.7))
  const line = r.height * 0.36 * r.snow
  const way = Math.sign(sun.x - stage.width / 2) || 1
  const crags = 22 * unit
  const layer = land(stage.surface, box, {
    top: (x) => outline(x, 6),
    colour: (d) =>
      blend(
        blend(snowy, rock, smooth(line * 0.2, line + 1, d)),
        foot,
        smooth(r.height * 0.25, r.height * 1.35, d),
      ),
    shade: (x, d) => {
      // The edge between light and shade runs down from the peak, jagged and leaning away from the sun.
      const jag =
        (noise(x / (crags * 3), d / crags, seed + 40) - 0.5) * (14 * unit + d * 0.55) - way * d * 0.2
      const at = x + jag
      const slope = (outline(at + 5 * unit, 3) - outline(at - 5 * unit, 3)) / (10 * unit)
      const facing = Math.max(-1, Math.min(1, -way * slope * 2.6))
      const rough = noise(x / (crags * 0.5), d / (crags * 0.8), seed + 41) - 0.5
      return (
        (facing * 24 + rough * 9) *
        (0.4 + 0.6 * r.depth) *
        (0.55 + 0.6 * r.snow) *
        Math.exp(-d / (r.height * 0.9))
      )
    },
  })
  return show(stage, layer, 0.1 + 0.9 * r.depth ** 1.4)
}

/** Dunes: long backs with a sharp edge, one side in the light and the other in shade. */
export function dunes(stage: Stage, label: string, r: Ridge): Step {
  const seed = seedOf(stage, label)
  const box = band(stage, r.y - r.height, r.hidden ?? stage.height * 2)
  const top = (x: number) => {
    const at = x / r.length + noise(x / (r.length * 2.5), 3, seed) * 1.4 + (seed % 97)
    const whole = Math.floor(at)
    const f = at - whole
    const rise = f < 0.68 ? smooth(0, 0.68, f) : 1 - smooth(0.68, 1, f)
    return r.y - r.height * (rise * (0.5 + 0.5 * noise(whole, 1, seed)) - 0.35)
  }
  const base = landColour(stage, r.depth)
  const lit = blend(base, blend(stage.palette.haze, stage.palette.light, 0.35), 0.42)
  const layer = land(stage.surface, box, {
    top,
    colour: (d) => blend(lit, scale(base, 0.74), smooth(0, 210 * stage.unit, d)),
    shade: (x, d) => {
      const slope = top(x + 3) - top(x - 3)
      const side = Math.tanh((stage.sun.x - x) / (260 * stage.unit)) * slope
      const lines = Math.sin(
        (d + top(x) * 0.4) / (3.4 * stage.unit) +
          noise(x / (60 * stage.unit), d / (40 * stage.unit), seed) * 7,
      )
      return Math.max(-26, Math.min(20, -side * 9)) * Math.exp(-d / (90 * stage.unit)) + lines * 1.6 * r.depth
    },
  })
  return show(stage, layer, 0.15 + 0.85 * r.depth ** 1.3)
}

/** A row of conifers. `size` is the height of the tallest, in stage pixels. */
export async function conifers(
  stage: Stage,
  label: string,
  r: { y: number; size: number; depth: number; spacing: number; snow: number },
): Promise<Step> {
  const random = stage.random.fork(label)
  const reach = stage.width * REACH.x + 60
  const box = { x: -reach, y: r.y - r.size * 1.12, width: stage.width + 2 * reach, height: 0 }
  const below = Math.min(r.size * 0.9, stage.height * 1.06 - r.y)
  box.height = r.size * 1.12 + Math.max(20, below)
  const base = landColour(stage, r.depth)
  const tip = hexOf(blend(base, stage.palette.haze, 0.16))
  const foot = hexOf(blend(base, stage.palette.haze, 0.5 * (1 - r.depth)))
  const white = hexOf(blend(stage.palette.haze, [236, 242, 250], 0.6))
  const trees: string[] = []
  const snow: string[] = []
  const ground = (x: number) =>
    box.height - Math.max(20, below) + (noise(x / (200 * stage.unit), 2, 7) - 0.5) * r.size * 0.22
  for (let x = 0; x < box.width; x += r.spacing * random.between(0.45, 1.5)) {
    const h = r.size * random.between(0.45, 1)
    const root = ground(x) + h * 0.05 + 5
    const wide = h * random.between(0.15, 0.21)
    const tiers = 13 + Math.floor(random.next() * 6)
    const right: string[] = []
    const left: string[] = []
    for (let i = 1; i <= tiers; i++) {
      const y = root - h * (1 - (i / tiers) * 0.94)
      const half = wide * (i / tiers) ** 0.85 * random.between(0.7, 1.16)
      const sag = (h / tiers) * random.between(0.25, 0.6)
      right.push(
        `L${(x + half).toFixed(1)} ${(y + sag).toFixed(1)}L${(x + half * 0.42).toFixed(1)} ${(y + 1).toFixed(1)}`,
      )
      left.unshift(
        `L${(x - half * 0.42).toFixed(1)} ${(y + 1).toFixed(1)}L${(x - half * 0.96).toFixed(1)} ${(y + sag * 0.9).toFixed(1)}`,
      )
      if (r.snow > 0 && i > 1) {
        // Snow lies on the upper side of a branch, as a thin wedge.
        const side = random.next() < 0.5 ? -1 : 1
        const tip = `${(x + side * half * 0.95).toFixed(1)} ${(y + sag * 0.92).toFixed(1)}`
        const cap = `M${tip}L${(x + side * half * 0.1).toFixed(1)} ${(y - sag * 0.55).toFixed(1)}L${(x + side * half * 0.36).toFixed(1)} ${(y + sag * 0.2).toFixed(1)}Z`
        snow.push(cap)
      }
    }
    trees.push(
      `M${x.toFixed(1)} ${(root - h).toFixed(1)}${right.join('')}L${x.toFixed(1)} ${root.toFixed(1)}${left.join('')}Z`,
    )
  }
  const floor: string[] = [`M-40 ${box.height + 40}`]
  for (let x = -20; x <= box.width + 20; x += 16) floor.push(`L${x} ${ground(x).toFixed(1)}`)
  floor.push(`L${box.width + 40} ${box.height + 40}Z`)
  const soil =
    r.snow > 0 ? hexOf(blend(blend(base, [226, 234, 244], 0.5 * r.snow), stage.palette.haze, 0.25)) : foot
  const markup = `<defs><linearGradient id="g" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${tip}"/><stop offset=".55" stop-color="${hexOf(base)}"/><stop offset="1" stop-color="${foot}"/></linearGradient></defs><path d="${floor.join('')}" fill="${soil}"/><path d="${trees.join('')}" fill="url(#g)"/>${snow.length > 0 ? `<path d="${snow.join('')}" fill="${white}" fill-opacity="${0.62 * r.snow}"/>` : ''}`
  const layer = await drawing(stage.surface, box, markup)
  return show(stage, layer, 0.12 + 0.88 * r.depth ** 1.4)
}

const petals: readonly Rgb[] = [
  [228, 74, 60],
  [244, 190, 70],
  [236, 128, 170],
  [148, 112, 214],
  [248, 244, 232],
]

/** Grass and stalks close to the eye, swaying in the lower part of the frame. */
export async function grasses(
  stage: Stage,
  label: string,
  r: { y: number; size: number; flowers: boolean },
): Promise<Step> {
  const random = stage.random.fork(label)
  const reach = stage.width * REACH.x + 60
  const box = {
    x: -reach,
    y: r.y - r.size,
    width: stage.width + 2 * reach,
    height: r.size + stage.height * 1.08 - r.y,
  }
  const { palette, unit } = stage
  const dark = scale(palette.near, 0.85)
  const sunny = blend(palette.far, palette.light, 0.25)
  const shades = [0, 0.1, 0.22, 0.36, 0.55].map((light) => ({
    colour: hexOf(blend(dark, sunny, light)),
    blades: [] as string[],
  }))
  const blooms: string[] = []
  for (let x = 0; x < box.width; x += 3.4 * unit * random.between(0.5, 1.5)) {
    const h = r.size * random.between(0.3, 1) * (0.55 + 0.45 * noise(x / (140 * unit), 1, 11))
    const lean = h * random.between(-0.35, 0.42)
    const w = random.between(1.2, 2.8) * unit
    const root = box.height
    const tipY = r.size - h + random.between(0, 14) * unit
    shades[Math.floor(random.next() ** 2.2 * shades.length)]?.blades.push(
      `M${(x - w).toFixed(1)} ${root}Q${x.toFixed(1)} ${((root + tipY) / 2).toFixed(1)} ${(x + lean).toFixed(1)} ${tipY.toFixed(1)}Q${(x + w).toFixed(1)} ${((root + tipY) / 2).toFixed(1)} ${(x + w).toFixed(1)} ${root}Z`,
    )
    if (r.flowers && random.next() < 0.16) {
      const bloom = random.pick(petals)
      const c = hexOf(blend(blend(bloom, palette.haze, 0.22), palette.near, 0.1))
      const s = random.between(4, 10) * unit
      blooms.push(
        `<ellipse cx="${(x + lean).toFixed(1)}" cy="${tipY.toFixed(1)}" rx="${s.toFixed(1)}" ry="${(s * 0.62).toFixed(1)}" fill="${c}"/><ellipse cx="${(x + lean).toFixed(1)}" cy="${(tipY - s * 0.3).toFixed(1)}" rx="${(s * 0.6).toFixed(1)}" ry="${(s * 0.4).toFixed(1)}" fill="${hexOf(blend(bloom, palette.light, 0.45))}"/>`,
      )
    }
  }
  const paths = shades.map((s) => `<path d="${s.blades.join('')}" fill="${s.colour}"/>`)
  const layer = await drawing(stage.surface, box, [...paths, ...blooms].join(''))
  const full = r.size
  return show(stage, layer, 1, {
    // Only the tips sway: the shift fades towards the roots.
    ripple: (t) => (y) => {
      const up = Math.max(0, (r.y + full * 0.4 - y) / full + 0.4)
      return Math.sin(t * 1.6 + y / (90 * unit)) * 5 * unit * Math.min(1, up) ** 1.6
    },
  })
}
