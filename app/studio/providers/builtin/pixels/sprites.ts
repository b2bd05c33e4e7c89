/** Small moving lights and drops, drawn straight onto a frame: too many and too short-lived for layers. */
import type { Plane, Raster, Surface } from './surface.ts'

/** A colour as Y, Cb, Cr. */
export type Ink = readonly [number, number, number]

/** A soft ellipse around (x, y), in pixels of the frame. `hardness` above 1 gives it a flat middle. */
export function dot(
  s: Surface,
  frame: Raster,
  x: number,
  y: number,
  radiusX: number,
  radiusY: number,
  ink: Ink,
  opacity: number,
  hardness = 1,
): void {
  const memory = s.bytes()
  ellipse(memory, frame.y, x, y, radiusX, radiusY, ink[0], opacity, hardness)
  const [rx, ry] = [Math.max(1, radiusX / 2), Math.max(1, radiusY / 2)]
  // A spot smaller than a chroma sample must not colour its neighbours as strongly as itself.
  const faint = opacity * Math.min(1, (radiusX * radiusY) / (4 * rx * ry) + 0.25)
  ellipse(memory, frame.u, x / 2, y / 2, rx, ry, ink[1], faint, hardness)
  ellipse(memory, frame.v, x / 2, y / 2, rx, ry, ink[2], faint, hardness)
}

function ellipse(
  memory: Uint8Array,
  plane: Plane,
  x: number,
  y: number,
  rx: number,
  ry: number,
  value: number,
  opacity: number,
  hardness: number,
): void {
  const top = Math.max(0, Math.ceil(y - ry - 0.5))
  const bottom = Math.min(plane.height - 1, Math.floor(y + ry - 0.5))
  const left = Math.max(0, Math.ceil(x - rx - 0.5))
  const right = Math.min(plane.width - 1, Math.floor(x + rx - 0.5))
  for (let j = top; j <= bottom; j++) {
    const dy = (j + 0.5 - y) / ry
    let at = plane.at + j * plane.stride + left
    for (let i = left; i <= right; i++, at++) {
      const dx = (i + 0.5 - x) / rx
      const near = 1 - dx * dx - dy * dy
      if (near <= 0) continue
      const cover = opacity * Math.min(1, near * near * hardness)
      const was = memory[at] as number
      memory[at] = was + (value - was) * cover + 0.5
    }
  }
}

/** A straight streak from (x, y), `length` px along the unit vector (dx, dy) with dy > 0, about one `width` wide. */
export function streak(
  s: Surface,
  frame: Raster,
  x: number,
  y: number,
  dx: number,
  dy: number,
  length: number,
  width: number,
  luma: number,
  opacity: number,
): void {
  const memory = s.bytes()
  const plane = frame.y
  const rows = length * dy
  const from = Math.max(0, Math.ceil(y))
  const to = Math.min(plane.height - 1, Math.floor(y + rows))
  const reach = width / 2 + 0.5
  for (let j = from; j <= to; j++) {
    const along = (j - y) / rows
    const middle = x + ((j - y) * dx) / dy
    // Drops are brighter at their lower end.
    const strength = opacity * Math.min(1, along * 1.4) * Math.min(1, (1 - along) * 8)
    const left = Math.max(0, Math.ceil(middle - reach))
    const right = Math.min(plane.width - 1, Math.floor(middle + reach))
    for (let i = left; i <= right; i++) {
      const cover = strength * Math.min(1, reach - Math.abs(i - middle))
      const at = plane.at + j * plane.stride + i
      const was = memory[at] as number
      memory[at] = was + (luma - was) * cover + 0.5
    }
  }
}
