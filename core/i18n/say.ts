/**
 * A sentence that a person will read, in English and with its values, not yet in anybody's language. Rules and errors
 * return these; pages and mails turn them into text (`core/i18n/translate.ts`). The English is the key of the message
 * catalogue, in ICU MessageFormat, so the code stays readable where it is used. `npm run messages` collects them.
 */
export interface Sentence {
  readonly text: string
  readonly values?: Readonly<Record<string, string | number | Date>>
}

export function say(text: string, values?: Sentence['values']): Sentence {
  return values ? { text, values } : { text }
}
