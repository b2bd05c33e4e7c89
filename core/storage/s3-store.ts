/**
 * Objects in a bucket of Amazon S3 or a server that speaks its protocol. Load this module only where it is configured: the
 * SDK takes 20 MB.
 */
import { randomBytes } from 'node:crypto'
import { addAbortSignal, Readable } from 'node:stream'
import {
  AbortMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  type ListMultipartUploadsCommandOutput,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import type { Clock } from '#core/clock/clock.ts'
import { say } from '#core/i18n/say.ts'
import { abortable } from './abortable.ts'
import { type ByteRange, checkRange } from './byte-range.ts'
import {
  checkKey,
  checkPrefix,
  isKey,
  isObjectMissing,
  type ObjectBody,
  type ObjectEntry,
  type ObjectStore,
  StoreUnusable,
} from './object-store.ts'
import { storeError } from './s3-errors.ts'

export interface S3StoreOptions {
  /** Of a server that is not Amazon's, e.g. `https://s3.example.org`. */
  readonly endpoint?: string
  readonly bucket: string
  readonly region: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** The bucket in the path and not in the host name, as most servers but Amazon's want it. */
  readonly forcePathStyle?: boolean
  readonly clock: Clock
}

/** A put holds two parts. At most 10,000 parts, so 78 GiB an object. */
const PART_BYTES = 8 * 1024 * 1024

export interface S3Store extends ObjectStore {
  /** Ends idle connections. */
  close(): void
}

export function s3Store(options: S3StoreOptions): S3Store {
  const { bucket, clock } = options
  const client = new S3Client({
    region: options.region,
    endpoint: options.endpoint,
    forcePathStyle: options.forcePathStyle ?? false,
    credentials: { accessKeyId: options.accessKeyId, secretAccessKey: options.secretAccessKey },
    // The SDK's newer default sends bodies with a checksum trailer that other servers refuse or, worse, store as content
    // (aws-sdk-js-v3 issue 6810). Sealed objects carry their own proof.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: 5_000,
      socketTimeout: 60_000,
      httpAgent: { maxSockets: 256 },
      httpsAgent: { maxSockets: 256 },
    },
  })

  async function understood<T>(work: Promise<T>, key?: string): Promise<T> {
    try {
      return await work
    } catch (error) {
      throw storeError(error, bucket, key)
    }
  }

  async function put(
    key: string,
    body: AsyncIterable<Uint8Array>,
    signal?: AbortSignal,
  ): Promise<{ size: number }> {
    checkKey(key)
    let size = 0
    let sourceError: { error: unknown } | undefined
    async function* ownErrors() {
      try {
        for await (const piece of abortable(body, signal)) yield piece
        // Past this point the object would be stored, so an abort during the last piece is noticed here.
        signal?.throwIfAborted()
      } catch (error) {
        sourceError = { error }
        throw error
      }
    }
    // Apart from the above: an upload that fails throws an error of its own into the generator it reads from.
    async function* counted() {
      for await (const piece of ownErrors()) {
        size += piece.length
        yield piece
      }
    }
    // The signal is not given to Upload: it would reject at once and clean up unobserved. A source that throws lets it
    // abort the multipart upload first. One part at a time, for with more a failed part does not stop the others.
    const upload = new Upload({
      client,
      params: {
        Bucket: bucket,
        Key: key,
        Body: Readable.from(counted()),
        ContentType: 'application/octet-stream',
      },
      partSize: PART_BYTES,
      queueSize: 1,
    })
    try {
      await upload.done()
    } catch (error) {
      throw sourceError ? sourceError.error : storeError(error, bucket)
    }
    // A server that misread the body's framing has stored another length (see the checksum settings above).
    const stored = await head(key)
    if (stored?.size !== size) {
      await remove(key)
      throw new StoreUnusable(say('The object storage stored another number of bytes than were sent.'))
    }
    return { size }
  }

  async function get(key: string, range?: ByteRange, signal?: AbortSignal): Promise<ObjectBody> {
    checkKey(key)
    if (range) checkRange(range)
    const answer = await understood(
      client.send(
        new GetObjectCommand({
          Bucket: bucket,
          Key: key,
          Range: range ? `bytes=${range.start}-${range.end}` : undefined,
        }),
        { abortSignal: signal },
      ),
      key,
    ).catch((error: unknown) => {
      throw signal?.aborted ? signal.reason : error
    })
    const body = answer.Body as Readable
    const length = answer.ContentLength
    const [, start, size] = /^bytes (\d+)-\d+\/(\d+)$/.exec(answer.ContentRange ?? '') ?? []
    if (length === undefined || (range && Number(start) !== range.start)) {
      body.destroy()
      throw new StoreUnusable(
        say('The object storage answered with another part of the file than was asked for.'),
      )
    }
    if (signal) addAbortSignal(signal, body)
    // A body shorter than its Content-Length is an error of Node's HTTP client.
    async function* received() {
      try {
        yield* body
      } catch (error) {
        throw signal?.aborted ? signal.reason : cutShort(error)
      }
    }
    return { size: range ? Number(size) : length, [Symbol.asyncIterator]: received }
  }

  async function head(key: string): Promise<{ size: number; modifiedAt: number } | undefined> {
    checkKey(key)
    try {
      const found = await understood(client.send(new HeadObjectCommand({ Bucket: bucket, Key: key })), key)
      return { size: found.ContentLength ?? 0, modifiedAt: found.LastModified?.getTime() ?? 0 }
    } catch (error) {
      if (isObjectMissing(error)) return undefined
      throw error
    }
  }

  async function remove(key: string): Promise<void> {
    checkKey(key)
    await understood(client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key })))
  }

  async function* list(prefix: string): AsyncGenerator<ObjectEntry> {
    checkPrefix(prefix)
    let next: string | undefined
    do {
      const page = await understood(
        client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken: next })),
      )
      for (const { Key: key, Size: size, LastModified: modified } of page.Contents ?? []) {
        // What else lies in the bucket is not ours.
        if (key && isKey(key)) yield { key, size: size ?? 0, modifiedAt: modified?.getTime() ?? 0 }
      }
      next = page.IsTruncated ? page.NextContinuationToken : undefined
    } while (next)
  }

  async function check(): Promise<void> {
    const bytes = randomBytes(32)
    // A name that no key has, and another each time: replicas check at the same moment.
    const probe = { Bucket: bucket, Key: `.probe-${randomBytes(16).toString('hex')}` }
    await understood(client.send(new PutObjectCommand({ ...probe, Body: bytes })))
    try {
      const answer = await understood(client.send(new GetObjectCommand(probe)))
      const back = await answer.Body?.transformToByteArray()
      if (!back || !bytes.equals(back))
        throw new StoreUnusable(say('The object storage gave back other bytes than were written.'))
    } finally {
      await understood(client.send(new DeleteObjectCommand(probe)))
    }
  }

  async function sweep(olderThanMs: number): Promise<number> {
    const before = clock.now() - olderThanMs
    let removed = 0
    let next: { KeyMarker?: string; UploadIdMarker?: string } | undefined = {}
    while (next) {
      const page: ListMultipartUploadsCommandOutput = await understood(
        client.send(new ListMultipartUploadsCommand({ Bucket: bucket, ...next })),
      )
      for (const { Key, UploadId, Initiated } of page.Uploads ?? []) {
        if (!Key || !isKey(Key) || !Initiated || Initiated.getTime() > before) continue
        // It may have been completed or aborted since it was listed.
        await understood(
          client.send(new AbortMultipartUploadCommand({ Bucket: bucket, Key, UploadId })),
          Key,
        ).then(
          () => removed++,
          (error) => (isObjectMissing(error) ? undefined : Promise.reject(error)),
        )
      }
      next = page.IsTruncated
        ? { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker }
        : undefined
    }
    return removed
  }

  return {
    put: (key, body, opts) => put(key, body, opts?.signal),
    get: (key, range, opts) => get(key, range, opts?.signal),
    head,
    delete: remove,
    list,
    check,
    sweepTemporary: sweep,
    close: () => client.destroy(),
  }
}

function cutShort(cause: unknown): StoreUnusable {
  return new StoreUnusable(
    say('The object storage ended the connection before the file was complete.'),
    cause,
  )
}
