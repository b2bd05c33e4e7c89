/**
 * Pins: a form of another site that is obeyed; a proxy or an API client that is refused; a way back that leads to
 * another host; a target or a host that code behind takes for a fault, or for another path; an answer without its headers; a page that could run somebody else's script.
 */
import { request as ask, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import {
  pagePolicy,
  refuseCrossSite,
  refuseMalformed,
  safeReturnTo,
  securityHeaders,
  toOriginForm,
} from './security.ts'

const appUrl = new URL('https://video.example.org')

async function anEdge(url = appUrl) {
  const told: string[] = []
  const app = express()
  app.use(securityHeaders(url))
  app.use(refuseMalformed)
  app.use(refuseCrossSite(url, (host) => told.push(host)))
  app.use('/assets', (request, response) => void response.json({ asset: request.url }))
  app.use((request, response) => {
    const { originalUrl: url, headers } = request
    const forwarded = headers['x-forwarded-host']
    response.json({ host: headers.host, url, ...(forwarded ? { forwarded } : {}) })
  })
  const server = createServer((request, response) => {
    toOriginForm(request)
    app(request, response)
  }).listen(0, '127.0.0.1')
  onTestFinished(() => new Promise<void>((done) => server.close(() => done())))
  await new Promise((ready) => server.once('listening', ready))
  const { port } = server.address() as AddressInfo
  const send = (method: string, path: string, headers: Record<string, string>) =>
    new Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; body: string }>(
      (resolve, reject) => {
        const call = ask({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
          let body = ''
          answer.on('data', (piece) => {
            body += piece
          })
          answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body }))
        })
        call.on('error', reject)
        call.end()
      },
    )
  return { send, told }
}

const ours = 'https://video.example.org'
const evil = 'https://evil.example'

test.each<[string, string, string, Record<string, string>, number]>([
  ['our own form', 'POST', '/sign-in', { 'sec-fetch-site': 'same-origin', origin: ours }, 200],
  ['our own form in an old browser', 'POST', '/sign-in', { origin: ours }, 200],
  [
    'our own form behind a proxy that renames the host',
    'POST',
    '/x',
    { host: 'app:3000', origin: ours },
    200,
  ],
  [
    'our own form at the name the proxy uses',
    'POST',
    '/x',
    { host: 'app:3000', origin: 'http://app:3000' },
    200,
  ],
  ['a form of another site', 'POST', '/sign-in', { 'sec-fetch-site': 'cross-site', origin: evil }, 403],
  [
    'a form of a sibling',
    'POST',
    '/x',
    { 'sec-fetch-site': 'same-site', origin: 'https://a.example.org' },
    403,
  ],
  ['a form of another site in an old browser', 'POST', '/sign-in', { origin: evil }, 403],
  ['a form that hides where it is from', 'POST', '/sign-in', { origin: 'null' }, 403],
  ['a request that says nothing', 'POST', '/sign-in', {}, 403],
  ['one that claims both', 'POST', '/x', { 'sec-fetch-site': 'same-origin', origin: evil }, 403],
  ['what somebody typed', 'POST', '/x', { 'sec-fetch-site': 'none' }, 403],
  ['a deletion from elsewhere', 'DELETE', '/references/1', { origin: evil }, 403],
  ['another port of our name', 'POST', '/x', { origin: 'https://video.example.org:8443' }, 403],
  ['a link from elsewhere', 'GET', '/sign-in', { 'sec-fetch-site': 'cross-site' }, 200],
  ['a program with a key', 'POST', '/api/v1/generations', {}, 200],
  ['a program with another program’s client', 'POST', '/v1/videos', {}, 200],
  ['a path that only looks like the API', 'POST', '/apix', {}, 403],
])('%s: %s %s', async (_, method, path, headers, status) => {
  const { send } = await anEdge()
  expect((await send(method, path, { host: 'video.example.org', ...headers })).status).toBe(status)
})

test('a host that is not ours is told, and what follows sees ours', async () => {
  const { send, told } = await anEdge()
  const { body } = await send('POST', '/x', { host: 'app:3000', origin: ours })
  expect(JSON.parse(body)).toEqual({ host: 'video.example.org', url: '/x' })
  expect(told).toEqual(['app:3000'])
})

test('every answer has its headers, the refused ones too', async () => {
  const { send } = await anEdge()
  for (const { headers } of [await send('GET', '/', {}), await send('POST', '/', { origin: evil })]) {
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
      'x-frame-options': 'DENY',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'strict-transport-security': 'max-age=31536000; includeSubDomains',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    })
    expect(headers['permissions-policy']).toContain('camera=()')
  }
  const plain = await anEdge(new URL('http://localhost:3000'))
  expect((await plain.send('GET', '/', {})).headers['strict-transport-security']).toBeUndefined()
})

test('a page runs our own scripts and no others', () => {
  const policy = new Map(
    pagePolicy('abc', appUrl)
      .split('; ')
      .map((rule) => [rule.split(' ')[0], rule.split(' ').slice(1)]),
  )
  expect(policy.get('default-src')).toEqual(["'self'"])
  expect(policy.get('script-src')).toEqual(["'self'", "'nonce-abc'"])
  expect(policy.get('style-src')).toEqual(["'self'", "'nonce-abc'"])
  for (const none of ['object-src', 'base-uri', 'frame-ancestors'])
    expect(policy.get(none)).toEqual(["'none'"])
  expect(policy.get('form-action')).toEqual(["'self'"])
  expect(policy.has('upgrade-insecure-requests')).toBe(true)
  expect(pagePolicy('abc', appUrl)).not.toMatch(/unsafe-eval|\*|https?:/)
  expect(pagePolicy('abc', new URL('http://localhost'))).not.toContain('upgrade-insecure')
})

test.each([
  ['/studio', '/studio'],
  ['/account/keys?x=1#y', '/account/keys?x=1#y'],
  ['/%2F%2Fevil.example', '/%2F%2Fevil.example'],
  ['//evil.example', 'else'],
  ['/\\evil.example', 'else'],
  ['\\\\evil.example', 'else'],
  ['/a\\..\\\\evil.example', 'else'],
  ['/.//evil.example', 'else'],
  ['/a/..//evil.example', 'else'],
  ['/%2e//evil.example', 'else'],
  ['https://evil.example', 'else'],
  ['javascript:alert(1)', 'else'],
  ['/\tevil', 'else'],
  ['/\n/evil.example', 'else'],
  [' /studio', 'else'],
  ['studio', 'else'],
  [`/${'a'.repeat(3000)}`, 'else'],
  ['', 'else'],
  [null, 'else'],
  [undefined, 'else'],
])('the way back %j leads to %s', (text, target) => {
  expect(safeReturnTo(text, 'else')).toBe(target)
})

test('no way back ever leaves the site', () => {
  const piece = fc.constantFrom(
    '/',
    '\\',
    '.',
    '..',
    '%2f',
    '%5c',
    '@',
    ':',
    'evil.example',
    'https',
    '\t',
    '?',
    '#',
    ' ',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 10 }), (pieces) => {
      const url = new URL(safeReturnTo(pieces.join(''), '/home'), 'https://here.example/a/b')
      expect(url.origin).toBe('https://here.example')
      expect(url.pathname.startsWith('//')).toBe(false)
    }),
    { numRuns: 2000 },
  )
})

test.each([
  ['GET', '/a%E0%A4%A', {}, 400],
  ['GET', '/%0a', {}, 200],
  ['TRACE', '/', {}, 405],
  ['GET', '/', { host: 'a b' }, 400],
  ['GET', '/', { host: 'a:99999' }, 400],
  ['POST', '/api/x', { host: 'a/sign-in?' }, 400],
  ['GET', '/console/audit?act=%00', {}, 400],
  ['GET', '/console/models/a%00b', {}, 400],
  ['GET', '/console/models/a%2500b', {}, 200],
  ['GET', '*', {}, 400],
  ['GET', 'http:', {}, 400],
  ['GET', 'ftp://video.example.org/', {}, 400],
  ['GET', 'http://user@video.example.org/', {}, 400],
  ['GET', 'http://a:99999/', {}, 400],
] as const)('%s %s is answered, not passed on as a fault', async (method, path, headers, status) => {
  const { send } = await anEdge()
  expect((await send(method, path, headers)).status).toBe(status)
})

test.each([
  ['http://video.example.org/sign-in?to=%2F', '/sign-in?to=%2F'],
  ['HTTPS://video.example.org/a', '/a'],
  ['http://video.example.org', '/'],
  ['http://video.example.org?x=1', '/?x=1'],
])('the whole address %s is the path %s at the host that it names', async (target, url) => {
  const { send } = await anEdge()
  const { status, body } = await send('GET', target, { host: 'elsewhere.example' })
  expect([status, JSON.parse(body)]).toEqual([200, { host: 'video.example.org', url }])
})

test('a whole address finds what is mounted below a path, too', async () => {
  const { send } = await anEdge()
  const { body } = await send('GET', 'http://video.example.org/assets/app.js', {})
  expect(JSON.parse(body)).toEqual({ asset: '/app.js' })
})

test('a host that somebody claims to have forwarded for is not believed', async () => {
  const { send } = await anEdge()
  const { body } = await send('GET', '/', { host: 'video.example.org', 'x-forwarded-host': 'a:99999' })
  expect(JSON.parse(body)).toEqual({ host: 'video.example.org', url: '/' })
})
