import type { House } from '#app/house.ts'
import { paths } from '#app/paths.ts'
import type { MailTable } from '#core/db/schema/accounts.ts'
import type { Tx } from '#core/db/schema/schema.ts'
import type { Ground } from '#core/house.ts'
import { type Sentence, say } from '#core/i18n/say.ts'
import { translatorFor } from '#core/i18n/translate.ts'
import type { SubjectId } from '#core/ids/ids.ts'
import { insertMail, type MailId, type MailToSend, prepareMail } from '#core/mail/outbox.ts'

/** The mails of the house, each by its kind: a title, a few sentences, and at most one thing to do. */
interface Wording {
  secret: boolean
  title: Sentence
  paragraphs: Sentence[]
  action?: { label: Sentence; path: string }
}

const ignore = say('If this was not you, you need do nothing.')

export const mails = {
  verify_email: (token: string): Wording => ({
    secret: true,
    title: say('Confirm your address'),
    paragraphs: [
      say('Somebody, hopefully you, made an account with this address. The link works for a day.'),
      ignore,
    ],
    action: { label: say('Confirm this address'), path: paths.verifyEmail(token) },
  }),
  address_taken: (): Wording => ({
    secret: false,
    title: say('You already have an account'),
    paragraphs: [
      say('Somebody, perhaps you, tried to make an account with this address, which already has one.'),
      say('You can sign in, or ask for a new password if you have forgotten yours.'),
    ],
    action: { label: say('Sign in'), path: paths.signIn() },
  }),
  reset_password: (token: string): Wording => ({
    secret: true,
    title: say('Choose a new password'),
    paragraphs: [say('You asked for a new password. The link works for 30 minutes, once.'), ignore],
    action: { label: say('Choose a new password'), path: paths.resetPassword(token) },
  }),
  password_changed: (): Wording => ({
    secret: false,
    title: say('Your password was changed'),
    paragraphs: [
      say('The password of your account was changed, and every other device was signed out.'),
      say('If this was not you, ask for a new password at once.'),
    ],
    action: { label: say('Ask for a new password'), path: paths.forgotPassword() },
  }),
  expiring: (count: number, days: number): Wording => ({
    secret: false,
    title: say('{count, plural, one {A video} other {# videos}} will go soon', { count }),
    paragraphs: [
      say(
        '{count, plural, one {A video that you have not saved goes} other {# videos that you have not saved go}} in {days, plural, one {a day} other {# days}}. Save what you want to keep.',
        { count, days },
      ),
    ],
    action: { label: say('Look at your creations'), path: paths.creations() },
  }),
  api_key_ending: (days: number): Wording => ({
    secret: false,
    title: say('An API key ends soon'),
    paragraphs: [
      say(
        'One of your API keys stops working in {days, plural, one {a day} other {# days}}. Make a new one in time.',
        {
          days,
        },
      ),
    ],
    action: { label: say('See your keys'), path: paths.keys() },
  }),
} as const

/** Writes a mail and the job that sends it, in the transaction that owes it. */
export async function post(tx: Tx, queue: House['queue'], mail: MailTable): Promise<void> {
  await insertMail(tx, mail)
  await enqueueMail(tx, queue, mail.id)
}

/** With the queue's waits between them these last for an hour and a half: a mail server that is away for an hour costs no mail. */
const MAIL_TRIES = 15

/** The job that sends a mail; while one waits there is no second, and no two run at once. */
export async function enqueueMail(tx: Tx, queue: House['queue'], id: MailId): Promise<void> {
  await queue.enqueue(tx, {
    queue: 'mail.send',
    payload: { mail_id: id },
    dedupeKey: id,
    maxAttempts: MAIL_TRIES,
  })
}

/** Words a mail in its reader's language and seals it; the caller's transaction inserts the row. */
export async function writeMail(
  ground: Pick<Ground, 'keyring' | 'clock' | 'config'>,
  to: { subject: SubjectId | null; address: string; locale: string },
  kind: keyof typeof mails,
  wording: Wording,
  siteName: string,
): Promise<MailTable> {
  const { t } = translatorFor(to.locale)
  const mail: MailToSend = {
    kind,
    secret: wording.secret,
    subject: to.subject,
    to: to.address,
    locale: to.locale,
    title: t(wording.title),
    body: {
      paragraphs: wording.paragraphs.map((p) => t(p)),
      action: wording.action && {
        label: t(wording.action.label),
        url: new URL(wording.action.path, ground.config.appUrl).href,
      },
      footer: t('Sent by {site} because of your account there.', { site: siteName }),
    },
  }
  return prepareMail(ground, mail)
}
