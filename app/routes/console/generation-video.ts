import type { LoaderFunctionArgs } from '@remix-run/node'
import { openVideo, watchable } from '#app/console/video.ts'
import { pageLoader } from '#app/http/page.ts'
import { wantedOf } from '#app/studio/creations/http-range.ts'
import { pacedStream } from '#app/studio/creations/paced-stream.ts'
import type { Sentence } from '#core/i18n/say.ts'
import { translatorFor } from '#core/i18n/translate.ts'

/** A person's video for somebody of the staff who has just said why they look. The edge keeps it out of every cache. */
const video = pageLoader({ staff: 'generations.reveal' }, async (visit) => {
  const { house, who, params, request, context } = visit
  const asset = await watchable(house, who.actor, params.id ?? '')
  const headers = new Headers({ 'Accept-Ranges': 'bytes', 'Content-Disposition': 'inline' })
  const wanted = wantedOf(request.method, request.headers, `"${asset.sha256}"`, asset.size)
  if (wanted.kind === 'outside') {
    headers.set('Content-Range', `bytes */${asset.size}`)
    return new Response(null, { status: 416, headers })
  }
  const range = wanted.kind === 'part' ? wanted.range : undefined
  headers.set('Content-Type', asset.media_type)
  headers.set('Content-Length', String(range ? range.end - range.start + 1 : asset.size))
  if (range) headers.set('Content-Range', `bytes ${range.start}-${range.end}/${asset.size}`)
  const status = range ? 206 : 200
  if (request.method === 'HEAD') return new Response(null, { status, headers })
  const opened = await openVideo(house, who.actor, asset)
  const gone = context.outlet?.closed ?? request.signal
  return new Response(pacedStream(opened.read(range, gone), context.outlet, request.signal), {
    status,
    headers,
  })
})

interface Refused {
  data?: { sentence?: Sentence }
  init?: { status?: number } | null
}

/** No page is drawn here, so a refusal is said in plain text. */
export const loader = Object.assign(
  async (args: LoaderFunctionArgs) => {
    try {
      return await video(args)
    } catch (error) {
      const { data, init } = error as Refused
      if (!data?.sentence || !init?.status) throw error
      const headers = { 'Content-Type': 'text/plain; charset=utf-8' }
      return new Response(translatorFor(args.context.locale).t(data.sentence), {
        status: init.status,
        headers,
      })
    }
  },
  { guard: video.guard },
)
