/** The open sea, and water inland before the land that a prompt names with it. */
import type { Shore } from '../prompt/lexicon.ts'
import { mist, openSky, valley } from './backdrop.ts'
import type { Build } from './places.ts'
import { conifers, hills, peaks } from './terrain.ts'
import { water } from './water.ts'

export const sea: Build = async (stage) => {
  const { horizon: h, unit: u, look, random } = stage
  const r = random.fork('coast')
  const swell =
    look.weather === 'storm' ? 1.3 : look.pace === 'fast' ? 0.8 : look.mood === 'calm' ? 0.25 : 0.5
  const coast = r.next() < 0.7
  return [
    ...openSky(stage, 0.5),
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
}

export const lake: Build = async (stage) => {
  const { horizon: h, unit: u, look, random } = stage
  const shore = look.shore ?? random.fork('shore').pick<Shore>(['mountains', 'hills', 'forest'])
  const snow = look.weather === 'snow' ? 1 : 0
  const trees = (label: string, y: number, size: number, depth: number) =>
    conifers(stage, label, { y, size, depth, spacing: size * 0.17, snow })
  const [wood, edge] = await Promise.all([
    shore === 'forest' ? trees('wood', h - 26 * u, 118 * u, 0.16) : undefined,
    shore === 'hills' ? undefined : trees('edge', h + 4 * u, 86 * u, 0.3),
  ])
  return [
    ...openSky(stage, 0.4),
    ...(shore === 'mountains'
      ? [
          peaks(stage, 'range', {
            y: h - 70 * u,
            height: 230 * u,
            length: 430 * u,
            depth: 0.14,
            snow: snow || 0.75,
            hidden: h + 60 * u,
          }),
        ]
      : []),
    hills(stage, 'far shore', {
      y: h - 36 * u,
      height: 70 * u,
      length: 300 * u,
      depth: 0.18,
      hidden: h + 60 * u,
    }),
    valley(stage, h - 26 * u, 0.6, 'mist of the shore'),
    ...(wood ? [wood, valley(stage, h - 8 * u, 0.5, 'mist of the wood')] : []),
    ...(edge
      ? [edge]
      : [
          hills(stage, 'shore', {
            y: h + 2 * u,
            height: 40 * u,
            length: 210 * u,
            depth: 0.4,
            hidden: h + 60 * u,
          }),
        ]),
    ...water(stage, {
      line: h,
      swell: look.weather === 'storm' ? 0.7 : 0.14,
      body: 0.4,
      glints: look.weather === 'clear' ? 0.7 : 0.15,
    }),
  ]
}
