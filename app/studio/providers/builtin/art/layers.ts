/** The three ways a layer comes to be: painted point by point, cut as the outline of land, or drawn as SVG. */
import sharp from 'sharp'
import type { Raster, Surface } from '../pixels/surface.ts'
import { MARGIN } from '../pixels/surface.ts'
import { type Rgb, yuv } from './colour.ts'
import { speckle } from './random.ts'

/** A part of the stage, in pixels of the finished frame; the stage's origin is the frame's left upper corner. */
export interface Box {
  x: number
  y: number
  width: number
  height: number
}

/** A raster on the stage: `scale` of its pixels make one of the stage. */
export interface Layer {
  raster: Raster
  x: number
  y: number
  scale: number
}

/** Writes colour (0 to 255, not premultiplied) and opacity (0 to 1) of a point into `out`: r, g, b, a. `a` is 1 before. */
export type Paint = (x: number, y: number, out: Float32Array) => void

/** Sets the colour of a painted point. */
export function put(out: Float32Array, c: Rgb): void {
  out[0] = c[0]
  out[1] = c[1]
  out[2] = c[2]
}

/**
 * A layer of smooth things, computed at a fraction of the resolution; `coarse` says how many stage pixels make one of
 * its own. `opaque` layers carry no alpha.
 */
export function paint(s: Surface, box: Box, coarse: number, opaque: boolean, colourAt: Paint): Layer {
  const width = Math.ceil(box.width / coarse / 2) * 2 + (opaque ? 0 : 2 * MARGIN)
  const height = Math.ceil(box.height / coarse / 2) * 2
  const raster = s.raster(width, height, !opaque)
  const x0 = box.x - (opaque ? 0 : MARGIN * coarse)
  const rows = new Float32Array(width * 8)
  const out = new Float32Array(4)
  const margin = opaque ? 0 : MARGIN - 2
  for (let j = 0; j < height; j += 2) {
    for (let k = 0; k < 2; k++) {
      const y = box.y + (j + k + 0.5) * coarse
      for (let i = margin; i < width - margin; i++) {
        out[3] = 1
        colourAt(x0 + (i + 0.5) * coarse, y, out)
        const at = (k * width + i) * 4
        rows[at] = out[0] as number
        rows[at + 1] = out[1] as number
        rows[at + 2] = out[2] as number
        rows[at + 3] = out[3] as number
      }
    }
    storeRows(s.bytes(), raster, j, rows)
  }
  return { raster, x: x0, y: box.y, scale: 1 / coarse }
}

export interface Land {
  /** The stage's height of the outline at x. */
  top: (x: number) => number
  /** Colour by depth below the outline in stage pixels. */
  colour: (depth: number) => Rgb
  /** Added to the luma, in steps of 8 bits. */
  shade?: (x: number, depth: number) => number
}

/** A layer that is filled below an outline, with smooth edges, at full resolution. */
export function land(s: Surface, box: Box, shape: Land): Layer {
  const width = Math.ceil(box.width / 2) * 2 + 2 * MARGIN
  const height = Math.ceil(box.height / 2) * 2
  const raster = s.raster(width, height, true)
  const x0 = Math.floor(box.x) - MARGIN
  const y0 = Math.floor(box.y)
  const tops = Float32Array.from({ length: width }, (_, i) => shape.top(x0 + i + 0.5) - y0)
  const lumas = new Float32Array(height + 1)
  const cbs = new Float32Array(height + 1)
  const crs = new Float32Array(height + 1)
  for (let depth = 0; depth <= height; depth++) {
    const [y, cb, cr] = yuv(...shape.colour(depth))
    lumas[depth] = y
    cbs[depth] = cb
    crs[depth] = cr
  }
  const lit = shape.shade && shadeGrid(shape.shade, tops, x0, width, height)
  const memory = s.bytes()
  const { y, u, v, alpha } = raster
  if (!alpha) return { raster, x: x0, y: y0, scale: 1 }
  for (let j = 0; j < height; j++) {
    const row = y.at + j * y.stride
    const alphaRow = alpha.y.at + j * alpha.y.stride
    for (let i = 0; i < width; i++) {
      const depth = j + 0.5 - (tops[i] as number)
      if (depth <= -0.5) continue
      const cover = depth >= 0.5 ? 1 : depth + 0.5
      const luma =
        (lumas[depth > 0 ? depth | 0 : 0] as number) + (lit ? lit(i, j) : 0) + speckle(i, j, 5) - 0.5
      memory[row + i] = (luma < 16 ? 16 : luma) * cover + 0.5
      memory[alphaRow + i] = cover * 255
    }
  }
  for (let j = 0; j < u.height; j++) {
    for (let i = 0; i < u.width; i++) {
      const depth = 2 * j + 1 - ((tops[2 * i] as number) + (tops[2 * i + 1] as number)) / 2
      if (depth <= -1) continue
      const cover = depth >= 1 ? 1 : (depth + 1) / 2
      const at = depth > 0 ? depth | 0 : 0
      memory[u.at + j * u.stride + i] = (cbs[at] as number) * cover + 0.5
      memory[v.at + j * v.stride + i] = (crs[at] as number) * cover + 0.5
      memory[alpha.c.at + j * alpha.c.stride + i] = cover * 255
    }
  }
  return { raster, x: x0, y: y0, scale: 1 }
}

/** Shades computed at every fourth point and read with linear interpolation: they are soft, and dear to compute. */
function shadeGrid(
  shade: NonNullable<Land['shade']>,
  tops: Float32Array,
  x0: number,
  width: number,
  height: number,
): (i: number, j: number) => number {
  const columns = (width >> 2) + 2
  const rows = (height >> 2) + 2
  const grid = new Float32Array(columns * rows)
  for (let c = 0; c < columns; c++) {
    const top = tops[Math.min(width - 1, c * 4)] as number
    for (let r = 0; r < rows; r++) {
      const depth = r * 4 - top
      if (depth > -12) grid[r * columns + c] = shade(x0 + c * 4, depth > 0 ? depth : 0)
    }
  }
  return (i, j) => {
    const at = (j >> 2) * columns + (i >> 2)
    const fx = (i & 3) / 4
    const fy = (j & 3) / 4
    const a = grid[at] as number
    const b = grid[at + columns] as number
    const upper = a + ((grid[at + 1] as number) - a) * fx
    return upper + (b + ((grid[at + columns + 1] as number) - b) * fx - upper) * fy
  }
}

/** A layer from SVG markup whose user units are stage pixels relative to the box. Keep text out of it: fonts differ. */
export async function drawing(s: Surface, box: Box, markup: string): Promise<Layer> {
  const width = Math.ceil(box.width / 2) * 2 + 2 * MARGIN
  const height = Math.ceil(box.height / 2) * 2 + 2 * MARGIN
  const open = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${-MARGIN} ${-MARGIN} ${width} ${height}">`
  const { data } = await sharp(Buffer.from(`${open}${markup}</svg>`), { limitInputPixels: 40_000_000 })
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  return rgbaLayer(s, data, width, height, box.x - MARGIN, box.y - MARGIN, 1)
}

/** A layer of raw RGBA (not premultiplied); `opaque` ignores its alpha. */
export function rgbaLayer(
  s: Surface,
  rgba: Uint8Array,
  width: number,
  height: number,
  x: number,
  y: number,
  stageScale: number,
  opaque = false,
): Layer {
  const raster = s.raster(width, height, !opaque)
  const memory = s.bytes()
  const rows = new Float32Array(width * 8)
  for (let j = 0; j < height; j += 2) {
    const from = j * width * 4
    let seen = opaque
    for (let i = 0; i < rows.length; i += 4) {
      const alpha = opaque ? 255 : (rgba[from + i + 3] as number)
      rows[i + 3] = alpha / 255
      if (alpha === 0) continue
      seen = true
      rows[i] = rgba[from + i] as number
      rows[i + 1] = rgba[from + i + 1] as number
      rows[i + 2] = rgba[from + i + 2] as number
    }
    if (seen) storeRows(memory, raster, j, rows)
  }
  return { raster, x, y, scale: stageScale }
}

/**
 * Brings two rows of RGBA to premultiplied planes. A grain of one step, the same in colour and alpha, hides the bands
 * of soft edges.
 */
function storeRows(memory: Uint8Array, raster: Raster, row: number, rgba: Float32Array): void {
  const { y, u, v, alpha } = raster
  const width = y.width
  for (let i = 0; i < width; i += 2) {
    let sumU = 0
    let sumV = 0
    let sumA = 0
    for (let k = 0; k < 4; k++) {
      const px = i + (k & 1)
      const py = row + (k >> 1)
      const at = ((k >> 1) * width + px) * 4
      const a = rgba[at + 3] as number
      if (!(a > 0)) continue
      const cover = a < 1 ? a : 1
      const r = rgba[at] as number
      const b = rgba[at + 2] as number
      const luma = 0.2126 * r + 0.7152 * (rgba[at + 1] as number) + 0.0722 * b
      const rough = cover < 1 || !alpha ? speckle(px, py, 3) : 0.5
      memory[y.at + py * y.stride + px] = (16 + luma * 0.858824) * cover + rough
      if (alpha) memory[alpha.y.at + py * alpha.y.stride + px] = cover * 255 + (cover < 1 ? rough : 0)
      sumU += cover * (128 + (b - luma) * 0.473394)
      sumV += cover * (128 + (r - luma) * 0.557792)
      sumA += cover
    }
    if (sumA === 0) continue
    const ci = i >> 1
    const cj = row >> 1
    const rough = speckle(ci, cj, 9)
    memory[u.at + cj * u.stride + ci] = sumU / 4 + rough
    memory[v.at + cj * v.stride + ci] = sumV / 4 + rough
    if (alpha) memory[alpha.c.at + cj * alpha.c.stride + ci] = (sumA / 4) * 255 + (sumA >= 4 ? 0 : rough)
  }
}
