import { type TableRule, technical } from './rules.ts'

const accountability = {
  purpose: 'accountability',
  basis: 'legal duty 6(1)(c)',
  recipients: [],
} as const
const proof = {
  people: { nobody: 'counts and times of the house, with nobody in them' },
  purpose: 'accountability',
  basis: 'no personal data',
  recipients: [],
} as const
const law = 'GDPR Art. 5(2) and 32(1): the operator must be able to show who did what with personal data'

export const audit = {
  what: 'What staff did, and what happened to the security of the house',
  people: {
    staff: { column: 'actor_id', erasure: { act: 'keep', law, until: 'KEEP_AUDIT_DAYS after the act' } },
    target: { column: 'target_id', erasure: { act: 'keep', law, until: 'KEEP_AUDIT_DAYS after the act' } },
  },
  ...accountability,
  keep: { days: 'KEEP_AUDIT_DAYS', after: 'the act, in whole segments behind a signed checkpoint' },
  columns: {
    seq: technical,
    id: { data: 'security', export: 'id' },
    at: { data: 'security', export: 'at' },
    actor_kind: { data: 'security', export: 'done by' },
    actor_id: { data: 'security', export: { withheld: 'is another person; staff are named by role' } },
    act: { data: 'security', export: 'act' },
    target_kind: { data: 'security', export: 'concerning' },
    target_id: technical,
    note_sealed: {
      data: 'reason',
      export: { withheld: 'free text may name others; the officer reads it on request' },
      sealed: true,
    },
    note_key_id: technical,
    detail: { data: 'security', export: 'detail', each: { data: 'security', export: 'detail' } },
    previous_hash: technical,
    hash: technical,
  },
} as const satisfies TableRule<'audit'>

export const audit_checkpoint = {
  what: 'A signed statement of how the audit log stood',
  ...proof,
  keep: { always: 'without it nobody could prove what stood before' },
  columns: { seq: technical, hash: technical, at: technical, signature: technical, public_key: technical },
} as const satisfies TableRule<'audit_checkpoint'>

export const audit_prune = {
  what: 'Up to which row the audit log may be shortened',
  ...proof,
  keep: { always: 'one row' },
  columns: { id: technical, prune_before: technical },
} as const satisfies TableRule<'audit_prune'>

export const retention_run = {
  what: 'Proof of a run of a retention rule: how many rows it looked at and let go',
  ...proof,
  keep: { days: 1095, after: 'the run' },
  columns: {
    id: technical,
    rule: technical,
    started_at: technical,
    ended_at: technical,
    considered: technical,
    deleted: technical,
    failed: technical,
  },
} as const satisfies TableRule<'retention_run'>

export const key_destruction = {
  what: 'That a key was to be destroyed, and was',
  ...proof,
  people: { nobody: 'a random id of a key that is gone leads to nobody' },
  keep: { always: 'proof that what was deleted is unreadable' },
  columns: { key_id: technical, cause: technical, intended_at: technical, done_at: technical },
} as const satisfies TableRule<'key_destruction'>

export const promise_check = {
  what: 'The newest result of each promise, with its evidence in numbers',
  ...proof,
  keep: { always: 'one row for each promise' },
  columns: {
    promise: technical,
    state: technical,
    evidence: { ...technical, each: technical },
    checked_at: technical,
  },
} as const satisfies TableRule<'promise_check'>

export const api_request = {
  what: 'A call of the API: which endpoint, when, with what result; neither body nor address',
  people: { nobody: 'names only the key; through the key it belongs to an account while both exist' },
  purpose: 'security',
  basis: 'legitimate interests 6(1)(f)',
  keep: { days: 'KEEP_API_LOG_DAYS', after: 'the call' },
  recipients: [],
  columns: {
    id: technical,
    at: { data: 'usage', export: 'at' },
    api_key_id: { data: 'usage', export: 'key' },
    method: { data: 'usage', export: 'method' },
    endpoint: { data: 'usage', export: 'endpoint' },
    status: { data: 'usage', export: 'status' },
    ms: { data: 'usage', export: 'milliseconds' },
    bytes: { data: 'usage', export: 'bytes' },
  },
} as const satisfies TableRule<'api_request'>
