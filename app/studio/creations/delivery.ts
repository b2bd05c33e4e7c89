import type { House } from '#app/house.ts'
import { type Actor, accessOf, system } from '#core/actor.ts'
import { AppError } from '#core/errors/errors.ts'
import { say } from '#core/i18n/say.ts'
import { type GenerationId, isId, type SubjectId } from '#core/ids/ids.ts'
import { deliverable, type FileKind } from './delivery.queries.ts'
import { wantedOf } from './http-range.ts'
import { type Outlet, pacedResponse } from './paced-stream.ts'

/** Whose file may be delivered: one's own, or whichever a signed link names that the edge has checked. */
export type Recipient =
  | { subject: SubjectId; actor: Extract<Actor, { kind: 'person' | 'api_key' }> }
  | { link: 'checked' }

export interface Delivery {
  house: Pick<House, 'db' | 'keyring' | 'store'>
  to: Recipient
  id: string
  kind: string
  request: Request
  /** As a file to keep, under a name that says nothing of its content. */
  download?: boolean
  outlet?: Outlet
}

/**
 * Streams a sealed file, opened on its way: whole or one range of it, with the conditions of RFC 9110. Throws 404 for
 * what is not there, not ready or somebody else's. The edge adds the headers that every answer has (nosniff, CORP):
 * sent twice, `Cross-Origin-Resource-Policy` would not be understood.
 */
export async function deliver({
  house,
  to,
  id,
  kind,
  request,
  download,
  outlet,
}: Delivery): Promise<Response> {
  if (!isId('generation', id) || !isKind(kind)) throw noFile()
  const file = await deliverable(house.db.read, id, kind, 'subject' in to ? to.subject : undefined)
  if (!file || file.size < 1) throw noFile()
  // What went out unsigned could not be told from a forgery later (promise M7). A preview may be the whole of a short video.
  if (file.stamped_sha256 !== file.sha256) throw unsigned()

  const etag = `"${file.sha256}"`
  const headers = new Headers({
    'Accept-Ranges': 'bytes',
    ETag: etag,
    'Cache-Control': 'private, no-store',
    'Content-Security-Policy': "sandbox; default-src 'none'",
  })
  const wanted = wantedOf(request.method, request.headers, etag, file.size)
  if (wanted.kind === 'unchanged') return new Response(null, { status: 304, headers })
  if (wanted.kind === 'outside') {
    headers.set('Content-Range', `bytes */${file.size}`)
    headers.set('Content-Length', '0')
    return new Response(null, { status: 416, headers })
  }
  const range = wanted.kind === 'part' ? wanted.range : undefined
  const length = range ? range.end - range.start + 1 : file.size
  headers.set('Content-Type', file.media_type)
  headers.set('Content-Length', String(length))
  headers.set('Content-Disposition', download ? `attachment; filename="${nameOf(id, kind)}"` : 'inline')
  if (range) headers.set('Content-Range', `bytes ${range.start}-${range.end}/${file.size}`)
  const status = range ? 206 : 200
  if (request.method === 'HEAD') return new Response(null, { status, headers })

  const keys = await house.keyring.open([file.key_id], accessBy(to, file.subject_id))
  const key = keys.get(file.key_id)
  // Removed a moment ago: the key goes first.
  if (!key) throw noFile()
  const signal = outlet?.closed ?? request.signal
  const pieces = await house.store.read(file.object_key, key, { range, expectedSize: file.size, signal })
  return pacedResponse(pieces, outlet, request.signal, { status, headers })
}

function isKind(text: string): text is FileKind {
  return text === 'video' || text === 'poster' || text === 'preview'
}

function accessBy(to: Recipient, owner: SubjectId) {
  return 'subject' in to
    ? accessOf(to.actor, 'generation.deliver', owner)
    : accessOf(system('signed-link'), 'generation.deliver', owner)
}

/** The random end of the id: enough to tell files apart, and nothing that was written. */
function nameOf(id: GenerationId, kind: FileKind): string {
  return kind === 'poster'
    ? `fairframe-${id.slice(-8)}.webp`
    : `fairframe-${id.slice(-8)}${kind === 'preview' ? '-preview' : ''}.mp4`
}

function noFile(): AppError {
  return new AppError('not_found', say('There is no such file.'), { status: 404 })
}

function unsigned(): AppError {
  return new AppError('not_signed', say('This file is not signed as it should be, so it is not delivered.'), {
    status: 503,
  })
}
