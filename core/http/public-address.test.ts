/** Pins: an address of the house reached under another spelling, by a second answer of the resolver, or as one of several. */
import type { LookupAddress } from 'node:dns'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { guardedLookup, mayReach, type Resolve } from './public-address.ts'
import { answering, house, refusal, serve, v4 } from './safe-fetch.testing.ts'
import { safeFetch } from './safe-fetch.ts'

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
