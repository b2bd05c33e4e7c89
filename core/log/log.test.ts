/**
 * What these pin: a password in a nested field, a mail address in a driver's message, a key in a stack or a cause, a
 * signed link in a URL, a card number in a sentence; a newline that fakes a line; a field that overwrites the message; a
 * getter that throws and takes the request with it; a raw URL in the request log.
 */
import { expect, test } from 'vitest'
import { movableClock } from '#core/clock/clock.ts'
import { AppError } from '#core/errors/errors.ts'
import { say } from '#core/i18n/say.ts'
import { createLog, type Level, requestLine } from './log.ts'

function watched(level: Level = 'trace') {
  const lines: string[] = []
  const clock = movableClock()
  const log = createLog({
    level,
    base: { process: 'test' },
    destination: { write: (line) => lines.push(line) },
    clock,
  })
  return { log, lines, last: () => JSON.parse(lines.at(-1) ?? '{}'), all: () => lines.join('') }
}

const planted = 'hunter2-planted'

test.each([
  ['password', { user: { password: planted } }],
  ['passwordHash', { passwordHash: planted }],
  ['a token deep inside', { a: { b: [{ c: { sessionToken: planted } }] } }],
  ['clientSecret', { oidc: { clientSecret: planted } }],
  ['authorization', { headers: { Authorization: planted } }],
  ['cookie', { headers: { cookie: planted } }],
  ['set-cookie', { headers: { 'set-cookie': [planted] } }],
  ['Headers', { headers: new Headers({ 'x-api-key': planted, 'set-cookie': planted }) }],
  ['a Map', { held: new Map([['refresh_token', planted]]) }],
  ['email', { email: planted, userEmail: planted, mail: planted }],
  ['prompt', { input: { prompt: planted, negativePrompt: planted, promptText: planted } }],
  ['name', { name: planted, displayName: planted, username: planted, fileName: planted }],
  ['address', { address: planted, remoteAddress: planted, ip: planted }],
  [
    'key material',
    { key: planted, privateKey: planted, wrapped_key: planted, APIKEY: planted, dek: planted },
  ],
  ['a body', { body: planted, payload: { x: planted } }],
  ['a token that calls itself an id', { tokenId: planted, sessionId: planted, keyCount: planted }],
  ['something with toJSON', { held: { toJSON: () => ({ secret: planted }) } }],
  ['bindings of a null prototype', { held: Object.assign(Object.create(null), { token: planted }) }],
])('what is planted under %s is not in the log', (_, fields) => {
  const { log, all } = watched()
  log.info('planted', fields)
  log.child(fields).warn('planted by a child')
  expect(all()).not.toContain(planted)
  expect(all()).toContain('[hidden]')
})

const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJlc2ln'

test.each([
  ['our API key', `refused ff_live_8sKd93kfLs02kfmQpwe today`, '8sKd93kfLs02kfmQpwe'],
  ['a key cut by a zero-width space', `refused f\u200bf_live_8sKd93kfLs02`, '8sKd93kfLs02'],
  ['a provider key', 'Incorrect API key provided: sk-proj-abcdef0123456789ABCDEF', 'abcdef0123456789ABCDEF'],
  ['a mail address', 'Key (email)=(ada.lovelace+x@example.co.uk) already exists', 'lovelace'],
  ['an escaped mail address', 'GET /verify?to=ada%40example.org', 'ada%40'],
  ['a JWT', `token was ${jwt}`, 'eyJzdWIiOiJhZGEifQ'],
  ['a bearer', 'sent Authorization: Bearer abcdefghijklmnop', 'abcdefghijklmnop'],
  ['a cookie header', 'cookie: a=1; session=zzzzyyyyxxxx', 'zzzzyyyyxxxx'],
  ['a signed link', 'GET https://s.test/v/1.mp4?exp=1&sig=Ab3dEf9h failed', 'Ab3dEf9h'],
  ['a mailed link', 'opened /reset?token=k3yk3yk3y', 'k3yk3yk3y'],
  [
    'a presigned link',
    'PUT https://b.s3.test/x?X-Amz-Signature=deadbeefcafe&X-Amz-Credential=AKIDX',
    'deadbeefcafe',
  ],
  ['a database URL', 'connect postgres://fair:s3cr3t@db:5432/fair failed', 's3cr3t'],
  ['JSON in a string', 'body was {"user":1,"password":"correct horse"}', 'correct horse'],
  ['a prompt in a message', 'validation failed for prompt: a red car in the rain', 'red car'],
  ['a card number', 'charged 4242424242424242 twice', '4242424242424242'],
  ['a spaced card number', 'charged 5555 5555 5555 4444.', '5555 4444'],
  ['a PEM', '-----BEGIN PRIVATE KEY-----\nMIIEvQ\n-----END PRIVATE KEY-----', 'MIIEvQ'],
])('%s is taken out of a message, a field, an error, its cause and its stack', (_, text, secret) => {
  const { log, all } = watched()
  const error = new Error(text, { cause: new Error(text) })
  error.stack = `Error: ${text}\n    at f (/srv/${text}.ts:1:1)`
  log.error(text, { error, detail: text, list: [text], [text]: 1 })
  log.error('an aggregate', { error: new AggregateError([error], text) })
  expect(all()).not.toContain(secret)
})

test('an ordinary line keeps what an operator needs', () => {
  const { log, last } = watched()
  const fields = {
    generationId: 'gen_01kaetdgw6f9x8qa9y1sbvdn7x',
    keyId: 'apk_01kaetdgw6f9x8qa9y1sbvdn7x',
    at: 1795262400000,
    tokenCount: 3,
    hostname: 'web-1',
    queueName: 'finishing',
    url: 'https://provider.test/v1/videos/7',
    ordered: new Date(Date.UTC(2026, 0, 2)),
    frame: new Uint8Array(5),
    order: '1234-5678-9012-3456',
  }
  log.info('a step was taken', fields)
  expect(last()).toMatchObject({ ...fields, ordered: '2026-01-02T00:00:00.000Z', frame: '[5 bytes]' })
  expect(last()).toMatchObject({
    level: 'info',
    time: '2026-11-21T12:00:00.000Z',
    process: 'test',
    msg: 'a step was taken',
  })
})

test('an error is written with its code, its stack and its causes, and without its other properties', () => {
  const { log, last, all } = watched()
  const driver = Object.assign(new Error('duplicate key'), {
    code: '23505',
    detail: `(${planted})`,
    parameters: [planted],
  })
  log.error('could not save', {
    error: new AppError('save_failed', say('Try again.'), { status: 503, cause: driver }),
  })
  expect(last().error).toMatchObject({
    type: 'AppError',
    code: 'save_failed',
    status: 503,
    cause: { code: '23505' },
  })
  expect(last().error.stack[0]).toMatch(/^at .*log\.test\.ts/)
  expect(all()).not.toContain(planted)
})

test('a newline, a terminal colour or a direction mark cannot fake a line', () => {
  const { log, lines } = watched()
  log.info('bad\n{"level":"info","msg":"faked"}', {
    agent: 'x\r\nfaked\u2028\u001b[31m\u202e',
    error: new Error('a\nb'),
  })
  expect(lines).toHaveLength(1)
  expect(lines[0]?.trimEnd()).not.toMatch(/\\n|\\r|\\u001b|[\n\r\u2028\u202e]/)
})

test('a field cannot pose as the level, the time or the message', () => {
  const { log, lines, last } = watched()
  log.warn('real', { msg: 'false', level: 'info', time: 'never', __proto__: { msg: 'false' } })
  expect(last()).toMatchObject({ msg: 'real', level: 'warn', msg_: 'false' })
  expect(lines[0]?.match(/"msg":/g)).toHaveLength(1)
})

test('what cannot be read is named, and the rest of the line stands', () => {
  const { log, last } = watched()
  const loop: Record<string, unknown> = { id: 7 }
  loop.self = loop
  const trap = Object.defineProperty({ before: 1 }, 'bad', {
    enumerable: true,
    get: () => {
      throw new Error(planted)
    },
  })
  log.info('odd', {
    loop,
    trap,
    big: 12n,
    none: undefined,
    call: () => 1,
    nan: Number.NaN,
    when: new Date(Number.NaN),
  })
  expect(last()).toMatchObject({
    loop: { id: 7, self: '[circular]' },
    trap: { before: 1, bad: '[unreadable]' },
    big: '12',
  })
  log.info(
    'odder',
    new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error(planted)
        },
      },
    ),
  )
  expect(last()).toMatchObject({ msg: 'odder', fields: '[unreadable]' })
})

test('a long text full of nearly-secrets is scrubbed in little time', () => {
  const { log, lines } = watched()
  for (const text of [
    'a.'.repeat(50_000),
    '4 '.repeat(50_000),
    'eyJ'.repeat(40_000),
    '?a='.repeat(30_000),
    '://'.repeat(30_000),
  ]) {
    log.info(text)
  }
  expect(lines.every((line) => line.length < 10_000)).toBe(true)
}, 60_000)

test('the request log has the pattern of the route and never the query', () => {
  const { log, last, all } = watched()
  const line = {
    method: 'GET',
    route: `/v/:id?sig=${planted}`,
    status: 200,
    ms: 12.4,
    bytes: 99,
    traceId: 't1',
  }
  requestLine(log, { ...line, keyId: 'apk_01kaetdgw6f9x8qa9y1sbvdn7x' })
  expect(last()).toMatchObject({
    level: 'info',
    route: '/v/:id',
    ms: 12,
    keyId: 'apk_01kaetdgw6f9x8qa9y1sbvdn7x',
  })
  requestLine(log, { ...line, method: `GET\n${planted}`, status: 500 })
  expect(last()).toMatchObject({ level: 'error', method: 'other', status: 500 })
  expect(all()).not.toContain(planted)
})

test('lines below the level are not written', () => {
  const { log, lines } = watched('warn')
  log.info('quiet')
  log.child({ a: 1 }).debug('quiet')
  log.warn('loud')
  expect(lines).toHaveLength(1)
})
