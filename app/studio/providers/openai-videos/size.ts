/** The picture's size and the video's length in the words of these servers. Pure. */
import type { GenerationSettings, Resolution } from '#core/db/schema/studio.ts'
import type { Endpoint } from './settings.ts'

/** The short side, in pixels. */
const shortSides: Record<Resolution, number> = {
  '360p': 360,
  '480p': 480,
  '720p': 720,
  '1080p': 1080,
  '4k': 2160,
}
/** Video models divide the picture into blocks; sixteen suits those that run on servers of one's own. */
const BLOCK = 16

/** `undefined` for "auto": the server decides, by its first picture. */
export function pixelsOf(
  { resolution, aspect_ratio }: Pick<GenerationSettings, 'resolution' | 'aspect_ratio'>,
  { sizes }: Pick<Endpoint, 'sizes'>,
): { width: number; height: number } | undefined {
  if (aspect_ratio === 'auto') return undefined
  const given = sizes[resolution]?.[aspect_ratio]
  if (given) {
    const [width = 0, height = 0] = given.split('x').map(Number)
    return { width, height }
  }
  const [across = 1, down = 1] = aspect_ratio.split(':').map(Number)
  const short = shortSides[resolution]
  const long = Math.round((short * Math.max(across, down)) / Math.min(across, down) / BLOCK) * BLOCK
  if (across === down) return { width: short, height: short }
  return across > down ? { width: long, height: short } : { width: short, height: long }
}

/** The nearest number of frames the model can make. */
export function framesOf(seconds: number, fps: number, { step, add }: Endpoint['frames']): number {
  return Math.max(1, Math.round((seconds * fps - add) / step) * step + add)
}
