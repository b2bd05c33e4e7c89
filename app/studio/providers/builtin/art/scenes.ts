/** What stands on the stage for each setting, from the back to the front. */

import type { Surface } from '../pixels/surface.ts'
import type { Look, Setting } from '../prompt/lexicon.ts'
import { cloudBank, cumulus, disc, mist, sky, stars, vignette } from './backdrop.ts'
import { blend, type Rgb } from './colour.ts'
import { paletteFor } from './palette.ts'
import type { Random } from './random.ts'
import type { Stage, Step } from './stage.ts'
import { subject } from './subjects.ts'
import { conifers, dunes, grasses, hills, peaks } from './terrain.ts'
import { houses, traffic } from './town.ts'
import { water } from './water.ts'
import { birds, dust, motes, rain, snowfall } from './weather.ts'
import { bokeh, deep, flames, nebula, planet, silk } from './wonders.ts'

/** Height of the horizon as a share of the frame, from and to. */
const horizons: Record<Setting, readonly [number, number]> = {
  sea: [0.5, 0.6],
  mountains: [0.66, 0.72],
  hills: [0.6, 0.68],
  forest: [0.66, 0.72],
  city: [0.68, 0.74],
  desert: [0.56, 0.64],
  field: [0.6, 0.68],
  clouds: [0.74, 0.82],
  space: [0.9, 0.9],
  underwater: [0.9, 0.9],
  fire: [0.8, 0.8],
  lights: [0.7, 0.7],
  silk: [0.7, 0.7],
}

export function stageFor(surface: Surface, width: number, height: number, look: Look, random: Random): Stage {
  const palette = paletteFor(look)
  const [low, high] = horizons[look.setting]
  const horizon = Math.round(height * random.between(low, high))
  const left = random.next() < 0.5
  const sunX = width * (left ? random.between(0.24, 0.42) : random.between(0.58, 0.76))
  const sunY = horizon * (1 - palette.height * random.between(0.85, 1.2))
  const unit = Math.min(width, height) / 720
  return { surface, width, height, unit, horizon, sun: { x: sunX, y: sunY }, look, palette, random }
}

type Build = (stage: Stage) => Promise<Step[]>

const open = (stage: Stage, cover: number): Step[] => {
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

const valley = (stage: Stage, at: number, strength: number, label: string): Step =>
  mist(stage, label, { middle: at, spread: 70 * stage.unit, strength, depth: 0.4 })

const builders: Record<Setting, Build> = {
  sea: async (stage) => {
    const { horizon: h, unit: u, look, random } = stage
    const r = random.fork('coast')
    const swell =
      look.weather === 'storm' ? 1.3 : look.pace === 'fast' ? 0.8 : look.mood === 'calm' ? 0.25 : 0.5
    const coast = r.next() < 0.7
    return [
      ...open(stage, 0.5),
      ...(coast
        ? [
            hills(stage, 'far coast', {
              y: h - 6 * u,
              height: 46 * u,
              length: 260 * u,
              depth: 0.1,
              hidden: h + 8,
            }),
          ]
        : []),
      ...(coast && r.next() < 0.6
        ? [
            hills(stage, 'coast', {
              y: h + 18 * u,
              height: 60 * u,
              length: 190 * u,
              depth: 0.32,
              hidden: h + 8,
            }),
          ]
        : []),
      mist(stage, 'sea mist', { middle: h - 6 * u, spread: 34 * u, strength: 0.75, depth: 0.15, speed: 6 }),
      ...water(stage, { line: h, swell, body: 0.42, glints: look.weather === 'clear' ? 1 : 0.25 }),
    ]
  },
  mountains: async (stage) => {
    const { horizon: h, unit: u, look } = stage
    const snow = look.weather === 'snow' ? 1 : 0.8
    const trees = await conifers(stage, 'near trees', {
      y: h + 120 * u,
      size: 150 * u,
      depth: 0.95,
      spacing: 30 * u,
      snow: look.weather === 'snow' ? 1 : 0,
    })
    return [
      ...open(stage, 0.4),
      peaks(stage, 'range', {
        y: h - 120 * u,
        height: 250 * u,
        length: 460 * u,
        depth: 0.16,
        snow,
        hidden: h + 150 * u,
      }),
      valley(stage, h - 10 * u, 0.7, 'first mist'),
      peaks(stage, 'front range', {
        y: h + 10 * u,
        height: 210 * u,
        length: 330 * u,
        depth: 0.42,
        snow: snow * 0.8,
        hidden: h + 190 * u,
      }),
      valley(stage, h + 70 * u, 0.75, 'second mist'),
      hills(stage, 'foothills', {
        y: h + 78 * u,
        height: 90 * u,
        length: 260 * u,
        depth: 0.66,
        hidden: h + 230 * u,
      }),
      valley(stage, h + 130 * u, 0.4, 'third mist'),
      trees,
    ]
  },
  hills: async (stage) => {
    const { horizon: h, unit: u, height } = stage
    const step = (height - h) / 4
    const rows = [0, 1, 2, 3, 4].map((k) =>
      hills(stage, `row ${k}`, {
        y: h - 34 * u + k * step,
        height: (64 + 22 * k) * u,
        length: (330 - 30 * k) * u,
        depth: 0.08 + k * 0.22,
        hidden: h - 34 * u + (k + 1) * step + (150 + 22 * k) * u,
      }),
    )
    return [
      ...open(stage, 0.45),
      ...rows
        .flatMap((row, k) => [row, valley(stage, h + (k + 0.75) * step, 0.62 - k * 0.13, `mist ${k}`)])
        .slice(0, -1),
    ]
  },
  forest: async (stage) => {
    const { horizon: h, unit: u, look, height } = stage
    const snow = look.weather === 'snow' ? 1 : 0
    const tall = height > stage.width ? 1.35 : 1
    const rows = await Promise.all(
      [0, 1, 2, 3].map((k) =>
        conifers(stage, `trees ${k}`, {
          y: h - 66 * u + k * 62 * u * tall,
          size: ([120, 190, 290, 450][k] as number) * u * tall,
          depth: [0.14, 0.36, 0.64, 0.98][k] as number,
          spacing: ([17, 27, 46, 128][k] as number) * u,
          snow,
        }),
      ),
    )
    return [
      ...open(stage, 0.35),
      hills(stage, 'ridge', {
        y: h - 150 * u,
        height: 110 * u,
        length: 380 * u,
        depth: 0.07,
        hidden: h + 20 * u,
      }),
      ...rows.flatMap((row, k) => [
        valley(stage, h - 70 * u + k * 62 * u * tall, 0.85 - k * 0.14, `mist ${k}`),
        row,
      ]),
    ]
  },
  city: async (stage) => {
    const { horizon: h, unit: u, look, height } = stage
    const dark = look.time === 'night' || look.time === 'neon' || look.time === 'dusk'
    const lit = dark ? 0.5 : 0.1
    const wet = look.weather === 'rain' || look.weather === 'storm' || look.time === 'neon'
    const tall = Math.min(1.5, Math.max(1, height / stage.width))
    const [far, middle, near] = await Promise.all([
      houses(stage, 'far houses', {
        y: h,
        size: 270 * u * tall,
        depth: 0.12,
        width: 42 * u,
        lit: lit * 0.35,
        signs: 0,
      }),
      houses(stage, 'houses', {
        y: h,
        size: 350 * u * tall,
        depth: 0.42,
        width: 74 * u,
        lit,
        signs: look.time === 'neon' ? 0.12 : 0,
      }),
      houses(stage, 'near houses', {
        y: h,
        size: 300 * u * tall,
        depth: 0.84,
        width: 150 * u,
        lit: lit * 0.9,
        signs: look.time === 'neon' ? 0.75 : dark ? 0.22 : 0,
      }),
    ])
    return [
      ...open(stage, 0.4),
      far,
      mist(stage, 'far mist', { middle: h - 40 * u, spread: 120 * u, strength: 0.55, depth: 0.2 }),
      middle,
      mist(stage, 'street mist', { middle: h - 10 * u, spread: 80 * u, strength: 0.5, depth: 0.5 }),
      near,
      ...(dark
        ? [traffic(stage, h - 5 * u, 1, look.pace === 'fast' ? 2.1 : look.pace === 'slow' ? 0.6 : 1.1)]
        : []),
      ...water(stage, { line: h, swell: wet ? 0.16 : 0.05, body: wet ? 0.5 : 0.78, glints: 0 }),
    ]
  },
  desert: async (stage) => {
    const { horizon: h, unit: u, height } = stage
    const step = (height - h) / 3
    return [
      ...open(stage, 0.15),
      peaks(stage, 'mesas', {
        y: h - 10 * u,
        height: 70 * u,
        length: 300 * u,
        depth: 0.08,
        snow: 0,
        hidden: h + 90 * u,
      }),
      mist(stage, 'heat', { middle: h + 4 * u, spread: 46 * u, strength: 0.8, depth: 0.2 }),
      ...[0, 1, 2, 3].map((k) =>
        dunes(stage, `dunes ${k}`, {
          y: h + 14 * u + k * step * 0.82,
          height: (40 + 42 * k) * u,
          length: (260 + 190 * k) * u,
          depth: 0.28 + 0.23 * k,
          hidden: h + 14 * u + (k + 1) * step * 0.82 + (110 + 42 * k) * u,
        }),
      ),
      dust(stage, stage.palette.light),
    ]
  },
  field: async (stage) => {
    const { horizon: h, unit: u, height } = stage
    const grass = await grasses(stage, 'grass', { y: height * 0.84, size: 150 * u, flowers: true })
    const back = await grasses(stage, 'back grass', { y: height * 0.8, size: 78 * u, flowers: false })
    return [
      ...open(stage, 0.4),
      hills(stage, 'far hills', {
        y: h - 26 * u,
        height: 80 * u,
        length: 400 * u,
        depth: 0.12,
        hidden: h + 130 * u,
      }),
      valley(stage, h + 20 * u, 0.7, 'mist'),
      hills(stage, 'hills', {
        y: h + 34 * u,
        height: 66 * u,
        length: 330 * u,
        depth: 0.4,
        hidden: h + 190 * u,
      }),
      hills(stage, 'meadow', { y: h + 100 * u, height: 40 * u, length: 420 * u, depth: 0.68 }),
      back,
      motes(stage, 'pollen', {
        count: 60,
        size: [1, 5],
        colour: stage.palette.light,
        opacity: 0.6,
        fall: -10,
        side: 12,
        sway: 20,
        blink: 0.6,
      }),
      grass,
    ]
  },
  clouds: async (stage) => {
    const { horizon: h, unit: u, height } = stage
    return [
      sky(stage),
      ...(stage.palette.stars > 0 ? [stars(stage, stage.palette.stars)] : []),
      ...disc(stage),
      cloudBank(stage, 'veil', {
        cover: 0.4,
        top: -0.1 * height,
        bottom: h * 0.8,
        size: 260,
        depth: 0.06,
        speed: 4,
        strength: 0.55,
      }),
      ...[0, 1, 2, 3].map((k) =>
        cumulus(stage, `bank ${k}`, {
          y: h * (0.98 + 0.1 * k) + 26 * u * k,
          height: (70 + 46 * k) * u,
          size: (90 + 75 * k) * u,
          depth: 0.12 + 0.28 * k,
          speed: 4 + 8 * k,
        }),
      ),
      mist(stage, 'below', { middle: height * 1.02, spread: 210 * u, strength: 0.8, depth: 0.8 }),
    ]
  },
  space: async (stage) => [
    nebula(stage),
    stars({ ...stage, horizon: stage.height * 1.25 }, 1.5),
    ...(stage.random.fork('has planet').next() < 0.75 ? [planet(stage)] : []),
    motes(stage, 'stardust', {
      count: 40,
      size: [0.8, 2.2],
      colour: [220, 230, 255],
      opacity: 0.6,
      fall: 3,
      side: -9,
      sway: 2,
      blink: 0.5,
    }),
  ],
  underwater: async (stage) => {
    const { unit: u, height } = stage
    const floor = {
      ...stage,
      palette: {
        ...stage.palette,
        haze: [12, 84, 116] as Rgb,
        far: [8, 60, 90] as Rgb,
        near: [2, 18, 32] as Rgb,
      },
    }
    return [
      ...deep(stage),
      hills(floor, 'far reef', { y: height * 0.86, height: 120 * u, length: 240 * u, depth: 0.3 }),
      hills(floor, 'reef', { y: height * 0.98, height: 150 * u, length: 190 * u, depth: 0.8 }),
    ]
  },
  fire: async (stage) => flames(stage),
  lights: async (stage) => [...bokeh(stage), dust(stage, stage.palette.light)],
  silk: async (stage) => [...silk(stage), dust(stage, stage.palette.light)],
}

/** All steps of a shot's picture, its weather included. */
export async function sceneFor(stage: Stage): Promise<Step[]> {
  const { look, palette, horizon, unit, height } = stage
  const place = await builders[look.setting](stage)
  const indoors = look.setting === 'space' || look.setting === 'underwater'
  const white = blend(palette.haze, [255, 255, 255], 0.72)
  const pace = look.pace === 'fast' ? 1.8 : look.pace === 'slow' ? 0.75 : 1.1
  return [
    ...place,
    ...(await subject(stage)),
    ...(look.subject === 'birds' ? [birds(stage, horizon * 0.45)] : []),
    ...(look.weather === 'fog'
      ? [
          mist(stage, 'fog', {
            middle: height * 0.62,
            spread: 300 * unit,
            strength: 0.85,
            depth: 0.7,
            speed: 16,
          }),
        ]
      : []),
    ...(indoors ? [] : weather(stage, white, pace)),
    ...(look.mood === 'wonder' && !indoors && look.setting !== 'fire'
      ? [
          motes(stage, 'fireflies', {
            count: 34,
            size: [1.6, 5],
            colour: palette.accents[0] as Rgb,
            opacity: 0.85,
            fall: -9,
            side: 5,
            sway: 30,
            blink: 1,
            from: 0.35,
          }),
        ]
      : []),
    vignette(stage, 0.5),
  ]
}

function weather(stage: Stage, white: Rgb, pace: number): Step[] {
  if (stage.look.weather === 'rain') return [rain(stage, 0.8)]
  if (stage.look.weather === 'storm') return [rain(stage, 1.3)]
  if (stage.look.weather === 'snow') return [snowfall(stage, white, pace)]
  return []
}
