import { errorClasses, isErrorClass } from '#app/studio/providers/provider-errors.ts'
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
  stamp_failed: say(
    'The video could not be signed, so it is not shown. Your credits are back. Try again later.',
  ),
  storage_full: say('The server has no room left. Your credits are back. Try again later.'),
  reference_gone: say(
    'A file that it was to be made from is gone. Your credits are back. Choose another one.',
  ),
  no_route_agreed: say(
    'The provider that you were shown is not available, and you would have to agree to another. Your credits are back. Make it again to see who could.',
  ),
}

const otherwise = say('Something went wrong on our side. Your credits are back. Try again.')

/** Of any code that a generation can end with, the classes of providers' errors among them. */
export function sentenceFor(code: string): Sentence {
  const own = sentences[code]
  if (own) return own
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
