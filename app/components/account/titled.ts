import type { MetaFunction } from '@remix-run/react'
import type { Sentence } from '#core/i18n/say.ts'
import { translatorFor } from '#core/i18n/translate.ts'

/** The page's name, and the names of what it is part of, for tabs, histories and screen readers, in the person's language and with the site's name. */
export function titled(...sentences: Sentence[]): MetaFunction {
  return ({ matches }) => {
    const root = matches.find(({ id }) => id === 'root')?.data as
      | { locale: string; site: { name: string } }
      | undefined
    const { t } = translatorFor(root?.locale ?? 'en')
    const words = sentences.map((sentence) => t(sentence))
    return [{ title: [...words, ...(root ? [root.site.name] : [])].join(' · ') }]
  }
}
