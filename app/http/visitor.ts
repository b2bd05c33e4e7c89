import type { Request as ExpressRequest } from 'express'
import ipaddr from 'ipaddr.js'
import { cookieOf } from './session.ts'

export type Theme = 'light' | 'dark'

/** What a request says of whoever sent it: language, time zone, theme, kind of device. Nothing that identifies. */
export function visitorOf(request: ExpressRequest) {
  const cookies = request.headers.cookie
  return {
    address: networkOf(request.ip),
    locale: localeOf(request.headers['accept-language']),
    timeZone: timeZoneOf(cookieOf(cookies, 'tz')),
    theme: themeOf(cookieOf(cookies, 'theme')),
    deviceClass: deviceClassOf(request.headers['user-agent']),
  }
}

/** Who has one IPv6 address has the 2^64 around it (RFC 6177), so tries are counted by the network. */
export function networkOf(ip: string | undefined): string {
  if (!ip || !ipaddr.isValid(ip)) return 'unknown'
  const address = ipaddr.process(ip)
  if (!(address instanceof ipaddr.IPv6)) return address.toString()
  return `${address.parts
    .slice(0, 4)
    .map((part) => part.toString(16))
    .join(':')}::/64`
}

export function themeOf(text: string | undefined): Theme | undefined {
  return text === 'light' || text === 'dark' ? text : undefined
}

/** A well-formed tag may go on for ever; no longer one is kept, and none that a browser sends is (RFC 5646, 4.4.1). */
export const longestLocale = 35

/** The first language the browser asks for, if it is a well-formed tag and of a length that is kept. */
export function localeOf(header: string | undefined): string {
  const first = header
    ?.slice(0, longestLocale + 1)
    .split(/[,;]/, 1)[0]
    ?.trim()
  // Programs send none, and a throw takes longer than all the rest of this.
  if (!first || first.length > longestLocale) return 'en'
  try {
    const [tag = 'en'] = Intl.getCanonicalLocales(first)
    return tag.length > longestLocale ? 'en' : tag
  } catch {
    return 'en'
  }
}

function timeZoneOf(cookie: string | undefined): string {
  if (!cookie || cookie.length > 64) return 'UTC'
  try {
    const zone = decodeURIComponent(cookie)
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return zone
  } catch {
    return 'UTC'
  }
}

/** Coarse on purpose: enough to recognise one's own devices in a list, too little to tell people apart. */
function deviceClassOf(agent: string | undefined): string {
  if (!agent) return 'program'
  const phone = /\b(iPhone|Android.*Mobile|Mobile)\b/.test(agent)
  const tablet = /\b(iPad|Tablet)\b/.test(agent)
  if (!/Mozilla/.test(agent)) return 'program'
  return tablet ? 'tablet' : phone ? 'phone' : 'computer'
}
