/**
 * A mail server that keeps what it is sent and misbehaves when told to. It speaks real SMTP (`smtp-server`), on loopback.
 * Development may use it as its relay.
 */
import 'reflect-metadata'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { PemConverter, SubjectAlternativeNameExtension, X509CertificateGenerator } from '@peculiar/x509'
import { SMTPServer } from 'smtp-server'

export interface ReceivedMail {
  /** The envelope, as the protocol had it. */
  readonly from: string
  readonly to: readonly string[]
  /** By lower-case name, unfolded and decoded. */
  readonly headers: Readonly<Record<string, string>>
  readonly subject: string
  readonly text: string
  readonly html: string
  readonly raw: string
  /** Did it come over TLS, and as whom? */
  readonly secure: boolean
  readonly user: string | undefined
}

export type SmtpFault =
  /** Answers this step with this code, `{ at: 'rcpt', code: 550 }`; the words quote the recipient, as real servers do. */
  | { readonly at: 'connect' | 'mail' | 'rcpt' | 'data'; readonly code: number; readonly words?: string }
  /** Never answers the step. */
  | { readonly at: 'connect' | 'mail' | 'rcpt' | 'data'; readonly hang: true }
  /** Takes the whole message, keeps it, and drops the connection instead of answering. */
  | { readonly at: 'data'; readonly disconnect: true }

export interface SmtpDouble {
  readonly host: '127.0.0.1'
  readonly port: number
  readonly mails: readonly ReceivedMail[]
  /** From now on, until told otherwise with `undefined`. */
  fail(fault: SmtpFault | undefined): void
  clear(): void
  close(): Promise<void>
}

export interface SmtpDoubleOptions {
  /** PEM. Without it there is no TLS, and STARTTLS is not offered. */
  readonly tls?: { readonly key: string; readonly cert: string }
  /** TLS from the first byte. */
  readonly implicitTls?: boolean
  /** Whoever signs in must sign in so; without it nobody may. */
  readonly signIn?: { readonly user: string; readonly password: string }
}

export async function smtpDouble(options: SmtpDoubleOptions = {}): Promise<SmtpDouble> {
  const mails: ReceivedMail[] = []
  let fault: SmtpFault | undefined

  /** Runs the fault of this step, if it has one; says whether it did. */
  function faulty(step: SmtpFault['at'], who: string, answer: (error: Error) => void): boolean {
    if (fault?.at !== step) return false
    if ('code' in fault) {
      const words = fault.words ?? `<${who}> is not welcome`
      answer(Object.assign(new Error(words), { responseCode: fault.code }))
    }
    return 'code' in fault || 'hang' in fault
  }

  const server = new SMTPServer({
    ...(options.tls ?? {}),
    secure: options.implicitTls ?? false,
    disabledCommands: [...(options.tls ? [] : ['STARTTLS']), ...(options.signIn ? [] : ['AUTH'])],
    authOptional: !options.signIn,
    allowInsecureAuth: true,
    disableReverseLookup: true,
    closeTimeout: 50,
    logger: false,
    onConnect: (_session, answer) => {
      if (!faulty('connect', 'client', answer)) answer()
    },
    onAuth: (auth, _session, answer) => {
      const right = auth.username === options.signIn?.user && auth.password === options.signIn?.password
      if (right) answer(null, { user: auth.username })
      else answer(Object.assign(new Error('sign-in refused'), { responseCode: 535 }))
    },
    onMailFrom: (address, _session, answer) => {
      if (!faulty('mail', address.address, answer)) answer()
    },
    onRcptTo: (address, _session, answer) => {
      if (!faulty('rcpt', address.address, answer)) answer()
    },
    onData: (stream, session, answer) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const to = session.envelope.rcptTo.map((recipient) => recipient.address)
        if (faulty('data', to.join(), answer)) return
        const from = session.envelope.mailFrom ? session.envelope.mailFrom.address : ''
        const raw = Buffer.concat(chunks).toString('latin1')
        const user = typeof session.user === 'string' ? session.user : undefined
        mails.push({ from, to, ...parseMail(raw), raw, secure: session.secure, user })
        if (fault?.at === 'data' && 'disconnect' in fault) {
          for (const connection of server.connections) connection.close()
        } else answer(null, `2.0.0 Ok: queued as DOUBLE${mails.length}`)
      })
    },
  })
  // A client that gives up in the middle of a handshake is what some tests are about.
  server.on('error', () => undefined)
  const listener = server.listen(0, '127.0.0.1')
  await once(listener, 'listening')

  return {
    host: '127.0.0.1',
    port: (listener.address() as AddressInfo).port,
    mails,
    fail: (next) => {
      fault = next
    },
    clear: () => {
      mails.length = 0
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

/** A certificate for a double on loopback, which only those trust who are given it as `ca`. */
export async function selfSigned(): Promise<{ key: string; cert: string }> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const names = new SubjectAlternativeNameExtension([
    { type: 'ip', value: '127.0.0.1' },
    { type: 'dns', value: 'double.test' },
  ])
  const certificate = await X509CertificateGenerator.createSelfSigned(
    { name: 'CN=double.test', keys, signingAlgorithm: algorithm, extensions: [names] },
    crypto,
  )
  const pkcs8 = await crypto.subtle.exportKey('pkcs8', keys.privateKey)
  return { key: PemConverter.encode(pkcs8, 'PRIVATE KEY'), cert: certificate.toString('pem') }
}

/** Enough of MIME (RFC 2045, 2047) to read what we send: one part, or alternatives of text and HTML. */
function parseMail(raw: string): Pick<ReceivedMail, 'headers' | 'subject' | 'text' | 'html'> {
  const { headers, body } = split(raw)
  const boundary = /boundary="?([^";]+)/.exec(headers['content-type'] ?? '')?.[1]
  const parts = boundary
    ? body
        .split(`--${boundary}`)
        .slice(1, -1)
        .map((part) => split(part.replace(/^\r\n|\r\n$/g, '')))
    : [{ headers, body }]
  const find = (type: string) => {
    const part = parts.find((p) => (p.headers['content-type'] ?? 'text/plain').startsWith(type))
    return part
      ? decodeBody(part.body, part.headers['content-transfer-encoding']).replaceAll('\r\n', '\n')
      : ''
  }
  return { headers, subject: headers.subject ?? '', text: find('text/plain'), html: find('text/html') }
}

function split(entity: string): { headers: Record<string, string>; body: string } {
  const end = entity.indexOf('\r\n\r\n')
  const head = entity.slice(0, end).replace(/\r\n[ \t]+/g, ' ')
  const pairs = head.split('\r\n').map((line) => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon).toLowerCase(), decodeWords(line.slice(colon + 1).trim())]
  })
  return { headers: Object.fromEntries(pairs), body: entity.slice(end + 4) }
}

function decodeWords(header: string): string {
  const joined = header.replace(/\?=\s+=\?[^?]+\?[BQ]\?/gi, '')
  return joined.replace(/=\?utf-8\?([BQ])\?([^?]*)\?=/gi, (_, kind: string, text: string) =>
    kind.toUpperCase() === 'B'
      ? decodeBody(text, 'base64')
      : decodeBody(text.replaceAll('_', ' '), 'quoted-printable'),
  )
}

function decodeBody(body: string, encoding = '7bit'): string {
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString('utf8')
  if (encoding !== 'quoted-printable') return Buffer.from(body, 'latin1').toString('utf8')
  const bytes = body
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString('utf8')
}
