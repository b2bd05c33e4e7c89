import { enqueueMail } from '#app/accounts/mails.ts'
import type { House } from '#app/house.ts'
import { system } from '#core/actor.ts'
import { intendDestruction } from '#core/crypto/keyring/destruction.ts'
import type { MailTable } from '#core/db/schema/accounts.ts'
import { isAppError } from '#core/errors/errors.ts'
import { isId } from '#core/ids/ids.ts'
import { renderMail } from '#core/mail/body.ts'
import { type Mailer, MailFailure, PermanentMailFailure } from '#core/mail/mail.ts'
import { readMail } from '#core/mail/outbox.ts'
import { smtpMailer } from '#core/mail/smtp.ts'
import { smtpConfigFrom } from '#core/mail/smtp-url.ts'

/**
 * Sends one mail of the outbox. Once it is delivered, or never can be, its text and key go. Throws when it should be tried
 * again; what fails at the last try is `failed` and keeps its text, so that staff can have it tried anew.
 */
export async function sendMail(
  house: House,
  id: string,
  {
    lastAttempt = false,
    mailer = mailerOf(house),
  }: { lastAttempt?: boolean; mailer?: Mailer | undefined } = {},
): Promise<void> {
  const { db, clock, log } = house
  // Without a mail server it stays in the outbox, for the console.
  if (!mailer || !isId('mail', id)) return
  const row = await db.read.selectFrom('mail').selectAll().where('id', '=', id).executeTakeFirst()
  // A failed one comes here again only when somebody had its job tried once more.
  if (!row?.content_sealed) return
  try {
    await deliver(house, row, mailer)
  } catch (error) {
    const failure = codeOf(error)
    if (error instanceof PermanentMailFailure)
      return settle(house, row, { status: 'failed', failure, sent_at: null })
    await noteTry(house, row, failure, lastAttempt ? 'failed' : 'waiting')
    if (!lastAttempt) throw error
    log.error('A mail was tried as often as allowed', { mail: id, code: failure })
    return
  }
  await settle(house, row, { status: 'sent', failure: null, sent_at: clock.now() })
}

async function deliver(house: House, row: MailTable, mailer: Mailer): Promise<void> {
  const mail = await readMail(house, row.id, system('mail'), 'mail.send')
  const { text, html } = renderMail(mail.body, { lang: mail.locale })
  const messageId = `${row.id}@${house.config.appUrl.hostname}`
  await mailer.send({ to: mail.to, subject: mail.title, text, html, messageId })
}

/** Sends what waited in the outbox until a mail server was set. */
export async function releaseHeldMail({ db, queue, config }: House): Promise<number> {
  if (!config.smtp) return 0
  return db.transaction(async (tx) => {
    const held = await tx
      .updateTable('mail')
      .set({ status: 'waiting' })
      .where('status', '=', 'held')
      .returning('id')
      .execute()
    for (const { id } of held) await enqueueMail(tx, queue, id)
    return held.length
  })
}

/** As many dead jobs as one sweep looks at. */
const LOOKED_AT = 200

/** A worker that dies with every try cannot say so: what its job was given up with, the mail says too. */
export async function failLostMail({ db, queue }: House): Promise<number> {
  const lost = (await queue.dead(LOOKED_AT)).filter((job) => job.queue === 'mail.send')
  let failed = 0
  for (const { payload, code } of lost) {
    const { numUpdatedRows } = await db.transaction((tx) =>
      tx
        .updateTable('mail')
        .set({ status: 'failed', failure: code })
        .where('id', '=', String(payload.mail_id) as MailTable['id'])
        .where('status', '=', 'waiting')
        .executeTakeFirst(),
    )
    failed += Number(numUpdatedRows)
  }
  return failed
}

async function noteTry(
  { db }: House,
  row: MailTable,
  failure: string,
  status: 'waiting' | 'failed',
): Promise<void> {
  await db.transaction((tx) =>
    tx
      .updateTable('mail')
      .set({ status, failure, attempts: row.attempts + 1 })
      .where('id', '=', row.id)
      .execute(),
  )
}

async function settle(
  { db, queue, clock }: House,
  row: MailTable,
  change: Pick<MailTable, 'status' | 'failure' | 'sent_at'>,
): Promise<void> {
  await db.transaction(async (tx) => {
    await tx
      .updateTable('mail')
      .set({ ...change, to_sealed: null, content_sealed: null, attempts: row.attempts + 1 })
      .where('id', '=', row.id)
      .execute()
    await intendDestruction(tx, [row.key_id], 'mail.settled', clock.now())
    await queue.enqueue(tx, { queue: 'keys.destroy', payload: {}, dedupeKey: 'keys.destroy' })
  })
}

/** A code and no words: those of a mail server quote the recipient. */
function codeOf(error: unknown): string {
  return error instanceof MailFailure || isAppError(error) ? error.code : 'unexpected'
}

function mailerOf({ config }: House): Mailer | undefined {
  return config.smtp && smtpMailer(smtpConfigFrom(config.smtp))
}
