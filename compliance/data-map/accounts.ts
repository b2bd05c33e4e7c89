import { secret, type TableRule, technical } from './rules.ts'

const ownRow = { owner: { column: 'subject_id', erasure: { act: 'delete' } } } as const

export const subject = {
  what: 'An account: what it is called, where it is, how it likes to read',
  people: { owner: { column: 'id', erasure: { act: 'delete' } } },
  purpose: 'account',
  basis: 'contract 6(1)(b)',
  keep: { for: 'account' },
  recipients: [],
  columns: {
    id: { data: 'account_state', export: 'account id' },
    status: { data: 'account_state', export: 'status' },
    role: { data: 'account_state', export: 'role' },
    key_id: technical,
    email_sealed: { data: 'email', export: 'email', sealed: true },
    email_hash: technical,
    name_sealed: { data: 'name', export: 'name', sealed: true },
    region: { data: 'region', export: 'region' },
    locale: { data: 'language', export: 'language' },
    time_zone: { data: 'language', export: 'time zone' },
    theme: { data: 'language', export: 'theme' },
    old_enough: { data: 'age_answer', export: 'old enough for the region' },
    email_verified_at: { data: 'account_state', export: 'email verified at' },
    created_at: { data: 'account_state', export: 'created at' },
    updated_at: { data: 'account_state', export: 'changed at' },
  },
} as const satisfies TableRule<'subject'>

export const password = {
  what: 'The salted hash of a password',
  people: ownRow,
  purpose: 'security',
  basis: 'contract 6(1)(b)',
  keep: { for: 'account' },
  recipients: [],
  columns: {
    subject_id: technical,
    hash: { ...secret, data: 'password_hash' },
    changed_at: { data: 'security', export: 'password changed at' },
  },
} as const satisfies TableRule<'password'>

export const session = {
  what: 'A sign-in on one device',
  people: ownRow,
  purpose: 'security',
  basis: 'contract 6(1)(b)',
  keep: { days: 60, after: 'sign-in, or 14 days without use' },
  recipients: [],
  columns: {
    id: secret,
    subject_id: technical,
    auth_method: { data: 'security', export: 'signed in by' },
    device_class: { data: 'device_class', export: 'device' },
    created_at: { data: 'security', export: 'signed in at' },
    last_seen_at: { data: 'security', export: 'last used at' },
    expires_at: { data: 'security', export: 'ends at' },
  },
} as const satisfies TableRule<'session'>

export const one_time_token = {
  what: 'The hash of a one-time link that was mailed',
  people: ownRow,
  purpose: 'security',
  basis: 'contract 6(1)(b)',
  keep: { days: 7, after: 'it was made' },
  recipients: [],
  columns: {
    id: technical,
    purpose: { data: 'security', export: 'link for' },
    subject_id: technical,
    hash: secret,
    expires_at: { data: 'security', export: 'valid until' },
    used_at: { data: 'security', export: 'used at' },
    created_at: { data: 'security', export: 'made at' },
  },
} as const satisfies TableRule<'one_time_token'>

export const api_key = {
  what: 'A key for programs: its name, and the hash that recognises it',
  people: ownRow,
  purpose: 'account',
  basis: 'contract 6(1)(b)',
  keep: { for: 'account' },
  recipients: [],
  columns: {
    id: { data: 'account_state', export: 'key id' },
    subject_id: technical,
    key_id: technical,
    name_sealed: { data: 'account_state', export: 'name', sealed: true },
    prefix: { data: 'account_state', export: 'begins with' },
    hash: secret,
    scopes: {
      data: 'account_state',
      export: 'may',
      each: { data: 'account_state', export: 'may' },
    },
    last_used_at: { data: 'usage', export: 'last used at' },
    expires_at: { data: 'account_state', export: 'ends at' },
    reminded_at: { data: 'account_state', export: 'reminded at' },
    revoked_at: { data: 'account_state', export: 'revoked at' },
    created_at: { data: 'account_state', export: 'made at' },
  },
} as const satisfies TableRule<'api_key'>

export const rate_counter = {
  what: 'How often something was tried, under a keyed hash of who tried',
  people: {
    nobody: 'the identifier is a keyed hash that is never joined with an account, and goes within a day',
  },
  purpose: 'security',
  basis: 'legitimate interests 6(1)(f)',
  keep: { days: 1, after: 'its window' },
  recipients: [],
  columns: { key: technical, used: technical, resets_at: technical },
} as const satisfies TableRule<'rate_counter'>

export const mail = {
  what: 'A mail on its way; its text goes once it is delivered',
  people: ownRow,
  purpose: 'account',
  basis: 'contract 6(1)(b)',
  keep: { days: 30, after: 'it was made; its text until delivery' },
  recipients: ['mail server'],
  columns: {
    id: technical,
    subject_id: technical,
    key_id: technical,
    kind: { data: 'account_state', export: 'kind' },
    secret: technical,
    to_sealed: { data: 'email', export: 'to', sealed: true },
    content_sealed: { data: 'content', export: { withheld: 'may carry a one-time link' }, sealed: true },
    status: { data: 'account_state', export: 'status' },
    attempts: technical,
    failure: technical,
    created_at: { data: 'account_state', export: 'written at' },
    sent_at: { data: 'account_state', export: 'sent at' },
  },
} as const satisfies TableRule<'mail'>
