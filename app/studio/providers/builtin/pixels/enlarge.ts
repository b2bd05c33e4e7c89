/**
 * Draws a layer of few pixels, such as a sky, over many: each of its rows serves several of the target. It is stretched
 * once to the target's width, and the target's rows are blends of two such lines; 16 pixels at a time, without sampling.
 */
import { FULL_WEIGHT } from './kernel-parts.ts'
import type { Kernels } from './kernels.ts'
import type { Placement, Plane } from './surface.ts'

/** The scale up to which this is the faster way. */
export const ENLARGED = 0.5

/** Not a power of two, or all lines would compete for the same few places of the processor's cache. */
const LINE = 4096 + 256

/** Bytes of scratch for an upper and a lower line of two colours and their cover. */
export const LINES = 6 * LINE

/** Columns and rows of the target, `left` and `width` multiples of 16. */
export interface Part {
  left: number
  width: number
  from: number
  to: number
}

/**
 * Planes of one geometry and perhaps their common cover. Right of what it covers, a source with a cover has to be empty for
 * 16 target pixels more.
 */
export function enlarge(
  kernels: Kernels,
  scratch: number,
  targets: readonly Plane[],
  sources: readonly Plane[],
  cover: Plane | undefined,
  place: Placement,
  part: Part,
  opacity: number,
): void {
  const [source, target] = [sources[0] as Plane, targets[0] as Plane]
  const { left, width, from, to } = part
  const { scale } = place
  const step = Math.round(scale * 65_536)
  const furthest = Math.max(0, source.width - 2 - width * scale)
  const at = Math.round(Math.min(furthest, Math.max(0, (left + 0.5 - place.x) * scale - 0.5)) * 65_536)
  const planes = cover ? [...sources, cover] : sources
  const stretched = (row: number, half: number) => {
    for (let k = 0; k < planes.length; k++) {
      const p = planes[k] as Plane
      kernels.stretch(scratch + (2 * k + half) * LINE, p.at + row * p.stride, at, width, step)
    }
  }
  // Which of the two lines is the upper one, and of which row of the source.
  let half = 0
  let shown = -2
  for (let row = from; row < to; row++) {
    const sy = Math.min(source.height - 1.004, Math.max(0, (row + 0.5 - place.y) * scale - 0.5))
    const whole = Math.floor(sy)
    if (whole !== shown) {
      if (whole === shown + 1) half = 1 - half
      else stretched(whole, half)
      stretched(whole + 1, 1 - half)
      shown = whole
    }
    const weight = Math.round((sy - whole) * FULL_WEIGHT)
    const covers = scratch + 2 * sources.length * LINE
    for (let k = 0; k < sources.length; k++) {
      const out = (targets[k] as Plane).at + row * target.stride + left
      const [upper, lower] = [scratch + (2 * k + half) * LINE, scratch + (2 * k + 1 - half) * LINE]
      if (!cover) kernels.blend(out, upper, lower, width, weight)
      else {
        const [above, below] = [covers + half * LINE, covers + (1 - half) * LINE]
        kernels.blendOver(out, upper, lower, width, weight, above, below, opacity)
      }
    }
  }
}
