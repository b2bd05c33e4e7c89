// Failures these tests pin:
// - a title on a white reference that cannot be read, its first line least of all;
// - a shade that is as heavy over a night as over snow.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { rgbaLayer } from '../art/layers.ts'
import { randomOf } from '../art/random.ts'
import { stageFor } from '../art/scenes.ts'
import { planFilm } from '../film.ts'
import { createSurface } from '../pixels/surface.ts'
import { aspectRatios, sizeOf } from '../storyboard.ts'
import { shadeFor } from './shade.ts'

type Sheet = (x: number, y: number) => readonly number[]

const tiles = [
  [255, 255, 255],
  [250, 220, 40],
  [20, 30, 60],
  [220, 60, 50],
  [60, 200, 220],
  [30, 40, 255],
  [255, 150, 200],
] as const
const sheets: Record<string, Sheet> = {
  white: () => [255, 255, 255],
  'mid-grey': () => [128, 128, 128],
  busy: (x, y) => tiles[(Math.floor(x / 24) * 3 + Math.floor(y / 24) * 5) % tiles.length] ?? [],
  black: () => [8, 8, 10],
}
const look = {
  setting: 'sea',
  time: 'day',
  weather: 'clear',
  mood: 'calm',
  pace: 'even',
  monochrome: false,
} as const

/** What the letters measure: their colour, after the encoder's range. */
const LETTERS = 0.95
const contrast = (bright: number, dark: number) => (bright + 0.05) / (dark + 0.05)

/** Relative luminances (WCAG 2.2) of a part of a frame, in order. */
function lights(frame: Uint8Array, size: { width: number; height: number }, box: number[]): number[] {
  const { width, height } = size
  const [left = 0, top = 0, right = 0, bottom = 0] = box.map(Math.round)
  const linear = (c: number) => {
    const v = Math.min(1, Math.max(0, c))
    return v <= 0.040_45 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4
  }
  const found: number[] = []
  for (let row = top; row < bottom; row++) {
    for (let x = left; x < right; x++) {
      const chroma = width * height + (row >> 1) * (width / 2) + (x >> 1)
      const y = ((frame[row * width + x] as number) - 16) / 219
      const cb = ((frame[chroma] as number) - 128) / 224
      const cr = ((frame[chroma + (width * height) / 4] as number) - 128) / 224
      const [r, g, b] = [y + 1.5748 * cr, y - 0.1873 * cb - 0.4681 * cr, y + 1.8556 * cb]
      found.push(0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b))
    }
  }
  return found.sort((a, b) => a - b)
}

/** A sheet without and with the shade of a block of three lines; of each line the luminance that 97 in 100 points stay below. */
function shaded(sheet: string, shape: (typeof aspectRatios)[number]) {
  const size = sizeOf(shape, '480p')
  const { width, height } = size
  const surface = createSurface()
  const stage = stageFor(surface, width, height, look, randomOf('shade'))
  const pixels = Uint8Array.from({ length: width * height * 4 }, (_, i) => {
    const at = Math.floor(i / 4)
    return sheets[sheet]?.(at % width, Math.floor(at / width))[i % 4] ?? 255
  })
  const picture = rgbaLayer(surface, pixels, width, height, 0, 0, 1, true)
  const block = { x: width * 0.07, y: height * 0.68, width: width * 0.6, height: 100 }
  const lines = (isShaded: boolean) => {
    const frame = surface.frame(width, height)
    surface.draw(frame, picture.raster, picture)
    if (isShaded) surface.stamp(frame, surface.still(frame, [shadeFor(stage, frame, block)]), 1)
    const packed = surface.pack(frame)
    return [0, 1, 2].map((k) => {
      const top = block.y + (k * block.height) / 3
      const box = [block.x, top, block.x + block.width, top + block.height / 3]
      const found = lights(packed, size, box)
      return found[Math.floor(found.length * 0.97)] as number
    })
  }
  return { before: lines(false), after: lines(true) }
}

const bright = ['white', 'mid-grey', 'busy'].flatMap((sheet) =>
  aspectRatios.map((shape) => ({ sheet, shape })),
)

test.each(bright)('over $sheet at $shape every line has a contrast of 4.5 at least', ({ sheet, shape }) => {
  const { before, after } = shaded(sheet, shape)
  for (const light of before) expect(contrast(LETTERS, light)).toBeLessThan(4.5)
  for (const light of after) expect(contrast(LETTERS, light)).toBeGreaterThan(4.8)
})

test('a dark picture is shaded less than a bright one', () => {
  const left = (sheet: string) => {
    const { before, after } = shaded(sheet, '16:9')
    return (after[0] as number) / (before[0] as number)
  }
  expect(left('black')).toBeGreaterThan(2 * left('white'))
})

test.each(aspectRatios)(
  'a title on a white reference can be read at %s, from its first row',
  async (shape) => {
    const folder = await mkdtemp(join(tmpdir(), 'shade-test-'))
    const referencePath = join(folder, 'white.png')
    await sharp({ create: { width: 700, height: 700, channels: 3, background: '#fff' } })
      .png()
      .toFile(referencePath)
    const size = sizeOf(shape, '480p')
    const prompt = 'Many months went on in summer rooms near our warm moorings, and no one ever came'
    const film = planFilm({ prompt, seed: 5, frames: 48, ...size, referencePath })
    let passed = 0
    for await (const frame of film.frames()) {
      passed += 1
      if (passed < 36) continue
      const rows = Array.from({ length: size.height }, (_, y) =>
        lights(frame, size, [size.width * 0.09, y, size.width * 0.5, y + 1]),
      )
      // A row of letters has pixels of their colour, and picture in half of the others.
      const written = rows.filter((row, y) => y > size.height * 0.66 && (row.at(-6) as number) > 0.8)
      expect(written.length).toBeGreaterThan(40)
      for (const row of written)
        expect(contrast(LETTERS, row[row.length >> 2] as number)).toBeGreaterThan(4.5)
      break
    }
    await rm(folder, { recursive: true })
  },
)
