import { data } from '@remix-run/node'
import { isAppError } from '#core/errors/errors.ts'
import type { Sentence } from '#core/i18n/say.ts'
import type { EdgeContext } from './load-context.ts'

/** What a form gets back when it was refused: one sentence for the whole, and one for each field. */
export interface Refusal {
  code: string
  sentence: Sentence
  fields: Readonly<Record<string, Sentence>>
}

/** Something is not there at the moment, or full: the sentence says it, and the form can be sent again. */
const passing = [503, 507]

/**
 * For an action: an expected refusal becomes an answer that the form shows; anything else is thrown on. Our own faults
 * among them, which pass, are told to the operator.
 */
export function refusalOf(
  error: unknown,
  { report }: Pick<EdgeContext, 'report'>,
): { refusal: Refusal; status: number } | undefined {
  if (!isAppError(error)) return undefined
  const { code, sentence, fields, status } = error
  if (status >= 500 && !passing.includes(status)) return undefined
  if (status >= 500) report(error)
  return { refusal: { code, sentence, fields: fields ?? {} }, status }
}

/** For a loader: an expected refusal becomes an error page with its sentence. */
export function errorPage(error: unknown, context: Pick<EdgeContext, 'traceId'>): unknown {
  if (!isAppError(error)) return error
  return data(
    { sentence: error.sentence, code: error.code, traceId: context.traceId },
    { status: error.status },
  )
}
