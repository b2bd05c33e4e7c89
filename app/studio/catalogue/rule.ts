/**
 * The small language of prices and conditions in the catalogue: `ceil(seconds * pick(resolution, '720p', 7, '1080p', 9))`,
 * `mode == 'references' and seconds != 8`. Numbers, 'texts', names, + - * /, comparisons, and, or, not, `a ? b : c`, and
 * the functions below; no loops, no state, nothing of the machine's. It runs in the browser too, whose policy forbids
 * evaluating text as code, so it is read here (`docs/decisions/0021-rules-of-price-are-a-small-language.md`).
 */
export type RuleValue = number | string | boolean
export type RuleVariables = Readonly<Record<string, RuleValue>>

/** A rule that cannot be read or that met a value it does not know. `at` is the place in the text, from 0. */
export class RuleError extends Error {
  override readonly name = 'RuleError'
  readonly at: number
  constructor(message: string, at: number) {
    super(message)
    this.at = at
  }
}

export interface Rule {
  /** The names it asks for. */
  readonly names: ReadonlySet<string>
  evaluate(variables: RuleVariables): RuleValue
}

type Node = (variables: RuleVariables) => RuleValue
interface Token {
  kind: 'number' | 'text' | 'name' | 'sign' | 'end'
  text: string
  at: number
}

const MOST_CHARACTERS = 2000
const MOST_DEPTH = 40
const read = new Map<string, Rule>()

/** Reads a rule, once for each text. Throws `RuleError`. */
export function ruleOf(text: string): Rule {
  const known = read.get(text)
  if (known) return known
  const rule = parse(text)
  // Rules come from the catalogue, of which there are few; an operator trying out many must not fill the memory.
  if (read.size > 1000) read.clear()
  read.set(text, rule)
  return rule
}

/** The rule's number. Throws `RuleError` when it gives anything but a number from 0 on. */
export function numberBy(text: string, variables: RuleVariables): number {
  const value = ruleOf(text).evaluate(variables)
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0)
    throw new RuleError('The rule has to give a number from 0 on', 0)
  return value
}

/** The rule's yes or no. Throws `RuleError` when it gives anything else. */
export function truthBy(text: string, variables: RuleVariables): boolean {
  const value = ruleOf(text).evaluate(variables)
  if (typeof value !== 'boolean') throw new RuleError('The rule has to give yes or no', 0)
  return value
}

function parse(text: string): Rule {
  if (text.length > MOST_CHARACTERS) throw new RuleError('The rule is too long', MOST_CHARACTERS)
  const tokens = tokensOf(text)
  const names = new Set<string>()
  let next = 0
  let depth = 0
  const peek = () => tokens[next] as Token
  const take = () => tokens[next++] as Token
  const is = (...signs: string[]) => peek().kind !== 'text' && signs.includes(peek().text)
  const expect = (sign: string) => {
    if (!is(sign)) throw new RuleError(`Expected ${sign}`, peek().at)
    take()
  }

  function choice(): Node {
    depth += 1
    if (depth > MOST_DEPTH) throw new RuleError('The rule is nested too deeply', peek().at)
    const condition = binary(0)
    let node = condition
    if (is('?')) {
      const { at } = take()
      const yes = choice()
      expect(':')
      const no = choice()
      node = (v) => (truth(condition(v), at) ? yes(v) : no(v))
    }
    depth -= 1
    return node
  }

  function binary(level: number): Node {
    const signs = levels[level]
    if (!signs) return unary()
    let left = binary(level + 1)
    while (is(...Object.keys(signs))) {
      const { text: sign, at } = take()
      const [a, b] = [left, binary(level + 1)]
      left = (v) =>
        (signs[sign] as Operator)(
          () => a(v),
          () => b(v),
          at,
        )
    }
    return left
  }

  function unary(): Node {
    if (!is('-', 'not')) return primary()
    const { text: sign, at } = take()
    depth += 1
    if (depth > MOST_DEPTH) throw new RuleError('The rule is nested too deeply', at)
    const inner = unary()
    depth -= 1
    return sign === '-' ? (v) => -number(inner(v), at) : (v) => !truth(inner(v), at)
  }

  function primary(): Node {
    const token = take()
    if (token.kind === 'number') return () => Number(token.text)
    if (token.kind === 'text') return () => token.text
    if (token.text === '(') {
      const inner = choice()
      expect(')')
      return inner
    }
    if (token.kind !== 'name') throw new RuleError('Expected a value', token.at)
    if (token.text === 'true' || token.text === 'false') return () => token.text === 'true'
    if (!is('(')) {
      names.add(token.text)
      return (v) => variable(v, token)
    }
    take()
    const call = functions[token.text]
    if (!call) throw new RuleError(`There is no function ${token.text}`, token.at)
    const given: Node[] = []
    while (!is(')')) {
      given.push(choice())
      if (!is(')')) expect(',')
    }
    take()
    return (v) =>
      call(
        given.map((node) => node(v)),
        token.at,
      )
  }

  const whole = choice()
  if (peek().kind !== 'end') throw new RuleError(`Unexpected ${peek().text}`, peek().at)
  return { names, evaluate: whole }
}

function tokensOf(text: string): Token[] {
  const pattern = /\s*(?:(\d+(?:\.\d+)?)|'([^']*)'|([A-Za-z_]\w*)|(==|!=|<=|>=|[-+*/()?:,<>]))/y
  const tokens: Token[] = []
  const end = text.trimEnd().length
  while (pattern.lastIndex < end) {
    const at = pattern.lastIndex
    const found = pattern.exec(text)
    if (!found) throw new RuleError('This cannot be read', at)
    const [, digits, quoted, name, sign] = found
    const kind =
      digits !== undefined ? 'number' : quoted !== undefined ? 'text' : name !== undefined ? 'name' : 'sign'
    tokens.push({ kind, text: digits ?? quoted ?? name ?? sign ?? '', at })
  }
  return [...tokens, { kind: 'end', text: 'the end', at: end }]
}

function variable(variables: RuleVariables, { text, at }: Token): RuleValue {
  const value = Object.hasOwn(variables, text) ? variables[text] : undefined
  if (value === undefined) throw new RuleError(`There is no value ${text}`, at)
  return value
}

function number(value: RuleValue | undefined, at: number): number {
  if (typeof value !== 'number') throw new RuleError('Expected a number', at)
  return value
}

function truth(value: RuleValue, at: number): boolean {
  if (typeof value !== 'boolean') throw new RuleError('Expected yes or no', at)
  return value
}

type Operator = (a: () => RuleValue, b: () => RuleValue, at: number) => RuleValue
const compared =
  (compare: (a: number, b: number) => boolean): Operator =>
  (a, b, at) =>
    compare(number(a(), at), number(b(), at))
const computed =
  (compute: (a: number, b: number) => number): Operator =>
  (a, b, at) =>
    compute(number(a(), at), number(b(), at))

/** From the loosest to the tightest. */
const levels: readonly Readonly<Record<string, Operator>>[] = [
  { or: (a, b, at) => truth(a(), at) || truth(b(), at) },
  { and: (a, b, at) => truth(a(), at) && truth(b(), at) },
  {
    '==': (a, b) => a() === b(),
    '!=': (a, b) => a() !== b(),
    '<': compared((a, b) => a < b),
    '<=': compared((a, b) => a <= b),
    '>': compared((a, b) => a > b),
    '>=': compared((a, b) => a >= b),
  },
  { '+': computed((a, b) => a + b), '-': computed((a, b) => a - b) },
  { '*': computed((a, b) => a * b), '/': computed((a, b) => a / b) },
]

/**
 * `pick(x, 'a', 1, 'b', 2)` is the value after the one that equals x; a last value without a partner stands for all
 * others, and without it an x that is not listed is an error: better no price than a wrong one.
 */
const functions: Readonly<Record<string, (given: RuleValue[], at: number) => RuleValue>> = {
  ceil: ([x], at) => Math.ceil(number(x, at) - 1e-9),
  floor: ([x], at) => Math.floor(number(x, at) + 1e-9),
  min: (given, at) => Math.min(...given.map((x) => number(x, at))),
  max: (given, at) => Math.max(...given.map((x) => number(x, at))),
  pick: ([x, ...rest], at) => {
    for (let i = 0; i + 1 < rest.length; i += 2) if (rest[i] === x) return rest[i + 1] as RuleValue
    if (rest.length % 2 === 0) throw new RuleError(`There is no value for ${x}`, at)
    return rest.at(-1) as RuleValue
  },
}
