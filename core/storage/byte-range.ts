/** Ranges of bytes, as in HTTP (RFC 9110, section 14.1.2): both ends belong to the range. */
import { AppError } from '#core/errors/errors.ts'
import { say } from '#core/i18n/say.ts'

export interface ByteRange {
  readonly start: number
  /** The last byte, inclusive. Beyond the end it means the end. */
  readonly end: number
}

/** The range holds no byte of an object of this size. */
export class RangeOutside extends AppError {
  /** Bytes of the whole object; undefined where the store did not say. */
  readonly size: number | undefined

  constructor(size?: number, cause?: unknown) {
    super('range_outside', say('The requested part lies beyond the end of the file.'), { status: 416, cause })
    this.name = 'RangeOutside'
    this.size = size
  }
}

/** Throws `RangeOutside` for what is no range at all. */
export function checkRange({ start, end }: ByteRange): void {
  if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end) || start < 0 || end < start)
    throw new RangeOutside()
}

/** The part of `range` that lies in an object of `size` bytes. Throws `RangeOutside` when that is nothing. */
export function clampRange(range: ByteRange, size: number): ByteRange {
  checkRange(range)
  if (range.start >= size) throw new RangeOutside(size)
  return { start: range.start, end: Math.min(range.end, size - 1) }
}
