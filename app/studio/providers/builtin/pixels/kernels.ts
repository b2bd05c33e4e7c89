/**
 * The inner loops of the renderer, over 8-bit planes. Positions in a source are 16.16 fixed point; samples are bilinear,
 * because slow camera moves show every rounding to whole pixels as a tremble.
 *
 * A row table has, for each row of the target, three 32-bit numbers: the address of the source row, the weight (0 to 256)
 * of the row below it, and the position of the first sample in that row. It lets one kernel do zooms, pans, mirrors and
 * ripples. A row is first blended with the one below it into a line of scratch, then sampled along that line. Where
 * along it the samples lie is the same for most rows, so it is kept as a list and only made anew when a row begins
 * elsewhere. Targets are worked on in steps of 8 (16) pixels, so rows are padded to a multiple of 16.
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
import { grain, mix, stamp } from './flat-kernels.ts'
import { between, blend, constants, setConstants, strong, through } from './kernel-parts.ts'

/** Bytes of one row's entry in a row table. */
export const ROW_ENTRY = 12

/** The source pixels of 8 neighbours must lie within one 16-byte load. */
export const MAX_STEP = 1.7

/** Bytes of scratch that a call needs: two blended lines, and the list of places, for rows of up to 4096 pixels. */
export const SCRATCH = 2 * 8192 + (4096 / 8) * 48

const SECOND_LINE = 8192
const PLACES = 2 * 8192
const PLACE = 48

export interface Kernels {
  /**
   * target = source, for `rows` rows of `width` pixels. `step` is the distance of samples; `span` the number of source
   * pixels in a row that may be read, `rowBytes` the distance of source rows.
   */
  copy(...args: [...Shape]): void
  /**
   * target = source + target * (1 - alpha): the source is premultiplied; its alpha plane lies `alpha` bytes after it.
   * `opacity` is 0 to 256.
   */
  over(...args: [...Shape, alpha: number, opacity: number]): void
  /** `over` for a source of the target's geometry, both `bytes` long. */
  stamp(target: number, source: number, bytes: number, alpha: number, opacity: number): void
  /** target += (other - target) * weight / 256, over `bytes`. */
  mix(target: number, other: number, bytes: number, weight: number): void
  /** target += noise - bias, over `bytes`; clipped. */
  grain(target: number, noise: number, bytes: number, bias: number): void
}

type Shape = [
  target: number,
  stride: number,
  width: number,
  rows: number,
  table: number,
  step: number,
  span: number,
  rowBytes: number,
  scratch: number,
]

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

/** Blends the row with the one below it into a line of scratch, `offset` bytes further in both. */
const blendLine = (l: Locals, from: Code, line: Code): Code =>
  seq(
    l.set('from', from),
    count(
      l,
      'x',
      l.get('span'),
      16,
      seq(
        l.set('at', i32.add(l.get('from'), l.get('x'))),
        v128.store(
          i32.add(line, l.get('x')),
          between(l, v128.load(l.get('at')), v128.load(i32.add(l.get('at'), l.get('rowBytes')))),
        ),
      ),
    ),
  )

/** For each 8 samples of the row: where in the line their 16 bytes begin, which of these they are, and their weights. */
const listPlaces = (l: Locals): Code => {
  const lane = (steps: string) =>
    i32x4.add(i32x4.splat(i32.and(l.get('at'), i32.const(0xffff))), l.get(steps))
  const weight = (of: string) => v128.and(i32x4.shrU(l.get(of), i32.const(8)), l.get('byte'))
  const whole = (of: string) => i32x4.shrU(l.get(of), i32.const(16))
  return seq(
    l.set('listed', l.get('position')),
    l.set('at', l.get('position')),
    l.set('place', i32.add(l.get('scratch'), i32.const(PLACES))),
    count(
      l,
      'x',
      l.get('width'),
      8,
      seq(
        i32.store(l.get('place'), i32.shrS(l.get('at'), i32.const(16))),
        l.set('upper', lane('steps')),
        l.set('lower', lane('moreSteps')),
        l.set('index', i16x8.narrowS(whole('upper'), whole('lower'))),
        v128.store(i32.add(l.get('place'), i32.const(16)), i8x16.narrowU(l.get('index'), l.get('index'))),
        v128.store(i32.add(l.get('place'), i32.const(32)), i16x8.narrowS(weight('upper'), weight('lower'))),
        l.set('at', i32.add(l.get('at'), i32.mul(l.get('step'), i32.const(8)))),
        l.set('place', i32.add(l.get('place'), i32.const(PLACE))),
      ),
    ),
  )
}

/** 8 samples along the line at `line`, at the current place. */
const sample = (l: Locals, line: Code): Code =>
  seq(
    l.set('upper', line),
    blend(
      l,
      i16x8.lowU(i8x16.swizzle(l.get('upper'), l.get('index'))),
      i16x8.lowU(i8x16.swizzle(l.get('upper'), l.get('next'))),
      l.get('wx'),
      l.get('wxRest'),
    ),
  )

const enterPlace = (l: Locals): Code =>
  seq(
    l.set('index', v128.load(i32.add(l.get('place'), i32.const(16)))),
    l.set('next', i8x16.add(l.get('index'), l.get('one'))),
    l.set('wx', v128.load(i32.add(l.get('place'), i32.const(32)))),
    l.set('wxRest', i16x8.sub(l.get('whole'), l.get('wx'))),
  )

const rowsOf = (l: Locals, lines: Code, eightPixels: Code): Code =>
  seq(
    setConstants(l),
    l.set('steps', i32x4.mul(i32x4.splat(l.get('step')), v128.const([0, 1, 2, 3]))),
    l.set('moreSteps', i32x4.mul(i32x4.splat(l.get('step')), v128.const([4, 5, 6, 7]))),
    l.set('listed', i32.const(-1)),
    count(
      l,
      'row',
      l.get('rows'),
      1,
      seq(
        enterRow(l),
        when(i32.notEqual(l.get('position'), l.get('listed')), listPlaces(l)),
        lines,
        l.set('place', i32.add(l.get('scratch'), i32.const(PLACES))),
        count(
          l,
          'x',
          l.get('width'),
          8,
          seq(
            l.set('at', i32.add(l.get('scratch'), i32.load(l.get('place')))),
            eightPixels,
            l.set('place', i32.add(l.get('place'), i32.const(PLACE))),
            l.set('out', i32.add(l.get('out'), i32.const(8))),
          ),
        ),
      ),
    ),
  )

const params = ['target', 'stride', 'width', 'rows', 'table', 'step', 'span', 'rowBytes', 'scratch'] as const
const locals = {
  ...constants,
  row: 'i32',
  x: 'i32',
  source: 'i32',
  from: 'i32',
  position: 'i32',
  listed: 'i32',
  out: 'i32',
  at: 'i32',
  place: 'i32',
  wy: 'v128',
  wyRest: 'v128',
  wx: 'v128',
  wxRest: 'v128',
  index: 'v128',
  next: 'v128',
  steps: 'v128',
  moreSteps: 'v128',
  upper: 'v128',
  lower: 'v128',
  colour: 'v128',
  opaque: 'v128',
} as const

const copy: Func = {
  name: 'copy',
  params,
  locals,
  body: (l) =>
    rowsOf(
      l,
      blendLine(l, l.get('source'), l.get('scratch')),
      seq(
        enterPlace(l),
        l.set('colour', sample(l, v128.load(l.get('at')))),
        v128.store64(l.get('out'), i8x16.narrowU(l.get('colour'), l.get('colour'))),
      ),
    ),
}

const over: Func = {
  name: 'over',
  params: [...params, 'alpha', 'opacity'],
  locals: { ...locals, strength: 'v128', covers: 'v128', full: 'v128' },
  body: (l) => {
    const alphaLine = i32.add(l.get('scratch'), i32.const(SECOND_LINE))
    const write = v128.store64(l.get('out'), i8x16.narrowU(l.get('colour'), l.get('colour')))
    const paint = seq(
      l.set('opaque', sample(l, l.get('covers'))),
      l.set('opaque', strong(l, l.get('opaque'))),
      l.set('colour', sample(l, v128.load(l.get('at')))),
      l.set(
        'colour',
        i16x8.add(strong(l, l.get('colour')), through(l, i16x8.lowU(v128.load64(l.get('out'))))),
      ),
      write,
    )
    const solid = i32.and(
      i8x16.allTrue(i8x16.equal(l.get('covers'), l.get('full'))),
      i32.equal(l.get('opacity'), i32.const(256)),
    )
    return seq(
      l.set('strength', i16x8.splat(l.get('opacity'))),
      l.set('full', i8x16.splat(i32.const(-1))),
      rowsOf(
        l,
        seq(
          blendLine(l, l.get('source'), l.get('scratch')),
          blendLine(l, i32.add(l.get('source'), l.get('alpha')), alphaLine),
        ),
        seq(
          l.set('covers', v128.load(i32.add(l.get('at'), i32.const(SECOND_LINE)))),
          // Most of a layer is empty or solid: nothing to draw, or nothing behind it to see.
          when(
            v128.anyTrue(l.get('covers')),
            seq(
              enterPlace(l),
              when(solid, seq(l.set('colour', sample(l, v128.load(l.get('at')))), write), paint),
            ),
          ),
        ),
      ),
    )
  },
}

const compiled = new WebAssembly.Module(assemble([copy, over, stamp, mix, grain]))

/** The kernels over one memory. The module has no state of its own. */
export function kernelsOver(memory: WebAssembly.Memory): Kernels {
  return new WebAssembly.Instance(compiled, { env: { memory } }).exports as unknown as Kernels
}
