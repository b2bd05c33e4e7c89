import { createContext, Fragment, type ReactNode, useContext, useMemo } from 'react'
import { I18nProvider as AriaLocale } from 'react-aria-components/I18nProvider'
import type { Sentence } from '#core/i18n/say.ts'
import { type Catalogue, type Translator, translatorFor } from '#core/i18n/translate.ts'

/**
 * The person's language and time zone for everything that is rendered. The server decides them and hands them over, so
 * the first paint in the browser says the same words and the same hours.
 */
export interface I18n extends Translator {
  readonly dir: 'ltr' | 'rtl'
  /** When the page was made, in ms: the "now" of relative times, equal on both sides. */
  readonly now: number
  /** The server's clock as far as the browser can tell: `now` and the time that has passed here since. */
  current(): number
  /** A sentence with marked parts: `rich('Read the <a>terms</a>', { a: (part) => <a href="…">{part}</a> })`. */
  rich<const Text extends string>(
    text: string extends Text ? never : Text,
    tags: Readonly<Record<string, (part: string) => ReactNode>>,
    values?: Sentence['values'],
  ): ReactNode
}

const I18nContext = createContext<I18n>(i18nFor('en', 'UTC', undefined, 0))

export function I18nProvider(props: {
  locale: string
  timeZone: string
  messages?: Catalogue
  now: number
  children: ReactNode
}) {
  const { locale, timeZone, messages, now } = props
  const value = useMemo(() => i18nFor(locale, timeZone, messages, now), [locale, timeZone, messages, now])
  return (
    <I18nContext.Provider value={value}>
      <AriaLocale locale={value.locale}>{props.children}</AriaLocale>
    </I18nContext.Provider>
  )
}

export function useI18n(): I18n {
  return useContext(I18nContext)
}

function directionOf(locale: string): 'ltr' | 'rtl' {
  const rightToLeft = ['ar', 'ckb', 'dv', 'fa', 'he', 'ku', 'ps', 'sd', 'ug', 'ur', 'yi']
  return rightToLeft.includes(locale.split('-')[0] ?? '') ? 'rtl' : 'ltr'
}

function i18nFor(locale: string, timeZone: string, messages: Catalogue | undefined, now: number): I18n {
  const translator = translatorFor(locale, timeZone, messages)
  const arrived = performance.now()
  return {
    ...translator,
    dir: directionOf(translator.locale),
    now,
    current: () => now + (performance.now() - arrived),
    rich: (text, tags, values) => marked(translator.t({ text, values }), tags),
  }
}

/** `a <b>c</b> d` as nodes. A tag that nobody gave is shown as its text alone. */
function marked(text: string, tags: Readonly<Record<string, (part: string) => ReactNode>>): ReactNode {
  const parts = [...text.matchAll(/<(\w+)>(.*?)<\/\1>|[^<]+|</gs)].map((found) => {
    const [whole, tag, inner] = found
    const node = tag === undefined ? whole : (tags[tag]?.(inner ?? '') ?? inner)
    return <Fragment key={found.index}>{node}</Fragment>
  })
  return <>{parts}</>
}
