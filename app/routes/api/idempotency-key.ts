import { AppError } from '#core/errors/errors.ts'
import { say } from '#core/i18n/say.ts'
import { longestIdempotencyKey } from './schemas.ts'

/** The header `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header). Throws `idempotency_key_invalid`. */
export function idempotencyKeyOf(headers: Headers): string | undefined {
  const key = headers.get('idempotency-key')
  if (key === null) return undefined
  if (key.length >= 1 && key.length <= longestIdempotencyKey) return key
  throw new AppError(
    'idempotency_key_invalid',
    say('An Idempotency-Key has 1 to {most} characters.', { most: longestIdempotencyKey }),
    { status: 400 },
  )
}
