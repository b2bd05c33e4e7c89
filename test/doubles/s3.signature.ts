/** AWS Signature Version 4 in the Authorization header, checked as a server does ("Authenticating Requests", Amazon S3 API). */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { S3Refusal } from './s3.answers.ts'

const LONGEST_SKEW_MS = 15 * 60_000

export interface Account {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly region: string
}

/** Throws `S3Refusal` unless the request, its body's hash included, was signed by the account within the last 15 minutes. */
export function checkSignature(request: IncomingMessage, body: Buffer, account: Account, now: number): void {
  const authorization = request.headers.authorization
  if (!authorization) throw new S3Refusal(403, 'AccessDenied', 'Unsigned requests are refused')
  const parts =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})$/.exec(
      authorization,
    )
  if (!parts) throw new S3Refusal(400, 'AuthorizationHeaderMalformed', 'Cannot read the Authorization header')
  const [, accessKeyId = '', day = '', region = '', signed = '', signature = ''] = parts
  if (accessKeyId !== account.accessKeyId)
    throw new S3Refusal(403, 'InvalidAccessKeyId', 'No such access key')
  if (region !== account.region) throw new S3Refusal(400, 'AuthorizationHeaderMalformed', 'Wrong region')

  const time = String(request.headers['x-amz-date'] ?? '')
  const [, y, mo, d, h, mi, s] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(time) ?? []
  if (
    !time.startsWith(day) ||
    Math.abs(Date.parse(`${y}-${mo}-${d}T${h}:${mi}:${s}Z`) - now) > LONGEST_SKEW_MS
  )
    throw new S3Refusal(403, 'RequestTimeTooSkewed', 'Too far from the time of the server')

  const names = signed.split(';')
  for (const name of Object.keys(request.headers)) {
    const mustBeSigned = name === 'host' || name.startsWith('x-amz-')
    if (mustBeSigned && !names.includes(name))
      throw new S3Refusal(403, 'AccessDenied', `${name} is not signed`)
  }
  const bodyHash = String(request.headers['x-amz-content-sha256'] ?? '')
  if (bodyHash.startsWith('STREAMING-') || request.headers['content-encoding']?.includes('aws-chunked'))
    throw new S3Refusal(501, 'NotImplemented', 'Bodies in aws-chunked framing are refused')
  if (bodyHash !== 'UNSIGNED-PAYLOAD' && bodyHash !== sha256(body))
    throw new S3Refusal(400, 'XAmzContentSHA256Mismatch', 'The body is not what was signed')

  const url = new URL(request.url ?? '/', 'http://localhost')
  const query = [...url.searchParams]
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join('&')
  const headers = names.map(
    (name) =>
      `${name}:${String(request.headers[name] ?? '')
        .trim()
        .replace(/ +/g, ' ')}\n`,
  )
  const canonical = [request.method, url.pathname, query, headers.join(''), signed, bodyHash].join('\n')
  const scope = `${day}/${region}/s3/aws4_request`
  const toSign = ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n')
  let key: Buffer = Buffer.from(`AWS4${account.secretAccessKey}`)
  for (const part of [day, region, 's3', 'aws4_request']) key = hmac(key, part)
  if (!timingSafeEqual(hmac(key, toSign), Buffer.from(signature, 'hex')))
    throw new S3Refusal(403, 'SignatureDoesNotMatch', 'The signature does not match')
}

function sha256(value: string | Buffer): string {
  return createHash('sha256').update(value).digest('hex')
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
}
