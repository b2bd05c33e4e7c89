// Failures these tests pin:
// - a strip of a few pixels that is enlarged before it is cut, and takes gigabytes and minutes of the worker;
// - a picture that is shown squeezed, or cut where nothing had to be.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp, { type Sharp } from 'sharp'
import { expect, test } from 'vitest'
import { createSurface } from '../pixels/surface.ts'
import { randomOf } from './random.ts'
import { cutsOf, referenceScene } from './reference.ts'
import { stageFor } from './scenes.ts'

const pictures = [
  [1, 1],
  [7, 2048],
  [2048, 7],
  [64, 2048],
  [300, 200],
  [2048, 1536],
] as const
const targets = [
  { width: 2286, height: 1268 },
  { width: 1328, height: 2192 },
  { width: 642, height: 608 },
]

test.each(pictures)(
  'of a picture of %i by %i only its own pixels are cut, for any target',
  (width, height) => {
    for (const target of targets) {
      for (const close of [1, 1.3]) {
        const { shaped, cut } = cutsOf({ width, height }, target, close)
        expect(shaped.width === width || shaped.height === height).toBe(true)
        expect([shaped.width <= width, shaped.height <= height]).toEqual([true, true])
        expect(Math.min(cut.width, cut.height, cut.left + 1, cut.top + 1)).toBeGreaterThanOrEqual(1)
        expect(cut.left + cut.width).toBeLessThanOrEqual(shaped.width)
        expect(cut.top + cut.height).toBeLessThanOrEqual(shaped.height)
      }
    }
  },
)

test('what is cut has the shape of the target', () => {
  for (const target of targets) {
    const { shaped, cut } = cutsOf({ width: 2048, height: 1536 }, target, 1.3)
    const shape = target.width / target.height
    expect(Math.abs(shaped.width / shaped.height / shape - 1)).toBeLessThan(0.01)
    expect(Math.abs(cut.width / cut.height / shape - 1)).toBeLessThan(0.01)
  }
})

const kinds: [what: string, picture: () => Sharp][] = [
  ['a strip', () => sharp({ create: { width: 7, height: 2048, channels: 3, background: '#48a' } }).png()],
  [
    'a strip that lies on its side',
    () =>
      sharp({ create: { width: 2048, height: 7, channels: 3, background: '#48a' } })
        .withMetadata({ orientation: 6 })
        .jpeg(),
  ],
  [
    'a transparent one',
    () => sharp({ create: { width: 90, height: 70, channels: 4, background: '#48a8' } }).png(),
  ],
  ['one of 1 by 1', () => sharp({ create: { width: 1, height: 1, channels: 3, background: '#48a' } }).png()],
]

test.each(kinds)('%s fills the frame, in every shot of it', async (_, picture) => {
  const folder = await mkdtemp(join(tmpdir(), 'reference-test-'))
  const path = join(folder, 'picture')
  await picture().toFile(path)
  const surface = createSurface()
  const look = { setting: 'sea', time: 'day', weather: 'clear', mood: 'calm', pace: 'even' } as const
  const stage = stageFor(surface, 320, 180, { ...look, monochrome: false }, randomOf('reference'))
  for (const index of [0, 1, 2]) {
    const frame = surface.frame(320, 180)
    const [show] = await referenceScene(stage, path, index)
    show?.(frame, { x: 0, y: 0, zoom: 1 }, 0)
    const luma = surface.pack(frame).subarray(0, 320 * 180)
    expect(Math.min(...luma)).toBeGreaterThan(40)
  }
  await rm(folder, { recursive: true })
})
