import { FormErrors } from '#app/components/ui/Field.tsx'
import { useI18n } from '#app/i18n/I18n.tsx'
import type { Sentence } from '#core/i18n/say.ts'

/** What a form shows of the answer it got: the sentence of each field, what was typed, and the refusal as a whole. */
export interface Refused {
  code: string | undefined
  /** The sentence of a field. */
  of(field: string): string | undefined
  /** What stood in a field before; for pages without scripts, whose forms come back new. */
  typed(field: string): string | undefined
  sentence: string | undefined
  fields: Readonly<Record<string, string>>
}

/** An answer as it arrives in the browser. */
export type Arrived =
  | { ok: true }
  | {
      ok: false
      refusal: { code: string; sentence: Sentence; fields: Readonly<Record<string, Sentence>> }
      typed: Readonly<Record<string, string>>
    }

/** `about` limits it to refusals of one of several forms on a page. */
export function useRefusal(answer: Arrived | undefined, about = true): Refused {
  const { t } = useI18n()
  if (!answer || answer.ok || !about)
    return { code: undefined, of: () => undefined, typed: () => undefined, sentence: undefined, fields: {} }
  const { code, sentence } = answer.refusal
  const fields = Object.fromEntries(
    Object.entries(answer.refusal.fields).map(([name, words]) => [name, t(words)]),
  )
  const whole = t(sentence)
  // Said once: the list of fields links to the one that says the same.
  const only = Object.values(fields).includes(whole)
  return {
    code,
    of: (field) => fields[field],
    typed: (field) => answer.typed[field],
    sentence: only ? undefined : whole,
    fields,
  }
}

export function Refusal({ refused }: { refused: Refused }) {
  if (refused.code === undefined) return null
  return <FormErrors sentence={refused.sentence} fields={refused.fields} />
}
