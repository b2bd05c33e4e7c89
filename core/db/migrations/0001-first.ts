import { type Kysely, sql } from 'kysely'
import { createTable, type TableShape } from '../columns.ts'
import type { Dialect } from '../migrate.ts'

const tables: Record<string, TableShape> = {
  subject: {
    columns: {
      id: 'id',
      status: 'text',
      role: 'text',
      key_id: 'id',
      email_sealed: 'text',
      email_hash: 'id',
      name_sealed: 'text?',
      region: 'text',
      locale: 'text',
      time_zone: 'text',
      theme: 'text?',
      old_enough: 'flag',
      email_verified_at: 'time?',
      created_at: 'time',
      updated_at: 'time',
    },
    primary: ['id'],
    indexes: {
      email_hash: { on: ['email_hash'], unique: true },
      by_role: { on: ['role', 'id'], where: "role <> 'person'" },
      by_status: { on: ['status', 'id'] },
    },
  },
  password: {
    columns: { subject_id: 'id', hash: 'text', changed_at: 'time' },
    primary: ['subject_id'],
    references: { subject_id: 'subject.id' },
  },
  session: {
    columns: {
      id: 'id',
      subject_id: 'id',
      auth_method: 'text',
      device_class: 'text',
      created_at: 'time',
      last_seen_at: 'time',
      expires_at: 'time',
    },
    primary: ['id'],
    references: { subject_id: 'subject.id' },
    indexes: { of_subject: { on: ['subject_id'] }, by_expiry: { on: ['expires_at'] } },
  },
  one_time_token: {
    columns: {
      id: 'id',
      purpose: 'text',
      subject_id: 'id?',
      hash: 'id',
      expires_at: 'time',
      used_at: 'time?',
      created_at: 'time',
    },
    primary: ['id'],
    references: { subject_id: 'subject.id' },
    indexes: { hash: { on: ['hash'], unique: true }, of_subject: { on: ['subject_id', 'purpose'] } },
  },
  api_key: {
    columns: {
      id: 'id',
      subject_id: 'id',
      key_id: 'id',
      name_sealed: 'text',
      prefix: 'text',
      hash: 'id',
      scopes: 'json',
      last_used_at: 'time?',
      expires_at: 'time?',
      reminded_at: 'time?',
      revoked_at: 'time?',
      created_at: 'time',
    },
    primary: ['id'],
    references: { subject_id: 'subject.id' },
    indexes: { hash: { on: ['hash'], unique: true }, of_subject: { on: ['subject_id', 'created_at'] } },
  },
  rate_counter: {
    columns: { key: 'id', used: 'count', resets_at: 'time' },
    primary: ['key'],
    indexes: { by_reset: { on: ['resets_at'] } },
  },
  mail: {
    columns: {
      id: 'id',
      subject_id: 'id?',
      key_id: 'id',
      kind: 'text',
      secret: 'flag',
      to_sealed: 'text?',
      content_sealed: 'text?',
      status: 'text',
      attempts: 'count',
      failure: 'text?',
      created_at: 'time',
      sent_at: 'time?',
    },
    primary: ['id'],
    references: { subject_id: 'subject.id' },
    indexes: { by_status: { on: ['status', 'id'] }, of_subject: { on: ['subject_id', 'id'] } },
  },
  reference: {
    columns: { id: 'id', subject_id: 'id', key_id: 'id', created_at: 'time' },
    primary: ['id'],
    references: { subject_id: 'subject.id' },
    indexes: { of_subject: { on: ['subject_id', 'id'] } },
  },
  generation: {
    columns: {
      id: 'id',
      subject_id: 'id',
      api_key_id: 'id?',
      key_id: 'id',
      model: 'text',
      state: 'text',
      prompt_sealed: 'text',
      reference_id: 'id?',
      settings: 'json',
      price: 'count',
      credit_hold_id: 'id?',
      error_code: 'text?',
      attempts: 'count',
      seq: 'count',
      created_at: 'time',
      updated_at: 'time',
      started_at: 'time?',
      ended_at: 'time?',
      deadline_at: 'time',
      saved_at: 'time?',
      expires_at: 'time?',
      expiry_told: 'flag',
    },
    primary: ['id'],
    references: { subject_id: 'subject.id', reference_id: 'reference.id' },
    indexes: {
      of_subject: { on: ['subject_id', 'id'] },
      by_state: { on: ['state', 'id'] },
      by_expiry: { on: ['expires_at'], where: 'expires_at is not null' },
      of_reference: { on: ['reference_id'], where: 'reference_id is not null' },
      ended: { on: ['model', 'ended_at'], where: "state = 'ready'" },
    },
  },
  generation_event: {
    columns: {
      generation_id: 'id',
      seq: 'count',
      subject_id: 'id',
      state: 'text',
      phase: 'text',
      at: 'time',
    },
    primary: ['generation_id', 'seq'],
    references: { generation_id: 'generation.id' },
    indexes: { of_subject: { on: ['subject_id', 'at'] } },
  },
  attempt: {
    columns: {
      id: 'id',
      generation_id: 'id',
      subject_id: 'id',
      number: 'count',
      provider: 'text',
      provider_job: 'text?',
      route: 'json',
      state: 'text',
      error_class: 'text?',
      started_at: 'time',
      ended_at: 'time?',
    },
    primary: ['id'],
    references: { generation_id: 'generation.id' },
    indexes: { number: { on: ['generation_id', 'number'], unique: true } },
  },
  asset: {
    columns: {
      id: 'id',
      subject_id: 'id',
      generation_id: 'id?',
      reference_id: 'id?',
      key_id: 'id',
      kind: 'text',
      object_key: 'id',
      media_type: 'text',
      size: 'count',
      sha256: 'text',
      width: 'count',
      height: 'count',
      duration_ms: 'count?',
      created_at: 'time',
    },
    primary: ['id'],
    references: { generation_id: 'generation.id', reference_id: 'reference.id' },
    checks: { one_owner: sql`(generation_id is null) <> (reference_id is null)` },
    indexes: {
      of_generation: { on: ['generation_id', 'kind'], unique: true, where: 'generation_id is not null' },
      of_reference: { on: ['reference_id', 'kind'], unique: true, where: 'reference_id is not null' },
      object: { on: ['object_key'], unique: true },
      of_subject: { on: ['subject_id', 'id'] },
    },
  },
  stamp: {
    columns: {
      asset_id: 'id',
      generation_id: 'id',
      subject_id: 'id',
      public_id: 'id',
      manifest_label: 'text',
      manifest: 'bytes',
      sha256: 'text',
      certificate_sha256: 'text',
      engine: 'text',
      signed_at: 'time',
    },
    primary: ['asset_id'],
    references: { asset_id: 'asset.id', generation_id: 'generation.id' },
    indexes: { public: { on: ['public_id'], unique: true }, file: { on: ['sha256'] } },
  },
  screening: {
    columns: {
      id: 'id',
      generation_id: 'id?',
      reference_id: 'id?',
      subject_id: 'id',
      what: 'text',
      looked_by: 'text',
      verdict: 'text',
      category: 'text?',
      at: 'time',
    },
    primary: ['id'],
    references: { generation_id: 'generation.id', reference_id: 'reference.id' },
    indexes: { of_generation: { on: ['generation_id', 'what'] }, of_subject: { on: ['subject_id', 'id'] } },
  },
  idempotency: {
    columns: { subject_id: 'id', key_hash: 'id', body_hash: 'text', generation_id: 'id', created_at: 'time' },
    primary: ['subject_id', 'key_hash'],
    references: { generation_id: 'generation.id' },
    indexes: { by_age: { on: ['created_at'] } },
  },
  ledger_account: {
    columns: { id: 'id', subject_id: 'id?', balance: 'count', held: 'count' },
    primary: ['id'],
    // The house's accounts may stand below zero: what a person was granted came out of them.
    checks: { never_short: sql`subject_id is null or (balance >= held and held >= 0)` },
    indexes: { of_subject: { on: ['subject_id'], unique: true, where: 'subject_id is not null' } },
  },
  ledger_transfer: {
    columns: { id: 'id', key: 'id', kind: 'text', subject_id: 'id?', actor: 'text', at: 'time' },
    primary: ['id'],
    indexes: { key: { on: ['key'], unique: true }, of_subject: { on: ['subject_id', 'id'] } },
  },
  ledger_entry: {
    columns: { id: 'id', transfer_id: 'id', account_id: 'id', amount: 'count' },
    primary: ['id'],
    references: { transfer_id: 'ledger_transfer.id', account_id: 'ledger_account.id' },
    indexes: { of_transfer: { on: ['transfer_id'] }, of_account: { on: ['account_id', 'id'] } },
  },
  credit_hold: {
    columns: {
      id: 'id',
      account_id: 'id',
      subject_id: 'id',
      generation_id: 'id',
      amount: 'count',
      state: 'text',
      created_at: 'time',
      ended_at: 'time?',
    },
    primary: ['id'],
    references: { account_id: 'ledger_account.id' },
    indexes: {
      of_generation: { on: ['generation_id'], unique: true },
      open: { on: ['state', 'created_at'] },
      of_subject: { on: ['subject_id', 'id'] },
    },
  },
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
    indexes: { of_rule: { on: ['rule', 'started_at'] } },
  },
  key_destruction: {
    columns: { key_id: 'id', cause: 'text', intended_at: 'time', done_at: 'time?' },
    primary: ['key_id'],
    indexes: { unfinished: { on: ['intended_at'], where: 'done_at is null' } },
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

export async function up(db: Kysely<unknown>, dialect: Dialect): Promise<void> {
  for (const [name, shape] of Object.entries(tables)) await createTable(db, dialect, name, shape)
  await guardAudit(db, dialect)
}

/** The audit log takes rows and gives none back, but for whole old segments that the retention job has released. */
async function guardAudit(db: Kysely<unknown>, dialect: Dialect): Promise<void> {
  const released = 'old.seq < coalesce((select prune_before from audit_prune where id = 1), 0)'
  if (dialect === 'sqlite') {
    await sql`create trigger audit_no_update before update on audit begin select raise(abort, 'the audit log is append-only'); end`.execute(
      db,
    )
    await sql`create trigger audit_no_delete before delete on audit when not (${sql.raw(released)}) begin select raise(abort, 'the audit log is append-only'); end`.execute(
      db,
    )
    return
  }
  await sql`create function audit_append_only() returns trigger language plpgsql as $$
    begin
      if tg_op = 'DELETE' and ${sql.raw(released)} then return old; end if;
      raise exception 'the audit log is append-only';
    end $$`.execute(db)
  await sql`create trigger audit_append_only before update or delete on audit for each row execute function audit_append_only()`.execute(
    db,
  )
}
