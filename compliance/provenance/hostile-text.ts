/** Narrowing for documents that a stranger wrote. Nothing here throws; what does not fit is absent. */
export type Part = Readonly<Record<string, unknown>>

/** `value` as an object, or an empty one. */
export function part(value: unknown): Part {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Part) : {}
}

export function parts(value: unknown): Part[] {
  return Array.isArray(value) ? value.map(part) : []
}

export function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

/**
 * A string fit to be shown as text: one line, at most `longest` characters, without control characters and without the
 * marks that turn the direction of what follows (Unicode TR 36, 3.5), with which a title could rewrite the sentence around it.
 */
export function plainText(value: unknown, longest = 200): string | null {
  if (typeof value !== 'string') return null
  const plain = value
    .slice(0, longest * 4)
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
  const shown = [...plain].slice(0, longest).join('')
  return shown === '' ? null : shown
}
