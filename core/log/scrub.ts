/**
 * What must never stand in a log: secrets and what is personal. Two sieves, for neither is enough alone: `scrub` drops
 * values by the name of their key, at any depth; `scrubText` finds what looks like a secret, a mail address or a card number
 * inside free text, such as a driver's error message that quotes the row it refused. A prompt quoted inside a sentence
 * cannot be recognised: messages are constants, and what varies goes into fields.
 */

const HIDDEN = '[hidden]'
const DEEPEST = 8
const LONGEST_LIST = 100
const LONGEST_TEXT = 8192

/** A key that has one of these among its words (`userEmail`, `x-api-token`, `wrapped_key`) hides its value. */
const hiddenWords = new Set(
  `password passwords passwd pwd passphrase passcode secret secrets token tokens jwt bearer authorization auth credential
  credentials cookie cookies session csrf otp totp pin key keys dek kek salt hash digest signature sig hmac mail mails email
  emails prompt prompts address addresses ip name phone birth birthday dob card pan cvc cvv iban body payload`.split(
    /\s+/,
  ),
)

/** Written as one word these still hide theirs: `APIKEY`, `setcookie`, `username`, `ipaddress`, `promptText`. */
const hiddenParts =
  /passw|secret|token|authori[sz]|cookie|email|prompt|apikey|privatekey|address$|name$|rawheaders/

/** Names of our own things, which end in "name" and concern nobody. */
const plainNames = /^(host|job|queue|model|table|column|route|metric|event|check|bucket)name$/

/** The last word says that the value is about the secret and not the secret: `tokenCount`, `keyId`, `sessionId`. */
const measures = new Set(['id', 'ids', 'count', 'length', 'bytes', 'ms', 'at', 'total', 'kind', 'version'])

/** One of our ids (core/ids): a prefix and 130 bits, which open nothing. */
const ourId = /^[a-z]{3}_[0-7][0-9a-hjkmnp-tv-z]{25}$/

function wordsOf(key: string): string[] {
  const spaced = key.replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase()
  return spaced.split(/[^a-z0-9]+/).filter(Boolean)
}

function hidesKey(key: string): boolean {
  const words = wordsOf(key)
  const joined = words.join('')
  if (plainNames.test(joined)) return false
  return words.some((word) => hiddenWords.has(word)) || hiddenParts.test(joined)
}

function isMeasure(key: string, value: unknown): boolean {
  const last = wordsOf(key).at(-1)
  if (!last || !measures.has(last)) return false
  return (
    typeof value === 'number' ||
    typeof value === 'boolean' ||
    (typeof value === 'string' && ourId.test(value))
  )
}

/**
 * A copy of `value` that may be logged. Never throws, whatever getters, cycles or `toJSON` the value brings.
 */
export function scrub(value: unknown, key = '', depth = 0, above: readonly object[] = []): unknown {
  try {
    if (key !== '' && hidesKey(key) && value !== undefined && value !== null && !isMeasure(key, value))
      return HIDDEN
    return scrubValue(value, depth, above)
  } catch {
    return '[unreadable]'
  }
}

function scrubValue(value: unknown, depth: number, above: readonly object[]): unknown {
  if (typeof value === 'string') return scrubText(value)
  if (typeof value === 'number') return holdsCard(String(value)) ? HIDDEN : value
  if (typeof value === 'bigint') return scrubText(String(value))
  if (typeof value === 'function' || typeof value === 'symbol') return undefined
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString()
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`
  if (value instanceof Error) return scrubError(value, depth)
  if (value instanceof URL || value instanceof RegExp) return scrubText(String(value))
  if (above.includes(value)) return '[circular]'
  if (depth >= DEEPEST) return '[too deep]'
  const path = [...above, value]
  if (Array.isArray(value) || value instanceof Set) {
    const list = [...value]
    const shown = list.slice(0, LONGEST_LIST).map((item) => scrub(item, '', depth + 1, path))
    return list.length > LONGEST_LIST ? [...shown, `[${list.length - LONGEST_LIST} more]`] : shown
  }
  if (value instanceof Map || value instanceof Headers || value instanceof URLSearchParams) {
    return scrubEntries([...value.entries()], depth, path)
  }
  const { toJSON } = value as { toJSON?: unknown }
  if (typeof toJSON === 'function') return scrub(toJSON.call(value), '', depth + 1, path)
  // A key whose getter throws must not take its neighbours with it.
  return scrubEntries(
    Object.keys(value).map((key) => [key, () => (value as Record<string, unknown>)[key]]),
    depth,
    path,
  )
}

type Entry = readonly [unknown, unknown]

function scrubEntries(
  entries: readonly Entry[],
  depth: number,
  path: readonly object[],
): Record<string, unknown> {
  const clean: Record<string, unknown> = {}
  for (const [rawKey, held] of entries.slice(0, LONGEST_LIST)) {
    const key = String(rawKey)
    if (key === '__proto__') continue
    let value: unknown = held
    try {
      if (typeof held === 'function') value = held()
    } catch {
      value = '[unreadable]'
    }
    // A key may itself be the personal thing: a count by mail address.
    clean[scrubText(key)] = scrub(value, key, depth + 1, path)
  }
  return clean
}

/**
 * What of an error may be logged: its type, code, message and stack, and the same of its causes. Its other properties
 * are left out, for drivers put whole rows, requests and recipients there (PostgreSQL's `detail`, an SMTP `response`).
 */
export function scrubError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return scrubValue(error, depth + 1, [])
  const { code, status } = error as { code?: unknown; status?: unknown }
  const clean: Record<string, unknown> = { type: scrubText(error.name), message: scrubText(error.message) }
  if (typeof code === 'string' || typeof code === 'number') clean.code = scrubValue(code, depth, [])
  if (typeof status === 'number') clean.status = status
  clean.stack = frames(error)
  if (depth >= 4) return clean
  if (error.cause !== undefined && error.cause !== null) clean.cause = scrubError(error.cause, depth + 1)
  if (error instanceof AggregateError)
    clean.errors = error.errors.slice(0, 5).map((e) => scrubError(e, depth + 1))
  return clean
}

/** The stack without its first lines, which repeat the message; each frame by itself, so that none can fake a line. */
function frames(error: Error): string[] {
  return (error.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 20)
    .map((line) => scrubText(line.trim()))
}

const patterns: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]{3,40}-----[\s\S]*?(?:-----END [A-Z ]{3,40}-----|$)/g, '[key]'],
  // To the end: a cookie header holds many values, a prompt many words, and nothing marks where they stop.
  [/\b((?:proxy-)?authorization|(?:set-)?cookie|prompt)(["']?\s*[:=]\s*).+/gis, `$1$2${HIDDEN}`],
  [/\b(bearer|basic)\s+[\w+/=.:~-]{8,}/gi, `$1 ${HIDDEN}`],
  [/\b(key|token)\s+(?=[\w+/=.:~-]*\d)[\w+/=.:~-]{12,}/gi, `$1 ${HIDDEN}`],
  [/\bff_[\w-]{6,}/g, '[api key]'],
  [/\b(?:sk|pk|rk|whsec|xox[abps]|gh[opsu]|github_pat|AKIA|AIza)[-_]?[\w-]{16,}/g, '[api key]'],
  [/\beyJ[\w-]{5,}\.[\w-]{5,}(?:\.[\w-]*)?/g, '[jwt]'],
  // postgres://user:password@host
  [/(:\/\/)[^\s/@?#]{1,512}@/g, `$1${HIDDEN}@`],
  [
    /([?&;](?:[\w.[\]-]{0,40}(?:sig|signature|token|code|key|secret|credential|password|state|email)))=[^\s&;"'<>#]*/gi,
    `$1=${HIDDEN}`,
  ],
  [
    /(["']?\b(?:password|passwd|passphrase|secret|token|api[_-]?key|sig|signature)["']?\s*[:=]\s*)(?:"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?|[^\s,;&})\]]+)/gi,
    `$1${HIDDEN}`,
  ],
  [/[\p{L}\p{N}._%+'-]{1,64}(?:@|%40)[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,8}/gu, '[mail]'],
]

/** Invisible characters, which would hide a secret from the patterns or turn the text around on a screen. */
const invisible = /\p{Cf}+/gu
/** Control and line-separating characters, which would fake a line or colour a terminal. */
const breaking = /[\p{Cc}\u2028\u2029]+/gu

export function scrubText(text: string): string {
  let clean = (text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text).replace(invisible, '')
  for (const [pattern, instead] of patterns) clean = clean.replace(pattern, instead)
  clean = clean.replace(digitRuns, (run) => (holdsCard(run) ? '[card]' : run))
  return clean.replace(breaking, ' ')
}

const digitRuns = /(?<![\p{L}\d])\d(?:[ -]?\d){12,30}(?![\p{L}\d])/gu

/**
 * Does a run of digits hold a card number: 13 to 19 digits from the start of a group, an issuer's first digits
 * (ISO/IEC 7812: 3 to 6, or Mastercard's 2221 to 2720), and a right check digit (Luhn)?
 */
function holdsCard(run: string): boolean {
  const groups = run.split(/[ -]/)
  for (let from = 0; from < groups.length; from++) {
    const digits = groups.slice(from).join('')
    for (let size = 19; size >= 13; size--) {
      if (digits.length >= size && isCard(digits.slice(0, size))) return true
    }
  }
  return false
}

function isCard(digits: string): boolean {
  const first = Number(digits.slice(0, 4))
  if (!/^\d+$/.test(digits) || !(/^[3-6]/.test(digits) || (first >= 2221 && first <= 2720))) return false
  let sum = 0
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i])
    const doubled = i % 2 === 0 ? digit : digit * 2
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}
