import type { House } from '#app/house.ts'
import { system } from '#core/actor.ts'
import { intendDestruction } from '#core/crypto/keyring/destruction.ts'
import type { MailTable } from '#core/db/schema/accounts.ts'
import { isId } from '#core/ids/ids.ts'
import { renderMail } from '#core/mail/body.ts'
import { type Mailer, PermanentMailFailure } from '#core/mail/mail.ts'
import { readMail } from '#core/mail/outbox.ts'
import { smtpMailer } from '#core/mail/smtp.ts'
import { smtpConfigFrom } from '#core/mail/smtp-url.ts'

/** Sends one mail of the outbox. Once it is delivered, or never can be, its text and key go. */
export async function sendMail(house: House, id: string, mailer = mailerOf(house)): Promise<void> {
  const { db, clock, config } = house
  // Without a mail server it stays in the outbox, for the console.
  if (!mailer || !isId('mail', id)) return
  const row = await db.read.selectFrom('mail').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row || row.status === 'sent' || row.status === 'failed') return
  const mail = await readMail(house, id, system('mail'), 'mail.send')
  const { text, html } = renderMail(mail.body, { lang: mail.locale })
  try {
    await mailer.send({
      to: mail.to,
      subject: mail.title,
      text,
      html,
      messageId: `${id}@${config.appUrl.hostname}`,
    })
  } catch (error) {
    if (!(error instanceof PermanentMailFailure)) throw error
    await settle(house, row, { status: 'failed', failure: error.code, sent_at: null })
    return
  }
  await settle(house, row, { status: 'sent', failure: null, sent_at: clock.now() })
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
    for (const { id } of held)
      await queue.enqueue(tx, { queue: 'mail.send', payload: { mail_id: id }, dedupeKey: id })
    return held.length
  })
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

function mailerOf({ config }: House): Mailer | undefined {
  return config.smtp && smtpMailer(smtpConfigFrom(config.smtp))
}
