/** The shade under a title: as dark as what lies under the letters asks for, and no darker. */
import { luma, type Rgb, saturate, scale } from '../art/colour.ts'
import { type Box, type Layer, paint, put } from '../art/layers.ts'
import { clamp01, smooth } from '../art/random.ts'
import type { Stage } from '../art/stage.ts'
import type { Raster } from '../pixels/surface.ts'

/** The colour of the letters. */
export const INK = '#fffaf1'

/** Relative luminance of the letters, of 0 to 1. */
const INK_LIGHT = 0.957

/**
 * The contrast that is aimed at. WCAG 2.2, 1.4.3 asks for 4.5; the rest is for thin strokes, the grain, and what the camera
 * brings under the letters later.
 */
const CONTRAST = 5.7

/** Over a dark picture: enough to set the letters apart from its texture. */
const LEAST = 0.42

/** `text` is the block that the letters fill; `frame` shows the picture as it is without them. */
export function shadeFor(stage: Stage, frame: Raster, text: Box): Layer {
  const { surface, width, height, unit: u } = stage
  const near = { x: width * 0.05, y: height * 0.015 }
  const { mean, bright } = under(surface.bytes(), frame, {
    x: text.x - near.x,
    y: text.y - near.y,
    width: text.width + 2 * near.x,
    height: text.height + 2 * near.y,
  })
  // A shade without the picture's own hue would look like smoke over snow or water.
  const colour = saturate(scale(mean, 0.1), 2)
  const strength = Math.max(LEAST, opacityOver(bright, colour))
  // The darker it is, the farther away it begins and the wider it lies, or its edges would be seen.
  const more = strength - LEAST
  const rise = (150 + 3500 * more ** 2) * u
  const aside = 0.4 + 0.9 * more
  const full = text.y - 14 * u
  const right = text.x + text.width + 24 * u
  const fade = 0.35 * text.width + 260 * u
  const box = { x: -40, y: full - rise, width: width + 80, height: height + 40 - full + rise }
  return paint(surface, box, 8 * u, false, (x, y, out) => {
    // Slowly at first: where it begins, a bright picture shows every step.
    const up = smooth(full - rise, full, y) ** 1.2
    const across = smooth(right + fade, right, x)
    put(out, colour)
    out[3] = strength * up * (aside + (1 - aside) * across)
  })
}

/** The opacity at which a shade brings a place of this relative luminance to the contrast that is aimed at. */
function opacityOver(luminance: number, shade: Rgb): number {
  const dark = luma(shade) / 255
  const here = encoded(luminance)
  const wanted = encoded((INK_LIGHT + 0.05) / CONTRAST - 0.05)
  return here <= wanted ? 0 : clamp01((here - wanted) / (here - dark))
}

/** The mean colour of a box, and the relative luminance (WCAG 2.2, 0 to 1) that all but a thirtieth of it stay below. */
function under(bytes: Uint8Array, frame: Raster, box: Box): { mean: Rgb; bright: number } {
  const { y: light, u, v } = frame
  const [left, right] = [Math.max(0, box.x), Math.min(light.width - 1, box.x + box.width)]
  const [top, bottom] = [Math.max(0, box.y), Math.min(light.height - 1, box.y + box.height)]
  const found: number[] = []
  const sums: [number, number, number] = [0, 0, 0]
  for (let row = Math.ceil(top); row <= bottom; row += 4) {
    for (let column = Math.ceil(left); column <= right; column += 4) {
      const chroma = (row >> 1) * u.stride + (column >> 1)
      // BT.709, limited range.
      const y = ((bytes[light.at + row * light.stride + column] as number) - 16) / 219
      const cb = ((bytes[u.at + chroma] as number) - 128) / 224
      const cr = ((bytes[v.at + chroma] as number) - 128) / 224
      const [r, g, b] = [y + 1.5748 * cr, y - 0.1873 * cb - 0.4681 * cr, y + 1.8556 * cb]
      for (const [k, value] of [r, g, b].entries()) sums[k as 0 | 1 | 2] += 255 * clamp01(value)
      found.push(0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b))
    }
  }
  found.sort((a, b) => a - b)
  const [r, g, b] = sums.map((sum) => sum / Math.max(1, found.length)) as [number, number, number]
  return { mean: [r, g, b], bright: found[Math.floor(found.length * (29 / 30))] ?? 0 }
}

/** From and to the encoded values of sRGB (IEC 61966-2-1), 0 to 1. */
const linear = (c: number) => (c <= 0.040_45 ? clamp01(c) / 12.92 : ((clamp01(c) + 0.055) / 1.055) ** 2.4)
const encoded = (l: number) => (l <= 0.003_130_8 ? l * 12.92 : 1.055 * l ** (1 / 2.4) - 0.055)
