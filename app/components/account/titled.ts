import type { MetaFunction } from '@remix-run/react'
import type { Sentence } from '#core/i18n/say.ts'
import { translatorFor } from '#core/i18n/translate.ts'

/** The page's name for tabs, histories and screen readers, in the person's language and with the site's name. */
export function titled(sentence: Sentence): MetaFunction {
  return ({ matches }) => {
    const root = matches.find(({ id }) => id === 'root')?.data as
      | { locale: string; site: { name: string } }
      | undefined
    const words = translatorFor(root?.locale ?? 'en').t(sentence)
    return [{ title: root ? `${words} · ${root.site.name}` : words }]
  }
}
