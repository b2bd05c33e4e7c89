/** What a mail is, and what may become of sending it. Which mails are owed, and when they are tried again, is the outbox's. */

export interface OutgoingMail {
  /** One bare address; the outbox holds one mail for each recipient, so that nobody sees another's. */
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html: string
  readonly replyTo?: string
  /**
   * Stays the same when a mail is tried again, so that the recipient's side may recognise the second copy of one whose
   * acceptance was lost. Without angle brackets: `mai_…@host`.
   */
  readonly messageId?: string
  /** For news only: the address that takes the one-click POST (RFC 8058). */
  readonly unsubscribeUrl?: string
}

export interface Mailer {
  /**
   * Hands the mail to the next server. `transportId` is that server's own name for it, where it gave one.
   * Throws TemporaryMailFailure or PermanentMailFailure, never anything else.
   */
  send(mail: OutgoingMail): Promise<{ accepted: boolean; transportId?: string }>
}

/**
 * Why a mail did not go. It carries codes only: a server's words quote the recipient, and often the subject.
 */
export abstract class MailFailure extends Error {
  /** For the outbox and the console: `refused`, `sign_in`, `tls`, `unreachable`, `timeout`, `protocol`, `address`. */
  readonly code: string
  /** The three digits of the SMTP reply, where there was one. */
  readonly reply: number | undefined
  /** The enhanced status of RFC 3463, `5.1.1`. */
  readonly enhanced: string | undefined
  /** The answer to the message itself was lost: it may have been delivered. */
  readonly uncertain: boolean

  constructor(code: string, more: { reply?: number; enhanced?: string; uncertain?: boolean } = {}) {
    super([`mail_${code}`, more.reply, more.enhanced].filter(Boolean).join(' '))
    this.code = code
    this.reply = more.reply
    this.enhanced = more.enhanced
    this.uncertain = more.uncertain ?? false
  }
}

/** Worth another try: the server is away, busy, or not yet set up as it should be. */
export class TemporaryMailFailure extends MailFailure {
  override readonly name = 'TemporaryMailFailure'
}

/** This mail will never go to this address. */
export class PermanentMailFailure extends MailFailure {
  override readonly name = 'PermanentMailFailure'
}
