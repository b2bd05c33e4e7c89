import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto'
import type { Clock } from '#core/clock/clock.ts'

/**
 * Links to files that work without signing in and stop by themselves: HMAC-SHA-256 over path and end, under the
 * keyring's secret `links`. Whoever changes a character, or comes too late, is told nothing.
 */
export interface Links {
  /** The path with its end and signature. `lifetimeMs` is cut to a day. */
  sign(path: string, lifetimeMs: number): string
  check(path: string, expires: string | null, signature: string | null): boolean
}

const LONGEST = 24 * 3600 * 1000

export function signedLinks(secret: Uint8Array, clock: Clock): Links {
  // Of raw bytes a key would be made anew for each link, which takes longer than the signature.
  const key = createSecretKey(secret)
  const signatureOf = (path: string, expires: number) =>
    createHmac('sha256', key).update(`${path}\n${expires}`).digest()
  return {
    sign(path, lifetimeMs) {
      const expires = clock.now() + Math.min(lifetimeMs, LONGEST)
      return `${path}?expires=${expires}&sig=${signatureOf(path, expires).toString('base64url')}`
    },
    check(path, expires, signature) {
      if (!expires || !signature || !/^\d{1,16}$/.test(expires)) return false
      const end = Number(expires)
      if (clock.now() >= end || end > clock.now() + LONGEST) return false
      const given = Buffer.from(signature, 'base64url')
      const right = signatureOf(path, end)
      return (
        given.toString('base64url') === signature &&
        given.length === right.length &&
        timingSafeEqual(given, right)
      )
    },
  }
}
