/** A town: rows of houses with lit windows, signs, and traffic on a street that mirrors them. */
import { dot } from '../pixels/sprites.ts'
import { blend, hexOf, type Rgb, scale, yuv } from './colour.ts'
import { drawing } from './layers.ts'
import type { Random } from './random.ts'
import { REACH, type Stage, type Step, seen, show } from './stage.ts'
import { landColour } from './terrain.ts'

export interface Row {
  /** Where the houses stand, in stage pixels from the top, and the height of the highest. */
  y: number
  size: number
  depth: number
  /** Mean width of a house. */
  width: number
  /** Share of windows with light. */
  lit: number
  signs: number
}

export async function houses(stage: Stage, label: string, row: Row): Promise<Step> {
  const random = stage.random.fork(label)
  const { palette, unit, surface } = stage
  const reach = stage.width * REACH.x + 80
  const box = {
    x: -reach,
    y: row.y - row.size * 1.1,
    width: stage.width + 2 * reach,
    height: row.size * 1.1 + 24 * unit,
  }
  const base = landColour(stage, row.depth)
  const foot = blend(base, palette.haze, 0.55 * (1 - row.depth * 0.6))
  const parts: string[] = []
  const lights: string[] = []
  const signs: string[] = []
  for (let x = -row.width; x < box.width; ) {
    const w = row.width * random.between(0.55, 1.5)
    const tall = random.next() ** 1.7
    const h = row.size * (0.26 + 0.72 * tall)
    const top = box.height - 24 * unit - h
    const shade = hexOf(scale(base, random.between(0.86, 1.14)))
    parts.push(
      `<rect x="${x.toFixed(1)}" y="${top.toFixed(1)}" width="${(w + 0.7).toFixed(1)}" height="${(h + 60).toFixed(1)}" fill="${shade}"/>`,
    )
    parts.push(roof(random, x, top, w, h, shade, unit))
    if (row.lit > 0) windows(stage, random, row, { x, top, w, h }, lights)
    if (random.next() < row.signs && w > 40 * unit) sign(stage, random, { x, top, w, h }, signs)
    x += w * random.between(0.92, 1.12)
  }
  const fog = `<linearGradient id="f" x1="0" y1="0" x2="0" y2="1"><stop offset=".35" stop-color="${hexOf(foot)}" stop-opacity="0"/><stop offset="1" stop-color="${hexOf(foot)}" stop-opacity="${(0.75 * (1 - row.depth * 0.75)).toFixed(2)}"/></linearGradient>`
  const veil = `<mask id="m"><g fill="#fff">${parts.join('').replaceAll(/fill="#[0-9a-f]{6}"/g, 'fill="#fff"')}</g></mask><rect x="-40" y="0" width="${box.width + 80}" height="${box.height + 40}" fill="url(#f)" mask="url(#m)"/>`
  const layer = await drawing(
    surface,
    box,
    `<defs>${fog}${glows(palette.accents)}</defs>${parts.join('')}${lights.join('')}${row.depth < 0.9 ? veil : ''}${signs.join('')}`,
  )
  return show(stage, layer, 0.1 + 0.9 * row.depth ** 1.4)
}

function roof(
  random: Random,
  x: number,
  top: number,
  w: number,
  h: number,
  shade: string,
  unit: number,
): string {
  const kind = random.next()
  const middle = x + w / 2
  if (kind < 0.22) {
    const mast = h * random.between(0.08, 0.2)
    return `<rect x="${(middle - unit).toFixed(1)}" y="${(top - mast).toFixed(1)}" width="${(2 * unit).toFixed(1)}" height="${mast.toFixed(1)}" fill="${shade}"/>`
  }
  if (kind < 0.5) {
    const step = h * random.between(0.04, 0.1)
    const inset = w * random.between(0.12, 0.3)
    return `<rect x="${(x + inset).toFixed(1)}" y="${(top - step).toFixed(1)}" width="${(w - 2 * inset).toFixed(1)}" height="${(step + 2).toFixed(1)}" fill="${shade}"/>`
  }
  if (kind < 0.6) {
    const rise = w * 0.4
    return `<path d="M${x.toFixed(1)} ${(top + 1).toFixed(1)}L${middle.toFixed(1)} ${(top - rise).toFixed(1)}L${(x + w).toFixed(1)} ${(top + 1).toFixed(1)}Z" fill="${shade}"/>`
  }
  return ''
}

interface House {
  x: number
  top: number
  w: number
  h: number
}

function windows(stage: Stage, random: Random, row: Row, house: House, out: string[]): void {
  const { unit, palette } = stage
  const size = Math.max(2.2, (2.6 + 5 * row.depth ** 1.6) * unit)
  const gapX = size * random.between(1.7, 2.4)
  const gapY = size * random.between(1.9, 2.6)
  const warm = blend([255, 214, 150], random.pick(palette.accents), random.next() < 0.3 ? 0.6 : 0.12)
  const groups: Record<'bright' | 'dim', string[]> = { bright: [], dim: [] }
  const columns = Math.floor((house.w - size * 1.4) / gapX)
  const left = house.x + (house.w - columns * gapX + gapX - size) / 2
  const share = row.lit * random.between(0.35, 1.35)
  for (let y = house.top + gapY; y < house.top + house.h - gapY; y += gapY) {
    for (let c = 0; c < columns; c++) {
      const dice = random.next()
      if (dice > share) continue
      groups[dice < share * 0.4 ? 'bright' : 'dim'].push(
        `M${(left + c * gapX).toFixed(1)} ${y.toFixed(1)}h${size.toFixed(1)}v${(size * 1.15).toFixed(1)}h${(-size).toFixed(1)}z`,
      )
    }
  }
  const fade = 0.45 + 0.5 * row.depth
  out.push(
    `<path d="${groups.dim.join('')}" fill="${hexOf(warm)}" fill-opacity="${(0.42 * fade).toFixed(2)}"/>`,
  )
  out.push(
    `<path d="${groups.bright.join('')}" fill="${hexOf(warm)}" fill-opacity="${(0.95 * fade).toFixed(2)}"/>`,
  )
}

const glows = (accents: readonly Rgb[]) =>
  accents
    .map(
      (c, i) =>
        `<radialGradient id="a${i}"><stop offset="0" stop-color="${hexOf(c)}" stop-opacity=".55"/><stop offset=".5" stop-color="${hexOf(c)}" stop-opacity=".16"/><stop offset="1" stop-color="${hexOf(c)}" stop-opacity="0"/></radialGradient>`,
    )
    .join('')

/** A tall neon sign: a frame of light with a few strokes in it, and its glow. No letters: they would say something. */
function sign(stage: Stage, random: Random, house: House, out: string[]): void {
  const { unit, palette } = stage
  const index = Math.floor(random.next() * palette.accents.length)
  const colour = hexOf(blend(palette.accents[index] as Rgb, [255, 255, 255], 0.25))
  const w = random.between(13, 24) * unit
  const h = random.between(48, 110) * unit
  const x = house.x + random.between(0.1, 0.8) * (house.w - w)
  const y = house.top + random.between(0.2, 0.5) * house.h
  const [cx, cy] = [x + w / 2, y + h / 2]
  out.push(
    `<ellipse cx="${cx.toFixed(1)}" cy="${cy.toFixed(1)}" rx="${(w * 5).toFixed(1)}" ry="${(h * 1.25).toFixed(1)}" fill="url(#a${index})"/>`,
  )
  out.push(
    `<rect x="${x.toFixed(1)}" y="${y.toFixed(1)}" width="${w.toFixed(1)}" height="${h.toFixed(1)}" rx="${(3 * unit).toFixed(1)}" fill="#0b0712" fill-opacity=".55" stroke="${colour}" stroke-width="${(2 * unit).toFixed(1)}"/>`,
  )
  const strokes: string[] = []
  for (let sy = y + 9 * unit; sy < y + h - 9 * unit; sy += 13 * unit) {
    const half = w * random.between(0.18, 0.32)
    const l = (cx - half).toFixed(1)
    const [top, size] = [sy.toFixed(1), (2 * half).toFixed(1)]
    const shape = random.next()
    if (shape < 0.35) strokes.push(`M${l} ${top}h${size}v${(6 * unit).toFixed(1)}h-${size}z`)
    else if (shape < 0.6) strokes.push(`M${l} ${top}h${size}M${l} ${(sy + 5 * unit).toFixed(1)}h${size}`)
    else if (shape < 0.8)
      strokes.push(
        `M${l} ${(sy + 6 * unit).toFixed(1)}L${cx.toFixed(1)} ${top}l${half.toFixed(1)} ${(6 * unit).toFixed(1)}`,
      )
    else
      strokes.push(
        `M${l} ${(sy + 3 * unit).toFixed(1)}h${size}M${cx.toFixed(1)} ${top}v${(7 * unit).toFixed(1)}`,
      )
  }
  out.push(
    `<path d="${strokes.join('')}" fill="none" stroke="${colour}" stroke-width="${(2.4 * unit).toFixed(1)}" stroke-linecap="round"/>`,
  )
}

/** Head and tail lights passing along the street, with their glow. */
export function traffic(stage: Stage, y: number, amount: number, speed: number): Step {
  const random = stage.random.fork('traffic')
  const { unit, width, surface } = stage
  const cars = Array.from({ length: Math.round(9 * amount) }, () => ({
    start: random.between(-0.3, 1.3),
    lane: random.next() < 0.5 ? 0 : 1,
    speed: random.between(0.75, 1.3) * speed,
    gap: random.between(14, 20) * unit,
  }))
  const inks = [yuv(255, 240, 214), yuv(255, 58, 48)] as const
  return (frame, camera, t) => {
    for (const car of cars) {
      const way = car.lane === 0 ? 1 : -1
      const run = (((car.start + way * car.speed * t * 0.2) % 1.6) + 1.6) % 1.6
      const p = seen(stage, camera, 0.7, (run - 0.3) * width, y + car.lane * 7 * unit)
      const ink = inks[car.lane] as (typeof inks)[number]
      const tail = 18 * unit * car.speed
      dot(surface, frame, p.x, p.y, 36 * unit + tail, 15 * unit, ink, 0.22)
      for (const side of [0, car.gap])
        dot(surface, frame, p.x + side, p.y, 5 * unit + tail * 0.5, 2.6 * unit, ink, 0.95, 2)
    }
  }
}
