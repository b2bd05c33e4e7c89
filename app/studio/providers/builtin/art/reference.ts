/** A reference picture as the scene of a shot: filled to the frame, gently graded, with the camera moving over it. */
import sharp from 'sharp'
import { pictureLimits } from '#core/media/picture.ts'
import { rgbaLayer } from './layers.ts'
import { REACH, type Stage, type Step, show } from './stage.ts'
import { dust } from './weather.ts'

/** Different parts of the picture make different shots of it. */
const aims = ['attention', 'centre', 'entropy'] as const

interface Size {
  width: number
  height: number
}

/** `path` names an accepted picture (see core/media/picture.ts); `index` is the number of the shot, from 0. */
export async function referenceScene(stage: Stage, path: string, index: number): Promise<Step[]> {
  const { surface, width, height } = stage
  const margin = { x: width * REACH.x + 48, y: height * REACH.y + 40 }
  const even = (n: number) => Math.ceil(n / 2) * 2
  const target = { width: even(width + 2 * margin.x), height: even(height + 2 * margin.y) }
  const filled = await fill(path, target, index % 2 === 1 ? 1.3 : 1, aims[index % aims.length])
  const layer = rgbaLayer(surface, filled, target.width, target.height, -margin.x, -margin.y, 1, true)
  return [show(stage, layer, 0.85), dust(stage, stage.palette.light)]
}

/**
 * The picture as RGBA that fills the target. It is cut before it is enlarged: a strip that is enlarged first, to be cut
 * then, unfolds to a thousand times the target.
 */
async function fill(path: string, target: Size, close: number, aim: string | undefined): Promise<Buffer> {
  const options = { failOn: 'error', limitInputPixels: pictureLimits.maxPixels, pages: 1 } as const
  const { autoOrient } = await sharp(path, options).metadata()
  const { shaped, cut } = cutsOf(autoOrient, target, close)
  const whole = await sharp(path, options)
    .autoOrient()
    .flatten({ background: '#101014' })
    .toColourspace('srgb')
    .resize({ ...shaped, fit: 'cover', position: aim })
    .raw()
    .toBuffer({ resolveWithObject: true })
  return (
    sharp(whole.data, { raw: whole.info })
      .extract(cut)
      .resize({ ...target, fit: 'fill' })
      // Film-like: a little less contrast at both ends, a touch warmer in the light.
      .linear([0.95, 0.94, 0.92], [5, 5, 7])
      .ensureAlpha()
      .raw()
      .toBuffer()
  )
}

/**
 * How a picture is cut for a target: `shaped`, the largest part that has the target's shape, never larger than the picture;
 * `cut`, what of that is seen from `close` times nearer (1 or more). In the picture's own pixels, each side at least one.
 */
export function cutsOf(
  picture: Size,
  target: Size,
  close: number,
): { shaped: Size; cut: Size & { left: number; top: number } } {
  const scale = Math.min(picture.width / target.width, picture.height / target.height)
  const whole = (n: number, most: number) => Math.min(most, Math.max(1, Math.round(n)))
  const shaped = {
    width: whole(target.width * scale, picture.width),
    height: whole(target.height * scale, picture.height),
  }
  const [width, height] = [
    whole(shaped.width / close, shaped.width),
    whole(shaped.height / close, shaped.height),
  ]
  const left = Math.floor((shaped.width - width) / 2)
  const top = Math.floor((shaped.height - height) / 2)
  return { shaped, cut: { left, top, width, height } }
}
