import type { LoaderFunctionArgs } from '@remix-run/node'
import { deliver, type Recipient } from '#app/studio/creations/delivery.ts'
import { isAppError } from '#core/errors/errors.ts'
import { translatorFor } from '#core/i18n/translate.ts'
import type { Direct } from './direct.ts'
import type { EdgeContext } from './load-context.ts'
import { type Guarded, notFound } from './page.ts'

/**
 * The loader of the studio's `/media/:id/:kind`: the file for its owner who is signed in, or for whoever has a signed link
 * to it. `?download=1` gives it as a file to keep. To everybody else it is not there.
 */
async function load({ context, request, params }: LoaderFunctionArgs): Promise<Response> {
  const url = new URL(request.url)
  try {
    const to = recipientOf(context, url)
    if (!to) throw notFound()
    const answer = await deliver({
      house: context.house,
      to,
      id: params.id ?? '',
      kind: params.kind ?? '',
      request,
      download: url.searchParams.get('download') === '1',
      outlet: context.outlet,
    })
    // Whoever was given the link may show it on a site of their own.
    if ('link' in to) answer.headers.set('Cross-Origin-Resource-Policy', 'cross-origin')
    return answer
  } catch (error) {
    if (!isAppError(error)) throw error
    if (error.status >= 500) context.report(error)
    const headers = { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'private, no-store' }
    return new Response(translatorFor(context.locale).t(error.sentence), { status: error.status, headers })
  }
}

function recipientOf({ links, session }: EdgeContext, url: URL): Recipient | undefined {
  const { pathname, searchParams } = url
  if (links.check(pathname, searchParams.get('expires'), searchParams.get('sig'))) return { link: 'checked' }
  const id = session?.subject.id
  return id && { subject: id, actor: { kind: 'person', id } }
}

export const mediaLoader: typeof load & Guarded & Direct = Object.assign(load, {
  guard: 'link' as const,
  direct: true as const,
})
