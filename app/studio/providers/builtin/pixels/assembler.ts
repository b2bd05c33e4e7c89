/**
 * Just enough of a WebAssembly assembler (WebAssembly Core Specification 2.0, chapter 5) to write the pixel kernels in
 * this language. V8 does not vectorise loops; 128-bit SIMD makes the same work five to eight times faster, and a few
 * kernels do not deserve a toolchain or a binary that nobody can read.
 */
export type Code = readonly number[]
type ValueType = 'i32' | 'v128'

const typeByte = { i32: 0x7f, v128: 0x7b } as const

export interface Func {
  name: string
  params: readonly string[]
  locals: Readonly<Record<string, ValueType>>
  body: (l: Locals) => Code
}

export interface Locals {
  get(name: string): Code
  set(name: string, value: Code): Code
}

function unsigned(n: number): number[] {
  const bytes: number[] = []
  let rest = n
  do {
    const byte = rest & 0x7f
    rest >>>= 7
    bytes.push(rest ? byte | 0x80 : byte)
  } while (rest)
  return bytes
}

function signed(n: number): number[] {
  const bytes: number[] = []
  let rest = n
  for (;;) {
    const byte = rest & 0x7f
    rest >>= 7
    if ((rest === 0 && !(byte & 0x40)) || (rest === -1 && byte & 0x40)) return [...bytes, byte]
    bytes.push(byte | 0x80)
  }
}

const op =
  (opcode: number) =>
  (...operands: Code[]): Code => [...operands.flat(), opcode]
const simd =
  (opcode: number) =>
  (...operands: Code[]): Code => [...operands.flat(), 0xfd, ...unsigned(opcode)]
const loads =
  (opcode: number) =>
  (address: Code): Code => [...address, 0xfd, ...unsigned(opcode), 0, 0]

export const seq = (...parts: Code[]): Code => parts.flat()

export const i32 = {
  const: (n: number): Code => [0x41, ...signed(n)],
  load: (address: Code, offset = 0): Code => [...address, 0x28, 0, ...unsigned(offset)],
  add: op(0x6a),
  sub: op(0x6b),
  mul: op(0x6c),
  and: op(0x71),
  shrS: op(0x75),
  lessThan: op(0x48),
  equal: op(0x46),
  notEqual: op(0x47),
  store: (address: Code, value: Code): Code => [...address, ...value, 0x36, 0, 0],
}

export const v128 = {
  load: loads(0x00),
  load64: loads(0x5d),
  store: (address: Code, value: Code): Code => [...address, ...value, 0xfd, 0x0b, 0, 0],
  store64: (address: Code, value: Code): Code => [...address, ...value, 0xfd, ...unsigned(0x5b), 0, 0, 0],
  or: simd(0x50),
  and: simd(0x4e),
  anyTrue: simd(0x53),
  /** Four 32-bit numbers. */
  const: (lanes: readonly [number, number, number, number]): Code => [
    0xfd,
    0x0c,
    ...new Uint8Array(Int32Array.from(lanes).buffer),
  ],
}

/**
 * Two of the relaxed instructions (WebAssembly Core Specification 3.0, chapter 4.4.3), which are one instruction of the
 * processor where their strict kin are three. They may differ between processors only for operands that the kernels
 * never give: a byte index from 16 to 127, and -32768 times -32768.
 */
export const relaxed = {
  /** Picks bytes; an index of 128 or more gives zero. */
  swizzle: simd(0x100),
  /** (a * b + 2 ** 14) >> 15 on eight signed numbers. */
  q15mul: simd(0x111),
}

export const i8x16 = {
  equal: simd(0x23),
  allTrue: simd(0x63),
  splat: simd(0x0f),
  narrowU: simd(0x66),
  add: simd(0x6e),
  addSatU: simd(0x70),
  subSatU: simd(0x73),
}

export const i16x8 = {
  splat: simd(0x10),
  narrowS: simd(0x85),
  lowU: simd(0x89),
  highU: simd(0x8a),
  shl: simd(0x8b),
  shrU: simd(0x8d),
  add: simd(0x8e),
  sub: simd(0x91),
  mul: simd(0x95),
}

export const i32x4 = { splat: simd(0x11), shrU: simd(0xad), add: simd(0xae), mul: simd(0xb5) }

/** Repeats `body` while `counter` is below `limit`, adding `step` after each round. `counter` starts at zero. */
export function count(l: Locals, counter: string, limit: Code, step: number, body: Code): Code {
  return seq(
    l.set(counter, i32.const(0)),
    [0x03, 0x40],
    body,
    l.set(counter, i32.add(l.get(counter), i32.const(step))),
    i32.lessThan(l.get(counter), limit),
    [0x0d, 0x00, 0x0b],
  )
}

export const when = (condition: Code, body: Code, otherwise: Code = []): Code =>
  seq(condition, [0x04, 0x40], body, ...(otherwise.length > 0 ? [[0x05], otherwise] : []), [0x0b])

/** The most memory that a module may be given, in pages of 64 KiB. */
export const MOST_PAGES = 32_768

/** A module that imports its memory, a shared one, as `env.memory` and exports the functions by their names. */
export function assemble(funcs: readonly Func[]): Uint8Array<ArrayBuffer> {
  const text = (s: string) => [...unsigned(s.length), ...new TextEncoder().encode(s)]
  const vector = (items: Code[]) => [...unsigned(items.length), ...items.flat()]
  const section = (id: number, content: Code) => [id, ...unsigned(content.length), ...content]
  const bodies = funcs.map((f) => {
    const names = [...f.params, ...Object.keys(f.locals)]
    const index = (name: string) => {
      const at = names.indexOf(name)
      if (at < 0) throw new Error(`no local ${name} in ${f.name}`)
      return unsigned(at)
    }
    const l: Locals = {
      get: (name) => [0x20, ...index(name)],
      set: (name, value) => [...value, 0x21, ...index(name)],
    }
    const declared = vector(Object.values(f.locals).map((t) => [1, typeByte[t]]))
    const code = [...declared, ...f.body(l), 0x0b]
    return [...unsigned(code.length), ...code]
  })
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, vector(funcs.map((f) => [0x60, ...vector(f.params.map(() => [typeByte.i32])), 0]))),
    ...section(2, vector([[...text('env'), ...text('memory'), 0x02, 0x03, 0x01, ...unsigned(MOST_PAGES)]])),
    ...section(3, vector(funcs.map((_, i) => unsigned(i)))),
    ...section(7, vector(funcs.map((f, i) => [...text(f.name), 0x00, ...unsigned(i)]))),
    ...section(10, vector(bodies)),
  ])
}
