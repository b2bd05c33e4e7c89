import type { TableShape } from '../../columns.ts'

export const house: Record<string, TableShape> = {
  setting: {
    columns: { name: 'id', value: 'json', updated_at: 'time' },
    primary: ['name'],
  },
  job: {
    columns: {
      id: 'id',
      queue: 'text',
      payload: 'json',
      subject_id: 'id?',
      dedupe_key: 'id?',
      priority: 'count',
      state: 'text',
      attempt: 'count',
      max_attempts: 'count',
      run_at: 'time',
      lease_until: 'time?',
      worker: 'text?',
      failure: 'text?',
      created_at: 'time',
      ended_at: 'time?',
    },
    primary: ['id'],
    indexes: {
      claimable: { on: ['queue', 'priority', 'run_at', 'id'], where: "state = 'waiting'" },
      leased: { on: ['lease_until'], where: "state = 'active'" },
      once: {
        on: ['queue', 'dedupe_key'],
        unique: true,
        where: "dedupe_key is not null and state in ('waiting', 'active')",
      },
      ended: { on: ['state', 'ended_at'] },
    },
  },
}
