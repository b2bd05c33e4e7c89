import { STATUS_CODES } from 'node:http'
import type { ActionFunctionArgs, LoaderFunctionArgs } from '@remix-run/node'
import { type KeyHolder, recogniseApiKey } from '#app/accounts/api-keys.ts'
import { TooMany } from '#app/accounts/limits.ts'
import type { House } from '#app/house.ts'
import type { ApiScope } from '#core/db/schema/accounts.ts'
import { AppError, isAppError } from '#core/errors/errors.ts'
import { say } from '#core/i18n/say.ts'
import { translatorFor } from '#core/i18n/translate.ts'
import { newId } from '#core/ids/ids.ts'
import { apiBooks } from './api-books.ts'
import { bodyUpTo } from './body.ts'
import type { Direct } from './direct.ts'
import type { EdgeContext, Guard } from './load-context.ts'
import { count } from './page.ts'

/**
 * The one way to write an endpoint of the API: bearer key, scope, limit, body, work, and errors as problem details
 * (RFC 9457). Every call is logged: endpoint, time, status, bytes, key; neither body nor address.
 */
export interface ApiCall extends OpenCall {
  key: KeyHolder
}

/** A call that needs no key. */
export interface OpenCall {
  house: House
  context: EdgeContext
  request: Request
  url: URL
  params: Readonly<Record<string, string | undefined>>
}

export type Method = 'GET' | 'POST' | 'DELETE'

export interface ApiSpec {
  /** What a method does and which scope its key needs; HEAD is answered by GET. */
  methods: { readonly [M in Method]?: { scope: ApiScope; work(call: ApiCall): Promise<Response> } }
  /** How it says no, where it speaks another API's language. */
  refusal?: Refusal
}

export type Refusal = (error: unknown, context: Pick<EdgeContext, 'traceId'>) => Response

type Handler = ((args: LoaderFunctionArgs | ActionFunctionArgs) => Promise<Response>) &
  Direct & {
    readonly guard: Guard
    readonly endpoint: string
    readonly methods: readonly Method[]
  }

interface Endpoint {
  loader: Handler
  action: Handler
}

/** @param endpoint the pattern as documented, for the log: a real path holds ids */
export function apiEndpoint(endpoint: string, { methods, refusal = problem }: ApiSpec): Endpoint {
  const named = Object.keys(methods) as Method[]
  const work = async (call: OpenCall, noteKey: (key: KeyHolder) => void) => {
    const key = await holder(call.context, call.request)
    noteKey(key)
    const found = methods[methodOf(call.request) as Method]
    if (!found) throw new MethodNotAllowed(named)
    if (!key.scopes.includes(found.scope)) throw missingScope(found.scope)
    apiBooks(call.house).countCall(key.id)
    return found.work({ ...call, key })
  }
  return answered(endpoint, 'api_key', named, work, refusal)
}

/** For what anybody may read. */
export function openEndpoint(endpoint: string, work: (call: OpenCall) => Promise<Response>): Endpoint {
  return answered(endpoint, 'anyone', ['GET'], async (call) => {
    if (methodOf(call.request) !== 'GET') throw new MethodNotAllowed(['GET'])
    return work(call)
  })
}

/** Every address of an API that there is not. */
export function noEndpoint(
  sentence = say('The API has no such address. See /api/v1/openapi.json.'),
  refusal: Refusal = problem,
): Endpoint {
  const work = async () => {
    throw new AppError('not_found', sentence, { status: 404 })
  }
  return answered('other', 'anyone', [], work, refusal)
}

function answered(
  endpoint: string,
  guard: Guard,
  methods: readonly Method[],
  work: (call: OpenCall, noteKey: (key: KeyHolder) => void) => Promise<Response>,
  refusal: Refusal = problem,
): Endpoint {
  const handle = async ({ request, context, params }: LoaderFunctionArgs | ActionFunctionArgs) => {
    const started = performance.now()
    const { house } = context
    let key: KeyHolder | undefined
    let response: Response
    try {
      const call = { house, context, request, url: new URL(request.url), params }
      response = await work(call, (known) => {
        key = known
      })
    } catch (error) {
      if (!isAppError(error) || error.status >= 500) context.report(error)
      response = refusal(error, context)
    }
    if (!response.headers.has('Cache-Control')) response.headers.set('Cache-Control', 'no-store')
    const now = house.clock.now()
    apiBooks(house).write({
      id: newId('event', now),
      at: now,
      api_key_id: key?.id ?? null,
      method: loggedMethod(request.method),
      endpoint,
      status: response.status,
      ms: Math.round(performance.now() - started),
      bytes: Number(response.headers.get('content-length') ?? 0),
    })
    return response
  }
  const handler: Handler = Object.assign(handle, { guard, endpoint, methods, direct: true as const })
  return { loader: handler, action: handler }
}

function methodOf({ method }: Request): string {
  return method === 'HEAD' ? 'GET' : method
}

/** A method is a free word to whoever sends it, and the log is no place for theirs. */
function loggedMethod(method: string): string {
  return ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].includes(method) ? method : 'other'
}

async function holder(context: EdgeContext, request: Request): Promise<KeyHolder> {
  const header = request.headers.get('authorization') ?? ''
  const presented = /^Bearer +(\S+)$/i.exec(header)?.[1]
  const key = presented ? await recogniseApiKey(context.house, presented) : undefined
  if (key) return key
  // Guessing is counted by address before the answer, which is the same for no key and a wrong one.
  if (presented) await count(context, 'guess_key')
  throw new AppError('unauthorized', say('Send a valid API key as "Authorization: Bearer …".'), {
    status: 401,
  })
}

/** `application/problem+json`: type, title, status, code, detail, errors by field, and the trace id to ask about. */
export const problem: Refusal = (error, context) => {
  const { status, code, detail, errors, headers } = toldOf(error)
  const body = {
    type: `urn:fairframe:problem:${code}`,
    title: STATUS_CODES[status] ?? 'Error',
    status,
    code,
    detail,
    ...(errors ? { errors } : {}),
    trace_id: context.traceId,
  }
  return sent(body, 'application/problem+json', { status, headers })
}

/** What of an error may be told, in English, with the headers that belong to it. */
export function toldOf(error: unknown) {
  const { t } = translatorFor('en')
  const known = isAppError(error) ? error : undefined
  const status = known?.status ?? 500
  const sentence =
    known?.sentence ??
    say('Something went wrong on our side. Try again; if it stays so, give us the trace id.')
  const fields = status < 500 ? Object.entries(known?.fields ?? {}) : []
  const headers = new Headers()
  if (status === 401) headers.set('WWW-Authenticate', 'Bearer')
  if (error instanceof TooMany) headers.set('Retry-After', String(error.retryAfterSeconds))
  if (error instanceof MethodNotAllowed) headers.set('Allow', error.allowed)
  return {
    status,
    code: known?.code ?? 'internal',
    detail: t(sentence),
    errors: fields.length > 0 ? Object.fromEntries(fields.map(([name, s]) => [name, t(s)])) : undefined,
    headers,
  }
}

export function json(body: unknown, init: ResponseInit = {}): Response {
  return sent(body, 'application/json', init)
}

function sent(body: unknown, type: string, init: ResponseInit): Response {
  const bytes = Buffer.from(JSON.stringify(body))
  const headers = new Headers(init.headers)
  headers.set('Content-Type', type)
  headers.set('Content-Length', String(bytes.length))
  return new Response(bytes, { ...init, headers })
}

/** Of a body that carries no file, in bytes. */
export const LONGEST_BODY = 64 * 1024

/** The JSON of a request's body, capped while it is read. */
export async function jsonBody(request: Request): Promise<unknown> {
  if (!/^application\/json\b/i.test(request.headers.get('content-type') ?? ''))
    throw new AppError('unsupported_media_type', say('Send the body as application/json.'), { status: 415 })
  return parsedJson(await cappedBody(request, LONGEST_BODY))
}

export function parsedJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw new AppError('malformed_json', say('The body is not valid JSON.'), { status: 400 })
  }
}

/** The bytes of a request's body. Throws `body_too_large` for more than `most`. */
export async function cappedBody(request: Request, most: number): Promise<Buffer> {
  const body = await bodyUpTo(request, most).catch((error: unknown) => {
    // The client hung up in the middle: its fault, and nobody reads the answer.
    throw new AppError('body_cut', say('The body ended early. Send it again.'), { status: 400, cause: error })
  })
  if (body) return body
  const kilobytes = Math.floor(most / 1024)
  throw new AppError(
    'body_too_large',
    say('The body is larger than {kilobytes} kB. Send less.', { kilobytes }),
    { status: 413 },
  )
}

class MethodNotAllowed extends AppError {
  /** For the header `Allow` (RFC 9110, 15.5.6). */
  readonly allowed: string
  constructor(methods: readonly Method[]) {
    super('method_not_allowed', say('This address does not take that method.'), { status: 405 })
    this.allowed = methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])).join(', ')
  }
}

function missingScope(scope: ApiScope): AppError {
  return new AppError('missing_scope', say('This key lacks the scope {scope}.', { scope }), { status: 403 })
}
