/** fal's storage: an upload is initiated with a lifetime, put to a signed address in one piece or in parts, and then public. */
import { randomUUID } from 'node:crypto'
import type { Recorded, Reply } from './harness.ts'

export interface StoredFile {
  name: string
  mediaType: string
  bytes: Buffer
  lifecycle: unknown
}

export function falStorage(origin: () => string) {
  /** By the address that models get. */
  const files = new Map<string, StoredFile>()
  /** Half-done uploads, by their signature. */
  const pending = new Map<string, StoredFile & { parts: Buffer[] }>()

  function initiate(request: Recorded, path: string, query: URLSearchParams): Reply {
    const inParts = path === 'storage/upload/initiate-multipart'
    if ((!inParts && path !== 'storage/upload/initiate') || query.get('storage_type') !== 'fal-cdn-v3')
      return { status: 404, json: { detail: 'Not Found' } }
    const { content_type, file_name } = (request.json ?? {}) as Record<string, unknown>
    if (typeof content_type !== 'string' || typeof file_name !== 'string')
      return { status: 422, json: { detail: [{ loc: ['body'], msg: 'Field required', type: 'missing' }] } }
    const signature = randomUUID()
    const address = `${origin()}/cdn/files/b/${signature}_${file_name}`
    const lifecycle = JSON.parse(String(request.headers['x-fal-object-lifecycle'] ?? 'null'))
    pending.set(signature, {
      name: file_name,
      mediaType: content_type,
      bytes: Buffer.alloc(0),
      lifecycle,
      parts: [],
    })
    return { json: { file_url: address, upload_url: `${address}?signature=${signature}` } }
  }

  function put(request: Recorded): Reply {
    const { pathname, searchParams } = new URL(request.path, origin())
    // The signed address is the permission; a key sent here has left the house for nothing.
    if (request.headers.authorization) return { status: 400, json: { detail: 'Unexpected credentials' } }
    const file = pending.get(searchParams.get('signature') ?? '')
    if (!file)
      return { status: 403, body: '<Error>AccessDenied</Error>', headers: { 'content-type': 'text/xml' } }
    const [, address = '', part] = /^(.*?_[^/]+)(?:\/(\w+))?$/.exec(`${origin()}${pathname}`) ?? []
    if (part === undefined) {
      if (request.headers['content-type'] !== file.mediaType)
        return { status: 400, json: { detail: 'Wrong type' } }
      files.set(address, { ...file, bytes: request.raw })
      return { body: '' }
    }
    if (part !== 'complete') {
      file.parts[Number(part) - 1] = request.raw
      return { json: { partNumber: Number(part), etag: `etag-${part}` } }
    }
    const { parts } = request.json as { parts: { partNumber: number; etag: string }[] }
    if (parts.length !== file.parts.length || parts.some((one) => one.etag !== `etag-${one.partNumber}`))
      return { status: 400, json: { detail: 'Parts do not match' } }
    files.set(address, { ...file, bytes: Buffer.concat(file.parts) })
    return { body: '' }
  }

  return { files, initiate, put }
}
