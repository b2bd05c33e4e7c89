/**
 * What these pin: a webhook address that reads the cloud's metadata; 127.0.0.1 written as a number, in octal, as an IPv6
 * address or behind a name; a name that turns inward between the check and the connection; a redirect inward; a key that
 * follows a redirect to a stranger; an answer that drips, never ends, or unpacks to a gigabyte.
 */
import type { LookupAddress } from 'node:dns'
import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { afterEach, expect, test } from 'vitest'
import { isAppError } from '#core/errors/errors.ts'
import { selfSigned } from '#test/doubles/smtp.ts'
import { guardedLookup, mayReach, type Resolve } from './public-address.ts'
import { type SafeFetchOptions, safeDownload, safeFetch } from './safe-fetch.ts'

const open: Server[] = []
afterEach(() => {
  for (const server of open.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

async function serve(listener: RequestListener, tls?: { key: string; cert: string }): Promise<number> {
  const server = tls ? createTlsServer(tls, listener) : createServer(listener)
  open.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

const v4 = (address: string): LookupAddress => ({ address, family: 4 })

/** A resolver that gives these answers one after the other, and the last one ever after. */
function answering(...answers: LookupAddress[][]): Resolve & { asked: string[] } {
  const asked: string[] = []
  return Object.assign(
    async (host: string) => {
      asked.push(host)
      return answers[Math.min(asked.length, answers.length) - 1] ?? []
    },
    { asked },
  )
}

const loopback = answering([v4('127.0.0.1')])

/** The operator's own list names this port of any of these hosts. */
function house(port: number, more: SafeFetchOptions = {}): SafeFetchOptions {
  return { allowHosts: [`one.test:${port}`, `two.test:${port}`], resolve: loopback, ...more }
}

async function refusal(fetching: Promise<unknown>): Promise<string> {
  const error = await fetching.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!isAppError(error)) throw error ?? new Error('was not refused')
  expect(JSON.stringify([error.message, String(error.cause)])).not.toMatch(/test|127|s3cret/)
  return error.code
}

test.each([
  'http://2130706433/',
  'http://0x7f000001/',
  'http://0177.0.0.1/',
  'http://127.1/',
  'http://0/',
  'http://[::ffff:7f00:1]/',
  'http://[::ffff:127.0.0.1]/',
  'http://[::1]/',
  'http://[::7f00:1]/',
  'http://[::]/',
  'http://169.254.169.254/latest/meta-data/',
  'http://[fe80::1]/',
  'http://[fd00:ec2::254]/',
  'http://[64:ff9b::7f00:1]/',
  'http://[2002:7f00:1::]/',
  'http://①②⑦.0.0.1/',
])('%s leads into the house and is refused', async (url) => {
  expect(await refusal(safeFetch(url, { allowHttp: true }))).toBe('address_refused')
  expect(await refusal(safeFetch(url.replace('http:', 'https:')))).toBe('address_refused')
})

test.each([
  [
    '127.0.0.1',
    '127.255.0.1',
    '0.0.0.0',
    '0.1.2.3',
    '10.0.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
  ],
  [
    '169.254.169.254',
    '100.64.0.1',
    '100.127.255.254',
    '224.0.0.1',
    '239.1.1.1',
    '240.0.0.1',
    '255.255.255.255',
  ],
  ['192.0.0.8', '192.0.2.1', '198.18.0.1', '198.51.100.1', '203.0.113.1', '192.88.99.1'],
  [
    '::1',
    '::',
    '::7f00:1',
    '::ffff:10.0.0.1',
    '::ffff:0:7f00:1',
    '64:ff9b::a00:1',
    '64:ff9b:1::1',
    '2002:a00:1::',
  ],
  [
    'fe80::1',
    'fec0::1',
    'fc00::1',
    'fd12::1',
    'ff02::1',
    '2001::1',
    '2001:db8::1',
    '100::1',
    '3fff::1',
    '4000::1',
  ],
  ['', 'localhost', '127.0.0.1 ', '1.2.3'],
])('is no public address: %s …', (...addresses) => {
  for (const address of addresses) expect(mayReach(address, 'public'), address).toBe(false)
})

test('public addresses are reached, and a listed host may be in the house but never at the metadata service', () => {
  for (const address of [
    '1.1.1.1',
    '93.184.216.34',
    '172.32.0.1',
    '100.128.0.1',
    '2606:4700::1111',
    '::ffff:1.1.1.1',
  ]) {
    expect(mayReach(address, 'public'), address).toBe(true)
  }
  for (const address of ['127.0.0.1', '10.1.2.3', '100.64.0.1', '::1', 'fd00::1', '::ffff:10.0.0.1']) {
    expect(mayReach(address, 'listed'), address).toBe(true)
  }
  for (const address of [
    '169.254.169.254',
    '::ffff:169.254.169.254',
    'fe80::1',
    '0.0.0.0',
    '224.0.0.1',
    '64:ff9b::a00:1',
  ]) {
    expect(mayReach(address, 'listed'), address).toBe(false)
  }
})

test.each([
  ['http://example.org/', 'url_scheme'],
  ['ftp://example.org/', 'url_scheme'],
  ['file:///etc/passwd', 'url_invalid'],
  ['data:text/plain,x', 'url_invalid'],
  ['javascript:alert(1)', 'url_invalid'],
  ['//example.org', 'url_invalid'],
  ['', 'url_invalid'],
  ['https://user:s3cret@example.org/', 'url_credentials'],
  ['https://user@example.org/', 'url_credentials'],
  ['https://example.org:22/', 'url_port'],
  ['https://example.org:8443/', 'url_port'],
])('%s is refused as %s before anybody is asked', async (url, code) => {
  const resolve = answering([v4('1.1.1.1')])
  expect(await refusal(safeFetch(url, { resolve }))).toBe(code)
  expect(resolve.asked).toEqual([])
})

test('a name is refused when it leads into the house, does not exist, or also leads into the house', async () => {
  const missing: Resolve = () =>
    Promise.reject(Object.assign(new Error('getaddrinfo ENOTFOUND evil.test'), { code: 'ENOTFOUND' }))
  const resolvers = [
    answering([v4('127.0.0.1')]),
    missing,
    answering([]),
    answering([v4('1.1.1.1'), v4('10.0.0.1')]),
  ]
  for (const resolve of resolvers) {
    expect(await refusal(safeFetch('https://evil.test/', { resolve }))).toBe('address_refused')
  }
  const inside: LookupAddress[] = [{ address: '::ffff:7f00:1', family: 6 }]
  expect(await refusal(safeFetch('https://evil.test./', { resolve: answering(inside) }))).toBe(
    'address_refused',
  )
})

test('a name that turns inward is refused by the very lookup that the socket uses', async () => {
  const lookup = promisify(guardedLookup(answering([v4('1.1.1.1')], [v4('127.0.0.1')]), 'public'))
  expect(await lookup('rebind.test', { all: true })).toEqual([v4('1.1.1.1')])
  await expect(lookup('rebind.test', { all: true })).rejects.toThrow('may not be reached')
})

test('a name is asked once for each connection, so no second answer can differ from the checked one', async () => {
  const port = await serve((_, response) => response.end('once'))
  const resolve = answering([v4('127.0.0.1')], [v4('169.254.169.254')])
  const { body } = await safeFetch(`http://one.test:${port}/`, house(port, { resolve }))
  expect(body.toString()).toBe('once')
  expect(resolve.asked).toEqual(['one.test'])
  // Nor does a socket stay open that was checked for an earlier answer.
  expect(await refusal(safeFetch(`http://one.test:${port}/`, house(port, { resolve })))).toBe(
    'address_refused',
  )
})

test('each redirect is a new request with a new check of its name', async () => {
  const port = await serve((request, response) =>
    response.writeHead(302, { location: request.url === '/' ? '/2' : '/' }).end(),
  )
  const resolve = answering([v4('127.0.0.1')], [v4('169.254.169.254')])
  expect(await refusal(safeFetch(`http://one.test:${port}/`, house(port, { resolve })))).toBe(
    'address_refused',
  )
  expect(resolve.asked).toEqual(['one.test', 'one.test'])
})

test.each([
  ['http://127.0.0.1/', 'url_scheme'],
  ['https://127.0.0.1/', 'address_refused'],
  ['https://[::ffff:7f00:1]/', 'address_refused'],
  ['https://169.254.169.254/', 'address_refused'],
  ['https://a:s3cret@one.test/', 'url_credentials'],
  ['https://one.test:22/', 'url_port'],
  ['file:///etc/passwd', 'url_invalid'],
  ['https://inside.test/', 'address_refused'],
])('a redirect to %s is refused', async (location, code) => {
  const port = await serve((_, response) => response.writeHead(307, { location }).end())
  expect(await refusal(safeFetch(`http://one.test:${port}/`, house(port)))).toBe(code)
})

test('a redirect keeps the keys on its own origin and loses them on another', async () => {
  const seen: unknown[] = []
  const port = await serve((request, response) => {
    const { host, authorization, cookie, 'x-api-key': key, accept } = request.headers
    seen.push({ host, authorization, cookie, key, accept })
    const location = { '/': '/same', '/same': `http://two.test:${port}/other` }[request.url ?? '']
    if (location) response.writeHead(302, { location })
    response.end()
  })
  const headers = {
    Authorization: 'Bearer s3cret',
    Cookie: 's3cret',
    'X-Api-Key': 's3cret',
    Accept: 'video/*',
    Host: 'evil.test',
  }
  const { url } = await safeFetch(`http://one.test:${port}/`, house(port, { headers }))
  const own = {
    authorization: 'Bearer s3cret',
    cookie: 's3cret',
    key: 's3cret',
    accept: 'video/*',
    host: `one.test:${port}`,
  }
  expect(seen).toEqual([own, own, { accept: 'video/*', host: `two.test:${port}` }])
  expect(url).toBe(`http://two.test:${port}/other`)
})

test('a redirect from https to http is refused, and a private authority vouches for a host of the house', async () => {
  const tls = await selfSigned()
  const plain = await serve((_, response) => response.end())
  const location = `http://one.test:${plain}/`
  const port = await serve((request, response) => {
    if (request.url === '/down') response.writeHead(301, { location })
    response.end('vouched')
  }, tls)
  const options = {
    allowHosts: [`double.test:${port}`, `one.test:${plain}`],
    resolve: loopback,
    ca: tls.cert,
  }
  expect((await safeFetch(`https://double.test:${port}/`, options)).body.toString()).toBe('vouched')
  expect(await refusal(safeFetch(`https://double.test:${port}/down`, options))).toBe('redirect_refused')
  expect(await refusal(safeFetch(`https://double.test:${port}/`, { ...options, ca: undefined }))).toBe(
    'unreachable',
  )
})

test('redirects end after a few, and a POST is never sent on', async () => {
  let hits = 0
  const port = await serve((_, response) => {
    hits++
    response.writeHead(307, { location: '/' }).end()
  })
  expect(await refusal(safeFetch(`http://one.test:${port}/`, house(port)))).toBe('redirect_refused')
  expect(hits).toBe(4)
  const post = house(port, { method: 'POST', body: 'once' })
  expect(await refusal(safeFetch(`http://one.test:${port}/`, post))).toBe('redirect_refused')
  expect(hits).toBe(5)
})

test('a body that is announced or turns out too large is refused, and what fits is not', async () => {
  const port = await serve((request, response) => {
    if (request.url === '/announced') response.setHeader('content-length', 5000)
    const pour = () => {
      while (response.writable && response.write(Buffer.alloc(1000)));
    }
    if (request.url === '/fits') response.end(Buffer.alloc(4000))
    else if (request.url === '/announced') response.flushHeaders()
    else {
      response.on('drain', pour)
      pour()
    }
  })
  const capped = house(port, { maxBytes: 4000 })
  expect(await refusal(safeFetch(`http://one.test:${port}/announced`, capped))).toBe('answer_too_large')
  expect(await refusal(safeFetch(`http://one.test:${port}/endless`, capped))).toBe('answer_too_large')
  expect((await safeFetch(`http://one.test:${port}/fits`, capped)).body).toHaveLength(4000)
})

test('a compressed answer is not unpacked', async () => {
  const asked: unknown[] = []
  const bomb = gzipSync(Buffer.alloc(10_000_000))
  const port = await serve((request, response) => {
    asked.push(request.headers['accept-encoding'])
    response.setHeader('content-encoding', 'gzip').end(bomb)
  })
  expect(await refusal(safeFetch(`http://one.test:${port}/`, house(port)))).toBe('answer_encoded')
  expect(asked).toEqual(['identity'])
})

test('a server that drips, stays silent, or a resolver that never answers runs out of time', async () => {
  const port = await serve((request, response) => {
    if (request.url === '/silent') return
    const drip = setInterval(() => response.write('.'), 10)
    response.on('close', () => clearInterval(drip))
  })
  const soon = house(port, { timeoutMs: 120 })
  expect(await refusal(safeFetch(`http://one.test:${port}/drip`, soon))).toBe('answer_late')
  expect(await refusal(safeFetch(`http://one.test:${port}/silent`, soon))).toBe('answer_late')
  const never: Resolve = () => new Promise(() => undefined)
  expect(await refusal(safeFetch(`http://one.test:${port}/`, { ...soon, resolve: never }))).toBe(
    'answer_late',
  )
})

test('whoever asked may stop, and gets their own reason back', async () => {
  const port = await serve((_, response) => response.flushHeaders())
  const stop = new AbortController()
  const fetching = safeDownload(
    `http://one.test:${port}/`,
    () => undefined,
    house(port, { signal: stop.signal }),
  )
  stop.abort(new Error('page closed'))
  await expect(fetching).rejects.toThrow('page closed')
})

test('an answer of any status comes back as it is, with what was sent', async () => {
  const port = await serve(async (request, response) => {
    let text = ''
    for await (const chunk of request) text += chunk
    response
      .writeHead(
        418,
        [
          ['x-got', `${request.method} ${text}`],
          ['set-cookie', 'a=1'],
          ['set-cookie', 'b=2'],
        ].flat(),
      )
      .end('no')
  })
  const options = house(port, { method: 'POST', body: 'größe', headers: { 'transfer-encoding': 'chunked' } })
  const { status, headers, body } = await safeFetch(`http://one.test:${port}/`, options)
  expect([status, body.toString(), headers.getSetCookie()]).toEqual([418, 'no', ['a=1', 'b=2']])
  expect(headers.get('x-got')).toBe('POST größe')
})

test('a large answer is handed on chunk by chunk, and a writer that fails stops it with its own error', async () => {
  const port = await serve((_, response) => response.end(Buffer.alloc(300_000)))
  const sizes: number[] = []
  const url = `http://one.test:${port}/`
  const { bytes } = await safeDownload(url, (chunk) => void sizes.push(chunk.length), house(port))
  expect(bytes).toBe(300_000)
  expect(sizes.length).toBeGreaterThan(1)
  const full = () => Promise.reject(new Error('disk full'))
  await expect(safeDownload(url, full, house(port))).rejects.toThrow('disk full')
})

test('a server that is not there, breaks off, or changes the protocol is unreachable', async () => {
  const gone = await serve(() => undefined)
  open.pop()?.close()
  const port = await serve((request, response) => {
    if (request.url === '/upgrade')
      request.socket.end('HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n')
    else response.writeHead(200, { 'content-length': 9 }).write('half', () => request.socket.destroy())
  })
  expect(await refusal(safeFetch(`http://one.test:${gone}/`, house(gone)))).toBe('unreachable')
  expect(await refusal(safeFetch(`http://one.test:${port}/half`, house(port)))).toBe('unreachable')
  expect(await refusal(safeFetch(`http://one.test:${port}/upgrade`, house(port)))).toBe('unreachable')
})
