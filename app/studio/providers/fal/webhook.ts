/**
 * fal signs its webhooks with Ed25519 and publishes its keys (fal.ai/docs, "Webhooks"): over the request's id, the user's
 * id, the time and the hash of the body as it came, each on its own line.
 */
import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto'
import { z } from 'zod'
import { DAY, MINUTE } from '#core/clock/clock.ts'
import type { WebhookClaim, WebhookRequest } from '../provider.ts'
import { ProviderError } from '../provider-errors.ts'
import { call } from '../provider-http.ts'

const TOLERANCE_MS = 5 * MINUTE
/** fal: "cache for at most 24 hours". */
const KEYS_LIVE_MS = DAY
/** No match may mean that keys changed, or that somebody knocks with rubbish: that must not make us ask fal each time. */
const KEYS_REST_MS = MINUTE

const jwks = z.object({ keys: z.array(z.unknown()).min(1) })
const ed25519 = z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string() })
const body = z.object({ request_id: z.string().min(1) })

/** Throws `provider_down` when the keys cannot be had, so that fal delivers again. */
export function webhookVerifier(rest: string, now: () => number) {
  let known: { keys: KeyObject[]; at: number } | undefined

  async function keys(olderThan: number): Promise<KeyObject[]> {
    if (known && now() - known.at < olderThan) return known.keys
    known = { keys: await fetchKeys(rest), at: now() }
    return known.keys
  }

  return async function verifyWebhook({ headers, rawBody }: WebhookRequest): Promise<WebhookClaim> {
    const id = headers['x-fal-webhook-request-id']
    const user = headers['x-fal-webhook-user-id']
    const time = headers['x-fal-webhook-timestamp']
    const signature = headers['x-fal-webhook-signature']
    if (!id || !user || !time || !signature) return { accepted: false, why: 'unsigned' }
    if (!/^\d{1,12}$/.test(time) || Math.abs(now() - Number(time) * 1000) > TOLERANCE_MS)
      return { accepted: false, why: 'stale' }
    if (!/^[0-9a-f]{128}$/i.test(signature)) return { accepted: false, why: 'forged' }

    const hash = createHash('sha256').update(rawBody).digest('hex')
    const message = Buffer.from([id, user, time, hash].join('\n'))
    const signed = (key: KeyObject) => verify(null, message, key, Buffer.from(signature, 'hex'))
    const good = (await keys(KEYS_LIVE_MS)).some(signed) || (await keys(KEYS_REST_MS)).some(signed)
    if (!good) return { accepted: false, why: 'forged' }

    const read = body.safeParse(jsonOf(rawBody))
    if (!read.success) return { accepted: false, why: 'malformed' }
    // One request ends once: all deliveries about it are the same one, repeated.
    return { accepted: true, providerJob: read.data.request_id, delivery: id }
  }
}

async function fetchKeys(rest: string): Promise<KeyObject[]> {
  const signal = new AbortController().signal
  const answer = await call(`${rest}/.well-known/jwks.json`, { timeoutMs: 10_000, signal })
  const read = jwks.safeParse(answer.json)
  if (answer.status !== 200 || !read.success)
    throw new ProviderError('provider_down', { providerCode: `jwks ${answer.status}` })
  const usable = read.data.keys.flatMap((key) => ed25519.safeParse(key).data ?? [])
  return usable.map((key) => createPublicKey({ key, format: 'jwk' }))
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'))
  } catch {
    return undefined
  }
}
