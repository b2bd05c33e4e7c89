import type { Sentence } from '#core/i18n/say.ts'

// The web server loads this module twice: once itself and once inside the built pages. `instanceof` would say no to
// an error of the other copy, so the mark is a registered symbol.
const brand: unique symbol = Symbol.for('fairframe.error') as never

/**
 * What a person may meet. `code` is stable and part of the API; `sentence` says what happened and what to do next;
 * `status` is the HTTP status an edge should answer with. The cause is for the log and never leaves the server.
 */
export class AppError extends Error {
  readonly [brand] = true
  readonly code: string
  readonly sentence: Sentence
  readonly status: number
  /** Which input was wrong, by its name in the form or the JSON body. */
  readonly fields: Readonly<Record<string, Sentence>> | undefined

  constructor(
    code: string,
    sentence: Sentence,
    options: { status?: number; fields?: Record<string, Sentence>; cause?: unknown } = {},
  ) {
    super(`${code}: ${sentence.text}`, { cause: options.cause })
    this.name = 'AppError'
    this.code = code
    this.sentence = sentence
    this.status = options.status ?? 400
    this.fields = options.fields
  }
}

export function isAppError(error: unknown): error is AppError {
  return typeof error === 'object' && error !== null && brand in error
}
