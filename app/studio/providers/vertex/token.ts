/**
 * Access tokens from a service account's key: a signed claim is exchanged for a token that is good for an hour
 * (RFC 7523; developers.google.com/identity/protocols/oauth2/service-account).
 */
import { createPrivateKey, type KeyObject, sign } from 'node:crypto'
import { z } from 'zod'
import { isProviderError, ProviderError } from '#app/studio/providers/provider-errors.ts'
import { call } from '#app/studio/providers/provider-http.ts'
import type { Clock } from '#core/clock/clock.ts'

export interface ServiceAccount {
  email: string
  project: string
  keyId: string | undefined
  key: KeyObject
  /** What the claim is addressed to, also where the request itself goes to a proxy. */
  audience: string
}

const GOOGLE_TOKEN_URI = 'https://oauth2.googleapis.com/token'
const SCOPE = 'https://www.googleapis.com/auth/cloud-platform'
const LIFETIME_MS = 60 * 60_000
/** A token is left alone this long before it ends, so that a slow request does not outlive it. */
const MARGIN_MS = 5 * 60_000

const keyFile = z.looseObject({
  type: z.literal('service_account'),
  project_id: z.string().min(1),
  private_key_id: z.string().optional(),
  private_key: z.string().min(1),
  client_email: z.string().min(1),
  token_uri: z.url({ protocol: /^https$/ }).default(GOOGLE_TOKEN_URI),
})

/** Reads the JSON file of a key as the Cloud console gives it out. Throws `provider_auth`; nothing of it is in the error. */
export function readServiceAccount(text: string): ServiceAccount {
  try {
    const file = keyFile.parse(JSON.parse(text))
    return {
      email: file.client_email,
      project: file.project_id,
      keyId: file.private_key_id,
      key: createPrivateKey(file.private_key),
      audience: file.token_uri,
    }
  } catch {
    throw new ProviderError('provider_auth', { providerCode: 'not the JSON key of a service account' })
  }
}

export interface Tokens {
  get(account: ServiceAccount, signal: AbortSignal): Promise<string>
  /** The API did not want the token: the next one is asked for anew. */
  drop(): void
}

export function tokensFrom(address: string, clock: Clock): Tokens {
  let held: { token: string; owner: string; until: number } | undefined

  return {
    async get(account, signal) {
      const owner = `${account.email} ${account.keyId}`
      if (held?.owner === owner && clock.now() < held.until) return held.token
      const answer = await call(address, {
        body: new URLSearchParams({
          grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
          assertion: assertion(account, clock.now()),
        }).toString(),
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        signal,
      }).catch((error: unknown) => {
        throw isProviderError(error) ? new ProviderError(error.errorClass, kept(error)) : error
      })
      const read = granted.safeParse(answer.json)
      if (answer.status !== 200 || !read.success) throw refusal(answer.status, answer.json)
      const { access_token: token, expires_in } = read.data
      held = { token, owner, until: clock.now() + Math.max(0, expires_in * 1000 - MARGIN_MS) }
      return token
    },
    drop() {
      held = undefined
    },
  }
}

const granted = z.looseObject({ access_token: z.string().min(1), expires_in: z.number().positive() })

/** Nothing was asked of the model yet. */
function kept({ providerCode, retryAfterMs }: ProviderError) {
  return { accepted: 'no' as const, providerCode, retryAfterMs }
}

/** RFC 6749, 5.2: `invalid_grant` and its like say that the key is no good; all else passes. */
function refusal(status: number, json: unknown): ProviderError {
  const { error } = (json ?? {}) as { error?: unknown }
  const code = typeof error === 'string' && /^[a-z_]{1,40}$/.test(error) ? error : String(status)
  if (status === 400 || status === 401 || status === 403)
    return new ProviderError('provider_auth', { providerCode: code })
  return new ProviderError(status === 429 ? 'rate_limited' : 'provider_down', { providerCode: code })
}

/** RFC 7515: header and claims, signed with RS256. */
function assertion({ email, keyId, key, audience }: ServiceAccount, now: number): string {
  const iat = Math.floor(now / 1000)
  const claims = { iss: email, scope: SCOPE, aud: audience, iat, exp: iat + LIFETIME_MS / 1000 }
  const head = { alg: 'RS256', typ: 'JWT', ...(keyId ? { kid: keyId } : {}) }
  const signed = [head, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
  return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), key).toString('base64url')}`
}
