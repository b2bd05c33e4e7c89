import { type TableRule, technical } from './rules.ts'

/** Credits have no price of their own here; once they are sold, orders bring the tax law's terms with them. */
const credits = {
  purpose: 'billing',
  basis: 'contract 6(1)(b)',
  keep: { for: 'account' },
  recipients: [],
} as const

/** The other half of each transfer stands in the house's account, so the row stays and forgets whose it was. */
const forget = {
  owner: { column: 'subject_id', erasure: { act: 'clear', columns: ['subject_id'] } },
} as const

export const ledger_account = {
  what: 'A balance of credits',
  people: forget,
  ...credits,
  columns: {
    id: technical,
    subject_id: technical,
    balance: { data: 'credits', export: 'balance' },
    held: { data: 'credits', export: 'held' },
  },
} as const satisfies TableRule<'ledger_account'>

export const ledger_transfer = {
  what: 'A movement of credits',
  people: forget,
  ...credits,
  columns: {
    id: { data: 'credits', export: 'id' },
    key: technical,
    kind: { data: 'credits', export: 'kind' },
    subject_id: technical,
    actor: technical,
    at: { data: 'credits', export: 'at' },
  },
} as const satisfies TableRule<'ledger_transfer'>

export const ledger_entry = {
  what: 'One side of a movement of credits',
  people: { nobody: 'belongs to a transfer and an account, which say whose it is' },
  ...credits,
  columns: {
    id: technical,
    transfer_id: { data: 'credits', export: 'movement' },
    account_id: technical,
    amount: { data: 'credits', export: 'credits' },
  },
} as const satisfies TableRule<'ledger_entry'>

export const credit_hold = {
  what: 'Credits set aside for a video',
  people: { owner: { column: 'subject_id', erasure: { act: 'delete' } } },
  ...credits,
  columns: {
    id: { data: 'credits', export: 'id' },
    account_id: technical,
    subject_id: technical,
    generation_id: { data: 'credits', export: 'video' },
    amount: { data: 'credits', export: 'credits' },
    state: { data: 'credits', export: 'state' },
    created_at: { data: 'credits', export: 'held at' },
    ended_at: { data: 'credits', export: 'ended at' },
  },
} as const satisfies TableRule<'credit_hold'>
