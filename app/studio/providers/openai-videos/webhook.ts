/**
 * Webhooks signed with a secret: Standard Webhooks (standardwebhooks.com), as OpenAI's are, and OpenRouter's own manner
 * (openrouter.ai/docs, "Get video results with webhooks").
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { MINUTE } from '#core/clock/clock.ts'
import type { WebhookClaim, WebhookRequest } from '../provider.ts'

const TOLERANCE_MS = 5 * MINUTE

const event = z.object({
  type: z.string().startsWith('video.'),
  data: z.object({ id: z.string().min(1) }),
})

interface Signed {
  /** What was signed before the body. */
  head: string
  /** Seconds. */
  time: string
  signatures: readonly Buffer[]
  key: Uint8Array
  delivery: string
}

export function verifySigned(
  request: WebhookRequest,
  secret: string,
  manner: 'standard' | 'openrouter',
  now: number,
): WebhookClaim {
  const signed =
    manner === 'standard' ? standard(request.headers, secret) : openRouter(request.headers, secret)
  if (!signed) return { accepted: false, why: 'unsigned' }
  if (!/^\d{1,12}$/.test(signed.time) || Math.abs(now - Number(signed.time) * 1000) > TOLERANCE_MS)
    return { accepted: false, why: 'stale' }
  // An empty key signs what anybody likes.
  if (signed.key.length === 0) return { accepted: false, why: 'forged' }
  const expected = createHmac('sha256', signed.key).update(signed.head).update(request.rawBody).digest()
  // Several signatures at once let a secret be changed; one that fits is enough.
  const good = signed.signatures.some(
    (one) => one.length === expected.length && timingSafeEqual(one, expected),
  )
  if (!good) return { accepted: false, why: 'forged' }

  const json = jsonOf(request.rawBody)
  const read = event.safeParse(json)
  if (!read.success) return { accepted: false, why: isOtherEvent(json) ? 'not_ours' : 'malformed' }
  return { accepted: true, providerJob: read.data.data.id, delivery: signed.delivery }
}

function standard(headers: WebhookRequest['headers'], secret: string): Signed | undefined {
  const id = headers['webhook-id']
  const time = headers['webhook-timestamp']
  const given = headers['webhook-signature']
  if (!id || !time || !given) return undefined
  const signatures = given
    .split(' ')
    .filter((one) => one.startsWith('v1,'))
    .map((one) => Buffer.from(one.slice(3), 'base64'))
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  return { head: `${id}.${time}.`, time, signatures, key, delivery: id }
}

/** `X-OpenRouter-Signature: t=<seconds>,v1=<hex>` over `t,body`. */
function openRouter(headers: WebhookRequest['headers'], secret: string): Signed | undefined {
  const given = headers['x-openrouter-signature']
  const parts = (given ?? '').split(',').map((part) => part.split('=', 2))
  const time = parts.find(([name]) => name === 't')?.[1]
  const signatures = parts.filter(([name]) => name === 'v1').map(([, hex = '']) => Buffer.from(hex, 'hex'))
  if (!time || signatures.length === 0) return undefined
  const delivery = headers['x-openrouter-idempotency-key'] ?? given ?? ''
  return { head: `${time},`, time, signatures, key: Buffer.from(secret), delivery }
}

/** Accounts send events of all kinds to one address. */
function isOtherEvent(json: unknown): boolean {
  const read = z.object({ type: z.string() }).safeParse(json)
  return read.success && !event.shape.type.safeParse(read.data.type).success
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'))
  } catch {
    return undefined
  }
}
