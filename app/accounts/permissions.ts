import type { Role } from '#core/db/schema/accounts.ts'

/**
 * Who may do what in the console. Least first: a role has only what its task needs. `owner` runs the house and may
 * everything but become somebody else: no permission mints a session, a link or a key for another person.
 */
export const permissions = {
  'overview.read': ['owner', 'privacy_officer', 'moderator', 'support', 'auditor'],
  'people.find': ['owner', 'privacy_officer', 'support'],
  /** A person's page without anything that names them. */
  'people.read': ['owner', 'privacy_officer', 'moderator', 'support'],
  'people.unmask': ['owner', 'privacy_officer', 'support'],
  'people.suspend': ['owner', 'moderator'],
  'people.credits': ['owner', 'support'],
  'people.roles': ['owner'],
  'generations.read': ['owner', 'privacy_officer', 'moderator', 'support', 'auditor'],
  'generations.reveal': ['owner', 'moderator'],
  'generations.cancel': ['owner', 'moderator', 'support'],
  'jobs.read': ['owner', 'support', 'auditor'],
  'jobs.retry': ['owner', 'support'],
  'mail.read': ['owner', 'support'],
  'mail.reveal': ['owner', 'support'],
  'mail.reveal_secret': ['owner'],
  /** Has a mail that could not be delivered tried again, to the same address and unread. */
  'mail.retry': ['owner', 'support'],
  'audit.read': ['owner', 'privacy_officer', 'auditor'],
  /** The reasons people gave: free text, so it may name somebody. */
  'audit.reveal': ['owner', 'privacy_officer', 'auditor'],
  'audit.verify': ['owner', 'privacy_officer', 'auditor'],
  'promises.read': ['owner', 'privacy_officer', 'moderator', 'support', 'auditor'],
  'promises.check': ['owner', 'privacy_officer', 'auditor'],
  /** Models, prices, providers and how they fare. */
  'catalogue.read': ['owner', 'privacy_officer', 'support', 'auditor'],
  'catalogue.change': ['owner'],
  /** Who receives personal data, under which safeguard. */
  'processors.change': ['owner', 'privacy_officer'],
  'settings.read': ['owner', 'auditor'],
  'settings.change': ['owner'],
} as const satisfies Record<string, readonly Exclude<Role, 'person'>[]>

export type Permission = keyof typeof permissions

/** Fails closed: an unknown role or permission may nothing. */
export function may(role: Role, permission: Permission): boolean {
  const roles: readonly Role[] = permissions[permission] ?? []
  return roles.includes(role)
}

export const staffRoles = ['owner', 'privacy_officer', 'moderator', 'support', 'auditor'] as const
export type StaffRole = (typeof staffRoles)[number]

export function isStaff(role: Role): role is StaffRole {
  return (staffRoles as readonly Role[]).includes(role)
}
