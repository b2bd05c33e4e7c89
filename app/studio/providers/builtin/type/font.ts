/**
 * Reads fonts (WOFF 1.0 around OpenType with `glyf` outlines) and gives outlines of characters. Text is set as paths, so
 * it looks the same on every machine: nothing depends on installed fonts or on a font service.
 */
import { inflateSync } from 'node:zlib'

export interface Glyph {
  /** In the font's units. */
  advance: number
  /** SVG path data in the font's units, y down, the baseline at 0. */
  path: string
}

export interface Font {
  unitsPerEm: number
  /** The glyph of a character, or nothing when the font has none. */
  glyph(codePoint: number): Glyph | undefined
  /** What to add between two characters. */
  kerning(left: number, right: number): number
}

export function readFont(woff: Buffer): Font {
  const tables = unpack(woff)
  const table = (tag: string): DataView => {
    const bytes = tables.get(tag)
    if (!bytes) throw new Error(`the font has no ${tag} table`)
    return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }
  const head = table('head')
  const unitsPerEm = head.getUint16(18)
  const longOffsets = head.getInt16(50) === 1
  const metrics = table('hhea').getUint16(34)
  const [hmtx, loca, glyf] = [table('hmtx'), table('loca'), table('glyf')]
  const characters = readCmap(table('cmap'))
  const pairs = tables.has('GPOS') ? readKerning(table('GPOS')) : () => 0
  const offset = (id: number) => (longOffsets ? loca.getUint32(id * 4) : loca.getUint16(id * 2) * 2)
  const cache = new Map<number, Glyph>()

  function outline(id: number, depth = 0): string {
    const from = offset(id)
    if (offset(id + 1) === from || depth > 4) return ''
    const at = new DataView(glyf.buffer, glyf.byteOffset + from, glyf.byteLength - from)
    return at.getInt16(0) >= 0 ? simple(at) : composite(at, (part) => outline(part, depth + 1))
  }

  return {
    unitsPerEm,
    glyph(codePoint) {
      const id = characters.get(codePoint)
      if (!id) return undefined
      const known = cache.get(id)
      if (known) return known
      const glyph = { advance: hmtx.getUint16(Math.min(id, metrics - 1) * 4), path: outline(id) }
      cache.set(id, glyph)
      return glyph
    },
    kerning: (left, right) => pairs(characters.get(left) ?? 0, characters.get(right) ?? 0),
  }
}

/** WOFF 1.0 (W3C Recommendation 2012): a directory of tables, each zlib-compressed when that made it smaller. */
function unpack(woff: Buffer): Map<string, Uint8Array> {
  if (woff.toString('latin1', 0, 4) !== 'wOFF') throw new Error('not a WOFF font')
  const tables = new Map<string, Uint8Array>()
  for (let i = 0; i < woff.readUInt16BE(12); i++) {
    const at = 44 + i * 20
    const from = woff.readUInt32BE(at + 4)
    const packed = woff.subarray(from, from + woff.readUInt32BE(at + 8))
    const length = woff.readUInt32BE(at + 12)
    tables.set(woff.toString('latin1', at, at + 4), packed.length < length ? inflateSync(packed) : packed)
  }
  return tables
}

/** Character to glyph, from the Unicode subtables of formats 4 and 12 (OpenType, `cmap`). */
function readCmap(cmap: DataView): Map<number, number> {
  const map = new Map<number, number>()
  for (let i = 0; i < cmap.getUint16(2); i++) {
    const platform = cmap.getUint16(4 + i * 8)
    const at = cmap.getUint32(8 + i * 8)
    if (platform !== 0 && platform !== 3) continue
    if (cmap.getUint16(at) === 4) readFormat4(cmap, at, map)
    if (cmap.getUint16(at) === 12) {
      for (let g = 0; g < cmap.getUint32(at + 12); g++) {
        const [first, last, id] = [0, 4, 8].map((o) => cmap.getUint32(at + 16 + g * 12 + o)) as [
          number,
          number,
          number,
        ]
        for (let c = first; c <= last; c++) map.set(c, id + c - first)
      }
    }
  }
  return map
}

function readFormat4(cmap: DataView, at: number, map: Map<number, number>): void {
  const segments = cmap.getUint16(at + 6) / 2
  for (let s = 0; s < segments; s++) {
    const last = cmap.getUint16(at + 14 + s * 2)
    const first = cmap.getUint16(at + 16 + segments * 2 + s * 2)
    const delta = cmap.getUint16(at + 16 + segments * 4 + s * 2)
    const rangeAt = at + 16 + segments * 6 + s * 2
    const range = cmap.getUint16(rangeAt)
    for (let c = first; c <= last && c !== 0xffff; c++) {
      const listed = range === 0 ? c : cmap.getUint16(rangeAt + range + (c - first) * 2)
      if (listed !== 0) map.set(c, (listed + delta) & 0xffff)
    }
  }
}

type Point = { x: number; y: number; on: boolean }

/** A simple glyph (OpenType, `glyf`): flags, then x and y as differences. */
function simple(g: DataView): string {
  const contours = g.getInt16(0)
  const ends = Array.from({ length: contours }, (_, i) => g.getUint16(10 + i * 2))
  const count = contours === 0 ? 0 : (ends.at(-1) as number) + 1
  let at = 12 + contours * 2 + g.getUint16(10 + contours * 2)
  const flags: number[] = []
  while (flags.length < count) {
    const flag = g.getUint8(at++)
    const repeats = flag & 8 ? g.getUint8(at++) : 0
    for (let i = 0; i <= repeats; i++) flags.push(flag)
  }
  const axis = (short: number, same: number) => {
    let value = 0
    return flags.map((flag) => {
      if (flag & short) value += flag & same ? g.getUint8(at++) : -g.getUint8(at++)
      else if (!(flag & same)) {
        value += g.getInt16(at)
        at += 2
      }
      return value
    })
  }
  const xs = axis(2, 16)
  const ys = axis(4, 32)
  let from = 0
  return ends
    .map((end) => {
      const points = Array.from({ length: end + 1 - from }, (_, i): Point => {
        const k = from + i
        return { x: xs[k] as number, y: -(ys[k] as number), on: ((flags[k] as number) & 1) === 1 }
      })
      from = end + 1
      return contour(points)
    })
    .join('')
}

/** TrueType curves: between two points off the curve lies one on it, half-way. */
function contour(points: Point[]): string {
  const first = points[0]
  const last = points.at(-1)
  if (!first || !last || points.length < 2) return ''
  const half = (a: Point, b: Point): Point => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, on: true })
  const start = first.on ? first : last.on ? last : half(first, last)
  const rest = first.on ? points.slice(1) : last.on ? points.slice(0, -1) : points
  let path = `M${start.x} ${start.y}`
  let control: Point | undefined
  for (const p of [...rest, start]) {
    if (p.on) {
      path += control ? `Q${control.x} ${control.y} ${p.x} ${p.y}` : `L${p.x} ${p.y}`
      control = undefined
      continue
    }
    if (control) {
      const middle = half(control, p)
      path += `Q${control.x} ${control.y} ${middle.x} ${middle.y}`
    }
    control = p
  }
  return `${path}Z`
}

/** A composite glyph: other glyphs, each moved and perhaps scaled. */
function composite(g: DataView, part: (id: number) => string): string {
  let path = ''
  let at = 10
  for (let more = true; more; ) {
    const flags = g.getUint16(at)
    const id = g.getUint16(at + 2)
    at += 4
    const words = (flags & 1) !== 0
    const [dx, dy] = words ? [g.getInt16(at), g.getInt16(at + 2)] : [g.getInt8(at), g.getInt8(at + 1)]
    at += words ? 4 : 2
    const scales = flags & 0x80 ? 4 : flags & 0x40 ? 2 : flags & 8 ? 1 : 0
    const m = Array.from({ length: scales }, (_, i) => g.getInt16(at + i * 2) / 16384)
    at += scales * 2
    const [a = 1, b = 0, c = 0, d = 1] =
      scales === 4 ? m : scales === 2 ? [m[0], 0, 0, m[1]] : [m[0], 0, 0, m[0]]
    path += transformed(part(id), a, b, c, d, dx, dy)
    more = (flags & 0x20) !== 0
  }
  return path
}

function transformed(
  path: string,
  a: number,
  b: number,
  c: number,
  d: number,
  dx: number,
  dy: number,
): string {
  return path.replace(/(-?[\d.]+) (-?[\d.]+)/g, (_, x: string, y: string) => {
    const [px, py] = [Number(x), -Number(y)]
    return `${a * px + c * py + dx} ${-(b * px + d * py + dy)}`
  })
}

/** Pair adjustment from the `kern` feature (OpenType, `GPOS`, lookup type 2; type 9 only points to one). */
function readKerning(gpos: DataView): (left: number, right: number) => number {
  const features = gpos.getUint16(6)
  const lookups = gpos.getUint16(8)
  const wanted = new Set<number>()
  for (let i = 0; i < gpos.getUint16(features); i++) {
    const record = features + 2 + i * 6
    if (gpos.getUint32(record) !== 0x6b65726e) continue
    const feature = features + gpos.getUint16(record + 4)
    for (let k = 0; k < gpos.getUint16(feature + 2); k++) wanted.add(gpos.getUint16(feature + 4 + k * 2))
  }
  const tables: number[] = []
  for (const index of wanted) {
    const lookup = lookups + gpos.getUint16(lookups + 2 + index * 2)
    const type = gpos.getUint16(lookup)
    for (let k = 0; k < gpos.getUint16(lookup + 4); k++) {
      const sub = lookup + gpos.getUint16(lookup + 6 + k * 2)
      if (type === 2) tables.push(sub)
      if (type === 9 && gpos.getUint16(sub + 2) === 2) tables.push(sub + gpos.getUint32(sub + 4))
    }
  }
  return (left, right) => {
    for (const at of tables) {
      const value = pairIn(gpos, at, left, right)
      if (value !== undefined) return value
    }
    return 0
  }
}

function pairIn(gpos: DataView, at: number, left: number, right: number): number | undefined {
  const covered = coverage(gpos, at + gpos.getUint16(at + 2), left)
  const valueFormat = gpos.getUint16(at + 4)
  if (covered < 0 || !(valueFormat & 4)) return undefined
  const bits = (n: number) => [...n.toString(2)].filter((b) => b === '1').length
  const first = bits(valueFormat) * 2
  const both = first + bits(gpos.getUint16(at + 6)) * 2
  // The horizontal advance comes after the placements, where there are any.
  const advance = bits(valueFormat & 3) * 2
  if (gpos.getUint16(at) === 1) {
    const set = at + gpos.getUint16(at + 10 + covered * 2)
    for (let i = 0; i < gpos.getUint16(set); i++) {
      const pair = set + 2 + i * (2 + both)
      if (gpos.getUint16(pair) === right) return gpos.getInt16(pair + 2 + advance)
    }
    return undefined
  }
  const [class1, class2] = [at + gpos.getUint16(at + 8), at + gpos.getUint16(at + 10)]
  const row = classOf(gpos, class1, left) * gpos.getUint16(at + 14) + classOf(gpos, class2, right)
  return gpos.getInt16(at + 16 + row * both + advance)
}

function coverage(view: DataView, at: number, glyph: number): number {
  const listed = view.getUint16(at) === 1
  for (let i = 0; i < view.getUint16(at + 2); i++) {
    if (listed && view.getUint16(at + 4 + i * 2) === glyph) return i
    const range = at + 4 + i * 6
    if (!listed && glyph >= view.getUint16(range) && glyph <= view.getUint16(range + 2)) {
      return view.getUint16(range + 4) + glyph - view.getUint16(range)
    }
  }
  return -1
}

function classOf(view: DataView, at: number, glyph: number): number {
  if (view.getUint16(at) === 1) {
    const index = glyph - view.getUint16(at + 2)
    return index >= 0 && index < view.getUint16(at + 4) ? view.getUint16(at + 6 + index * 2) : 0
  }
  for (let i = 0; i < view.getUint16(at + 2); i++) {
    const range = at + 4 + i * 6
    if (glyph >= view.getUint16(range) && glyph <= view.getUint16(range + 2)) return view.getUint16(range + 4)
  }
  return 0
}
