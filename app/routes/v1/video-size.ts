import type { ModelRecord } from '#app/studio/catalogue/record.ts'
import type { AspectRatio, Resolution } from '#core/db/schema/studio.ts'
import { AppError } from '#core/errors/errors.ts'
import { say } from '#core/i18n/say.ts'

/** `WIDTHxHEIGHT` there, resolution and shape here. Pure. */
export interface Shape {
  resolution: Resolution
  aspect_ratio: AspectRatio
}

/** The short side, in pixels. */
const shortSides: Readonly<Record<Resolution, number>> = {
  '360p': 360,
  '480p': 480,
  '720p': 720,
  '1080p': 1080,
  '4k': 2160,
}

/** Sizes of OpenAI's that no other model has; the nearest real ones. */
const odd: Readonly<Record<string, string>> = { '1024x1792': '1080x1920', '1792x1024': '1920x1080' }

/** Models round to blocks of 8 to 32 pixels, so one 480p is 848, 854 or 832 wide and means the same. */
const TOLERANCE = 0.03

/** `auto` while the model chooses the shape, by its first picture. */
export function sizeOf({ resolution, aspect_ratio }: Shape): string {
  const pixels = pixelsOf(resolution, aspect_ratio)
  return pixels ? pixels.join('x') : 'auto'
}

/** The one of the model's own sizes that is meant. Throws `size_not_offered`, which lists them. */
export function shapeFor(model: ModelRecord, size: string): Shape {
  const [, across, down] = /^(\d{2,5})x(\d{2,5})$/.exec(odd[size] ?? size) ?? []
  const offered = shapesOf(model)
  const near = offered
    .map((shape) => ({ shape, off: distance(shape, Number(across), Number(down)) }))
    .filter(({ off }) => off <= TOLERANCE)
    .sort((a, b) => a.off - b.off)[0]
  if (near) return near.shape
  const sentence = say('Choose one of these sizes: {list}.', { list: offered.map(sizeOf).join(', ') })
  throw new AppError('size_not_offered', sentence, { status: 400, fields: { size: sentence } })
}

function shapesOf({ resolutions, aspectRatios }: ModelRecord): Shape[] {
  return resolutions.flatMap((resolution) =>
    aspectRatios
      .filter((aspect_ratio) => aspect_ratio !== 'auto')
      .map((aspect_ratio) => ({ resolution, aspect_ratio })),
  )
}

/** By how much the worse side differs, as a part of it; NaN where there is no number. */
function distance({ resolution, aspect_ratio }: Shape, across: number, down: number): number {
  const [width = 0, height = 0] = pixelsOf(resolution, aspect_ratio) ?? []
  return Math.max(Math.abs(across / width - 1), Math.abs(down / height - 1))
}

function pixelsOf(resolution: Resolution, ratio: AspectRatio): [number, number] | undefined {
  if (ratio === 'auto') return undefined
  const [across = 1, down = 1] = ratio.split(':').map(Number)
  const short = shortSides[resolution]
  const long = Math.round((short * Math.max(across, down)) / Math.min(across, down) / 2) * 2
  return across >= down ? [long, short] : [short, long]
}
