/**
 * Calls to a provider's API, at addresses the operator set. One request, never repeated, never redirected, bounded in
 * time and size. What failed is told apart by whether the request can have arrived: the engine may go elsewhere only when
 * it cannot.
 */
import { ProviderError } from './provider-errors.ts'

export interface Call {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  headers?: Readonly<Record<string, string>>
  /** Sent as JSON. */
  json?: unknown
  /** Sent as it is, multipart forms and files among them. */
  body?: FormData | Blob | Uint8Array<ArrayBuffer> | string
  /** For everything, to the last byte. */
  timeoutMs?: number
  maxBytes?: number
  signal: AbortSignal
}

export interface CallAnswer {
  status: number
  headers: Headers
  text: string
  /** The parsed body; undefined when it is not JSON. */
  json: unknown
}

const TIMEOUT_MS = 30_000
const MAX_BYTES = 8 * 1024 * 1024

/** Codes of errors that come before the first byte of a request leaves. */
const neverSent = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
])

/** Any HTTP status is an answer. Throws `ProviderError` of class `provider_down`, or the reason of `signal`. */
export async function call(url: string | URL, options: Call): Promise<CallAnswer> {
  const { signal, json, timeoutMs = TIMEOUT_MS, maxBytes = MAX_BYTES } = options
  // Given a signal that was aborted before, Node's fetch leaves a form's stream behind as an unhandled rejection.
  signal.throwIfAborted()
  const late = AbortSignal.timeout(timeoutMs)
  try {
    const response = await fetch(url, {
      method: options.method ?? (json === undefined && options.body === undefined ? 'GET' : 'POST'),
      headers: {
        accept: 'application/json',
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
        ...options.headers,
      },
      body: json === undefined ? options.body : JSON.stringify(json),
      redirect: 'manual',
      signal: AbortSignal.any([signal, late]),
    })
    const text = await readText(response, maxBytes)
    return { status: response.status, headers: response.headers, text, json: parsed(text) }
  } catch (error) {
    if (signal.aborted) throw signal.reason
    const code = codeOf(error)
    const accepted = code !== undefined && neverSent.has(code) ? 'no' : 'perhaps'
    // The cause names the address, and with some providers the address holds a key.
    throw new ProviderError('provider_down', { accepted, providerCode: late.aborted ? 'timeout' : code })
  }
}

async function readText(response: Response, maxBytes: number): Promise<string> {
  const pieces: Uint8Array[] = []
  let size = 0
  for await (const piece of response.body ?? []) {
    size += piece.length
    if (size > maxBytes) throw Object.assign(new Error('too large'), { code: 'TOO_LARGE' })
    pieces.push(piece)
  }
  return Buffer.concat(pieces).toString('utf8')
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The deepest code: `fetch` wraps the socket's error, and several addresses make an error of errors. */
function codeOf(error: unknown, depth = 0): string | undefined {
  if (typeof error !== 'object' || error === null || depth > 4) return undefined
  const { cause, code, errors } = error as { cause?: unknown; code?: unknown; errors?: unknown[] }
  const inner = codeOf(cause, depth + 1) ?? codeOf(errors?.[0], depth + 1)
  return inner ?? (typeof code === 'string' ? code : undefined)
}

/** `Retry-After` in ms: seconds or a date (RFC 9110, 10.2.3); undefined when absent or senseless. */
export function retryAfterMs(headers: Headers, now: number): number | undefined {
  const text = headers.get('retry-after')
  if (!text) return undefined
  const ms = /^\d+$/.test(text.trim()) ? Number(text) * 1000 : Date.parse(text) - now
  return Number.isFinite(ms) && ms >= 0 ? Math.min(ms, 86_400_000) : undefined
}
