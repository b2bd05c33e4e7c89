/** What stands on the stage for each setting, from the back to the front. */
import type { Surface } from '../pixels/surface.ts'
import type { Look, Setting } from '../prompt/lexicon.ts'
import { cloudBank, cumulus, disc, mist, sky, stars } from './backdrop.ts'
import { blend, type Rgb } from './colour.ts'
import { paletteFor } from './palette.ts'
import { type Build, places } from './places.ts'
import type { Random } from './random.ts'
import type { Stage, Step } from './stage.ts'
import { subject } from './subjects.ts'
import { hills } from './terrain.ts'
import { birds, dust, motes, rain, snowfall } from './weather.ts'
import { bokeh, deep, flames, nebula, planet, silk } from './wonders.ts'

/** Height of the horizon as a share of the frame, from and to. */
const horizons: Record<Setting, readonly [number, number]> = {
  sea: [0.5, 0.6],
  lake: [0.54, 0.61],
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

const builders: Record<Setting, Build> = {
  ...places,
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
  // What is drawn by others is begun first.
  const [onStage, place] = await Promise.all([subject(stage), builders[look.setting](stage)])
  const indoors = look.setting === 'space' || look.setting === 'underwater'
  const white = blend(palette.haze, [255, 255, 255], 0.72)
  const pace = look.pace === 'fast' ? 1.8 : look.pace === 'slow' ? 0.75 : 1.1
  return [
    ...place,
    ...onStage,
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
  ]
}

function weather(stage: Stage, white: Rgb, pace: number): Step[] {
  if (stage.look.weather === 'rain') return [rain(stage, 0.8)]
  if (stage.look.weather === 'storm') return [rain(stage, 1.3)]
  if (stage.look.weather === 'snow') return [snowfall(stage, white, pace)]
  return []
}
