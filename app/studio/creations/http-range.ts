import type { ByteRange } from '#core/storage/byte-range.ts'

/** What a request wants of a file (RFC 9110, sections 13 and 14), decided from its headers alone. */
export type Wanted =
  | { kind: 'whole' }
  | { kind: 'part'; range: ByteRange }
  /** 304: the client has it. */
  | { kind: 'unchanged' }
  /** 416. */
  | { kind: 'outside' }

/**
 * @param etag strong, with its quotes
 * @param size bytes of the file, at least 1
 *
 * Several ranges at once are answered by the whole file, as section 14.2 allows: nobody who plays a video asks for them,
 * and small overlapping ones are an old way to make a server work. A malformed header counts as none.
 */
export function wantedOf(method: string, headers: Headers, etag: string, size: number): Wanted {
  const known = headers.get('if-none-match')
  if (known !== null && matches(known, etag)) return { kind: 'unchanged' }
  // A range has no meaning in any method but GET.
  const range = method === 'GET' ? headers.get('range') : null
  if (range === null) return { kind: 'whole' }
  // Strong comparison; a date never matches, for we give none out.
  const condition = headers.get('if-range')
  if (condition !== null && condition.trim() !== etag) return { kind: 'whole' }
  return rangeOf(range, size)
}

function rangeOf(header: string, size: number): Wanted {
  const [, from, to] = /^bytes=[ \t]*(\d*)-(\d*)[ \t]*$/i.exec(header.trim()) ?? []
  if (from === undefined || to === undefined || (from === '' && to === '')) return { kind: 'whole' }
  // More digits than a number holds exactly are still only "far beyond the end".
  const number = (digits: string) => Math.min(Number(digits), Number.MAX_SAFE_INTEGER)
  if (from === '') {
    const last = number(to)
    return last === 0 ? { kind: 'outside' } : part(Math.max(0, size - last), size - 1)
  }
  const start = number(from)
  const end = to === '' ? size - 1 : number(to)
  if (to !== '' && end < start) return { kind: 'whole' }
  return start >= size ? { kind: 'outside' } : part(start, Math.min(end, size - 1))
}

function part(start: number, end: number): Wanted {
  return { kind: 'part', range: { start, end } }
}

/** Weak comparison of a list, as If-None-Match asks for it. */
function matches(header: string, etag: string): boolean {
  return header
    .split(',')
    .map((one) => one.trim().replace(/^W\//, ''))
    .some((one) => one === '*' || one === etag)
}
