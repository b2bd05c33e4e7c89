/** Pins: a limit that a whole IPv6 network walks around; a language of sixteen thousand characters that is kept with an account; a header that breaks a page; a device told too exactly. */
import type { Request } from 'express'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { networkOf, visitorOf } from './visitor.ts'

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2::1', '2001:db8:1:2::/64'],
  ['2001:db8:1:2:ffff:ffff:ffff:ffff', '2001:db8:1:2::/64'],
  ['2001:db8:1:3::1', '2001:db8:1:3::/64'],
  ['::1', '0:0:0:0::/64'],
  ['not an address', 'unknown'],
  [undefined, 'unknown'],
])('tries from %s count for %s', (ip, network) => {
  expect(networkOf(ip)).toBe(network)
})

const visit = (headers: Record<string, string>) =>
  visitorOf({ ip: '192.0.2.7', headers } as unknown as Request)

test.each([
  ['de-CH,de;q=0.9', 'de-CH'],
  ['*', 'en'],
  ['', 'en'],
  [';q=1', 'en'],
  ['x'.repeat(500), 'en'],
  [`en-x${'-abcdefgh'.repeat(1800)}`, 'en'],
  ['en-x-abcdefgh-abcdefgh-abcdefgh-abc', 'en-x-abcdefgh-abcdefgh-abcdefgh-abc'],
  ['en-x-abcdefgh-abcdefgh-abcdefgh-abcd', 'en'],
  ['de , en', 'de'],
])('a browser that asks for %j reads %s', (header, locale) => {
  expect(visit({ 'accept-language': header }).locale).toBe(locale)
})

test.each([
  ['tz=Europe%2FBerlin', 'Europe/Berlin'],
  ['tz=Mars%2FOlympus', 'UTC'],
  ['tz=%E0%A4%A', 'UTC'],
  [`tz=${'a'.repeat(99)}`, 'UTC'],
  ['', 'UTC'],
])('the cookie %s means %s', (cookie, timeZone) => {
  expect(visit({ cookie }).timeZone).toBe(timeZone)
})

test.each([
  ['Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Mobile/15E148', 'phone'],
  ['Mozilla/5.0 (Linux; Android 16; Pixel 10) Mobile Safari/537.36', 'phone'],
  ['Mozilla/5.0 (iPad; CPU OS 19_0 like Mac OS X) Mobile/15E148', 'tablet'],
  ['Mozilla/5.0 (X11; Linux x86_64) Firefox/150.0', 'computer'],
  ['curl/8.9', 'program'],
  ['', 'program'],
])('%s is a %s', (agent, device) => {
  expect(visit({ 'user-agent': agent }).deviceClass).toBe(device)
})

test('no header breaks a page', () => {
  const text = fc.string({ unit: 'binary', maxLength: 200 })
  fc.assert(
    fc.property(text, text, text, (cookie, language, agent) => {
      visit({ cookie: `tz=${cookie}`, 'accept-language': language, 'user-agent': agent })
    }),
  )
})
