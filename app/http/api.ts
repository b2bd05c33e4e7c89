import type { ActionFunctionArgs, LoaderFunctionArgs } from '@remix-run/node'
import { type KeyHolder, recogniseApiKey } from '#app/accounts/api-keys.ts'
import { TooMany } from '#app/accounts/limits.ts'
import type { House } from '#app/house.ts'
import type { ApiScope } from '#core/db/schema/accounts.ts'
import { AppError, isAppError } from '#core/errors/errors.ts'
import { say } from '#core/i18n/say.ts'
import { translatorFor } from '#core/i18n/translate.ts'
import { newId } from '#core/ids/ids.ts'
import type { EdgeContext, Guard } from './load-context.ts'
import { count } from './page.ts'

/**
 * The one way to write an endpoint of the API: bearer key, scope, limit, body, work, and errors as problem details
 * (RFC 9457). Every call is logged: endpoint, time, status, bytes, key; neither body nor address.
 */
export interface ApiCall {
  house: House
  context: EdgeContext
  request: Request
  url: URL
  params: Readonly<Record<string, string | undefined>>
  key: KeyHolder
}

export interface ApiSpec {
  /** The pattern as documented, for the log: a real path holds ids. */
  endpoint: string
  scope: ApiScope
  /** By method. */
  methods: Partial<Record<'GET' | 'POST' | 'DELETE', (call: ApiCall) => Promise<Response>>>
}

type Handler = ((args: LoaderFunctionArgs | ActionFunctionArgs) => Promise<Response>) & {
  readonly guard: Guard
}

export function apiEndpoint(spec: ApiSpec | ApiSpec[]): { loader: Handler; action: Handler } {
  const specs = Array.isArray(spec) ? spec : [spec]
  const handle = async ({ request, context, params }: LoaderFunctionArgs) => {
    const started = performance.now()
    const endpoint = specs[0]?.endpoint ?? ''
    let key: KeyHolder | undefined
    let response: Response
    try {
      const method = request.method as 'GET'
      const found = specs.find((one) => one.methods[method])
      key = await holder(context, request)
      if (!found) throw methodNotAllowed()
      if (!key.scopes.includes(found.scope)) throw missingScope(found.scope)
      await count(context, 'api', key.id)
      const work = found.methods[method]
      if (!work) throw methodNotAllowed()
      response = await work({
        house: context.house,
        context,
        request,
        url: new URL(request.url),
        params,
        key,
      })
    } catch (error) {
      if (!isAppError(error) || error.status >= 500) context.report(error)
      response = problem(error, context)
    }
    response.headers.set('Cache-Control', response.headers.get('Cache-Control') ?? 'no-store')
    await logCall(context.house, { request, endpoint, response, key, ms: performance.now() - started })
    return response
  }
  const guarded = Object.assign(handle as Handler, { guard: 'api_key' as const })
  return { loader: guarded, action: guarded }
}

async function holder(context: EdgeContext, request: Request): Promise<KeyHolder> {
  const header = request.headers.get('authorization') ?? ''
  const presented = /^Bearer +(\S+)$/i.exec(header)?.[1]
  const key = presented ? await recogniseApiKey(context.house, presented) : undefined
  if (key) return key
  // Guessing is counted by address before the answer, which is the same for no key and a wrong one.
  if (presented) await count(context, 'use_link')
  throw new AppError('unauthorized', say('Send a valid API key as "Authorization: Bearer …".'), {
    status: 401,
  })
}

/** `application/problem+json`: type, title, status, code, detail, errors by field, and the trace id to ask about. */
export function problem(error: unknown, context: Pick<EdgeContext, 'traceId'>): Response {
  const { t } = translatorFor('en')
  const known = isAppError(error) && error.status < 500 ? error : undefined
  const status = known?.status ?? (isAppError(error) ? error.status : 500)
  const sentence = isAppError(error)
    ? error.sentence
    : say('Something went wrong on our side. Try again; if it stays so, give us the trace id.')
  const fields = known?.fields && Object.entries(known.fields)
  const headers = new Headers({ 'Content-Type': 'application/problem+json' })
  if (status === 401) headers.set('WWW-Authenticate', 'Bearer')
  if (error instanceof TooMany) headers.set('Retry-After', String(error.retryAfterSeconds))
  return new Response(
    JSON.stringify({
      type: `about:blank#${isAppError(error) ? error.code : 'internal'}`,
      title: t(sentence),
      status,
      code: isAppError(error) ? error.code : 'internal',
      detail: t(sentence),
      ...(fields?.length ? { errors: Object.fromEntries(fields.map(([name, s]) => [name, t(s)])) } : {}),
      trace_id: context.traceId,
    }),
    { status, headers },
  )
}

export function json(body: unknown, init: ResponseInit = {}): Response {
  const headers = new Headers(init.headers)
  headers.set('Content-Type', 'application/json')
  return new Response(JSON.stringify(body), { ...init, headers })
}

const LONGEST_BODY = 64 * 1024

/** The JSON of a request's body, capped while it is read. */
export async function jsonBody(request: Request): Promise<unknown> {
  if (!/^application\/json\b/i.test(request.headers.get('content-type') ?? ''))
    throw new AppError('unsupported_media_type', say('Send the body as application/json.'), { status: 415 })
  let size = 0
  const pieces: Uint8Array[] = []
  for await (const piece of (request.body ?? []) as AsyncIterable<Uint8Array>) {
    size += piece.byteLength
    if (size > LONGEST_BODY)
      throw new AppError('body_too_large', say('The body is larger than 64 kB. Send less.'), { status: 413 })
    pieces.push(piece)
  }
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(pieces)))
  } catch {
    throw new AppError('malformed_json', say('The body is not valid JSON.'), { status: 400 })
  }
}

function methodNotAllowed(): AppError {
  return new AppError('method_not_allowed', say('This address does not take that method.'), { status: 405 })
}

function missingScope(scope: ApiScope): AppError {
  return new AppError('missing_scope', say('This key lacks the scope {scope}.', { scope }), { status: 403 })
}

async function logCall(
  house: House,
  call: { request: Request; endpoint: string; response: Response; key: KeyHolder | undefined; ms: number },
): Promise<void> {
  const now = house.clock.now()
  const row = {
    id: newId('event', now),
    at: now,
    api_key_id: call.key?.id ?? null,
    method: call.request.method,
    endpoint: call.endpoint,
    status: call.response.status,
    ms: Math.round(call.ms),
    bytes: Number(call.response.headers.get('content-length') ?? 0),
  }
  await house.db.transaction((tx) => tx.insertInto('api_request').values(row).execute())
}
