import type { Access } from '#core/crypto/keyring/tally.ts'
import type { Role } from '#core/db/schema/accounts.ts'
import type { IdOf, SubjectId } from '#core/ids/ids.ts'

/** Who acts. Passed down as a value: nothing below a route sees a request. */
export type Actor =
  | { readonly kind: 'person'; readonly id: SubjectId }
  | { readonly kind: 'api_key'; readonly id: IdOf<'apiKey'>; readonly subject: SubjectId }
  | { readonly kind: 'staff'; readonly id: SubjectId; readonly role: Exclude<Role, 'person'> }
  /** The operator at the command line of the machine. */
  | { readonly kind: 'command'; readonly id: 'fairframe' }
  | { readonly kind: 'system'; readonly id: string }

/** How the keyring counts what this actor opens. Whoever works at the machine's command line counts as staff. */
export function accessOf(actor: Actor, purpose: string, subject?: SubjectId): Access {
  const kind = actor.kind === 'command' ? 'staff' : actor.kind
  return { actor: { kind, id: actor.id }, purpose, subject }
}

/** The worker and the timers. */
export const system = (id: string): Actor => ({ kind: 'system', id })
export const command: Actor = { kind: 'command', id: 'fairframe' }
