import { sql } from 'kysely'
import type { TableShape } from '../../columns.ts'

export const billing: Record<string, TableShape> = {
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
      of_account: { on: ['account_id'] },
      of_generation: { on: ['generation_id'], unique: true },
      open: { on: ['state', 'created_at'] },
      of_subject: { on: ['subject_id', 'id'] },
    },
  },
}
