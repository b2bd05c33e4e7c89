// Failures these tests pin:
// - a kernel that disagrees with the plain arithmetic it stands for;
// - a layer of few pixels, drawn by another way than one of many, that comes out different, or beside its place;
// - a slow move that jumps from pixel to pixel;
// - a layer that leaks over the edge of its frame into the next row.
import { expect, test } from 'vitest'
import { createSurface, type Raster } from './surface.ts'

function filled(
  s: ReturnType<typeof createSurface>,
  raster: Raster,
  luma: (x: number, y: number) => number,
  alpha = 255,
) {
  const memory = s.bytes()
  for (const p of [raster.y, raster.u, raster.v]) {
    for (let y = 0; y < p.height; y++) {
      for (let x = 0; x < p.width; x++) memory[p.at + y * p.stride + x] = p === raster.y ? luma(x, y) : 128
    }
  }
  for (const p of raster.alpha ? [raster.alpha.y, raster.alpha.c] : []) {
    for (let y = 0; y < p.height; y++) memory.fill(alpha, p.at + y * p.stride, p.at + y * p.stride + p.width)
  }
  return raster
}

const lumaOf = (s: ReturnType<typeof createSurface>, f: Raster) => s.pack(f).slice(0, f.y.width * f.y.height)

test.each([0.83, 0.47, 0.11])(
  'a picture enlarged by 1/%f and moved is what bilinear sampling says',
  (scale) => {
    const s = createSurface()
    const frame = s.frame(96, 64)
    const source = filled(s, s.raster(200, 120, false), (x, y) => (x * 7 + y * 13) % 200)
    const [px, py] = [-20.3, -9.7]
    s.draw(frame, source, { x: px, y: py, scale })
    const got = lumaOf(s, frame)
    for (let y = 0; y < 64; y += 3) {
      for (let x = 0; x < 96; x += 3) {
        const [sx, sy] = [(x + 0.5 - px) * scale - 0.5, (y + 0.5 - py) * scale - 0.5]
        const [ix, iy] = [Math.floor(sx), Math.floor(sy)]
        const at = (i: number, j: number) => (i * 7 + j * 13) % 200
        const row = (j: number) => at(ix, j) + (at(ix + 1, j) - at(ix, j)) * (sx - ix)
        const expected = row(iy) + (row(iy + 1) - row(iy)) * (sy - iy)
        expect(Math.abs((got[y * 96 + x] as number) - expected)).toBeLessThan(3)
      }
    }
  },
)

test('a tenth of a pixel is seen', () => {
  const s = createSurface()
  const frame = s.frame(64, 32)
  const source = filled(s, s.raster(160, 80, false), (x) => Math.min(250, x * 3))
  const values = [0, 0.1, 0.2, 0.3, 0.4, 0.5].map((move) => {
    s.draw(frame, source, { x: -20 - move * 4, y: -10, scale: 1 })
    return lumaOf(s, frame)[16 * 64 + 20] as number
  })
  for (let i = 1; i < values.length; i++) expect(values[i]).toBeGreaterThan(values[i - 1] as number)
})

test.each([
  [64, 255, 1, 200],
  [64, 128, 1, 132],
  [64, 255, 0.5, 132],
  [64, 0, 1, 64],
])('on %i, alpha %i at opacity %f gives %i', (behind, alpha, opacity, expected) => {
  const s = createSurface()
  const frame = filled(s, s.frame(64, 32), () => behind)
  const layer = filled(s, s.raster(128, 96, true), () => Math.round((200 * alpha) / 255), alpha)
  s.draw(frame, layer, { x: -30, y: -30, scale: 1 }, { opacity })
  expect(Math.abs((lumaOf(s, frame)[16 * 64 + 33] as number) - expected)).toBeLessThanOrEqual(1)
  const again = filled(s, s.frame(64, 32), () => behind)
  s.stamp(again, s.still(frame, [{ raster: layer, x: -30, y: -30, scale: 1 }]), opacity)
  expect(Math.abs((lumaOf(s, again)[16 * 64 + 33] as number) - expected)).toBeLessThanOrEqual(1)
})

test.each([
  [1, 0.9],
  [0.5, 0.9],
  [1, 0.2],
  [0.5, 0.2],
])(
  'a layer of opacity %f, of half the cover on its right, at scale %f hides as much as it covers',
  (opacity, scale) => {
    const s = createSurface()
    const frame = filled(s, s.frame(320, 128), () => 80)
    const layer = s.raster(96, 48, true)
    const memory = s.bytes()
    const { y, alpha } = layer
    const empty = (x: number) => x < 16 || x >= 80
    for (let j = 0; j < 48; j++) {
      for (let i = 0; i < 96 && alpha; i++) {
        const cover = empty(i) ? 0 : i < 48 ? 255 : 128
        memory[alpha.y.at + j * alpha.y.stride + i] = cover
        memory[y.at + j * y.stride + i] = Math.round(((60 + 4 * j) * cover) / 255)
      }
    }
    const [px, py] = [-3.4, -20.2]
    s.draw(frame, layer, { x: px, y: py, scale }, { opacity })
    const got = lumaOf(s, frame)
    for (let row = 0; row < 25; row += 3) {
      const colour = 60 + 4 * ((row + 0.5 - py) * scale - 0.5)
      for (let x = 0; x < 320; x += 5) {
        const at = (x + 0.5 - px) * scale - 0.5
        // Between two parts lies a ramp of one source pixel.
        if ([15, 47, 79].some((edge) => at > edge - 0.2 && at < edge + 1.2)) continue
        const cover = empty(Math.round(at)) ? 0 : at < 48 ? 1 : 128 / 255
        const expected = 80 + (colour - 80) * cover * opacity
        expect(Math.abs((got[row * 320 + x] as number) - expected)).toBeLessThan(2.5)
      }
    }
  },
)

test.each([1, 0.4])('a layer at the edge, or far outside, touches nothing else, at scale %f', (scale) => {
  const s = createSurface()
  const frame = filled(s, s.frame(100, 40), () => 50)
  const layer = filled(s, s.raster(48, 48, true), () => 240)
  for (const [x, y] of [
    [90, 10],
    [8 - 48 / scale, 8 - 48 / scale],
    [500, 5],
    [-500, 5],
    [10, 300],
    [10, -300],
  ])
    s.draw(frame, layer, { x: x as number, y: y as number, scale })
  const got = lumaOf(s, frame)
  for (let y = 10; y < 40; y++)
    expect([...got.subarray(y * 100 + 10, y * 100 + 88)]).toEqual(Array(78).fill(50))
})

test('several layers in one still look as if each were drawn onto the one before', () => {
  const s = createSurface()
  const behind = (x: number, y: number) => 40 + x + y
  const [frame, stamped] = [filled(s, s.frame(96, 64), behind), filled(s, s.frame(96, 64), behind)]
  const [low, high] = [
    filled(s, s.raster(160, 120, true), () => 90, 140),
    filled(s, s.raster(160, 120, true), () => 20, 70),
  ]
  const layers = [
    { raster: low, x: -30, y: -30, scale: 1 },
    { raster: high, x: -20, y: 31.5, scale: 0.3 },
  ]
  for (const { raster, ...place } of layers) s.draw(frame, raster, place)
  s.stamp(stamped, s.still(frame, layers), 1)
  const [drawn, at] = [lumaOf(s, frame), lumaOf(s, stamped)]
  expect(drawn[10 * 96 + 40]).not.toBe(drawn[50 * 96 + 40])
  for (let i = 0; i < drawn.length; i++)
    expect(Math.abs((drawn[i] as number) - (at[i] as number))).toBeLessThanOrEqual(2)
})

test('a raster may not be shrunk further than the kernels can reach', () => {
  const s = createSurface()
  expect(() => s.draw(s.frame(64, 32), s.raster(400, 200, false), { x: 0, y: 0, scale: 2 })).toThrow(
    RangeError,
  )
})

test('water mirrors what stands above it', () => {
  const s = createSurface()
  const frame = filled(s, s.frame(64, 64), (_, y) => y * 3)
  s.mirror(
    frame,
    32,
    1,
    4,
    () => 0,
    () => 0,
  )
  const got = lumaOf(s, frame)
  for (const below of [1, 8, 20]) {
    expect(
      Math.abs((got[(32 + below) * 64 + 30] as number) - (got[(31 - below) * 64 + 30] as number)),
    ).toBeLessThan(4)
  }
})
