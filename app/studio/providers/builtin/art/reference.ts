/** A reference picture as the scene of a shot: filled to the frame, gently graded, with the camera moving over it. */
import sharp from 'sharp'
import { rgbaLayer } from './layers.ts'
import { REACH, type Stage, type Step, show } from './stage.ts'
import { dust } from './weather.ts'

/** Different parts of the picture make different shots of it. */
const aims = ['attention', 'centre', 'entropy'] as const

export async function referenceScene(stage: Stage, path: string, index: number): Promise<Step[]> {
  const { surface, width, height } = stage
  const margin = { x: width * REACH.x + 48, y: height * REACH.y + 40 }
  const box = { width: width + 2 * margin.x, height: height + 2 * margin.y }
  const close = index % 2 === 1 ? 1.3 : 1
  const even = (n: number) => Math.ceil(n / 2) * 2
  const target = { width: even(box.width), height: even(box.height) }
  const whole = await sharp(path, { failOn: 'error', limitInputPixels: 50_000_000, pages: 1 })
    .autoOrient()
    .flatten({ background: '#101014' })
    .toColourspace('srgb')
    .resize({
      width: even(box.width * close),
      height: even(box.height * close),
      fit: 'cover',
      position: aims[index % aims.length] === 'centre' ? 'centre' : aims[index % aims.length],
    })
    // Film-like: a little less contrast at both ends, a touch warmer in the light.
    .linear([0.95, 0.94, 0.92], [5, 5, 7])
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  const cut = await sharp(whole.data, { raw: whole.info })
    .extract({
      left: Math.floor((whole.info.width - target.width) / 2),
      top: Math.floor((whole.info.height - target.height) / 2),
      ...target,
    })
    .raw()
    .toBuffer()
  const layer = rgbaLayer(surface, cut, target.width, target.height, -margin.x, -margin.y, 1, true)
  return [show(stage, layer, 0.85), dust(stage, stage.palette.light)]
}
