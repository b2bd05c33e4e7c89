/** The colours of an hour, and how weather, mood and place change them. */
import type { Look, Time } from '../prompt/lexicon.ts'
import { blend, type Rgb, rgb, saturate, scale } from './colour.ts'

export interface Palette {
  /** From the zenith to the horizon. */
  sky: readonly [Rgb, Rgb, Rgb, Rgb]
  /** The light: of the sun, the moon or the town. */
  light: Rgb
  /** What distance fades to. */
  haze: Rgb
  far: Rgb
  near: Rgb
  cloudLit: Rgb
  cloudDark: Rgb
  accents: readonly Rgb[]
  /** 0 to 1. */
  glow: number
  stars: number
  disc: 'sun' | 'moon' | 'none'
  /** Height of the sun or moon above the horizon, as a share of the sky. */
  height: number
}

interface Hour {
  sky: readonly [string, string, string, string]
  light: string
  haze: string
  far: string
  near: string
  cloudLit: string
  cloudDark: string
  accents: readonly string[]
  glow: number
  stars: number
  disc: Palette['disc']
  height: number
}

const hours: Record<Time, Hour> = {
  dawn: {
    sky: ['#2b3a66', '#6d78a8', '#dba49f', '#ffd7a6'],
    light: '#fff1d2',
    haze: '#f3bfa2',
    far: '#96829f',
    near: '#232443',
    cloudLit: '#ffd0b0',
    cloudDark: '#8482a8',
    accents: ['#ffcf9b', '#ff9e8a', '#9fb4ff'],
    glow: 0.85,
    stars: 0.08,
    disc: 'sun',
    height: 0.16,
  },
  day: {
    sky: ['#2c68ad', '#5d9bd3', '#a9d0e8', '#e9f1ec'],
    light: '#fffbe8',
    haze: '#d3e3e8',
    far: '#8bacbf',
    near: '#1d4342',
    cloudLit: '#ffffff',
    cloudDark: '#a9bfd2',
    accents: ['#ffe9a8', '#bfe6ff', '#ffffff'],
    glow: 0.45,
    stars: 0,
    disc: 'sun',
    height: 0.62,
  },
  golden: {
    sky: ['#38567d', '#9a8790', '#ecae6a', '#ffe3a6'],
    light: '#fff0c0',
    haze: '#f5c07a',
    far: '#b0845f',
    near: '#33242a',
    cloudLit: '#ffdf9f',
    cloudDark: '#a57d74',
    accents: ['#ffd27a', '#ff9d5c', '#ffe9c7'],
    glow: 1,
    stars: 0,
    disc: 'sun',
    height: 0.22,
  },
  dusk: {
    sky: ['#1c1a46', '#65306c', '#d45a5c', '#ffb660'],
    light: '#ffe2a0',
    haze: '#e6785f',
    far: '#7c4069',
    near: '#1a1230',
    cloudLit: '#ff9a78',
    cloudDark: '#4f2f62',
    accents: ['#ffb36b', '#ff6f7d', '#b58cff'],
    glow: 1,
    stars: 0.15,
    disc: 'sun',
    height: 0.1,
  },
  night: {
    sky: ['#050919', '#0d1a3a', '#20365f', '#48648d'],
    light: '#eef3ff',
    haze: '#36517d',
    far: '#1d2f52',
    near: '#060a18',
    cloudLit: '#6f87b3',
    cloudDark: '#172543',
    accents: ['#ffd9a0', '#a8c4ff', '#ffffff'],
    glow: 0.55,
    stars: 1,
    disc: 'moon',
    height: 0.6,
  },
  neon: {
    sky: ['#080618', '#1b0d3d', '#4b1664', '#b4356f'],
    light: '#ff7ac2',
    haze: '#6f2670',
    far: '#301654',
    near: '#0a0713',
    cloudLit: '#8e3f93',
    cloudDark: '#1c0f3a',
    accents: ['#35e3ff', '#ff3f9e', '#ffb347', '#9d6bff'],
    glow: 0.5,
    stars: 0.1,
    disc: 'none',
    height: 0.2,
  },
}

/** Tints of what stands on the ground; haze and hour do the rest. */
const ground: Partial<Record<Look['setting'], { far: string; near: string; amount: number }>> = {
  desert: { far: '#d79a5c', near: '#6d3a22', amount: 0.62 },
  forest: { far: '#5f8a7a', near: '#0e2521', amount: 0.5 },
  lake: { far: '#7c9a8c', near: '#152f2c', amount: 0.42 },
  hills: { far: '#7f9f84', near: '#1d3a2b', amount: 0.42 },
  field: { far: '#9aae63', near: '#2d4a26', amount: 0.75 },
  underwater: { far: '#1f7f96', near: '#03202f', amount: 0.9 },
}

/** Words for colours bend the whole picture towards them. */
export const tints: Record<string, string> = {
  red: '#d8342c',
  orange: '#f08a2c',
  gold: '#e9b64a',
  green: '#3fa66a',
  teal: '#1fa3a3',
  blue: '#2f6fe0',
  violet: '#7b4fd0',
  pink: '#f07bb0',
  white: '#f3f1ec',
  black: '#0c0c10',
}

/** How dark a palette may be is decided here, once, so that scenes only mix what they are given. */
export function paletteFor(look: Look): Palette {
  const hour = hours[look.time]
  let p: Palette = {
    ...hour,
    sky: hour.sky.map(rgb) as unknown as Palette['sky'],
    light: rgb(hour.light),
    haze: rgb(hour.haze),
    far: rgb(hour.far),
    near: rgb(hour.near),
    cloudLit: rgb(hour.cloudLit),
    cloudDark: rgb(hour.cloudDark),
    accents: hour.accents.map(rgb),
  }
  const soil = ground[look.setting]
  if (soil) {
    // At night the ground takes the night's colours, whatever it is made of.
    const dim = look.time === 'night' || look.time === 'neon' ? 0.35 : look.time === 'dusk' ? 0.7 : 1
    const amount = soil.amount * (dim < 1 ? 0.65 : 1)
    p = {
      ...p,
      far: blend(p.far, scale(rgb(soil.far), dim), amount),
      near: blend(p.near, scale(rgb(soil.near), dim), amount),
    }
  }
  if (look.weather === 'rain' || look.weather === 'storm') {
    // Neon shines the more in the rain; daylight goes grey.
    const left = look.time === 'neon' ? 0.95 : look.weather === 'storm' ? 0.5 : 0.68
    p = every(p, grey(left), look.time === 'neon' ? 1 : 0.62)
  }
  if (look.weather === 'fog') p = { ...every(p, (c) => saturate(c, 0.6), 0.7), disc: p.disc }
  if (look.weather === 'snow') p = snowy(p, look.time)
  if (look.mood === 'sad') p = every(p, (c) => scale(saturate(c, 0.55), 0.94), 0.8)
  if (look.mood === 'tense') p = every(p, (c) => scale(saturate(c, 0.8), 0.82), 0.9)
  if (look.mood === 'joyful') p = every(p, (c) => saturate(c, 1.15), 1.1)
  const tint = look.tint && tints[look.tint]
  if (tint)
    p = every(
      p,
      (c) => blend(c, shade(rgb(tint), c), look.setting === 'silk' || look.setting === 'lights' ? 0.6 : 0.25),
      1,
    )
  if (look.monochrome) p = every(p, (c) => saturate(c, 0.04), 0.9)
  return p
}

const grey = (amount: number) => (c: Rgb) => blend(saturate(c, amount), [70, 80, 96], 0.9 * (1 - amount))

function snowy(p: Palette, time: Time): Palette {
  const dark = time === 'night' || time === 'neon'
  const white: Rgb = dark ? [92, 116, 160] : [214, 226, 240]
  const cool = every(p, (c) => blend(saturate(c, 0.8), white, 0.14), 0.85)
  return {
    ...cool,
    haze: blend(cool.haze, white, 0.55),
    far: blend(p.far, dark ? [44, 66, 104] : [134, 160, 190], 0.6),
    near: blend(p.near, [20, 36, 56], 0.65),
  }
}

/** The tint at the brightness of the colour it replaces. */
function shade(tint: Rgb, like: Rgb): Rgb {
  const level = (0.2126 * like[0] + 0.7152 * like[1] + 0.0722 * like[2]) / 255
  return level < 0.5 ? scale(tint, level * 2) : blend(tint, [255, 255, 255], level * 2 - 1)
}

function every(p: Palette, change: (c: Rgb) => Rgb, glow: number): Palette {
  return {
    ...p,
    sky: p.sky.map(change) as unknown as Palette['sky'],
    light: blend(p.light, change(p.light), 0.5),
    haze: change(p.haze),
    far: change(p.far),
    near: change(p.near),
    cloudLit: change(p.cloudLit),
    cloudDark: change(p.cloudDark),
    accents: p.accents.map((c) => blend(c, change(c), 0.4)),
    glow: p.glow * glow,
  }
}
