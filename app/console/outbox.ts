import { maskAddress } from '#app/accounts/addresses.ts'
import { may } from '#app/accounts/permissions.ts'
import type { House } from '#app/house.ts'
import { accessOf } from '#core/actor.ts'
import { unsealText } from '#core/crypto/sealed-text.ts'
import type { ThingKey } from '#core/crypto/thing-key.ts'
import type { MailTable } from '#core/db/schema/accounts.ts'
import { isId } from '#core/ids/ids.ts'
import { type ReadableMail, readMail } from '#core/mail/outbox.ts'
import { openAsStaff } from './open-as-staff.ts'
import * as queries from './outbox.queries.ts'
import { nothingThere, PAGE, type Staff } from './staff.ts'

/**
 * The mails of the house. Recipients are masked; a text is opened for a reason, and one that carries a link or code
 * that opens something by owners only. Delivered mails have neither recipient nor text any more.
 */
export interface MailRow {
  id: MailTable['id']
  subject: MailTable['subject_id']
  kind: string
  secret: boolean
  status: MailTable['status']
  attempts: number
  failure: string | null
  createdAt: number
  sentAt: number | null
  /** Null once delivered, or when the key is gone. */
  maskedRecipient: string | null
  /** Whether its text is still kept. */
  hasText: boolean
}

export async function listMails(house: House, actor: Staff, before: string | undefined) {
  const found = await queries.page(house.db.read, {
    ...(isId('mail', before) ? { before } : {}),
    limit: PAGE + 1,
  })
  const rows = found.slice(0, PAGE)
  const look = { actor, act: 'console.read', detail: { list: 'outbox' } } as const
  const keys = await openAsStaff(house, look, (keyring) =>
    keyring.open(
      rows.filter((row) => row.to_sealed !== null).map((row) => row.key_id),
      accessOf(actor, 'mail.list'),
    ),
  )
  return {
    rows: rows.map((row) => rowOf(row, keys.get(row.key_id))),
    older: found.length > PAGE ? rows.at(-1)?.id : undefined,
  }
}

/** One mail's facts, without its text. Throws 404. */
export async function mailFacts(
  house: House,
  actor: Staff,
  id: string,
): Promise<MailRow & { mayReveal: boolean }> {
  const row = await mailRow(house, id)
  const target = { kind: 'mail', id: row.id }
  const keys = row.to_sealed
    ? await openAsStaff(house, { actor, act: 'mail.looked_up', target }, (keyring) =>
        keyring.open([row.key_id], accessOf(actor, 'mail.look_up', row.subject_id ?? undefined)),
      )
    : undefined
  return { ...rowOf(row, keys?.get(row.key_id)), mayReveal: mayReveal(actor, row) }
}

/** The mail as it will be sent. Throws 404 to whoever may not read this kind, and `mail_gone` once it was delivered. */
export async function revealMail(
  house: House,
  actor: Staff,
  id: string,
  reason: string,
): Promise<ReadableMail> {
  const row = await mailRow(house, id)
  if (!mayReveal(actor, row)) throw nothingThere()
  const look = {
    actor,
    act: 'mail.revealed',
    target: { kind: 'mail', id: row.id },
    detail: { kind: row.kind, secret: row.secret === 1 },
    note: reason,
  } as const
  return openAsStaff(house, look, (keyring) =>
    readMail({ db: house.db, keyring }, row.id, actor, 'mail.reveal'),
  )
}

function mayReveal(actor: Staff, row: Pick<MailTable, 'secret'>): boolean {
  return may(actor.role, row.secret === 1 ? 'mail.reveal_secret' : 'mail.reveal')
}

async function mailRow({ db }: House, id: string): Promise<MailTable> {
  const row = isId('mail', id) ? await queries.mail(db.read, id) : undefined
  if (!row) throw nothingThere()
  return row
}

function rowOf(row: MailTable, key: ThingKey | undefined): MailRow {
  const { id, kind, status, attempts, failure } = row
  const to =
    key && row.to_sealed
      ? unsealText(key, { table: 'mail', column: 'to_sealed', row: id }, row.to_sealed)
      : undefined
  return {
    id,
    subject: row.subject_id,
    kind,
    secret: row.secret === 1,
    status,
    attempts,
    failure,
    createdAt: row.created_at,
    sentAt: row.sent_at,
    maskedRecipient: to === undefined ? null : maskAddress(to),
    hasText: row.content_sealed !== null,
  }
}
