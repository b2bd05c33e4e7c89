// Failures these tests pin:
// - a kernel that disagrees with the plain arithmetic it stands for;
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

test('an enlarged and moved picture is what bilinear sampling says', () => {
  const s = createSurface()
  const frame = s.frame(96, 64)
  const source = filled(s, s.raster(200, 120, false), (x, y) => (x * 7 + y * 13) % 200)
  const [px, py, scale] = [-20.3, -9.7, 0.83]
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
})

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
  s.stamp(again, s.still(frame, layer, { x: -30, y: -30, scale: 1 }), opacity)
  expect(Math.abs((lumaOf(s, again)[16 * 64 + 33] as number) - expected)).toBeLessThanOrEqual(1)
})

test('a layer at the edge, or far outside, touches nothing else', () => {
  const s = createSurface()
  const frame = filled(s, s.frame(100, 40), () => 50)
  const layer = filled(s, s.raster(48, 48, true), () => 240)
  for (const [x, y] of [
    [90, 10],
    [-40, -40],
    [500, 5],
    [-500, 5],
    [10, 300],
    [10, -300],
  ])
    s.draw(frame, layer, { x: x as number, y: y as number, scale: 1 })
  const got = lumaOf(s, frame)
  for (let y = 10; y < 40; y++)
    expect([...got.subarray(y * 100 + 10, y * 100 + 88)]).toEqual(Array(78).fill(50))
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
