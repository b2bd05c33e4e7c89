/** Kernels over planes of one geometry, without any resampling; see `Kernels` in `kernels.ts` for what each does. */
import { type Code, count, type Func, i8x16, i16x8, i32, type Locals, seq, v128, when } from './assembler.ts'
import { between, strong, through } from './kernel-parts.ts'

const layLocals = {
  out: 'i32',
  covers: 'v128',
  below: 'v128',
  opaque: 'v128',
  behind: 'v128',
  colour: 'v128',
  low: 'v128',
  strength: 'v128',
} as const

/** Lays 16 pixels of the locals `colour` and `covers` over those at `out`. */
function lay(l: Locals): Code {
  const seenThrough = (cover: (half: Half) => Code) => {
    const eight = (half: Half) =>
      seq(l.set('opaque', cover(half)), l.set('behind', half(l.get('below'))), through(l))
    return seq(l.set('low', eight(i16x8.lowU)), i8x16.narrowU(l.get('low'), eight(i16x8.highU)))
  }
  const whole = seenThrough((half) => half(l.get('covers')))
  const faint = seenThrough((half) => strong(l, half(l.get('covers'))))
  const colour = i8x16.narrowU(
    strong(l, i16x8.lowU(l.get('colour'))),
    strong(l, i16x8.highU(l.get('colour'))),
  )
  return seq(
    l.set('below', v128.load(l.get('out'))),
    when(
      i32.equal(l.get('opacity'), i32.const(256)),
      l.set('below', whole),
      seq(l.set('below', faint), l.set('colour', colour)),
    ),
    v128.store(l.get('out'), i8x16.addSatU(l.get('below'), l.get('colour'))),
  )
}

export const stamp: Func = {
  name: 'stamp',
  params: ['target', 'source', 'bytes', 'alpha', 'opacity'],
  locals: { x: 'i32', at: 'i32', ...layLocals },
  body: (l) =>
    seq(
      l.set('strength', i16x8.splat(l.get('opacity'))),
      sixteens(
        l,
        seq(
          l.set('at', i32.add(l.get('source'), l.get('x'))),
          l.set('covers', v128.load(i32.add(l.get('at'), l.get('alpha')))),
          when(
            v128.anyTrue(l.get('covers')),
            seq(
              l.set('out', i32.add(l.get('target'), l.get('x'))),
              l.set('colour', v128.load(l.get('at'))),
              lay(l),
            ),
          ),
        ),
      ),
    ),
}

export const blendOver: Func = {
  name: 'blendOver',
  params: ['target', 'source', 'other', 'bytes', 'weight', 'cover', 'otherCover', 'opacity'],
  locals: { x: 'i32', wy: 'v128', upper: 'v128', lower: 'v128', ...layLocals },
  body: (l) => {
    const both = (upper: string, lower: string) =>
      seq(
        l.set('upper', v128.load(i32.add(l.get(upper), l.get('x')))),
        l.set('lower', v128.load(i32.add(l.get(lower), l.get('x')))),
      )
    return seq(
      l.set('strength', i16x8.splat(l.get('opacity'))),
      l.set('wy', i16x8.splat(l.get('weight'))),
      sixteens(
        l,
        seq(
          both('cover', 'otherCover'),
          when(
            v128.anyTrue(v128.or(l.get('upper'), l.get('lower'))),
            seq(
              l.set('covers', between(l)),
              both('source', 'other'),
              l.set('colour', between(l)),
              l.set('out', i32.add(l.get('target'), l.get('x'))),
              lay(l),
            ),
          ),
        ),
      ),
    )
  },
}

type Half = (value: Code) => Code

const sixteens = (l: Locals, body: Code) => count(l, 'x', l.get('bytes'), 16, body)

export const blend: Func = {
  name: 'blend',
  params: ['target', 'source', 'other', 'bytes', 'weight'],
  locals: { x: 'i32', wy: 'v128', upper: 'v128', lower: 'v128' },
  body: (l) =>
    seq(
      l.set('wy', i16x8.splat(l.get('weight'))),
      sixteens(
        l,
        seq(
          l.set('upper', v128.load(i32.add(l.get('source'), l.get('x')))),
          l.set('lower', v128.load(i32.add(l.get('other'), l.get('x')))),
          v128.store(i32.add(l.get('target'), l.get('x')), between(l)),
        ),
      ),
    ),
}

export const grain: Func = {
  name: 'grain',
  params: ['target', 'noise', 'bytes', 'bias'],
  locals: { x: 'i32', out: 'i32', less: 'v128' },
  body: (l) =>
    seq(
      l.set('less', i8x16.splat(l.get('bias'))),
      sixteens(
        l,
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
