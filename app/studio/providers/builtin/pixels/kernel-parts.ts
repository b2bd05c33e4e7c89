/**
 * The pieces of arithmetic that the kernels share, eight or sixteen pixels at a time. Weights are shares of 32767, which
 * the multiplication of `relaxed.q15mul` takes for one: with pixels its error is less than its rounding.
 */
import { type Code, i8x16, i16x8, i32, type Locals, relaxed } from './assembler.ts'

/** The weight that stands for one. */
export const FULL_WEIGHT = 32_767

/** Eight pixels as far as `weight` from `a` to `b`; both are the names of locals. */
export const lerp = (l: Locals, a: string, b: string, weight: Code) =>
  i16x8.add(l.get(a), relaxed.q15mul(i16x8.sub(l.get(b), l.get(a)), weight))

/** The lines of 16 bytes in the locals `upper` and `lower` as one, by the weight `wy`. */
export const between = (l: Locals) => {
  const half = (extend: (value: Code) => Code) => {
    const upper = extend(l.get('upper'))
    return i16x8.add(upper, relaxed.q15mul(i16x8.sub(extend(l.get('lower')), upper), l.get('wy')))
  }
  return i8x16.narrowU(half(i16x8.lowU), half(i16x8.highU))
}

/** `value` times `strength`, which is 0 to 256. */
export const strong = (l: Locals, value: Code) =>
  i16x8.shrU(i16x8.mul(value, l.get('strength')), i32.const(8))

/** What of the local `behind` shows through what is `opaque` (a local, 0 to 255); nothing through 255. */
export const through = (l: Locals) => {
  const weight = i16x8.add(
    i16x8.shl(l.get('opaque'), i32.const(7)),
    i16x8.shrU(l.get('opaque'), i32.const(1)),
  )
  return i16x8.sub(l.get('behind'), relaxed.q15mul(l.get('behind'), weight))
}
