/** Colours as sRGB triples from 0 to 255, and their way into video. */

export type Rgb = readonly [number, number, number]

export function rgb(hex: string): Rgb {
  const n = Number.parseInt(hex.slice(1), 16)
  return [n >> 16, (n >> 8) & 255, n & 255]
}

export function blend(a: Rgb, b: Rgb, t: number): Rgb {
  return [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t]
}

/** `blend` into the first three numbers of `out`, which may be `a` or `b`: for what is done at every point of a picture. */
export function blendInto(out: Float32Array, a: Channels, b: Channels, t: number): void {
  const [r, g, blue] = [a[0] as number, a[1] as number, a[2] as number]
  out[0] = r + ((b[0] as number) - r) * t
  out[1] = g + ((b[1] as number) - g) * t
  out[2] = blue + ((b[2] as number) - blue) * t
}

type Channels = Rgb | Float32Array

/** Of encoded values, by BT.709. */
export const luma = (c: Rgb) => 0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2]

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
