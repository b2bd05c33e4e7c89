import type { Config } from '../config/config.ts'
import type { SmtpConfig } from './smtp.ts'

/** The mail server from SMTP_URL and MAIL_FROM. `smtps:` is TLS from the first byte, `smtp:` STARTTLS. */
export function smtpConfigFrom(smtp: NonNullable<Config['smtp']>): SmtpConfig {
  const url = new URL(smtp.url())
  const implicitTls = url.protocol === 'smtps:'
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(url.port) || (implicitTls ? 465 : 587),
    implicitTls,
    insecure: smtp.insecure,
    from: senderOf(smtp.from),
    ...(url.username
      ? {
          signIn: {
            user: decodeURIComponent(url.username),
            password: () => decodeURIComponent(new URL(smtp.url()).password),
          },
        }
      : {}),
  }
}

/** `Name <address>`, or an address alone. */
function senderOf(text: string): SmtpConfig['from'] {
  const [, name, address] = /^\s*(.*?)\s*<([^<>\s]+)>\s*$/.exec(text) ?? []
  return address ? { name: name ?? '', address } : { name: '', address: text.trim() }
}
