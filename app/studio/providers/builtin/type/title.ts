/**
 * What lies over a shot's picture: its darker edge, and the line of text with a small counter above it and the shade that
 * keeps both legible.
 */
import { drawing, type Layer } from '../art/layers.ts'
import { smooth } from '../art/random.ts'
import type { Stage } from '../art/stage.ts'
import type { Raster, Still } from '../pixels/surface.ts'
import { type Faces, setCaption, setText } from './lines.ts'
import { INK, shadeFor } from './shade.ts'

/** Draws edge and title as they stand `t` seconds into a shot of `length` seconds. */
export type Title = (frame: Raster, t: number, length: number) => void

export async function titleFor(
  stage: Stage,
  edge: Layer,
  faces: Faces,
  line: string,
  number: number,
  of: number,
): Promise<Title> {
  let bare: Still | undefined
  const untitled: Title = (frame) => {
    bare ??= stage.surface.still(frame, [edge])
    stage.surface.stamp(frame, bare, 1)
  }
  if (!line) return untitled
  const { width, height, unit: u, surface } = stage
  const tall = height > width
  const left = Math.round(width * (tall ? 0.085 : 0.064))
  const bottom = Math.round(height * (tall ? 0.13 : 0.088))
  const room = width * (tall ? 0.83 : width === height ? 0.8 : 0.6)
  const sizes = (
    [
      [70, 2],
      [60, 2],
      [52, 3],
      [45, 3],
      [39, 4],
      [34, 4],
    ] as const
  ).map(([size, lines]) => [size * u, lines + (tall ? 1 : 0)] as const)
  const text = setText(faces, line, { width: room, sizes })
  if (!text && of === 1) return untitled
  const textTop = of > 1 ? 41 * u : 0
  const block = { width: Math.max(text?.width ?? 0, 120 * u), height: text ? textTop + text.height : 15 * u }
  const top = height - bottom - block.height
  const shown = `${of > 1 ? counter(faces, number, of, u) : ''}${text ? lineMarkup(text.path, textTop, u) : ''}`
  const type = await drawing(
    surface,
    { x: left, y: top, width: block.width + 24 * u, height: block.height + 8 * u },
    `<g fill="${INK}">${shown}</g>`,
  )

  let shade: Layer | undefined
  let shaded: Still | undefined
  let settled: Still | undefined
  return (frame, t, length) => {
    if (!shade) {
      // Only now is it known what lies under the letters: at the shot's first frame, while nothing of them is shown.
      untitled(frame, t, length)
      shade = shadeFor(stage, frame, { x: left, y: top, ...block })
      return
    }
    const leave = Math.min(0.5, length * 0.15)
    const leaving = smooth(length, length - leave, t)
    const light = smooth(0.1, 0.75, t) * leaving
    const write = smooth(0.25, 1, t) * leaving
    const settle = (1 - smooth(0.2, 1.3, t)) * 10 * u
    if (write === 1 && settle === 0) {
      // For most of the shot nothing of it moves.
      settled ??= surface.still(frame, [edge, shade, type])
      surface.stamp(frame, settled, 1)
      return
    }
    untitled(frame, t, length)
    shaded ??= surface.still(frame, [shade])
    surface.stamp(frame, shaded, light)
    surface.draw(frame, type.raster, { x: type.x, y: type.y + settle, scale: type.scale }, { opacity: write })
  }
}

/** "02 — 03": the shot, a rule, and how many there are. */
function counter(faces: Faces, number: number, of: number, u: number): string {
  const digits = (n: number) => setCaption(faces.text, String(n).padStart(2, '0'), 15 * u, 0.14)
  const [count, total] = [digits(number), digits(of)]
  const from = count.width + 8 * u
  const rule = `<rect x="${from.toFixed(1)}" y="${(6 * u).toFixed(1)}" width="${(34 * u).toFixed(1)}" height="${Math.max(1, 1.2 * u).toFixed(1)}"/>`
  return `<path d="${count.path}"/><g opacity=".75">${rule}<path transform="translate(${(from + 46 * u).toFixed(1)} 0)" d="${total.path}"/></g>`
}

/** A faint dark edge keeps the letters apart from whatever is bright behind them. */
function lineMarkup(path: string, y: number, u: number): string {
  const edge = `fill="none" stroke="#000" stroke-opacity=".13" stroke-width="${(5 * u).toFixed(1)}" stroke-linejoin="round"`
  return `<g transform="translate(${(-1.5 * u).toFixed(1)} ${y.toFixed(1)})"><path d="${path}" ${edge}/><path d="${path}"/></g>`
}
