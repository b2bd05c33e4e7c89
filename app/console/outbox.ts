import { maskAddress } from '#app/accounts/addresses.ts'
import { enqueueMail, mails } from '#app/accounts/mails.ts'
import { may } from '#app/accounts/permissions.ts'
import type { House } from '#app/house.ts'
import { appendAudit, prepareEntry } from '#compliance/records/audit.ts'
import { accessOf } from '#core/actor.ts'
import { unsealText } from '#core/crypto/sealed-text.ts'
import type { ThingKey } from '#core/crypto/thing-key.ts'
import type { MailStatus, MailTable } from '#core/db/schema/accounts.ts'
import { AppError } from '#core/errors/errors.ts'
import { say } from '#core/i18n/say.ts'
import { isId } from '#core/ids/ids.ts'
import { type ReadableMail, readMail } from '#core/mail/outbox.ts'
import { mostDead } from './jobs.ts'
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

export const mailStates = ['failed', 'waiting', 'held', 'sent'] as const satisfies readonly MailStatus[]
export type MailKind = keyof typeof mails
export const mailKinds = Object.keys(mails) as MailKind[]

export interface MailFilter {
  state: MailStatus | undefined
  kind: MailKind | undefined
  before: string | undefined
}

export async function listMails(house: House, actor: Staff, { state, kind, before }: MailFilter) {
  const found = await queries.page(house.db.read, {
    ...(isId('mail', before) ? { before } : {}),
    ...(state ? { status: state } : {}),
    ...(kind ? { kind } : {}),
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

export interface MailFacts extends MailRow {
  mayReveal: boolean
  /** Whether this role may have it tried again, and there is something to try. */
  mayRetry: boolean
}

/** One mail's facts, without its text. Throws 404. */
export async function mailFacts(house: House, actor: Staff, id: string): Promise<MailFacts> {
  const row = await mailRow(house, id)
  const target = { kind: 'mail', id: row.id }
  const keys = row.to_sealed
    ? await openAsStaff(house, { actor, act: 'mail.looked_up', target }, (keyring) =>
        keyring.open([row.key_id], accessOf(actor, 'mail.look_up', row.subject_id ?? undefined)),
      )
    : undefined
  return {
    ...rowOf(row, keys?.get(row.key_id)),
    mayReveal: mayReveal(actor, row),
    mayRetry: may(actor.role, 'mail.retry') && row.status === 'failed' && row.content_sealed !== null,
  }
}

/** Has a failed mail tried again, as often as a new one. Throws 404, and 409 when there is nothing to try. */
export async function retryMail(house: House, actor: Staff, id: string): Promise<void> {
  const { db, queue, config } = house
  const row = await mailRow(house, id)
  const target = { kind: 'mail', id: row.id }
  const entry = await prepareEntry(house, { actor, act: 'mail.retried', target, detail: { kind: row.kind } })
  // A worker that died with every try has left its job behind; that one is taken up, or the sweep would go by it again.
  const dead = (await queue.dead(mostDead)).find(({ payload }) => payload.mail_id === row.id)
  await db.transaction(async (tx) => {
    if (!(await queries.putBack(tx, row.id, config.smtp ? 'waiting' : 'held')))
      throw new AppError(
        'not_failed',
        say('This mail is not waiting to be tried again: it is on its way, or its text is no longer kept.'),
        { status: 409 },
      )
    const again = dead !== undefined && (await queue.retryDead(tx, dead.id))
    if (config.smtp && !again) await enqueueMail(tx, queue, row.id)
    await appendAudit(tx, entry)
  })
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
