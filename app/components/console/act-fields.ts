import { useI18n } from '#app/i18n/I18n.tsx'
import type { ActAnswer } from './ActForm.tsx'

/** What a form of one act shows of the answer it got: what was typed before, and the sentence of each field. */
export function useActFields(answer: ActAnswer | undefined, intent: string) {
  const { t } = useI18n()
  const mine = answer?.intent === intent ? answer : undefined
  return {
    typed: (name: string, otherwise: string) => mine?.typed?.[name] ?? otherwise,
    error(name: string): string | undefined {
      const sentence = mine?.refusal?.fields[name]
      return sentence && t(sentence)
    },
    refused: mine?.ok === false,
  }
}
