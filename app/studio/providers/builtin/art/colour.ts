/** Colours as sRGB triples from 0 to 255, and their way into video. */

export type Rgb = readonly [number, number, number]

export function rgb(hex: string): Rgb {
  const n = Number.parseInt(hex.slice(1), 16)
  return [n >> 16, (n >> 8) & 255, n & 255]
}

export function blend(a: Rgb, b: Rgb, t: number): Rgb {
  return [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t]
}

const luma = (c: Rgb) => 0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2]

/** 0 is grey, 1 as it is. */
export function saturate(c: Rgb, amount: number): Rgb {
  const grey = luma(c)
  return blend([grey, grey, grey], c, amount).map((n) => Math.min(255, Math.max(0, n))) as unknown as Rgb
}

export function scale(c: Rgb, by: number): Rgb {
  return [Math.min(255, c[0] * by), Math.min(255, c[1] * by), Math.min(255, c[2] * by)]
}

export const hexOf = (c: Rgb) =>
  `#${c
    .map((n) =>
      Math.round(Math.min(255, Math.max(0, n)))
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`

/** Y, Cb, Cr in limited range (ITU-R BT.709-6, items 3.2 to 3.4). */
export function yuv(r: number, g: number, b: number): [number, number, number] {
  const y = 0.2126 * r + 0.7152 * g + 0.0722 * b
  return [
    16 + (y * 219) / 255,
    128 + ((b - y) / 1.8556) * (224 / 255),
    128 + ((r - y) / 1.5748) * (224 / 255),
  ]
}
