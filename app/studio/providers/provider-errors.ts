import { type Sentence, say } from '#core/i18n/say.ts'

/**
 * Why a provider did not make it. `says` is for the person who waits, `hint` for the operator. Nothing is charged to the
 * person in any of them.
 */
export const errorClasses = {
  invalid_input: {
    says: say('The model refused these settings. Your credits are back. Change them and try again.'),
    hint: say(
      'The provider refused the input. Compare the model’s record with the provider’s current rules.',
    ),
    elsewhere: false,
  },
  content_policy: {
    says: say(
      'The model’s provider refused this by its own rules. Your credits are back. Change it and try again.',
    ),
    hint: say('Refused by the provider’s content policy. Nothing to mend here.'),
    elsewhere: false,
  },
  face_policy: {
    says: say(
      'The provider does not accept pictures with real faces for this model. Your credits are back. Use another picture or another model.',
    ),
    hint: say('The provider’s filter found a real face in a reference.'),
    elsewhere: false,
  },
  input_unfetchable: {
    says: say('The provider could not read your files. Your credits are back. Try again.'),
    hint: say('The provider could not fetch an input. Check that uploads to it work.'),
    elsewhere: true,
  },
  provider_auth: {
    says: say('This model is not available at the moment. Your credits are back. The operator was told.'),
    hint: say('The provider refused the key. Paste a new one.'),
    elsewhere: true,
  },
  provider_out_of_credit: {
    says: say('This model is not available at the moment. Your credits are back. The operator was told.'),
    hint: say('The account at the provider is empty. Top it up.'),
    elsewhere: true,
  },
  rate_limited: {
    says: say('The model is very busy. Your credits are back. Try again in a few minutes.'),
    hint: say('The provider limits how many jobs it takes. Lower the number of jobs at a time.'),
    elsewhere: true,
  },
  provider_down: {
    says: say('The model’s provider does not answer properly. Your credits are back. Try again later.'),
    hint: say('The provider failed or could not be reached.'),
    elsewhere: true,
  },
  model_retired: {
    says: say('This model is no longer offered. Your credits are back. Choose another model.'),
    hint: say('The provider does not know this model any more. Set its lifecycle to retired.'),
    elsewhere: true,
  },
  timeout: {
    says: say('This took too long and was stopped. Your credits are back. Try again.'),
    hint: say('The job did not end within the model’s deadline.'),
    elsewhere: false,
  },
  result_expired: {
    says: say('The finished video could not be fetched from the provider. Your credits are back. Try again.'),
    hint: say('The provider’s result was gone, or was no video.'),
    elsewhere: false,
  },
  unknown_after_submit: {
    says: say('We could not learn whether the provider took this, so we stopped. Your credits are back.'),
    hint: say(
      'The answer to a submission was lost and could not be settled. Look for it in the provider’s own list.',
    ),
    elsewhere: false,
  },
} as const satisfies Record<string, { says: Sentence; hint: Sentence; elsewhere: boolean }>

/** `elsewhere`: another route of the same model may do it, if nothing was accepted here. */
export type ErrorClass = keyof typeof errorClasses

export function isErrorClass(text: string): text is ErrorClass {
  return Object.hasOwn(errorClasses, text)
}

// Marked and not told by `instanceof`, as errors of the house are (`core/errors`).
const brand: unique symbol = Symbol.for('fairframe.provider-error') as never

/** A call that did not succeed. Its message holds no content: providers like to repeat prompts in theirs. */
export class ProviderError extends Error {
  readonly [brand] = true
  readonly errorClass: ErrorClass
  /** Of a submit: did the provider take the job? `perhaps` when the request left and no answer came. */
  readonly accepted: 'no' | 'perhaps'
  /** How long the provider wants to be left alone, in ms. */
  readonly retryAfterMs: number | undefined
  /** HTTP status or the provider's own code, for the operator. */
  readonly providerCode: string | undefined

  constructor(
    errorClass: ErrorClass,
    options: {
      accepted?: 'no' | 'perhaps'
      retryAfterMs?: number
      providerCode?: string | number
      cause?: unknown
    } = {},
  ) {
    const code = options.providerCode === undefined ? undefined : String(options.providerCode).slice(0, 80)
    super(code ? `${errorClass} (${code})` : errorClass, { cause: options.cause })
    this.name = 'ProviderError'
    this.errorClass = errorClass
    this.accepted = options.accepted ?? 'no'
    this.retryAfterMs = options.retryAfterMs
    this.providerCode = code
  }
}

export function isProviderError(error: unknown): error is ProviderError {
  return typeof error === 'object' && error !== null && brand in error
}
