import { type TableRule, technical } from './rules.ts'

const operation = { purpose: 'operation', basis: 'no personal data', recipients: [] } as const

export const setting = {
  what: 'What the operator set, and what the installation knows of itself',
  people: { nobody: 'settings of the house' },
  ...operation,
  keep: { always: 'one row for each setting' },
  columns: { name: technical, value: { ...technical, each: technical }, updated_at: technical },
} as const satisfies TableRule<'setting'>

export const job = {
  what: 'Work for the worker; ids only, never content',
  people: { owner: { column: 'subject_id', erasure: { act: 'delete' } } },
  ...operation,
  basis: 'contract 6(1)(b)',
  keep: { days: 14, after: 'it ended' },
  columns: {
    id: technical,
    queue: technical,
    payload: { ...technical, each: technical },
    subject_id: technical,
    dedupe_key: technical,
    priority: technical,
    state: technical,
    attempt: technical,
    max_attempts: technical,
    run_at: technical,
    lease_until: technical,
    worker: technical,
    failure: technical,
    created_at: technical,
    ended_at: technical,
  },
} as const satisfies TableRule<'job'>
