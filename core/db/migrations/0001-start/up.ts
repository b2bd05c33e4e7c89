import { type Kysely, sql } from 'kysely'
import { createTable } from '../../columns.ts'
import type { Dialect } from '../../migrate.ts'
import { accounts } from './accounts.ts'
import { billing } from './billing.ts'
import { compliance } from './compliance.ts'
import { house } from './house.ts'
import { providers } from './providers.ts'
import { studio } from './studio.ts'

export async function up(db: Kysely<unknown>, dialect: Dialect): Promise<void> {
  for (const [name, shape] of Object.entries({
    ...accounts,
    ...studio,
    ...billing,
    ...compliance,
    ...providers,
    ...house,
  }))
    await createTable(db, dialect, name, shape)
  await guardAudit(db, dialect)
  if (dialect === 'postgres') await announceEvents(db)
}

/** On PostgreSQL a notice at commit wakes the web processes that show a generation's progress (`core/db/changes.ts`). */
async function announceEvents(db: Kysely<unknown>): Promise<void> {
  await sql`create function announce_change() returns trigger language plpgsql as $$
    begin perform pg_notify('fairframe_changed', ''); return null; end $$`.execute(db)
  await sql`create trigger announce_change after insert on generation_event for each statement execute function announce_change()`.execute(
    db,
  )
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
