import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { selfSigned } from '#test/doubles/smtp.ts'
import type { Resolve } from './public-address.ts'
import { answering, house, loopback, open, refusal, serve, v4 } from './safe-fetch.testing.ts'
import { safeDownload, safeFetch } from './safe-fetch.ts'

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

test('where only some hosts are allowed, no other is asked, not even by a redirect', async () => {
  const asked: string[] = []
  const port = await serve((request, response) => {
    asked.push(request.headers.host ?? '')
    if (request.url === '/on') response.writeHead(302, { location: `http://two.test:${port}/` }).end()
    else response.end('ok')
  })
  const only = (...onlyHosts: string[]) => house(port, { onlyHosts })
  const at = (host: string, path = '/') => `http://${host}:${port}${path}`
  expect(await refusal(safeFetch(at('one.test'), only('two.test')))).toBe('url_host')
  expect(await refusal(safeFetch(at('one.test', '/on'), only('one.test')))).toBe('url_host')
  expect(await refusal(safeFetch(at('one.test'), only('*.one.test', 'ne.test')))).toBe('url_host')
  expect(asked).toEqual([`one.test:${port}`])
  expect((await safeFetch(at('one.test', '/on'), only('*.test'))).body.toString()).toBe('ok')
})
