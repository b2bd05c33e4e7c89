/**
 * The store's contract against a real S3 server, which keeps the double honest. Give its address as TEST_S3_ENDPOINT;
 * TEST_S3_ACCESS_KEY (`test`), TEST_S3_SECRET_KEY (`testtest`) and TEST_S3_REGION (`us-east-1`) have defaults. A bucket is made for
 * the run and removed after it.
 */
import { randomBytes } from 'node:crypto'
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  S3Client,
} from '@aws-sdk/client-s3'
import { systemClock } from '#core/clock/clock.ts'
import { objectStoreContract } from '#core/storage/object-store.contract.ts'
import { s3Store } from '#core/storage/s3-store.ts'

const endpoint = process.env.TEST_S3_ENDPOINT

if (!endpoint)
  throw new Error('Set TEST_S3_ENDPOINT to the address of an S3 server; npm run test:s3 starts one')

objectStoreContract('S3, by a real server', async () => {
  const region = process.env.TEST_S3_REGION ?? 'us-east-1'
  const credentials = {
    accessKeyId: process.env.TEST_S3_ACCESS_KEY ?? 'test',
    secretAccessKey: process.env.TEST_S3_SECRET_KEY ?? 'testtest',
  }
  const bucket = `contract-${randomBytes(6).toString('hex')}`
  const client = new S3Client({ endpoint, region, credentials, forcePathStyle: true })
  await client.send(new CreateBucketCommand({ Bucket: bucket }))
  const store = s3Store({
    endpoint,
    region,
    bucket,
    ...credentials,
    forcePathStyle: true,
    clock: systemClock,
  })
  return {
    store,
    leftovers: async () =>
      (await client.send(new ListMultipartUploadsCommand({ Bucket: bucket }))).Uploads?.length ?? 0,
    close: async () => {
      const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: bucket }))
      for (const { Key } of Contents) await client.send(new DeleteObjectCommand({ Bucket: bucket, Key }))
      await client.send(new DeleteBucketCommand({ Bucket: bucket }))
      store.close()
      client.destroy()
    },
  }
})
