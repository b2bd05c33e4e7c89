import { sql } from 'kysely'
import type { TableShape } from '../../columns.ts'

export const compliance: Record<string, TableShape> = {
  audit: {
    columns: {
      seq: 'count',
      id: 'id',
      at: 'time',
      actor_kind: 'text',
      actor_id: 'id',
      act: 'text',
      target_kind: 'text?',
      target_id: 'id?',
      note_sealed: 'text?',
      note_key_id: 'id?',
      detail: 'json',
      previous_hash: 'text',
      hash: 'text',
    },
    primary: ['seq'],
    indexes: { of_target: { on: ['target_id', 'seq'] }, of_actor: { on: ['actor_id', 'seq'] } },
  },
  audit_checkpoint: {
    columns: { seq: 'count', hash: 'text', at: 'time', signature: 'text', public_key: 'text' },
    primary: ['seq'],
  },
  audit_prune: {
    columns: { id: 'count', prune_before: 'count' },
    primary: ['id'],
    checks: { only_one: sql`id = 1` },
  },
  retention_run: {
    columns: {
      id: 'id',
      rule: 'text',
      started_at: 'time',
      ended_at: 'time?',
      considered: 'count',
      deleted: 'count',
      failed: 'count',
    },
    primary: ['id'],
    indexes: { of_rule: { on: ['rule', 'started_at'] }, by_age: { on: ['started_at'] } },
  },
  key_destruction: {
    columns: { key_id: 'id', cause: 'text', intended_at: 'time', done_at: 'time?' },
    primary: ['key_id'],
    indexes: { unfinished: { on: ['intended_at'], where: 'done_at is null' }, done: { on: ['done_at'] } },
  },
  promise_check: {
    columns: { promise: 'id', state: 'text', evidence: 'json', checked_at: 'time' },
    primary: ['promise'],
  },
  api_request: {
    columns: {
      id: 'id',
      at: 'time',
      api_key_id: 'id?',
      method: 'text',
      endpoint: 'text',
      status: 'count',
      ms: 'count',
      bytes: 'count',
    },
    primary: ['id'],
    indexes: { by_age: { on: ['at'] } },
  },
}
