import type { Request, Response } from 'express'
import type { Sentence } from '#core/i18n/say.ts'
import { translatorFor } from '#core/i18n/translate.ts'
import { localeOf } from './visitor.ts'

/** Answers with one sentence as plain text, where there is no page to say it. */
export function answerPlainly(
  request: Request,
  response: Response,
  status: number,
  sentence: Sentence,
): void {
  response
    .status(status)
    .type('text')
    .send(translatorFor(localeOf(request.headers['accept-language'])).t(sentence))
}
