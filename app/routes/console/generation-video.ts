import { openVideo, watchable } from '#app/console/video.ts'
import { pageLoader } from '#app/http/page.ts'
import { wantedOf } from '#app/studio/creations/http-range.ts'
import { pacedStream } from '#app/studio/creations/paced-stream.ts'

/** A person's video for somebody of the staff who has just said why they look. Not kept by any cache. */
export const loader = pageLoader({ staff: 'generations.reveal' }, async (visit) => {
  const { house, who, params, request, context } = visit
  const asset = await watchable(house, who.actor, params.id ?? '')
  const headers = new Headers({
    'Accept-Ranges': 'bytes',
    'Cache-Control': 'private, no-store',
    'Content-Disposition': 'inline',
    'Content-Security-Policy': "sandbox; default-src 'none'",
  })
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
