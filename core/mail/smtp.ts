/** Sends mail over SMTP (RFC 5321), encrypted unless the server is this machine or the operator said otherwise. */
import { createTransport } from 'nodemailer'
import { isOneAddress } from './address.ts'
import {
  type Mailer,
  type MailFailure,
  type OutgoingMail,
  PermanentMailFailure,
  TemporaryMailFailure,
} from './mail.ts'

export interface SmtpConfig {
  readonly host: string
  readonly port: number
  /** TLS from the first byte (port 465). Otherwise STARTTLS, which must succeed. */
  readonly implicitTls?: boolean
  /** `SMTP_INSECURE`: also go on without TLS, or with a certificate that nobody vouches for. */
  readonly insecure?: boolean
  /** PEM of a private authority that signed the server's certificate. */
  readonly ca?: string
  readonly signIn?: { readonly user: string; readonly password: () => string }
  /** The sender, as `name` and bare `address`. */
  readonly from: { readonly name: string; readonly address: string }
  /** For the whole of one sending, connection included. Default 60 s. */
  readonly timeoutMs?: number
}

export function smtpMailer(config: SmtpConfig): Mailer {
  const { host, port, signIn, timeoutMs = 60_000 } = config
  const relaxed = config.insecure === true || isLoopback(host)
  const transport = createTransport({
    host,
    port,
    secure: config.implicitTls ?? false,
    requireTLS: !relaxed,
    // Where TLS is not required an unvouched certificate is still better than none.
    tls: { rejectUnauthorized: !relaxed, ...(config.ca === undefined ? {} : { ca: config.ca }) },
    ...(signIn ? { auth: { user: signIn.user, pass: signIn.password() } } : {}),
    connectionTimeout: Math.min(timeoutMs, 10_000),
    greetingTimeout: Math.min(timeoutMs, 15_000),
    socketTimeout: Math.min(timeoutMs, 30_000),
    dnsTimeout: Math.min(timeoutMs, 10_000),
    // A body is text of ours, never the name of a file or a URL to fetch.
    disableFileAccess: true,
    disableUrlAccess: true,
  })

  return {
    async send(mail) {
      for (const address of [mail.to, mail.replyTo ?? mail.to]) {
        if (!isOneAddress(address)) throw new PermanentMailFailure('address')
      }
      const deadline = AbortSignal.timeout(timeoutMs)
      try {
        const sent = await transport.sendMail({ ...message(config, mail), signal: deadline })
        const queued = /\bqueued as ([\w.-]{4,64})/i.exec(String(sent.response))?.[1]
        return { accepted: sent.rejected.length === 0, ...(queued ? { transportId: queued } : {}) }
      } catch (error) {
        throw failure(error)
      }
    },
  }
}

function message(config: SmtpConfig, mail: OutgoingMail) {
  return {
    from: config.from,
    to: { name: '', address: mail.to },
    // The envelope is given apart, so that no header can add a recipient.
    envelope: { from: config.from.address, to: [mail.to] },
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    ...(mail.replyTo ? { replyTo: { name: '', address: mail.replyTo } } : {}),
    ...(mail.messageId ? { messageId: `<${mail.messageId}>` } : {}),
    headers: {
      // RFC 3834: nobody's absence note should answer a machine.
      'Auto-Submitted': 'auto-generated',
      ...(mail.unsubscribeUrl
        ? {
            'List-Unsubscribe': { prepared: true, value: `<${new URL(mail.unsubscribeUrl).href}>` },
            'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
          }
        : {}),
    },
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)
}

interface TransportError {
  readonly code?: unknown
  /** What the system or TLS called it, where the library gave a wider name. */
  readonly originalCode?: unknown
  readonly command?: unknown
  readonly response?: unknown
  readonly responseCode?: unknown
}

/**
 * A 5xx is final only when it answers this mail: its sender, its recipient or its content (RFC 5321, 4.2.1). A 5xx to the
 * greeting or the sign-in says that the server is not set up yet; throwing the outbox away for that would lose every mail.
 */
function failure(error: unknown): MailFailure {
  const { code, originalCode, command, response, responseCode } = (error ?? {}) as TransportError
  const reply = typeof responseCode === 'number' && responseCode >= 400 ? responseCode : undefined
  const enhanced = /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})\b/.exec(String(response ?? ''))?.[1]
  const more = { ...(reply ? { reply } : {}), ...(enhanced ? { enhanced } : {}) }
  const ofThisMail = command === 'MAIL FROM' || command === 'RCPT TO' || command === 'DATA'
  if (ofThisMail && reply !== undefined) {
    return reply >= 500
      ? new PermanentMailFailure('refused', more)
      : new TemporaryMailFailure('refused', more)
  }
  const cause = String(originalCode ?? '')
  // The library does not say how far a broken connection had come: without a reply the message may be over there.
  const perhapsSent = { ...more, uncertain: reply === undefined && !neverConnected.test(cause) }
  switch (code) {
    case 'EENVELOPE':
    case 'EMESSAGE':
      return new PermanentMailFailure('address', more)
    case 'EAUTH':
    case 'ENOAUTH':
      return new TemporaryMailFailure('sign_in', more)
    case 'ETLS':
      return new TemporaryMailFailure('tls', more)
    case 'EDNS':
      return new TemporaryMailFailure('unreachable', more)
    case 'ETIMEDOUT':
    case 'EABORT':
      return new TemporaryMailFailure('timeout', perhapsSent)
    case 'EPROTOCOL':
      return new TemporaryMailFailure('protocol', perhapsSent)
    default:
      return /CERT|SSL|TLS|^EPROTO$/.test(cause)
        ? new TemporaryMailFailure('tls', more)
        : new TemporaryMailFailure('unreachable', perhapsSent)
  }
}

const neverConnected = /^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)$/
