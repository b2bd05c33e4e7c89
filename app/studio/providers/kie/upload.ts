/**
 * Inputs go to KIE's file store first, which keeps them for some days and offers no deleting (docs.kie.ai/file-upload-api).
 * The name decides the Content-Type it serves them with, so the extension has to be right.
 */
import { openAsBlob } from 'node:fs'
import { z } from 'zod'
import type { InputFile } from '../provider.ts'
import { isProviderError, ProviderError } from '../provider-errors.ts'
import { call } from '../provider-http.ts'
import { dataOf } from './envelope.ts'

const TIMEOUT_MS = 5 * 60_000

const uploaded = z.object({ downloadUrl: z.url({ protocol: /^https?$/ }) })

/** Answers its address. It costs nothing, so whatever fails leaves the job untaken. */
export async function upload(
  address: string,
  key: string,
  file: InputFile,
  now: number,
  signal: AbortSignal,
): Promise<string> {
  const form = new FormData()
  form.set('file', await openAsBlob(file.path, { type: file.mediaType }), file.name)
  form.set('uploadPath', 'inputs')
  form.set('fileName', file.name)
  try {
    const answer = await call(new URL('/api/file-stream-upload', address), {
      headers: { authorization: `Bearer ${key}` },
      body: form,
      timeoutMs: TIMEOUT_MS,
      signal,
    })
    const parsed = uploaded.safeParse(dataOf(answer, now))
    if (!parsed.success) throw new ProviderError('provider_down', { providerCode: 'upload' })
    return parsed.data.downloadUrl
  } catch (error) {
    if (!isProviderError(error)) throw error
    const { errorClass, retryAfterMs, providerCode } = error
    throw new ProviderError(errorClass, { accepted: 'no', retryAfterMs, providerCode })
  }
}
