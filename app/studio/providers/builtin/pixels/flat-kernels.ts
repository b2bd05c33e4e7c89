/** Kernels over planes of one geometry, without any resampling; see `Kernels` in `kernels.ts` for what each does. */
import { type Code, count, type Func, i8x16, i16x8, i32, seq, v128, when } from './assembler.ts'
import { between, constants, setConstants, strong, through } from './kernel-parts.ts'

export const stamp: Func = {
  name: 'stamp',
  params: ['target', 'source', 'bytes', 'alpha', 'opacity'],
  locals: {
    ...constants,
    x: 'i32',
    at: 'i32',
    out: 'i32',
    covers: 'v128',
    opaque: 'v128',
    colour: 'v128',
    behind: 'v128',
    low: 'v128',
    strength: 'v128',
  },
  body: (l) => {
    const eight = (half: (value: Code) => Code) =>
      seq(
        l.set('opaque', strong(l, half(l.get('covers')))),
        i16x8.add(strong(l, half(l.get('colour'))), through(l, half(l.get('behind')))),
      )
    return seq(
      setConstants(l),
      l.set('strength', i16x8.splat(l.get('opacity'))),
      count(
        l,
        'x',
        l.get('bytes'),
        16,
        seq(
          l.set('at', i32.add(l.get('source'), l.get('x'))),
          l.set('covers', v128.load(i32.add(l.get('at'), l.get('alpha')))),
          when(
            v128.anyTrue(l.get('covers')),
            seq(
              l.set('out', i32.add(l.get('target'), l.get('x'))),
              l.set('colour', v128.load(l.get('at'))),
              l.set('behind', v128.load(l.get('out'))),
              l.set('low', eight(i16x8.lowU)),
              l.set('colour', eight(i16x8.highU)),
              v128.store(l.get('out'), i8x16.narrowU(l.get('low'), l.get('colour'))),
            ),
          ),
        ),
      ),
    )
  },
}

export const mix: Func = {
  name: 'mix',
  params: ['target', 'other', 'bytes', 'weight'],
  locals: { ...constants, x: 'i32', out: 'i32', wy: 'v128', wyRest: 'v128', upper: 'v128', lower: 'v128' },
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

export const grain: Func = {
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
