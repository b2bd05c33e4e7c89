import { notFound, pageLoader } from '#app/http/page.ts'
import { pacedStream } from '#app/studio/creations/paced-stream.ts'
import { ownReference, readReference } from '#app/studio/references/references.ts'
import { system } from '#core/actor.ts'
import { isId } from '#core/ids/ids.ts'

/** A reference picture, to its owner or whoever has a signed link. To everybody else it is not there. */
export const loader = pageLoader('link', async ({ house, context, url, params, who }) => {
  const { id } = params
  if (!isId('reference', id)) throw notFound()
  const linked = context.links.check(
    url.pathname,
    url.searchParams.get('expires'),
    url.searchParams.get('sig'),
  )
  if (!linked) {
    if (!who) throw notFound()
    await ownReference(house, who.subject.id, id)
  }
  const actor = linked || !who ? system('signed-link') : who.actor
  const picture = await readReference(house, id, actor, 'reference.deliver')
  const closed = context.outlet.closed
  return new Response(pacedStream(picture.bytes, context.outlet, closed), {
    headers: {
      'Content-Type': picture.mediaType,
      'Content-Length': String(picture.size),
      'Content-Disposition': 'inline',
      'Cache-Control': 'private, no-store',
      'Content-Security-Policy': "sandbox; default-src 'none'",
    },
  })
})
