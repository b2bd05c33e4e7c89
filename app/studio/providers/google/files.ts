/**
 * The Files API (ai.google.dev/gemini-api/docs/files): for clips too large to go inside a request. A file lives 48 hours at
 * most and is deleted as soon as we are told to forget.
 */
import { openAsBlob } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import type { InputFile } from '#app/studio/providers/provider.ts'
import { isProviderError, ProviderError } from '#app/studio/providers/provider-errors.ts'
import { call } from '#app/studio/providers/provider-http.ts'
import { googleRefusal } from './google-errors.ts'

export interface Files {
  /** Takes nothing paid, so every failure says `accepted: 'no'`. */
  upload(file: InputFile, signal: AbortSignal): Promise<{ name: string; uri: string }>
  /** Whether it is gone now, and whether it was there. */
  remove(name: string, signal: AbortSignal): Promise<'deleted' | 'cannot' | 'already_gone'>
}

const UPLOAD_MS = 5 * 60_000
const READY_MS = 90_000

export function filesAt(api: string, headers: () => Record<string, string>, now: () => number): Files {
  async function send(file: InputFile, signal: AbortSignal) {
    const boundary = `part-${crypto.randomUUID()}`
    const body = new Blob([
      `--${boundary}\r\ncontent-type: application/json; charset=utf-8\r\n\r\n`,
      JSON.stringify({ file: { displayName: file.name, mimeType: file.mediaType } }),
      `\r\n--${boundary}\r\ncontent-type: ${file.mediaType}\r\n\r\n`,
      await openAsBlob(file.path),
      `\r\n--${boundary}--\r\n`,
    ])
    const answer = await call(`${api}/upload/v1beta/files`, {
      headers: {
        ...headers(),
        'x-goog-upload-protocol': 'multipart',
        'content-type': `multipart/related; boundary=${boundary}`,
      },
      body,
      timeoutMs: UPLOAD_MS,
      signal,
    })
    if (answer.status !== 200) throw googleRefusal(answer, now())
    return described((answer.json as { file?: unknown } | undefined)?.file)
  }

  /** Clips are looked through before they can be used. */
  async function ready(name: string, signal: AbortSignal): Promise<void> {
    const until = now() + READY_MS
    for (let wait = 500; now() < until; wait = Math.min(wait * 2, 8000)) {
      await pause(wait, undefined, { signal }).catch(() => signal.throwIfAborted())
      const answer = await call(`${api}/v1beta/${name}`, { headers: headers(), signal })
      if (answer.status !== 200) throw googleRefusal(answer, now())
      const { state } = described(answer.json)
      if (state === 'ACTIVE') return
      if (state === 'FAILED') break
    }
    throw new ProviderError('input_unfetchable', { providerCode: 'file not active' })
  }

  return {
    async upload(file, signal) {
      try {
        const { name, uri, state } = await send(file, signal)
        if (state !== 'ACTIVE') await ready(name, signal)
        return { name, uri }
      } catch (error) {
        throw isProviderError(error) ? withNothingTaken(error) : error
      }
    },

    async remove(name, signal) {
      const { status } = await call(`${api}/v1beta/${name}`, { method: 'DELETE', headers: headers(), signal })
      if (status === 200 || status === 204) return 'deleted'
      // Files of others and files that are gone are one and the same to it.
      return status === 404 || status === 403 ? 'already_gone' : 'cannot'
    },
  }
}

function withNothingTaken({ errorClass, providerCode, retryAfterMs }: ProviderError): ProviderError {
  return new ProviderError(errorClass, { accepted: 'no', providerCode, retryAfterMs })
}

function described(file: unknown): { name: string; uri: string; state: string } {
  const { name, uri, state } = (file ?? {}) as Record<string, unknown>
  if (typeof name !== 'string' || !/^files\/[\w-]+$/.test(name) || typeof uri !== 'string')
    throw new ProviderError('provider_down', { providerCode: 'no file' })
  return { name, uri, state: String(state) }
}

/** `files/abc` out of the address of a file, so that a result can be deleted. */
export function fileNameOf(uri: string): string | undefined {
  const id = /\/v1beta\/files\/([\w-]+)(?::download)?(?:\?|$)/.exec(uri)?.[1]
  return id && `files/${id}`
}
