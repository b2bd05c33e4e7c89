/**
 * Frames and rasters as planes (Y, U, V in 4:2:0, BT.709 limited range, perhaps with alpha) in one WebAssembly memory, and
 * the ways to draw one onto the other.
 */
import { MOST_PAGES } from './assembler.ts'
import { ENLARGED, enlarge, LINES } from './enlarge.ts'
import { FULL_WEIGHT } from './kernel-parts.ts'
import { kernelsOver, MAX_STEP, ROW_ENTRY, SCRATCH } from './kernels.ts'

export interface Plane {
  /** Address of the first pixel. */
  at: number
  stride: number
  width: number
  height: number
}

/** A picture. With alpha, colours are premultiplied, and the chroma planes have an alpha plane of their size. */
export interface Raster {
  y: Plane
  u: Plane
  v: Plane
  alpha?: { y: Plane; c: Plane }
}

/** What `stamp` lays over a frame: premultiplied colour and cover, both of a frame's geometry, empty above row `from`. */
export interface Still {
  colour: Raster
  cover: Raster
  from: number
}

/** Where a raster goes: the corner of its first pixel in target pixels, and how many of its pixels one target pixel spans. */
export interface Placement {
  x: number
  y: number
  scale: number
}

/** Shifts single rows of the source sideways, in target pixels; makes water. `y` is the target row. */
export type Ripple = (y: number) => number

export type Surface = ReturnType<typeof createSurface>

/** Rasters with alpha keep this many transparent pixels around what they show, for targets are drawn in blocks of 8. */
export const MARGIN = 16

const align = (n: number, to: number) => Math.ceil(n / to) * to

/** On how many source pixels `width` samples lie, with their right neighbours and the rest of the last 16 that are loaded. */
const spanOf = (width: number, scale: number) => Math.ceil(width * scale) + 18

export function createSurface() {
  // Shared with nobody: but a view of shared memory stays good when the memory grows, so a frame can be given away in place.
  const memory = new WebAssembly.Memory({ initial: 64, maximum: MOST_PAGES, shared: true })
  const kernels = kernelsOver(memory)
  // The row table of the longest frame and the kernels' scratch lie before everything else.
  const table = 1024
  const scratch = table + 4096 * ROW_ENTRY
  const lines = scratch + SCRATCH
  let top = lines + LINES
  let bytes = new Uint8Array(memory.buffer)
  let entries = new Int32Array(memory.buffer, table)

  function alloc(size: number): number {
    const at = align(top, 16)
    // Kernels read 16 bytes at a time and one row ahead: the reserve keeps the last reads inside the memory.
    top = at + size + 8192
    const missing = top - memory.buffer.byteLength
    if (missing > 0) {
      memory.grow(Math.ceil(missing / 65_536))
      bytes = new Uint8Array(memory.buffer)
      entries = new Int32Array(memory.buffer, table)
    }
    return at
  }

  function plane(width: number, height: number): Plane {
    const stride = align(width + MARGIN, 16)
    return { at: alloc(stride * height), stride, width, height }
  }

  function raster(width: number, height: number, withAlpha: boolean): Raster {
    const w = Math.ceil(width / 2)
    const h = Math.ceil(height / 2)
    const y = plane(width, height)
    const [u, v] = [plane(w, h), plane(w, h)]
    return { y, u, v, ...(withAlpha ? { alpha: { y: plane(width, height), c: plane(w, h) } } : {}) }
  }

  /** Frames have rows of exactly a multiple of 16, and their planes follow each other, so that `mix` is one call. */
  function frame(width: number, height: number): Raster {
    const [w, h] = [width / 2, height / 2]
    const [wide, narrow] = [align(width, 16), align(w, 16)]
    const at = alloc(wide * height + 2 * narrow * h)
    const y = { at, stride: wide, width, height }
    const u = { at: at + wide * height, stride: narrow, width: w, height: h }
    return { y, u, v: { at: u.at + narrow * h, stride: narrow, width: w, height: h } }
  }

  const frameBytes = (f: Raster) => f.v.at + f.v.stride * f.v.height - f.y.at

  /** Draws `source` onto `target`. */
  function draw(
    target: Raster,
    source: Raster,
    place: Placement,
    options: { opacity?: number; ripple?: Ripple } = {},
  ): void {
    const opacity = Math.round(256 * Math.min(1, Math.max(0, options.opacity ?? 1)))
    if (opacity === 0) return
    const luma = { ...place, ripple: options.ripple }
    // Chroma samples lie in the middle of 2 by 2 pixels, in the raster as in the target: corners stay corners.
    const chroma = {
      x: place.x / 2,
      y: place.y / 2,
      scale: place.scale,
      ripple: options.ripple && ((row: number) => (options.ripple as Ripple)(row * 2) / 2),
    }
    drawPlanes([target.y], [source.y], source.alpha?.y, luma, opacity)
    drawPlanes([target.u, target.v], [source.u, source.v], source.alpha?.c, chroma, opacity)
  }

  /** Planes of one geometry, with one cover. */
  function drawPlanes(
    targets: readonly Plane[],
    sources: readonly Plane[],
    alpha: Plane | undefined,
    place: Placement & { ripple: Ripple | undefined },
    opacity: number,
  ): void {
    const [target, source] = [targets[0] as Plane, sources[0] as Plane]
    const { scale } = place
    if (scale > MAX_STEP) throw new RangeError('a raster may not be shrunk so far')
    const enlarged = scale <= ENLARGED && !place.ripple
    const block = enlarged ? 16 : 8
    const left = alpha ? Math.max(0, align(place.x, block)) : 0
    const rightmost = alpha ? Math.floor((place.x + source.width / scale) / block) * block : target.stride
    const width = Math.min(target.stride, rightmost) - left
    const from = alpha ? Math.max(0, Math.ceil(place.y)) : 0
    const to = Math.min(target.height, alpha ? Math.floor(place.y + source.height / scale) : target.height)
    if (width <= 0 || to <= from) return
    if (enlarged) {
      enlarge(kernels, lines, targets, sources, alpha, place, { left, width, from, to }, opacity)
      return
    }
    const furthest = Math.max(0, source.width - 2 - width * scale)
    for (let row = from; row < to; row++) {
      const sy = Math.min(source.height - 1.004, Math.max(0, (row + 0.5 - place.y) * scale - 0.5))
      const shift = place.ripple ? place.ripple(row) : 0
      const sx = (left + 0.5 + shift - place.x) * scale - 0.5
      const whole = Math.floor(sy)
      const at = (row - from) * 3
      entries[at] = whole * source.stride
      entries[at + 1] = Math.round((sy - whole) * FULL_WEIGHT)
      entries[at + 2] = Math.round(Math.min(furthest, Math.max(0, sx)) * 65_536)
    }
    const first = from * target.stride + left
    const step = Math.round(scale * 65_536)
    const span = spanOf(width, scale)
    for (let k = 0; k < sources.length; k++) {
      const [out, colour] = [(targets[k] as Plane).at + first, (sources[k] as Plane).at]
      const shape = [out, target.stride, width, to - from, table, colour, step, span, source.stride] as const
      if (alpha) kernels.over(...shape, scratch, alpha.at - colour, opacity)
      else kernels.copy(...shape, scratch)
    }
  }

  /**
   * Fills the rows from `line` down with what stands above it, upside down: a row `d` below shows the row `d * squeeze`
   * above, moved by `rise` rows and `wave` columns. `inset` columns at both sides are the room for `wave`.
   */
  function mirror(
    frame: Raster,
    line: number,
    squeeze: number,
    inset: number,
    wave: Ripple,
    rise: Ripple,
  ): void {
    for (const planes of [[frame.y], [frame.u, frame.v]]) {
      const p = planes[0] as Plane
      const half = frame.y.width / p.width
      const start = line / half
      const rows = p.height - start
      const scale = 1 - (2 * inset) / frame.y.width
      const furthest = p.stride - 2 - p.stride * scale
      for (let row = 0; row < rows; row++) {
        const y = (start + row) * half
        const up = (row + 0.5) * squeeze + rise(y) / half
        const sy = Math.min(start - 1.004, Math.max(0, start - 0.5 - Math.abs(up)))
        const sx = Math.min(furthest, Math.max(0, (inset + wave(y)) / half))
        const whole = Math.floor(sy)
        entries[row * 3] = whole * p.stride
        entries[row * 3 + 1] = Math.round((sy - whole) * FULL_WEIGHT)
        entries[row * 3 + 2] = Math.round(sx * 65_536)
      }
      const [step, span] = [Math.round(scale * 65_536), spanOf(p.stride, scale)]
      for (const { at } of planes) {
        kernels.copy(
          at + start * p.stride,
          p.stride,
          p.stride,
          rows,
          table,
          at,
          step,
          span,
          p.stride,
          scratch,
        )
      }
    }
  }

  /** A still layer of a frame's geometry, as `stamp` takes it: what `layers` draw over nothing, one onto the other. */
  function still(like: Raster, layers: readonly (Placement & { raster: Raster })[]): Still {
    const colour = frame(like.y.width, like.y.height)
    const cover = frame(like.y.width, like.y.height)
    for (const { raster: source, ...place } of layers) {
      const { alpha } = source
      if (!alpha) throw new TypeError('an opaque raster would hide everything')
      draw(colour, source, place)
      draw(cover, { y: alpha.y, u: alpha.c, v: alpha.c, alpha }, place)
    }
    const top = Math.min(...layers.map((layer) => layer.y))
    return { colour, cover, from: Math.min(like.y.height, Math.max(0, Math.floor(top / 2) * 2)) }
  }

  function stamp(target: Raster, source: Still, opacity: number): void {
    const strength = Math.round(256 * Math.min(1, Math.max(0, opacity)))
    if (strength === 0) return
    const alpha = source.cover.y.at - source.colour.y.at
    for (const part of ['y', 'u', 'v'] as const) {
      const [to, colour] = [target[part], source.colour[part]]
      const above = (part === 'y' ? source.from : source.from / 2) * to.stride
      kernels.stamp(to.at + above, colour.at + above, to.stride * to.height - above, alpha, strength)
    }
  }

  /** target becomes `weight` (0 to 1) of `other`. */
  function mix(target: Raster, other: Raster, weight: number): void {
    const share = Math.round(weight * FULL_WEIGHT)
    kernels.blend(target.y.at, target.y.at, other.y.at, frameBytes(target), share)
  }

  /**
   * Lays noise (bytes from 0 to 2 x bias) over the luma. Eight bits cannot hold a dark sky: without a grain finer than
   * one step the eye sees its bands.
   */
  function grain(target: Raster, noise: number, bias: number): void {
    kernels.grain(target.y.at, noise, target.y.stride * target.y.height, bias)
  }

  /**
   * The picture as the encoder wants it: the planes without their padding, where the frame lies. It is good until the frame
   * is drawn anew, and the frame is good for nothing else before.
   */
  function pack(source: Raster): Uint8Array {
    const start = source.y.at
    let at = start
    for (const p of [source.y, source.u, source.v]) {
      for (let row = 0; p.stride > p.width && row < p.height; row++) {
        const from = p.at + row * p.stride
        bytes.copyWithin(at + row * p.width, from, from + p.width)
      }
      at += p.width * p.height
    }
    return bytes.subarray(start, at)
  }

  return {
    /** The memory as it is now; ask again after anything was allocated. */
    bytes: () => bytes,
    alloc,
    raster,
    frame,
    draw,
    mirror,
    still,
    stamp,
    mix,
    grain,
    pack,
  }
}
