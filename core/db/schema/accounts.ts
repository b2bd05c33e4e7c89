import type { IdOf, KeyId, SubjectId } from '#core/ids/ids.ts'
import type { Json } from '../columns.ts'

export type Role = 'person' | 'owner' | 'privacy_officer' | 'moderator' | 'support' | 'auditor'
export type SubjectStatus = 'unverified' | 'active' | 'suspended' | 'deleted'

/** A person with an account. What names them is sealed under the account's key; the address is found by its hash. */
export interface SubjectTable {
  id: SubjectId
  status: SubjectStatus
  role: Role
  key_id: KeyId
  email_sealed: string
  email_hash: string
  name_sealed: string | null
  /** ISO 3166-1 alpha-2, or a state of the United States as `US-CA`. */
  region: string
  locale: string
  time_zone: string
  theme: 'light' | 'dark' | null
  /** 1 when the age question was answered with old enough for the region. Nothing else of the answer is kept. */
  old_enough: 0 | 1
  email_verified_at: number | null
  created_at: number
  updated_at: number
}

export interface PasswordTable {
  subject_id: SubjectId
  hash: string
  changed_at: number
}

export interface SessionTable {
  /** SHA-256 of the token. The token itself is only in the cookie. */
  id: string
  subject_id: SubjectId
  auth_method: string
  device_class: string
  created_at: number
  last_seen_at: number
  expires_at: number
}

export type TokenPurpose = 'verify_email' | 'reset_password' | 'set_up'

/** One-time secrets that travel by mail or by the first start's log. Only their hash is here. */
export interface OneTimeTokenTable {
  id: IdOf<'token'>
  purpose: TokenPurpose
  subject_id: SubjectId | null
  hash: string
  expires_at: number
  used_at: number | null
  created_at: number
}

export type ApiScope = 'generations:read' | 'generations:write'

export interface ApiKeyTable {
  id: IdOf<'apiKey'>
  subject_id: SubjectId
  key_id: KeyId
  name_sealed: string
  /** The first characters, shown so that a person can tell keys apart. */
  prefix: string
  hash: string
  scopes: Json<ApiScope[]>
  last_used_at: number | null
  expires_at: number | null
  reminded_at: number | null
  revoked_at: number | null
  created_at: number
}

/** One counter for each limit and hashed identifier. */
export interface RateCounterTable {
  key: string
  used: number
  resets_at: number
}

export type MailStatus = 'waiting' | 'sent' | 'held' | 'failed'

/** Mail on its way. `held` while no SMTP is set: it stays readable in the console's outbox. */
export interface MailTable {
  id: IdOf<'mail'>
  subject_id: SubjectId | null
  key_id: KeyId
  kind: string
  /** 1 when the text carries a link or code that opens something. */
  secret: 0 | 1
  to_sealed: string | null
  content_sealed: string | null
  status: MailStatus
  attempts: number
  failure: string | null
  created_at: number
  sent_at: number | null
}
