/**
 * The inner loops of the renderer, over 8-bit planes. Positions in a source are 16.16 fixed point; samples are bilinear,
 * because slow camera moves show every rounding to whole pixels as a tremble.
 *
 * A row table has, for each row of the target, three 32-bit numbers: where in the source its row begins, the weight (0 to
 * 32767) of the row below it, and the position of the first sample in that row. It lets one kernel do zooms, pans, mirrors
 * and ripples. A row is first blended with the one below it into a line of scratch, then sampled along that line. Targets
 * are worked on in steps of 8 (16) pixels, so rows are padded to a multiple of 16.
 */
import {
  assemble,
  type Code,
  count,
  type Func,
  i8x16,
  i16x8,
  i32,
  i32x4,
  type Locals,
  relaxed,
  seq,
  v128,
  when,
} from './assembler.ts'
import { blend, blendOver, grain, stamp } from './flat-kernels.ts'
import { between, lerp, strong, through } from './kernel-parts.ts'

/** Bytes of one row's entry in a row table. */
export const ROW_ENTRY = 12

/** The source pixels of 8 neighbours must lie within one 16-byte load. */
export const MAX_STEP = 1.7

/** Bytes of scratch that a call needs: two blended lines, for rows of up to 4096 pixels. */
export const SCRATCH = 2 * 8192

const SECOND_LINE = 8192

export interface Kernels {
  /**
   * target = source, for `rows` rows of `width` pixels. `step` is the distance of samples; `span` the number of source
   * pixels that a row of samples lies on, `rowBytes` the distance of source rows.
   */
  copy(...args: [...Shape]): void
  /**
   * target = source + target * (1 - alpha): the source is premultiplied; its alpha plane lies `alpha` bytes after it.
   * `opacity` is 0 to 256.
   */
  over(...args: [...Shape, alpha: number, opacity: number]): void
  /** `over` for a source of the target's geometry, both `bytes` long. */
  stamp(target: number, source: number, bytes: number, alpha: number, opacity: number): void
  /** target = source + (other - source) * weight / 32767, over `bytes`. */
  blend(target: number, source: number, other: number, bytes: number, weight: number): void
  /** What `blend` makes of colours and of covers, laid over the target as `stamp` does. */
  blendOver(
    ...args: [...Parameters<Kernels['blend']>, cover: number, otherCover: number, opacity: number]
  ): void
  /** `width` samples of one row, the first at `at` after the address `source`; see `enlarge.ts`. */
  stretch(target: number, source: number, at: number, width: number, step: number): void
  /** target += noise - bias, over `bytes`; clipped. */
  grain(target: number, noise: number, bytes: number, bias: number): void
}

type Shape = [
  target: number,
  stride: number,
  width: number,
  rows: number,
  table: number,
  source: number,
  step: number,
  span: number,
  rowBytes: number,
  scratch: number,
]

/** Reads the row's entry and prepares its weights. */
const enterRow = (l: Locals): Code => {
  const entry = i32.add(l.get('table'), i32.mul(l.get('row'), i32.const(ROW_ENTRY)))
  return seq(
    l.set('position', i32.load(entry, 8)),
    l.set('from', i32.add(i32.load(entry), i32.shrS(l.get('position'), i32.const(16)))),
    l.set('from', i32.add(l.get('from'), l.get('source'))),
    l.set('at', i32.and(l.get('position'), i32.const(0xffff))),
    l.set('wy', i16x8.splat(i32.load(entry, 4))),
    l.set('out', i32.add(l.get('target'), i32.mul(l.get('row'), l.get('stride')))),
  )
}

/** Blends what the row needs of the source, from `offset` bytes further on, with the row below it into a line of scratch. */
const blendLine = (l: Locals, line: number, offset: Code, also: Code = []): Code =>
  seq(
    l.set('near', i32.add(l.get('from'), offset)),
    l.set('far', i32.add(l.get('near'), l.get('rowBytes'))),
    l.set('line', i32.add(l.get('scratch'), i32.const(line))),
    count(
      l,
      'x',
      l.get('span'),
      16,
      seq(
        l.set('upper', v128.load(i32.add(l.get('near'), l.get('x')))),
        l.set('lower', v128.load(i32.add(l.get('far'), l.get('x')))),
        l.set('upper', between(l)),
        v128.store(i32.add(l.get('line'), l.get('x')), l.get('upper')),
        also,
      ),
    ),
  )

/**
 * Where in 16 bytes of a line the next 8 samples are, as eight numbers of 8.8 bits: `index` and `next` pick their left
 * and right neighbours, widened to 16 bits by an upper byte that picks nothing, and `wx` weighs these.
 */
const enterEight = (l: Locals): Code =>
  seq(
    l.set(
      'wx',
      i16x8.add(i16x8.splat(i32.and(i32.shrS(l.get('at'), i32.const(8)), i32.const(0xff))), l.get('steps')),
    ),
    l.set('index', v128.or(i16x8.shrU(l.get('wx'), i32.const(8)), l.get('nothing'))),
    l.set('next', i16x8.add(l.get('index'), l.get('one'))),
    l.set('wx', i16x8.shrU(i16x8.shl(l.get('wx'), i32.const(8)), i32.const(1))),
  )

/** 8 samples of the 16 bytes in the local `line`. */
const sample = (l: Locals, line: string): Code =>
  seq(
    l.set('left', relaxed.swizzle(l.get(line), l.get('index'))),
    l.set('right', relaxed.swizzle(l.get(line), l.get('next'))),
    lerp(l, 'left', 'right', l.get('wx')),
  )

const eights = (l: Locals, eight: Code, line = 'scratch'): Code =>
  count(
    l,
    'x',
    l.get('width'),
    8,
    seq(
      l.set('place', i32.add(l.get(line), i32.shrS(l.get('at'), i32.const(16)))),
      eight,
      l.set('at', i32.add(l.get('at'), l.get('stride8'))),
      l.set('out', i32.add(l.get('out'), i32.const(8))),
    ),
  )

/** What does not change from sample to sample. */
const enterSamples = (l: Locals): Code => {
  const steps = (first: number) =>
    i32x4.shrU(
      i32x4.mul(i32x4.splat(l.get('step')), v128.const([first, first + 1, first + 2, first + 3])),
      i32.const(8),
    )
  return seq(
    l.set('one', i16x8.splat(i32.const(1))),
    l.set('nothing', i16x8.splat(i32.const(0xff00))),
    l.set('steps', i16x8.narrowS(steps(0), steps(4))),
    l.set('stride8', i32.mul(l.get('step'), i32.const(8))),
  )
}

const rowsOf = (l: Locals, row: Code): Code =>
  seq(enterSamples(l), count(l, 'row', l.get('rows'), 1, seq(enterRow(l), row)))

const params = [
  ...['target', 'stride', 'width', 'rows', 'table'],
  ...['source', 'step', 'span', 'rowBytes', 'scratch'],
] as const
const locals = {
  row: 'i32',
  x: 'i32',
  from: 'i32',
  near: 'i32',
  far: 'i32',
  line: 'i32',
  position: 'i32',
  out: 'i32',
  at: 'i32',
  stride8: 'i32',
  place: 'i32',
  one: 'v128',
  nothing: 'v128',
  steps: 'v128',
  wy: 'v128',
  wx: 'v128',
  index: 'v128',
  next: 'v128',
  left: 'v128',
  right: 'v128',
  upper: 'v128',
  lower: 'v128',
  colour: 'v128',
} as const

const write = (l: Locals): Code => v128.store64(l.get('out'), i8x16.narrowU(l.get('colour'), l.get('colour')))

/** Samples the colour at the current place. */
const sampleColour = (l: Locals): Code =>
  seq(l.set('colour', v128.load(l.get('place'))), l.set('colour', sample(l, 'colour')))

const copy: Func = {
  name: 'copy',
  params,
  locals,
  body: (l) =>
    rowsOf(l, seq(blendLine(l, 0, i32.const(0)), eights(l, seq(enterEight(l), sampleColour(l), write(l))))),
}

const stretch: Func = {
  name: 'stretch',
  params: ['out', 'source', 'at', 'width', 'step'],
  locals: {
    x: 'i32',
    stride8: 'i32',
    place: 'i32',
    one: 'v128',
    nothing: 'v128',
    steps: 'v128',
    wx: 'v128',
    index: 'v128',
    next: 'v128',
    left: 'v128',
    right: 'v128',
    colour: 'v128',
  },
  body: (l) => seq(enterSamples(l), eights(l, seq(enterEight(l), sampleColour(l), write(l)), 'source')),
}

const over: Func = {
  name: 'over',
  params: [...params, 'alpha', 'opacity'],
  locals: {
    ...locals,
    strength: 'v128',
    covers: 'v128',
    any: 'v128',
    full: 'v128',
    opaque: 'v128',
    behind: 'v128',
  },
  body: (l) => {
    const entirely = i32.equal(l.get('opacity'), i32.const(256))
    const paint = seq(
      l.set('opaque', sample(l, 'covers')),
      when(
        entirely,
        [],
        seq(l.set('opaque', strong(l, l.get('opaque'))), l.set('colour', strong(l, l.get('colour')))),
      ),
      l.set('behind', i16x8.lowU(v128.load64(l.get('out')))),
      l.set('colour', i16x8.add(l.get('colour'), through(l))),
    )
    const solid = i32.and(i8x16.allTrue(i8x16.equal(l.get('covers'), l.get('full'))), entirely)
    return seq(
      l.set('strength', i16x8.splat(l.get('opacity'))),
      l.set('full', i8x16.splat(i32.const(-1))),
      rowsOf(
        l,
        seq(
          l.set('any', i8x16.splat(i32.const(0))),
          blendLine(l, SECOND_LINE, l.get('alpha'), l.set('any', v128.or(l.get('any'), l.get('upper')))),
          // Most of a layer is empty or solid: nothing to draw, or nothing behind it to see.
          when(
            v128.anyTrue(l.get('any')),
            seq(
              blendLine(l, 0, i32.const(0)),
              eights(
                l,
                seq(
                  l.set('covers', v128.load(i32.add(l.get('place'), i32.const(SECOND_LINE)))),
                  when(
                    v128.anyTrue(l.get('covers')),
                    seq(enterEight(l), sampleColour(l), when(solid, [], paint), write(l)),
                  ),
                ),
              ),
            ),
          ),
        ),
      ),
    )
  },
}

const compiled = new WebAssembly.Module(assemble([copy, over, stretch, stamp, blend, blendOver, grain]))

/** The kernels over one memory. The module has no state of its own. */
export function kernelsOver(memory: WebAssembly.Memory): Kernels {
  return new WebAssembly.Instance(compiled, { env: { memory } }).exports as unknown as Kernels
}
