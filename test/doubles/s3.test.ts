/**
 * A double that believes everything proves nothing. Pinned failures: unsigned, stale, tampered or wrongly signed requests that are
 * served; a body in the SDK's aws-chunked framing stored with its framing; parts too small or not as they were uploaded.
 */
import { Readable } from 'node:stream'
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { HOUR, movableClock } from '#core/clock/clock.ts'
import { type S3Double, s3Double } from './s3.ts'

let double: S3Double
let client: S3Client
const clock = movableClock(Date.now())

beforeEach(async () => {
  clock.set(Date.now())
  double = await s3Double({ clock })
  client = clientWith(double.secretAccessKey)
})
afterEach(async () => {
  client.destroy()
  await double.close()
})

function clientWith(
  secretAccessKey: string,
  checksums: 'WHEN_REQUIRED' | 'WHEN_SUPPORTED' = 'WHEN_REQUIRED',
) {
  return new S3Client({
    endpoint: double.endpoint,
    region: double.region,
    forcePathStyle: true,
    maxAttempts: 1,
    // The SDK warns on the console of a refused stream unless it is given a logger.
    logger: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
    credentials: { accessKeyId: double.accessKeyId, secretAccessKey },
    requestChecksumCalculation: checksums,
  })
}

const file = () => ({ Bucket: double.bucket, Key: "odd/key with (signs) & 'ü'" })

test('what the SDK signed is served, odd names included', async () => {
  await client.send(new PutObjectCommand({ ...file(), Body: Buffer.from('0123456789') }))
  const answer = await client.send(new GetObjectCommand({ ...file(), Range: 'bytes=2-4' }))
  expect(answer.ContentRange).toBe('bytes 2-4/10')
  expect(await answer.Body?.transformToString()).toBe('234')
})

test('unsigned requests are refused', async () => {
  const answer = await fetch(`${double.endpoint}/${double.bucket}/x`)
  expect(answer.status).toBe(403)
  expect(await answer.text()).toContain('<Code>AccessDenied</Code>')
})

test('another secret, another time and a changed request are refused', async () => {
  const stranger = clientWith('guessed')
  await expect(stranger.send(new GetObjectCommand(file()))).rejects.toMatchObject({
    name: 'SignatureDoesNotMatch',
  })
  stranger.destroy()

  clock.advance(HOUR)
  await expect(client.send(new GetObjectCommand(file()))).rejects.toMatchObject({
    name: 'RequestTimeTooSkewed',
  })
  clock.advance(-HOUR)

  const changed = clientWith(double.secretAccessKey)
  changed.middlewareStack.add(
    (next) => (args) => {
      ;(args.request as { path: string }).path = `/${double.bucket}/other`
      return next(args)
    },
    { step: 'finalizeRequest', priority: 'low' },
  )
  await expect(changed.send(new GetObjectCommand(file()))).rejects.toMatchObject({
    name: 'SignatureDoesNotMatch',
  })
  changed.destroy()
})

test('a body that is not the one signed is refused', async () => {
  client.middlewareStack.add(
    (next) => (args) => {
      ;(args.request as { body: Buffer }).body = Buffer.from('12345')
      return next(args)
    },
    { step: 'finalizeRequest', priority: 'low' },
  )
  const put = client.send(new PutObjectCommand({ ...file(), Body: Buffer.from('abcde') }))
  await expect(put).rejects.toMatchObject({ name: 'XAmzContentSHA256Mismatch' })
})

test('a body in aws-chunked framing is refused, not stored with its framing', async () => {
  const trailing = clientWith(double.secretAccessKey, 'WHEN_SUPPORTED')
  const put = trailing.send(
    new PutObjectCommand({ ...file(), Body: Readable.from([Buffer.alloc(2000)]), ContentLength: 2000 }),
  )
  await expect(put).rejects.toMatchObject({ name: 'NotImplemented' })
  expect(double.stored(file().Key)).toBeUndefined()
  trailing.destroy()
})

test('only whole parts of 5 MiB and more make an object, in their order', async () => {
  const part = (size: number) => Buffer.alloc(size)
  async function upload(sizes: number[], order: number[], forge?: string) {
    const { UploadId } = await client.send(new CreateMultipartUploadCommand(file()))
    const etags: (string | undefined)[] = []
    for (const [i, size] of sizes.entries()) {
      const command = new UploadPartCommand({ ...file(), UploadId, PartNumber: i + 1, Body: part(size) })
      etags.push((await client.send(command)).ETag)
    }
    const Parts = order.map((number) => ({ PartNumber: number, ETag: forge ?? etags[number - 1] }))
    return client.send(
      new CompleteMultipartUploadCommand({ ...file(), UploadId, MultipartUpload: { Parts } }),
    )
  }
  const enough = 5 * 1024 * 1024
  await expect(upload([1000, 1000], [1, 2])).rejects.toMatchObject({ name: 'EntityTooSmall' })
  await expect(upload([enough, enough], [2, 1])).rejects.toMatchObject({ name: 'InvalidPartOrder' })
  await expect(upload([enough, 10], [1, 2], '"forged"')).rejects.toMatchObject({ name: 'InvalidPart' })
  await upload([enough, 10], [1, 2])
  expect(double.stored(file().Key)?.length).toBe(enough + 10)
})
