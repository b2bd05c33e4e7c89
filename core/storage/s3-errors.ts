/** What an S3 server's refusals mean, in sentences for the operator. Codes: Amazon S3 API reference, "Error responses". */
import { S3ServiceException } from '@aws-sdk/client-s3'
import { isAppError } from '#core/errors/errors.ts'
import { say } from '#core/i18n/say.ts'
import { RangeOutside } from './byte-range.ts'
import { ObjectMissing, StoreFull, StoreUnusable } from './object-store.ts'

const KEYS_REFUSED = ['InvalidAccessKeyId', 'SignatureDoesNotMatch', 'AuthorizationHeaderMalformed']
const NO_ROOM = ['QuotaExceeded', 'InsufficientStorage', 'XMinioStorageFull']

/**
 * The error to throw for what the client threw. `key` is given where a 404 means that the object is missing. What is not of
 * the store, like a failing source or an abort, comes back unchanged.
 */
export function storeError(error: unknown, bucket: string, key?: string): unknown {
  if (isAppError(error) || !(error instanceof Error)) return error
  if (error instanceof S3ServiceException) {
    const status = error.$metadata.httpStatusCode
    if (error.name === 'NoSuchBucket')
      return new StoreUnusable(say('The bucket {bucket} does not exist.', { bucket }), error)
    if (status === 404 && key !== undefined) return new ObjectMissing(key, error)
    if (status === 416) return new RangeOutside(undefined, error)
    if (status === 507 || NO_ROOM.includes(error.name)) return new StoreFull(error)
    if (KEYS_REFUSED.includes(error.name))
      return new StoreUnusable(
        say('The object storage refuses the access key ({code}).', { code: error.name }),
        error,
      )
    if (error.name === 'RequestTimeTooSkewed')
      return new StoreUnusable(
        say('The clock of this machine differs too much from that of the object storage.'),
        error,
      )
    if (status === 403)
      return new StoreUnusable(
        say('The access key may not use the bucket {bucket} ({code}).', { bucket, code: error.name }),
        error,
      )
    return new StoreUnusable(
      say('The object storage answered with an error ({code}).', { code: error.name }),
      error,
    )
  }
  const code = networkCode(error)
  if (code) return new StoreUnusable(say('The object storage cannot be reached ({code}).', { code }), error)
  return error
}

function networkCode(error: Error): string | undefined {
  if (error.name === 'TimeoutError') return 'timeout'
  const { code } = error as NodeJS.ErrnoException
  return code && /^(E[A-Z]+|ERR_TLS.*|CERT_.*|UNABLE_TO.*|DEPTH_ZERO.*|SELF_SIGNED.*)$/.test(code)
    ? code
    : undefined
}
