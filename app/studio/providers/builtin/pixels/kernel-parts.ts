/** The pieces of arithmetic that the kernels share, eight or sixteen pixels at a time. */
import { type Code, i8x16, i16x8, i32, i32x4, type Locals, seq } from './assembler.ts'

/** Numbers that the loops need all the time. V8 builds a constant anew at each use, so they are kept in locals. */
export const constants = { half: 'v128', whole: 'v128', one: 'v128', byte: 'v128' } as const
export const setConstants = (l: Locals) =>
  seq(
    l.set('half', i16x8.splat(i32.const(128))),
    l.set('whole', i16x8.splat(i32.const(256))),
    l.set('one', i8x16.splat(i32.const(1))),
    l.set('byte', i32x4.splat(i32.const(255))),
  )

export const blend = (l: Locals, a: Code, b: Code, weightB: Code, weightA: Code) =>
  i16x8.shrU(i16x8.add(i16x8.add(i16x8.mul(a, weightA), i16x8.mul(b, weightB)), l.get('half')), i32.const(8))

/** Two lines of 16 bytes as one, by the weights `wy` and `wyRest`. */
export const between = (l: Locals, upper: Code, lower: Code) =>
  seq(
    l.set('upper', upper),
    l.set('lower', lower),
    i8x16.narrowU(
      blend(l, i16x8.lowU(l.get('upper')), i16x8.lowU(l.get('lower')), l.get('wy'), l.get('wyRest')),
      blend(l, i16x8.highU(l.get('upper')), i16x8.highU(l.get('lower')), l.get('wy'), l.get('wyRest')),
    ),
  )

export const strong = (l: Locals, value: Code) =>
  i16x8.shrU(i16x8.mul(value, l.get('strength')), i32.const(8))

/** What is behind, as far as `opaque` (0 to 255) lets it through. 255 counts as 256, so that the opaque hides entirely. */
export const through = (l: Locals, behind: Code) => {
  const full = i16x8.add(l.get('opaque'), i16x8.shrU(l.get('opaque'), i32.const(7)))
  const rest = i16x8.sub(l.get('whole'), full)
  return i16x8.shrU(i16x8.add(i16x8.mul(behind, rest), l.get('half')), i32.const(8))
}
