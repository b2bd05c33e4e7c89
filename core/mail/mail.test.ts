/**
 * What these pin: a mail that goes out in the clear because STARTTLS was missing; a wrong SMTP password that discards the
 * whole outbox; an error that quotes the recipient; a lost answer taken for a refusal; a server that never answers; a
 * recipient smuggled in by a header or an address; a name with markup in it; a mail that loads something.
 */
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type SmtpDouble, type SmtpDoubleOptions, selfSigned, smtpDouble } from '#test/doubles/smtp.ts'
import { renderMail } from './body.ts'
import { type MailFailure, type OutgoingMail, PermanentMailFailure, TemporaryMailFailure } from './mail.ts'
import { type SmtpConfig, smtpMailer } from './smtp.ts'

const open: SmtpDouble[] = []
afterEach(async () => {
  for (const double of open.splice(0)) await double.close()
})

async function relay(options?: SmtpDoubleOptions): Promise<SmtpDouble> {
  const double = await smtpDouble(options)
  open.push(double)
  return double
}

function mailer(double: SmtpDouble, more: Partial<SmtpConfig> = {}) {
  const from = { name: 'Fairframe', address: 'studio@fairframe.test' }
  return smtpMailer({ host: double.host, port: double.port, from, timeoutMs: 5000, ...more })
}

const mail: OutgoingMail = {
  to: 'ada@example.org',
  subject: 'Dein Video ist fertig – jetzt ansehen',
  ...renderMail({ greeting: 'Hallo Ada,', paragraphs: ['Größe: 5 s.'], footer: 'Fairframe' }, { lang: 'de' }),
  messageId: 'mai_01kaetdgw6f9x8qa9y1sbvdn7x@fairframe.test',
}

async function failureOf(sending: Promise<unknown>): Promise<MailFailure> {
  const error = await sending.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(Error)
  const said = JSON.stringify({ ...(error as Error), text: String(error), cause: (error as Error).cause })
  expect(said).not.toMatch(/ada|example|Dein Video/)
  return error as MailFailure
}

test('a mail arrives whole, and the server says under which name', async () => {
  const double = await relay()
  expect(await mailer(double).send(mail)).toEqual({ accepted: true, transportId: 'DOUBLE1' })
  expect(double.mails[0]).toMatchObject({
    from: 'studio@fairframe.test',
    to: ['ada@example.org'],
    subject: mail.subject,
  })
  expect(double.mails[0]?.text).toBe(mail.text)
  expect(double.mails[0]?.html).toBe(mail.html)
  expect(double.mails[0]?.headers).toMatchObject({
    from: 'Fairframe <studio@fairframe.test>',
    'message-id': '<mai_01kaetdgw6f9x8qa9y1sbvdn7x@fairframe.test>',
    'auto-submitted': 'auto-generated',
  })
  expect(double.mails[0]?.headers['list-unsubscribe']).toBeUndefined()
})

test('news can be left by one click', async () => {
  const double = await relay()
  await mailer(double).send({ ...mail, unsubscribeUrl: 'https://fairframe.test/u/abc' })
  expect(double.mails[0]?.headers).toMatchObject({
    'list-unsubscribe': '<https://fairframe.test/u/abc>',
    'list-unsubscribe-post': 'List-Unsubscribe=One-Click',
  })
})

test.each([
  [{ at: 'rcpt', code: 450 }, TemporaryMailFailure, 'refused', 450],
  [{ at: 'rcpt', code: 550, words: '5.1.1 <ada@example.org> unknown' }, PermanentMailFailure, 'refused', 550],
  [{ at: 'mail', code: 552 }, PermanentMailFailure, 'refused', 552],
  [{ at: 'data', code: 451 }, TemporaryMailFailure, 'refused', 451],
  [{ at: 'data', code: 554, words: 'spam: Dein Video' }, PermanentMailFailure, 'refused', 554],
  // A server that refuses everybody says nothing about this mail.
  [{ at: 'connect', code: 554 }, TemporaryMailFailure, 'protocol', 554],
  [{ at: 'connect', code: 421 }, TemporaryMailFailure, 'protocol', 421],
] as const)('%o is told apart, without a word of the server', async (fault, kind, code, reply) => {
  const double = await relay()
  double.fail(fault)
  const failure = await failureOf(mailer(double).send(mail))
  expect(failure).toBeInstanceOf(kind)
  expect(failure).toMatchObject({ code, reply })
  if (fault.at === 'rcpt' && fault.code === 550) expect(failure.enhanced).toBe('5.1.1')
  double.fail(undefined)
  expect(await mailer(double).send(mail)).toMatchObject({ accepted: true })
})

test('a connection that ends after the message was given leaves it uncertain', async () => {
  const double = await relay()
  double.fail({ at: 'data', disconnect: true })
  const failure = await failureOf(mailer(double).send(mail))
  expect(failure).toBeInstanceOf(TemporaryMailFailure)
  expect(failure.uncertain).toBe(true)
  expect(double.mails).toHaveLength(1)
})

test.each(['connect', 'rcpt', 'data'] as const)(
  'a server that never answers at %s is given up in time',
  async (at) => {
    const double = await relay()
    double.fail({ at, hang: true })
    const failure = await failureOf(mailer(double, { timeoutMs: 150 }).send(mail))
    expect(failure).toBeInstanceOf(TemporaryMailFailure)
    expect(failure.code).toBe('timeout')
  },
)

test('a server that goes on talking without ever saying anything is given up in time', async () => {
  const talker = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.write('220 hello\r\n')
    const talk = setInterval(() => socket.write('250-x\r\n'), 20)
    socket.on('close', () => clearInterval(talk))
  })
  talker.listen(0, '127.0.0.1')
  await once(talker, 'listening')
  const { port } = talker.address() as AddressInfo
  const from = { name: 'Fairframe', address: 'studio@fairframe.test' }
  const failure = await failureOf(smtpMailer({ host: '127.0.0.1', port, from, timeoutMs: 300 }).send(mail))
  expect(failure).toBeInstanceOf(TemporaryMailFailure)
  expect(failure.code).toBe('timeout')
  talker.close()
})

test('a server that is not there is worth another try', async () => {
  const double = await smtpDouble()
  await double.close()
  const failure = await failureOf(mailer(double).send(mail))
  expect(failure).toBeInstanceOf(TemporaryMailFailure)
  expect(failure).toMatchObject({ code: 'unreachable', uncertain: false })
})

test('a wrong password keeps the outbox', async () => {
  const double = await relay({ signIn: { user: 'fairframe', password: 'right' } })
  const withPassword = (password: string) =>
    mailer(double, { signIn: { user: 'fairframe', password: () => password } })
  const failure = await failureOf(withPassword('wrong').send(mail))
  expect(failure).toBeInstanceOf(TemporaryMailFailure)
  expect(failure.code).toBe('sign_in')
  expect(await withPassword('right').send(mail)).toMatchObject({ accepted: true })
  expect(double.mails[0]?.user).toBe('fairframe')
})

test.each([
  'ada@example.org, eve@example.org',
  'ada@example.org\r\nBcc: eve@example.org',
  'Ada <ada@example.org>',
  'ada',
  '',
])('what is not one address is refused before any server hears it: %o', async (to) => {
  const double = await relay()
  const failure = await failureOf(mailer(double).send({ ...mail, to }))
  expect(failure).toBeInstanceOf(PermanentMailFailure)
  expect(failure.code).toBe('address')
  expect(double.mails).toEqual([])
})

test('a subject cannot add a header', async () => {
  const double = await relay()
  await mailer(double).send({ ...mail, subject: 'Hi\r\nBcc: eve@example.org' })
  expect(double.mails[0]?.to).toEqual(['ada@example.org'])
  expect(double.mails[0]?.headers.bcc).toBeUndefined()
})

describe('over TLS', () => {
  let tls: { key: string; cert: string }
  beforeAll(async () => {
    tls = await selfSigned()
  })

  // "127.1" is this machine to the system's resolver and any other host to the rule of TLS.
  const elsewhere = { host: '127.1' }

  test('a server elsewhere that offers no TLS gets nothing', async () => {
    const double = await relay()
    const failure = await failureOf(mailer(double, elsewhere).send(mail))
    expect(failure).toBeInstanceOf(TemporaryMailFailure)
    expect(failure.code).toBe('tls')
    expect(double.mails).toEqual([])
  })

  test('nor does one whose certificate nobody vouches for', async () => {
    const double = await relay({ tls })
    const failure = await failureOf(mailer(double, elsewhere).send(mail))
    expect(failure).toBeInstanceOf(TemporaryMailFailure)
    expect(failure.code).toBe('tls')
    expect(double.mails).toEqual([])
  })

  test('unless the operator said so', async () => {
    const double = await relay()
    expect(await mailer(double, { ...elsewhere, insecure: true }).send(mail)).toMatchObject({
      accepted: true,
    })
  })

  test.each([false, true])(
    'TLS is used where it is offered (from the first byte: %s)',
    async (implicitTls) => {
      const double = await relay({ tls, implicitTls })
      await mailer(double, { implicitTls, ca: tls.cert }).send(mail)
      expect(double.mails[0]?.secure).toBe(true)
    },
  )
})

test('what a person typed stays text in both faces of a mail', () => {
  const { text, html } = renderMail(
    {
      greeting: 'Hi <script>alert(1)</script>\u202e,',
      paragraphs: ['Tom & "Jerry"', 'two\r\nlines'],
      action: { label: 'Open <it>', url: 'https://fairframe.test/v?a=1&b="><img src=x>' },
      footer: 'You have an account.',
    },
    { lang: 'en' },
  )
  expect(html).not.toMatch(/<script|<img|\u202e/)
  expect(html).toContain('Tom &amp; &quot;Jerry&quot;')
  expect(html).toContain('two<br>\nlines')
  expect(html).toContain('href="https://fairframe.test/v?a=1&amp;b=%22%3E%3Cimg%20src=x%3E"')
  expect(text).toContain('Tom & "Jerry"\n\ntwo\nlines\n\nOpen <it>:\nhttps://fairframe.test/v?a=1&b=')
})

test('a mail loads nothing, and links to nothing but its action', () => {
  const { html } = renderMail(
    { paragraphs: ['https://other.test/'], footer: 'x' },
    { lang: 'ar', dir: 'rtl' },
  )
  expect(html).not.toMatch(/<img|<link|<a |url\(|src=|@import/)
  expect(html).toContain('<html lang="ar" dir="rtl">')
})

test.each(['javascript:alert(1)', 'data:text/html,x', '/relative'])('%s is no action', (url) => {
  expect(() =>
    renderMail({ paragraphs: [], action: { label: 'x', url }, footer: '' }, { lang: 'en' }),
  ).toThrow(TypeError)
})
