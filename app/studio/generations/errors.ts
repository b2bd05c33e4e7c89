import { errorClasses, isErrorClass, isProviderError } from '#app/studio/providers/provider-errors.ts'
import { isAppError } from '#core/errors/errors.ts'
import { type Sentence, say } from '#core/i18n/say.ts'

/** Why a generation ended without a video: by code, the sentence for the person. Nothing was charged in any of them. */
const sentences: Readonly<Record<string, Sentence>> = {
  prompt_refused: say(
    'This prompt was refused by our rules, so nothing was made or charged. Change it and try again.',
  ),
  output_refused: say('The video was refused by our rules after it was made. Nothing was charged.'),
  screening_unavailable: say(
    'We could not check this, so we did not make it. Nothing was charged. Try again later.',
  ),
  timeout: say('This took too long and was stopped. Your credits are back. Try again.'),
  stopped_by_operator: say('The operator of this site stopped this. Your credits are back.'),
  cancelled: say('You stopped this. Your credits are back.'),
  ffmpeg_missing: say(
    'The server cannot make videos at the moment. Your credits are back. The operator can see why.',
  ),
  media_failed: say('Making the video failed. Your credits are back. Try again.'),
  media_timeout: say('Making the video took too long and was stopped. Your credits are back. Try again.'),
  storage_full: say('The server has no room left. Your credits are back. Try again later.'),
  reference_gone: say(
    'A file that it was to be made from is gone. Your credits are back. Choose another one.',
  ),
  no_route_agreed: say(
    'The provider that you were shown is not available, and you would have to agree to another. Your credits are back. Make it again to see who could.',
  ),
}

/** Every code of the engine that signs (`compliance/provenance`). */
const notSigned = say(
  'The video could not be signed, so it is not shown. Your credits are back. Try again later.',
)

const otherwise = say('Something went wrong on our side. Your credits are back. Try again.')

/** The code that a generation ends with after this error. A full disk is one wherever it was met, not only in the store. */
export function codeOf(error: unknown): string {
  if (isDiskFull(error)) return 'storage_full'
  if (isProviderError(error)) return error.errorClass
  return isAppError(error) ? error.code : 'internal'
}

const DEEPEST_CAUSE = 5

/** ENOSPC, or EDQUOT where a quota is the limit: of the error itself or of what caused it. */
export function isDiskFull(error: unknown): boolean {
  let at = error
  for (let depth = 0; at instanceof Error && depth < DEEPEST_CAUSE; depth++) {
    const { code } = at as NodeJS.ErrnoException
    if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'storage_full') return true
    at = at.cause
  }
  return false
}

/** Of any code that a generation can end with, the classes of providers' errors among them. */
export function sentenceFor(code: string): Sentence {
  const own = sentences[code]
  if (own) return own
  if (code.startsWith('provenance_')) return notSigned
  return isErrorClass(code) ? errorClasses[code].says : otherwise
}

/** Trying these again cannot help. */
const final = new Set([
  'prompt_refused',
  'output_refused',
  'reference_gone',
  'invalid_input',
  'content_policy',
  'model_retired',
  'stopped_by_operator',
])

export function isFinal(code: string): boolean {
  return final.has(code)
}
