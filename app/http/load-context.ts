import type { Permission } from '#app/accounts/permissions.ts'
import type { House } from '#app/house.ts'
import type { Outlet } from '#app/studio/creations/paced-stream.ts'
import type { Session, Sessions } from './session.ts'
import type { Theme } from './visitor.ts'

/** What every loader and action is given by the server: the house, who is there, and where the answer goes. */
export interface EdgeContext {
  cspNonce: string
  /** BCP 47. */
  locale: string
  /** IANA. */
  timeZone: string
  /** The person's choice; `undefined` follows the page's own mood, or else the system. */
  theme: Theme | undefined
  site: { name: string }
  /** The clock's time, in ms. */
  now: number
  /** Under which this request is found in the log. */
  traceId: string
  /** Writes an unexpected error to the log. */
  report(error: unknown): void
  house: House
  sessions: Sessions
  session: Session | undefined
  visitor: Visitor
  links: LinkSigner
  /** How fast the client takes this answer, for large bodies. */
  outlet: Outlet
  /** Fires when this process is about to end: open streams must, too. */
  stopping: AbortSignal
  /** The live view. */
  live: LiveFeed
}

export interface Visitor {
  /** As far as TRUSTED_PROXIES lets us believe; used for counting tries, never stored in the clear. */
  address: string
  locale: string
  timeZone: string
  theme: Theme | undefined
  deviceClass: string
}

/** Signs and checks links that expire (`app/studio/creations/links.ts`). */
export interface LinkSigner {
  sign(path: string, lifetimeMs: number): string
  check(path: string, expires: string | null, signature: string | null): boolean
}

/** Tells when something of a person changed (`app/http/live.ts`). */
export interface LiveFeed {
  subscribe(listener: () => void): () => void
}

/** Who may open a route; `signed` is a server that proves itself by a signature over what it sends. A route without one does not pass the house's tests. */
export type Guard = 'anyone' | 'guest' | 'person' | 'api_key' | 'link' | 'signed' | { staff: Permission }

declare module '@remix-run/node' {
  interface AppLoadContext extends EdgeContext {}
}
