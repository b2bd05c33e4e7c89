/** Places with a ground and a sky: what stands in each, from the back to the front. */
import type { Setting } from '../prompt/lexicon.ts'
import { mist, openSky, valley } from './backdrop.ts'
import { blend } from './colour.ts'
import { lake, sea } from './shores.ts'
import type { Stage, Step } from './stage.ts'
import { conifers, dunes, grasses, hills, peaks } from './terrain.ts'
import { houses, traffic } from './town.ts'
import { water } from './water.ts'
import { dust, motes } from './weather.ts'

export type Build = (stage: Stage) => Promise<Step[]>

/** The stage with its ground under snow: as bright as the haze of the hour far away, in its own shadow near by. */
const snowed = (stage: Stage): Stage => {
  const { palette } = stage
  const white = blend(palette.haze, [255, 255, 255], 0.3)
  return { ...stage, palette: { ...palette, far: white, near: blend(white, palette.far, 0.85) } }
}

type Place = Extract<Setting, 'sea' | 'lake' | 'mountains' | 'hills' | 'forest' | 'city' | 'desert' | 'field'>

export const places: Record<Place, Build> = {
  sea,
  lake,
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
      ...openSky(stage, 0.4),
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
      ...openSky(stage, 0.45),
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
      ...openSky(stage, 0.35),
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
      ...openSky(stage, 0.4),
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
      ...openSky(stage, 0.15),
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
    const { horizon: h, unit: u, height, look } = stage
    const snow = look.weather === 'snow'
    const ground = snow ? snowed(stage) : stage
    const land = [
      hills(ground, 'far hills', {
        y: h - 26 * u,
        height: 80 * u,
        length: 400 * u,
        depth: 0.12,
        hidden: h + 130 * u,
      }),
      valley(stage, h + 20 * u, 0.7, 'mist'),
      hills(ground, 'hills', {
        y: h + 34 * u,
        height: 66 * u,
        length: 330 * u,
        depth: 0.4,
        hidden: h + 190 * u,
      }),
      hills(ground, 'meadow', { y: h + 100 * u, height: 40 * u, length: 420 * u, depth: 0.68 }),
    ]
    // Under snow nothing grows or flies.
    if (snow) return [...openSky(stage, 0.4), ...land]
    const grass = await grasses(stage, 'grass', { y: height * 0.84, size: 150 * u, flowers: true })
    const back = await grasses(stage, 'back grass', { y: height * 0.8, size: 78 * u, flowers: false })
    return [
      ...openSky(stage, 0.4),
      ...land,
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
}
