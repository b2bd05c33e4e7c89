import type { House } from '#app/house.ts'
import * as audit from '#compliance/records/audit.queries.ts'
import {
  type AuditEntry,
  appendAudit,
  prepareEntry,
  type Verdict,
  verifyAudit,
} from '#compliance/records/audit.ts'
import { accessOf } from '#core/actor.ts'
import { unsealText } from '#core/crypto/sealed-text.ts'
import { fromJson } from '#core/db/columns.ts'
import { AppError } from '#core/errors/errors.ts'
import { say } from '#core/i18n/say.ts'
import * as queries from './log.queries.ts'
import { openAsStaff } from './open-as-staff.ts'
import { nothingThere, type Staff } from './staff.ts'

/** The audit log, as staff read it. The reasons in it are free text that may name people, so each opening is recorded too. */
const PAGE_OF_LOG = 50

export interface LogFilter {
  before: string | undefined
  act: string | undefined
  actor: string | undefined
  target: string | undefined
}

export async function readLog({ db }: House, filter: LogFilter) {
  const { act, actor, target } = filter
  const before = Number(filter.before)
  const found = await audit.page(db.read, {
    ...(Number.isSafeInteger(before) && before > 0 ? { before } : {}),
    ...(act ? { act } : {}),
    ...(actor ? { actor } : {}),
    ...(target ? { target } : {}),
    limit: PAGE_OF_LOG + 1,
  })
  const rows = found.slice(0, PAGE_OF_LOG).map((row) => ({
    seq: row.seq,
    at: row.at,
    act: row.act,
    actorKind: row.actor_kind,
    actor: row.actor_id,
    targetKind: row.target_kind,
    target: row.target_id,
    hasNote: row.note_sealed !== null,
    detail: fromJson(row.detail),
  }))
  return { rows, older: found.length > PAGE_OF_LOG ? rows.at(-1)?.seq : undefined }
}

export type LogRow = Awaited<ReturnType<typeof readLog>>['rows'][number]

/** Walks the whole chain, then writes down that it did and what it found. */
export async function verifyLog(house: House, actor: Staff): Promise<Verdict> {
  const verdict = await verifyAudit(house)
  const { ok, rows } = verdict
  const detail: AuditEntry['detail'] = verdict.ok
    ? { ok, rows }
    : { ok, rows, why: verdict.why, seq: verdict.seq }
  const entry = await prepareEntry(house, { actor, act: 'audit.verified', detail })
  await house.db.transaction((tx) => appendAudit(tx, entry))
  return verdict
}

/** The reason somebody gave. Throws 404 where there is none, and `note_gone` when its time had passed. */
export async function revealNote(house: House, actor: Staff, seq: number, reason: string): Promise<string> {
  const row = await queries.row(house.db.read, seq)
  if (!row?.note_sealed || !row.note_key_id) throw nothingThere()
  const { note_sealed: sealed, note_key_id: keyId } = row
  const look = {
    actor,
    act: 'note.revealed',
    target: { kind: 'audit', id: row.id },
    note: reason,
  } as const
  return openAsStaff(house, look, async (keyring) => {
    const key = (await keyring.open([keyId], accessOf(actor, 'audit.reveal'))).get(keyId)
    if (!key)
      throw new AppError('note_gone', say('This reason was kept as long as it had to be, and is gone now.'), {
        status: 410,
      })
    return unsealText(key, { table: 'audit', column: 'note_sealed', row: row.id }, sealed)
  })
}
