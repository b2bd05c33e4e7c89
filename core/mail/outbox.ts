import { type Actor, accessOf } from '#core/actor.ts'
import { sealJson, sealText, unsealJson, unsealText } from '#core/crypto/sealed-text.ts'
import type { ThingKey } from '#core/crypto/thing-key.ts'
import type { MailTable } from '#core/db/schema/accounts.ts'
import type { Tx } from '#core/db/schema/schema.ts'
import { AppError } from '#core/errors/errors.ts'
import type { Ground } from '#core/house.ts'
import { say } from '#core/i18n/say.ts'
import { type IdOf, isId, newId, type SubjectId } from '#core/ids/ids.ts'
import type { MailBody } from './body.ts'

/**
 * Mail that is owed. It is written in the transaction that owes it and sent by the worker; while no mail server is set
 * it is held here and read in the console. Address and text are sealed, and go once the mail is delivered.
 */
export type MailId = IdOf<'mail'>

export interface MailToSend {
  kind: string
  /** Carries a link or code that opens something: in the console only its recipient's owner role may see it. */
  secret: boolean
  subject: SubjectId | null
  to: string
  title: string
  body: MailBody
  locale: string
}

export interface ReadableMail {
  to: string
  title: string
  body: MailBody
  locale: string
}

/** Seals the mail under a key that is committed now; the caller's transaction then writes the row. */
export async function prepareMail(
  { keyring, clock, config }: Pick<Ground, 'keyring' | 'clock' | 'config'>,
  mail: MailToSend,
): Promise<MailTable> {
  const now = clock.now()
  const id = newId('mail', now)
  const key = await keyring.create({ class: 'content', subject: mail.subject })
  return {
    id,
    subject_id: mail.subject,
    key_id: key.id,
    kind: mail.kind,
    secret: mail.secret ? 1 : 0,
    to_sealed: sealText(key, { table: 'mail', column: 'to_sealed', row: id }, mail.to),
    content_sealed: sealJson(
      key,
      { table: 'mail', column: 'content_sealed', row: id },
      { title: mail.title, body: mail.body, locale: mail.locale },
    ),
    status: config.smtp ? 'waiting' : 'held',
    attempts: 0,
    failure: null,
    created_at: now,
    sent_at: null,
  }
}

export async function insertMail(tx: Tx, row: MailTable): Promise<void> {
  await tx.insertInto('mail').values(row).execute()
}

/** Opens a mail. Throws `mail_gone` once it was delivered, and 404 for one that never was. */
export async function readMail(
  { db, keyring }: Pick<Ground, 'db' | 'keyring'>,
  id: string,
  actor: Actor,
  purpose: 'mail.send' | 'mail.reveal',
): Promise<ReadableMail> {
  const row = isId('mail', id)
    ? await db.read.selectFrom('mail').selectAll().where('id', '=', id).executeTakeFirst()
    : undefined
  if (!row) throw new AppError('not_found', say('There is no such mail.'), { status: 404 })
  if (!row.to_sealed || !row.content_sealed)
    throw new AppError('mail_gone', say('This mail was delivered, so its text is no longer kept.'), {
      status: 410,
    })
  const key = await keyring.openOne(row.key_id, accessOf(actor, purpose, row.subject_id ?? undefined))
  return openRow(key, row.id, row.to_sealed, row.content_sealed)
}

function openRow(key: ThingKey, id: string, to: string, content: string): ReadableMail {
  const parts = unsealJson(key, { table: 'mail', column: 'content_sealed', row: id }, content)
  return {
    to: unsealText(key, { table: 'mail', column: 'to_sealed', row: id }, to),
    ...(parts as Omit<ReadableMail, 'to'>),
  }
}
