import type { EdgeContext } from '#app/http/load-context.ts'
import { cookieOf } from '#app/http/session.ts'

/**
 * A refused answer to the age question closes the form for this browser for a day, so that nobody goes back and tries
 * another year (16 CFR 312; FTC, Complying with COPPA, H.3). It says nothing but that, and scripts cannot read it.
 */
const NAME = 'age'
const DAY_SECONDS = 24 * 3600

export function wasRefused(request: Request): boolean {
  return cookieOf(request.headers.get('cookie') ?? undefined, NAME) !== undefined
}

export function refusedCookie({ house }: Pick<EdgeContext, 'house'>): string {
  const secure = house.config.appUrl.protocol === 'https:' ? '; Secure' : ''
  return `${NAME}=refused; Path=/; Max-Age=${DAY_SECONDS}; HttpOnly; SameSite=Lax${secure}`
}
