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

/**
 * What a loader or an action throws in place of `error`, for the error page: its sentence, where it was expected, and the
 * number under which the log has this very request. Faults are reported here.
 */
export function errorPage(
  error: unknown,
  { request, context }: { request: Request; context: Pick<EdgeContext, 'traceId' | 'report'> },
): unknown {
  // An answer, such as a redirect.
  if (!(error instanceof Error)) return error
  const { traceId, report } = context
  const { sentence, code, status } = isAppError(error)
    ? error
    : { sentence: undefined, code: 'internal', status: 500 }
  // Of somebody who has gone away nothing is known but that.
  if (status >= 500 && !request.signal.aborted) report(error)
  return data({ sentence, code, traceId }, { status })
}
