/**
 * The inner loops of the renderer, over 8-bit planes. Positions in a source are 16.16 fixed point; samples are bilinear,
 * because slow camera moves show every rounding to whole pixels as a tremble.
 *
 * A row table has, for each row of the target, three 32-bit numbers: the address of the source row, the weight (0 to 256)
 * of the row below it, and the position of the first sample in that row. It lets one kernel do zooms, pans, mirrors and
 * ripples. Targets are worked on in steps of 8 (16) pixels, so rows are padded to a multiple of 16.
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
  seq,
  v128,
  when,
} from './assembler.ts'

/** Bytes of one row's entry in a row table. */
export const ROW_ENTRY = 12

/** The source pixels of 8 neighbours must lie within one 16-byte load. */
export const MAX_STEP = 1.7

export interface Kernels {
  /** target = source */
  copy(
    target: number,
    stride: number,
    width: number,
    rows: number,
    table: number,
    step: number,
    rowBytes: number,
  ): void
  /**
   * target = source + target * (1 - alpha): the source is premultiplied; its alpha plane lies `alpha` bytes after it.
   * `opacity` is 0 to 256.
   */
  over(
    target: number,
    stride: number,
    width: number,
    rows: number,
    table: number,
    step: number,
    rowBytes: number,
    alpha: number,
    opacity: number,
  ): void
  /** target += (other - target) * weight / 256, over `bytes`. */
  mix(target: number, other: number, bytes: number, weight: number): void
  /** target += noise - bias, over `bytes`; clipped. */
  grain(target: number, noise: number, bytes: number, bias: number): void
}

/** Numbers that the loops need all the time. V8 builds a constant anew at each use, so they are kept in locals. */
const constants = { half: 'v128', whole: 'v128', one: 'v128', byte: 'v128' } as const
const setConstants = (l: Locals) =>
  seq(
    l.set('half', i16x8.splat(i32.const(128))),
    l.set('whole', i16x8.splat(i32.const(256))),
    l.set('one', i8x16.splat(i32.const(1))),
    l.set('byte', i32x4.splat(i32.const(255))),
  )

const blend = (l: Locals, a: Code, b: Code, weightB: Code, weightA: Code) =>
  i16x8.shrU(i16x8.add(i16x8.add(i16x8.mul(a, weightA), i16x8.mul(b, weightB)), l.get('half')), i32.const(8))

/** Two source rows, 16 bytes of each from `at` on, as one row of 16 bytes. */
const between = (l: Locals, upper: Code, lower: Code) =>
  i8x16.narrowU(
    blend(l, i16x8.lowU(upper), i16x8.lowU(lower), l.get('wy'), l.get('wyRest')),
    blend(l, i16x8.highU(upper), i16x8.highU(lower), l.get('wy'), l.get('wyRest')),
  )

/** 8 samples from the row in `name`, at the positions in `index` and `wx`. */
const across = (l: Locals, name: string) =>
  blend(
    l,
    i16x8.lowU(i8x16.swizzle(l.get(name), l.get('index'))),
    i16x8.lowU(i8x16.swizzle(l.get(name), l.get('next'))),
    l.get('wx'),
    l.get('wxRest'),
  )

/** Reads the row's entry and prepares its weights. */
const enterRow = (l: Locals): Code => {
  const entry = i32.add(l.get('table'), i32.mul(l.get('row'), i32.const(ROW_ENTRY)))
  return seq(
    l.set('source', i32.load(entry)),
    l.set('wy', i16x8.splat(i32.load(entry, 4))),
    l.set('wyRest', i16x8.sub(l.get('whole'), l.get('wy'))),
    l.set('position', i32.load(entry, 8)),
    l.set('out', i32.add(l.get('target'), i32.mul(l.get('row'), l.get('stride')))),
  )
}

/** Where the next 8 samples lie: `at`, and within the 16 bytes from there `index`, `next` and the weights. */
const locate = (l: Locals): Code => {
  const lane = (steps: string) =>
    i32x4.add(i32x4.splat(i32.and(l.get('position'), i32.const(0xffff))), l.get(steps))
  return seq(
    l.set('at', i32.add(l.get('source'), i32.shrS(l.get('position'), i32.const(16)))),
    l.set('low', lane('steps')),
    l.set('high', lane('moreSteps')),
    l.set(
      'wx',
      i16x8.narrowS(
        v128.and(i32x4.shrU(l.get('low'), i32.const(8)), l.get('byte')),
        v128.and(i32x4.shrU(l.get('high'), i32.const(8)), l.get('byte')),
      ),
    ),
    l.set('wxRest', i16x8.sub(l.get('whole'), l.get('wx'))),
    l.set(
      'index',
      i16x8.narrowS(i32x4.shrU(l.get('low'), i32.const(16)), i32x4.shrU(l.get('high'), i32.const(16))),
    ),
    l.set('index', i8x16.narrowU(l.get('index'), l.get('index'))),
    l.set('next', i8x16.add(l.get('index'), l.get('one'))),
  )
}

const rowsOf = (l: Locals, eightPixels: Code): Code =>
  seq(
    setConstants(l),
    l.set('steps', i32x4.mul(i32x4.splat(l.get('step')), v128.const([0, 1, 2, 3]))),
    l.set('moreSteps', i32x4.mul(i32x4.splat(l.get('step')), v128.const([4, 5, 6, 7]))),
    count(
      l,
      'row',
      l.get('rows'),
      1,
      seq(
        enterRow(l),
        count(
          l,
          'x',
          l.get('width'),
          8,
          seq(
            eightPixels,
            l.set('position', i32.add(l.get('position'), i32.mul(l.get('step'), i32.const(8)))),
            l.set('out', i32.add(l.get('out'), i32.const(8))),
          ),
        ),
      ),
    ),
  )

const params = ['target', 'stride', 'width', 'rows', 'table', 'step', 'rowBytes'] as const
const locals = {
  ...constants,
  row: 'i32',
  x: 'i32',
  source: 'i32',
  position: 'i32',
  out: 'i32',
  at: 'i32',
  wy: 'v128',
  wyRest: 'v128',
  wx: 'v128',
  wxRest: 'v128',
  index: 'v128',
  next: 'v128',
  low: 'v128',
  high: 'v128',
  steps: 'v128',
  moreSteps: 'v128',
  colour: 'v128',
  opaque: 'v128',
} as const

const copy: Func = {
  name: 'copy',
  params,
  locals,
  body: (l) => {
    const below = i32.add(l.get('at'), l.get('rowBytes'))
    return rowsOf(
      l,
      seq(
        locate(l),
        l.set('colour', between(l, v128.load(l.get('at')), v128.load(below))),
        l.set('colour', across(l, 'colour')),
        v128.store64(l.get('out'), i8x16.narrowU(l.get('colour'), l.get('colour'))),
      ),
    )
  },
}

const over: Func = {
  name: 'over',
  params: [...params, 'alpha', 'opacity'],
  locals: { ...locals, upper: 'v128', lower: 'v128', strength: 'v128', alphaAt: 'i32' },
  body: (l) => {
    const strong = (value: Code) => i16x8.shrU(i16x8.mul(value, l.get('strength')), i32.const(8))
    // 255 becomes 256, so that what is opaque hides what is behind it entirely.
    const full = i16x8.add(l.get('opaque'), i16x8.shrU(l.get('opaque'), i32.const(7)))
    const rest = i16x8.sub(l.get('whole'), l.get('opaque'))
    const behind = i16x8.lowU(v128.load64(l.get('out')))
    const seen = i16x8.shrU(i16x8.add(i16x8.mul(behind, rest), l.get('half')), i32.const(8))
    const drawn = i16x8.add(l.get('colour'), seen)
    const below = i32.add(l.get('at'), l.get('rowBytes'))
    const sample = seq(
      l.set('colour', between(l, v128.load(l.get('at')), v128.load(below))),
      l.set('colour', across(l, 'colour')),
    )
    const write = v128.store64(l.get('out'), i8x16.narrowU(l.get('colour'), l.get('colour')))
    const paint = seq(
      l.set('opaque', between(l, l.get('upper'), l.get('lower'))),
      l.set('opaque', across(l, 'opaque')),
      l.set('opaque', strong(l.get('opaque'))),
      l.set('opaque', full),
      sample,
      l.set('colour', strong(l.get('colour'))),
      l.set('colour', drawn),
      write,
    )
    const solid = i32.and(
      i8x16.allTrue(i8x16.equal(v128.and(l.get('upper'), l.get('lower')), i8x16.splat(i32.const(-1)))),
      i32.equal(l.get('opacity'), i32.const(256)),
    )
    return seq(
      l.set('strength', i16x8.splat(l.get('opacity'))),
      rowsOf(
        l,
        seq(
          locate(l),
          l.set('alphaAt', i32.add(l.get('at'), l.get('alpha'))),
          l.set('upper', v128.load(l.get('alphaAt'))),
          l.set('lower', v128.load(i32.add(l.get('alphaAt'), l.get('rowBytes')))),
          // Most of a layer is empty or solid: nothing to draw, or nothing behind it to see.
          when(v128.anyTrue(v128.or(l.get('upper'), l.get('lower'))), when(solid, seq(sample, write), paint)),
        ),
      ),
    )
  },
}

const mix: Func = {
  name: 'mix',
  params: ['target', 'other', 'bytes', 'weight'],
  locals: { ...constants, x: 'i32', wy: 'v128', wyRest: 'v128', out: 'i32' },
  body: (l) =>
    seq(
      setConstants(l),
      l.set('wy', i16x8.splat(l.get('weight'))),
      l.set('wyRest', i16x8.sub(l.get('whole'), l.get('wy'))),
      count(
        l,
        'x',
        l.get('bytes'),
        16,
        seq(
          l.set('out', i32.add(l.get('target'), l.get('x'))),
          v128.store(
            l.get('out'),
            between(l, v128.load(l.get('out')), v128.load(i32.add(l.get('other'), l.get('x')))),
          ),
        ),
      ),
    ),
}

const grain: Func = {
  name: 'grain',
  params: ['target', 'noise', 'bytes', 'bias'],
  locals: { x: 'i32', out: 'i32', less: 'v128' },
  body: (l) =>
    seq(
      l.set('less', i8x16.splat(l.get('bias'))),
      count(
        l,
        'x',
        l.get('bytes'),
        16,
        seq(
          l.set('out', i32.add(l.get('target'), l.get('x'))),
          v128.store(
            l.get('out'),
            i8x16.subSatU(
              i8x16.addSatU(v128.load(l.get('out')), v128.load(i32.add(l.get('noise'), l.get('x')))),
              l.get('less'),
            ),
          ),
        ),
      ),
    ),
}

const code = assemble([copy, over, mix, grain])
const compiled = new WebAssembly.Module(code)

/** The kernels over one memory. The module has no state of its own. */
export function kernelsOver(memory: WebAssembly.Memory): Kernels {
  return new WebAssembly.Instance(compiled, { env: { memory } }).exports as unknown as Kernels
}
