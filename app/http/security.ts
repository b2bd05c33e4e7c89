import type { IncomingMessage } from 'node:http'
import type { NextFunction, Request, RequestHandler, Response } from 'express'
import { say } from '#core/i18n/say.ts'
import { answerPlainly } from './plain.ts'

/** Headers of every answer, static files and errors included (OWASP ASVS 5.0, 3.4). */
export function securityHeaders(appUrl: URL): RequestHandler {
  const secure = appUrl.protocol === 'https:'
  return (_request: Request, response: Response, next: NextFunction) => {
    response.set({
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'same-origin',
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Resource-Policy': 'same-origin',
      'Permissions-Policy':
        'camera=(), microphone=(), geolocation=(), browsing-topics=(), interest-cohort=()',
      'X-Frame-Options': 'DENY',
      // Pages replace it with their own; what is no page may load nothing at all.
      'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
    })
    if (secure) response.set('Strict-Transport-Security', 'max-age=31536000; includeSubDomains')
    next()
  }
}

/**
 * What a page may load: its own origin, and scripts and style elements with this answer's nonce. Style attributes stay
 * allowed, since server-rendered components carry them and nonces do not cover attributes.
 */
export function pagePolicy(nonce: string, appUrl: URL): string {
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}'`,
    `style-src 'self' 'nonce-${nonce}'`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "media-src 'self' blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "form-action 'self'",
    ...(appUrl.protocol === 'https:' ? ['upgrade-insecure-requests'] : []),
  ].join('; ')
}

/** Routes that programs call with a key or a signature of their own; no cookie opens them. */
const exempt = /^\/(api|v1|webhooks)\//

/**
 * Refuses what another site makes a browser send: every method but GET and HEAD must come from our own pages. Browsers
 * say so themselves (`Sec-Fetch-Site`); on plain HTTP they do not, and then the Origin must be ours. A request with
 * neither is no form of ours. Covers resource routes too, which Remix's own check leaves open.
 */
export function refuseCrossSite(appUrl: URL, onMismatch: (host: string) => void): RequestHandler {
  return (request, response, next) => {
    const { host, origin } = request.headers
    if (host && host !== appUrl.host) onMismatch(host)
    // Remix's adapter believes its port, from anybody.
    if (request.headers['x-forwarded-host'] !== undefined) delete request.headers['x-forwarded-host']
    if (request.method === 'GET' || request.method === 'HEAD' || exempt.test(request.path)) return next()
    const site = request.headers['sec-fetch-site']
    const ours =
      origin === appUrl.origin || (origin !== undefined && origin === `${request.protocol}://${host}`)
    const allowed = site === undefined ? ours : site === 'same-origin' && (origin === undefined || ours)
    if (!allowed) {
      const sentence = say('This form was sent from another site. Open the page again and retry.')
      return answerPlainly(request, response, 403, sentence)
    }
    // Remix compares the Origin with the Host, which a proxy may have changed; ours has been checked above.
    if (origin === appUrl.origin) request.headers.host = appUrl.host
    next()
  }
}

/**
 * Only a path of our own: one slash, no second, no backslash, no control characters (ASVS 3.7.2); also not one that
 * becomes `//host` when its dots are resolved.
 */
export function safeReturnTo(text: string | null | undefined, otherwise: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  if (!text || text.length > 2000 || !/^\/(?![/\\])[^\\\u0000-\u001f]*$/.test(text)) return otherwise
  return new URL(text, 'http://here.invalid').pathname.startsWith('//') ? otherwise : text
}

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

/**
 * Makes a path of a target that is a whole address: a server must take one, and believe its host rather than the header
 * (RFC 9112, 3.2.2). Stands before the framework, which remembers what came.
 */
export function toOriginForm(request: IncomingMessage): void {
  const { url = '' } = request
  if (url.startsWith('/')) return
  const [, host, rest = ''] = /^https?:\/\/([^/?]+)(.*)$/i.exec(url) ?? []
  if (host === undefined) return
  request.headers.host = host
  request.url = rest.startsWith('/') ? rest : `/${rest}`
}

/** Refuses what no browser or client of ours sends, before it reaches code that would call it a fault of the server. */
export function refuseMalformed(request: Request, response: Response, next: NextFunction): void {
  if (!methods.has(request.method))
    answerPlainly(request, response, 405, say('This server does not take that method.'))
  else if (isMalformed(request))
    answerPlainly(request, response, 400, say('This address is malformed. Check it and try again.'))
  else next()
}

/** A host with a path in it would be another path to whoever puts both together; a NUL is a fault to PostgreSQL. */
function isMalformed({ originalUrl, path, headers: { host = 'localhost' } }: Request): boolean {
  if (!originalUrl.startsWith('/') || originalUrl.includes('%00') || /[/?#@\\]/.test(host)) return true
  try {
    decodeURIComponent(path)
    new URL(`http://${host}${originalUrl}`)
    return false
  } catch {
    return true
  }
}
