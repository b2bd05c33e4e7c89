import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import { createRequestHandler, type RequestHandler } from '@remix-run/express'
import type { AppLoadContext, ServerBuild } from '@remix-run/node'
import express, { type RequestHandler as Middleware, type Request, type Response } from 'express'
import type { House } from '#app/house.ts'
import { siteSettings } from '#app/settings.ts'
import { signedLinks } from '#app/studio/creations/links.ts'
import { SECOND } from '#core/clock/clock.ts'
import { watchChanges } from '#core/db/changes.ts'
import { say } from '#core/i18n/say.ts'
import { type Log, requestLine } from '#core/log/log.ts'
import { apiBooks } from './api-books.ts'
import { directRoutes } from './direct.ts'
import { openHealth } from './health.ts'
import type { EdgeContext } from './load-context.ts'
import { outletOf } from './outlet.ts'
import { answerPlainly } from './plain.ts'
import { rememberedFor } from './remembered.ts'
import { routeNames } from './route-names.ts'
import { pagePolicy, refuseCrossSite, refuseMalformed, securityHeaders, toOriginForm } from './security.ts'
import { openSessions } from './session.ts'
import { visitorOf } from './visitor.ts'

export interface WebServer {
  server: Server
  /** Stops taking requests, ends open streams and waits for the rest, at most `graceMs`. */
  stop(graceMs: number): Promise<void>
}

/** The web server: headers, health, files of the build, and the pages. Rules are in the domains, routes in `app/routes.ts`. */
export async function openWebServer(house: House, build: ServerBuild, buildDir: string): Promise<WebServer> {
  const { config, log } = house
  const app = express()
  const stopping = new AbortController()
  const changes = watchChanges(house.db, config.database)
  const sessions = openSessions(house, config.appUrl)
  const links = signedLinks(await house.keyring.secret('links'), house.clock)
  const site = rememberedFor(SECOND, () => siteSettings(house.db.read), house.clock)
  let told = false
  const logged = requestLog(log, routeNames(build.routes))
  const contextOf = async (request: Request, response: Response): Promise<EdgeContext> => {
    const visitor = visitorOf(request)
    const [session, settings] = await Promise.all([sessions.read(request.headers.cookie), site()])
    const subject = session?.subject
    const traceId = response.locals.traceId as string
    return {
      house,
      sessions,
      session,
      visitor,
      links,
      live: changes,
      outlet: outletOf(response),
      stopping: stopping.signal,
      cspNonce: randomBytes(16).toString('base64'),
      locale: subject?.locale ?? visitor.locale,
      timeZone: subject?.time_zone ?? visitor.timeZone,
      theme: subject?.theme ?? visitor.theme,
      site: { name: settings.site_name },
      now: house.clock.now(),
      traceId,
      report: (error) => log.error('A request failed', { error, traceId }),
    }
  }
  app.disable('x-powered-by')
  app.set('trust proxy', config.trustedProxies.length > 0 ? config.trustedProxies : false)
  app.use(securityHeaders(config.appUrl))
  app.use(refuseMalformed)
  app.use(openHealth(house, stopping.signal))
  app.use(directRoutes(build, [logged], contextOf))
  app.use(
    '/assets',
    express.static(join(buildDir, 'client/assets'), { immutable: true, maxAge: '1y', index: false }),
    // A missing asset answered by a page would be taken for a script.
    (request: Request, response: Response) => answerPlainly(request, response, 404, say('Not found')),
  )
  app.use(express.static(join(buildDir, 'client'), { maxAge: '1h', index: false }))
  app.use(
    refuseCrossSite(config.appUrl, (host) => {
      if (told) return
      told = true
      log.warn('Requests come for another host than APP_URL names. Set APP_URL to the address people use.', {
        expected: config.appUrl.host,
        got: host,
      })
    }),
  )
  app.use(logged)
  const handler: RequestHandler = createRequestHandler({
    build,
    mode: config.production ? 'production' : 'development',
    getLoadContext: (_request, response) => response.locals.context as AppLoadContext,
  })
  app.use(async (request, response, next) => {
    try {
      const context = await contextOf(request, response)
      response.locals.context = context
      response.setHeader('Content-Security-Policy', pagePolicy(context.cspNonce, config.appUrl))
      response.setHeader('Cache-Control', 'private, no-store')
      letRoutesOverride(response)
      await handler(request, response, next)
    } catch (error) {
      next(error)
    }
  })
  app.use((error: unknown, request: Request, response: Response, _next: unknown) => {
    const { traceId } = response.locals
    log.error('A request failed at the edge', { error, traceId })
    if (response.headersSent) return void response.destroy()
    const sentence = say('Something went wrong on our side. If it stays so, give us this number: {traceId}', {
      traceId: String(traceId),
    })
    answerPlainly(request, response, 500, sentence)
  })
  const server = createServer({ maxHeaderSize: 32 * 1024 }, (request, response) => {
    toOriginForm(request)
    app(request, response)
  })
  // Slow or silent clients must not hold connections for ever; uploads and streams are bounded elsewhere.
  server.headersTimeout = 20_000
  server.requestTimeout = 120_000
  server.keepAliveTimeout = 30_000
  return {
    server,
    async stop(graceMs) {
      stopping.abort()
      await changes.close()
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeIdleConnections()
      const timer = setTimeout(() => server.closeAllConnections(), graceMs)
      await closed
      await apiBooks(house).flush()
      clearTimeout(timer)
    },
  }
}

/** Gives each request its trace id, and the log its line. */
function requestLog(log: Log, nameOf: (path: string) => string): Middleware {
  return (request, response, next) => {
    const started = performance.now()
    response.locals.traceId = randomBytes(8).toString('hex')
    response.on('finish', () =>
      requestLine(log, {
        method: request.method,
        route: nameOf(request.path),
        status: response.statusCode,
        ms: Math.round(performance.now() - started),
        bytes: Number(response.getHeader('content-length') ?? 0),
        traceId: response.locals.traceId,
      }),
    )
    next()
  }
}

/**
 * Remix's adapter appends headers, so a route's own policy would stand beside the standard one. A route that says
 * something of caching or of what may load means it in its place.
 */
function letRoutesOverride(response: Response): void {
  const append = response.append.bind(response)
  response.append = (name, value) =>
    /^(cache-control|content-security-policy)$/i.test(name)
      ? response.set(name, value as string)
      : append(name, value)
}

/** Loads what `remix vite:build` made. */
export async function loadBuild(buildDir: string): Promise<ServerBuild> {
  const file = join(buildDir, 'server/index.js')
  if (!existsSync(file)) throw new Error('The pages are not built. Run: npm start')
  return (await import(file)) as ServerBuild
}
