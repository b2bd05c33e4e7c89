/**
 * A small S3 server in memory, for one bucket addressed by path. It checks signatures and body hashes, and answers as Amazon's API
 * reference says for what the store uses; `test/slow/s3.test.ts` runs the same contract against a real server to keep it honest.
 */
import { createHash, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Clock, systemClock } from '#core/clock/clock.ts'
import { type Answer, refusal, S3Refusal, xml } from './s3.answers.ts'
import { checkSignature } from './s3.signature.ts'

export interface S3Double {
  readonly endpoint: string
  readonly bucket: string
  readonly region: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** Every request so far, as method and target. */
  readonly requests: string[]
  /** Multipart uploads that were neither completed nor aborted. */
  openUploads(): number
  stored(key: string): Buffer | undefined
  /** Changes what is stored behind the client's back. */
  replace(key: string, bytes: Buffer): void
  /** The next requests are answered with this error. `times` is 1 by default; `method` only counts requests by that method. */
  failNext(failure: { status: number; code: string; times?: number; method?: string }): void
  /** The next uploads store only the first half of what was sent, and are answered as if all was well. */
  truncateNext(times?: number): void
  /** The next answers end with a broken connection after half of their body, or before any byte when it is empty. */
  dropNext(times?: number): void
  close(): Promise<void>
}

interface StoredObject {
  readonly bytes: Buffer
  readonly modifiedAt: number
  readonly etag: string
}

interface OpenUpload {
  readonly key: string
  readonly startedAt: number
  readonly parts: Map<number, { bytes: Buffer; etag: string }>
}

const SMALLEST_PART = 5 * 1024 * 1024

/** `pageSize` is how many entries a listing page holds at most; small, so that tests see several pages. */
export async function s3Double({ pageSize = 1000, clock = systemClock as Clock } = {}): Promise<S3Double> {
  const account = { accessKeyId: 'double', secretAccessKey: 'double-secret', region: 'us-east-1' }
  const bucket = 'files'
  const objects = new Map<string, StoredObject>()
  const uploads = new Map<string, OpenUpload>()
  const requests: string[] = []
  const failures: { status: number; code: string; times: number; method?: string }[] = []
  let truncations = 0
  let drops = 0

  function received(body: Buffer): Buffer {
    if (truncations === 0) return body
    truncations -= 1
    return body.subarray(0, body.length >> 1)
  }

  function store(key: string, bytes: Buffer, etag = etagOf(bytes)): StoredObject {
    const object = { bytes, etag, modifiedAt: clock.now() }
    objects.set(key, object)
    return object
  }

  function read(key: string, range: string | undefined): Answer {
    const object = objects.get(key)
    if (!object) throw new S3Refusal(404, 'NoSuchKey', 'The specified key does not exist.')
    const headers = {
      'accept-ranges': 'bytes',
      'content-type': 'application/octet-stream',
      'last-modified': new Date(object.modifiedAt).toUTCString(),
      etag: object.etag,
    }
    const asked = /^bytes=(\d+)-(\d*)$/.exec(range ?? '')
    const size = object.bytes.length
    if (!asked) return { status: 200, headers, body: object.bytes }
    const start = Number(asked[1])
    const end = Math.min(asked[2] ? Number(asked[2]) : size - 1, size - 1)
    if (start > end) throw new S3Refusal(416, 'InvalidRange', 'The requested range is not satisfiable')
    return {
      status: 206,
      headers: { ...headers, 'content-range': `bytes ${start}-${end}/${size}` },
      body: object.bytes.subarray(start, end + 1),
    }
  }

  function listObjects(query: URLSearchParams): Answer {
    const prefix = query.get('prefix') ?? ''
    const after = Buffer.from(query.get('continuation-token') ?? '', 'base64').toString()
    const most = Math.min(Number(query.get('max-keys') ?? 1000), pageSize)
    const keys = [...objects.keys()].filter((key) => key.startsWith(prefix) && key > after).sort()
    const page = keys.slice(0, most)
    const more = keys.length > page.length
    return xml(200, 'ListBucketResult', {
      Name: bucket,
      Prefix: prefix,
      KeyCount: page.length,
      MaxKeys: most,
      IsTruncated: more,
      NextContinuationToken: more ? Buffer.from(page.at(-1) ?? '').toString('base64') : undefined,
      Contents: page.map((key) => {
        const object = objects.get(key) as StoredObject
        return {
          Key: key,
          LastModified: new Date(object.modifiedAt).toISOString(),
          ETag: object.etag,
          Size: object.bytes.length,
        }
      }),
    })
  }

  function listUploads(query: URLSearchParams): Answer {
    const [afterKey, afterId] = [query.get('key-marker') ?? '', query.get('upload-id-marker') ?? '']
    const waiting = [...uploads]
      .map(([id, { key, startedAt }]) => ({ id, key, startedAt }))
      .filter(({ id, key }) => key > afterKey || (key === afterKey && id > afterId))
      .sort((a, b) => (a.key === b.key ? (a.id < b.id ? -1 : 1) : a.key < b.key ? -1 : 1))
    const page = waiting.slice(0, pageSize)
    return xml(200, 'ListMultipartUploadsResult', {
      Bucket: bucket,
      IsTruncated: waiting.length > page.length,
      NextKeyMarker: page.at(-1)?.key,
      NextUploadIdMarker: page.at(-1)?.id,
      Upload: page.map(({ id, key, startedAt }) => ({
        Key: key,
        UploadId: id,
        Initiated: new Date(startedAt).toISOString(),
      })),
    })
  }

  function multipart(method: string, key: string, query: URLSearchParams, body: Buffer): Answer {
    if (query.has('uploads')) {
      const id = randomBytes(12).toString('hex')
      uploads.set(id, { key, startedAt: clock.now(), parts: new Map() })
      return xml(200, 'InitiateMultipartUploadResult', { Bucket: bucket, Key: key, UploadId: id })
    }
    const id = query.get('uploadId') ?? ''
    const upload = uploads.get(id)
    if (upload?.key !== key) throw new S3Refusal(404, 'NoSuchUpload', 'The specified upload does not exist.')
    if (method === 'PUT') {
      const bytes = received(body)
      upload.parts.set(Number(query.get('partNumber')), { bytes, etag: etagOf(bytes) })
      return { status: 200, headers: { etag: etagOf(bytes) } }
    }
    if (method === 'DELETE') {
      uploads.delete(id)
      return { status: 204 }
    }
    const listed = [...body.toString().matchAll(/<Part>(.*?)<\/Part>/gs)].map(([, part = '']) => ({
      number: Number(/<PartNumber>(\d+)</.exec(part)?.[1]),
      etag: (/<ETag>(.*?)</.exec(part)?.[1] ?? '').replaceAll('&quot;', '"'),
    }))
    const parts = listed.map(({ number, etag }, index) => {
      const part = upload.parts.get(number)
      if (part?.etag !== etag) throw new S3Refusal(400, 'InvalidPart', 'A part could not be found.')
      if (index > 0 && number <= (listed[index - 1]?.number ?? 0))
        throw new S3Refusal(400, 'InvalidPartOrder', 'The parts are not in order.')
      if (index < listed.length - 1 && part.bytes.length < SMALLEST_PART)
        throw new S3Refusal(400, 'EntityTooSmall', 'A part is smaller than the allowed minimum.')
      return part.bytes
    })
    uploads.delete(id)
    const bytes = Buffer.concat(parts)
    const { etag } = store(key, bytes, `"${createHash('md5').update(bytes).digest('hex')}-${parts.length}"`)
    return xml(200, 'CompleteMultipartUploadResult', { Bucket: bucket, Key: key, ETag: etag })
  }

  function answer(request: IncomingMessage, body: Buffer): Answer {
    const method = request.method ?? ''
    requests.push(`${method} ${request.url}`)
    checkSignature(request, body, account, clock.now())
    const failing = failures.findIndex((failure) => !failure.method || failure.method === method)
    const failure = failures[failing]
    if (failure) {
      failure.times -= 1
      if (failure.times === 0) failures.splice(failing, 1)
      throw new S3Refusal(failure.status, failure.code, 'Asked to fail')
    }
    const url = new URL(request.url ?? '/', 'http://localhost')
    const [, host = '', ...rest] = url.pathname.split('/').map(decodeURIComponent)
    const key = rest.join('/')
    if (host !== bucket) throw new S3Refusal(404, 'NoSuchBucket', 'The specified bucket does not exist')
    const query = url.searchParams
    if (key === '' && method === 'GET') return query.has('uploads') ? listUploads(query) : listObjects(query)
    if (query.has('uploadId') || query.has('uploads')) return multipart(method, key, query, body)
    if (method === 'GET' || method === 'HEAD') return read(key, request.headers.range)
    if (method === 'PUT') {
      if (request.headers['content-length'] === undefined)
        throw new S3Refusal(411, 'MissingContentLength', 'You must provide the Content-Length HTTP header.')
      return { status: 200, headers: { etag: store(key, received(body)).etag } }
    }
    if (method === 'DELETE') {
      objects.delete(key)
      return { status: 204 }
    }
    throw new S3Refusal(405, 'MethodNotAllowed', 'The specified method is not allowed')
  }

  function send(
    request: IncomingMessage,
    response: ServerResponse,
    { status, headers, body = Buffer.alloc(0) }: Answer,
  ) {
    response.writeHead(status, { ...headers, ...(status === 204 ? {} : { 'content-length': body.length }) })
    if (drops > 0) {
      drops -= 1
      if (body.length === 0) response.socket?.destroy()
      else response.write(body.subarray(0, body.length >> 1), () => response.socket?.destroy())
      return
    }
    response.end(request.method === 'HEAD' ? undefined : body)
  }

  const server = createServer(async (request, response) => {
    try {
      const pieces: Buffer[] = []
      for await (const piece of request) pieces.push(piece)
      send(request, response, answer(request, Buffer.concat(pieces)))
    } catch (error) {
      if (error instanceof S3Refusal)
        send(request, response, refusal(error.status, error.code, error.message))
      else response.destroy()
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

  return {
    ...account,
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bucket,
    requests,
    openUploads: () => uploads.size,
    stored: (key) => objects.get(key)?.bytes,
    replace: (key, bytes) => void store(key, bytes),
    failNext: ({ status, code, times = 1, method }) => void failures.push({ status, code, times, method }),
    truncateNext: (times = 1) => {
      truncations += times
    },
    dropNext: (times = 1) => {
      drops += times
    },
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()))
        server.closeAllConnections()
      }),
  }
}

function etagOf(bytes: Buffer): string {
  return `"${createHash('md5').update(bytes).digest('hex')}"`
}
