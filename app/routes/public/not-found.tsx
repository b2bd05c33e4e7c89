import { titled } from '#app/components/account/titled.ts'
import { notFound, pageLoader } from '#app/http/page.ts'
import { say } from '#core/i18n/say.ts'

export const handle = { scripts: false }
export const meta = titled(say('Nothing here'))

/**
 * Every address that is none. An unmatched address would run no loader at all, so its page would know neither the
 * reader's language and theme nor the number to ask about.
 */
export const loader = pageLoader('anyone', () => {
  throw notFound()
})

/** Never shown: the loader throws, and the error page stands in its place. */
export default function NotFound() {
  return null
}
