/**
 * Inputs, put where fal's models can fetch them. Large files go in parts. The names are random, the lifetime is bounded;
 * deleting them earlier is not offered.
 */
import { openAsBlob } from 'node:fs'
import { z } from 'zod'
import type { InputFile } from '../provider.ts'
import { isProviderError, ProviderError } from '../provider-errors.ts'
import { type Call, type CallAnswer, call } from '../provider-http.ts'
import { refusalOf } from './answers.ts'

/** As `@fal-ai/client` 1.10.1 does: above this in parts of that size. */
export const uploadSizes = { whole: 90 * 1024 ** 2, part: 10 * 1024 ** 2 } as const
const TIMEOUT_MS = 5 * 60_000

export interface UploadPlace {
  rest: string
  headers: Readonly<Record<string, string>>
  /** How long fal keeps the file. */
  keepSeconds: number
  /** Whether fal may send the file's bytes to this address. */
  mayUse(url: URL): boolean
  now(): number
}

const initiated = z.object({ upload_url: z.string(), file_url: z.string() })
const stored = z.object({ partNumber: z.number().int(), etag: z.string() })

/** Answers the address that the model gets. Nothing of it costs money, so no failure leaves a doubt. */
export async function upload(
  file: InputFile,
  place: UploadPlace,
  signal: AbortSignal,
  sizes: { whole: number; part: number } = uploadSizes,
): Promise<string> {
  try {
    const inParts = file.size > sizes.whole
    const { target, fileUrl } = await initiate(file, place, inParts, signal)
    const bytes = await openAsBlob(file.path, { type: file.mediaType })
    if (inParts) await putParts(bytes, target, sizes.part, place, signal)
    else await put(target, bytes, { 'content-type': file.mediaType }, place, signal)
    return fileUrl
  } catch (error) {
    if (!isProviderError(error) || error.accepted === 'no') throw error
    const { errorClass, providerCode, retryAfterMs } = error
    throw new ProviderError(errorClass, { accepted: 'no', providerCode, retryAfterMs })
  }
}

async function initiate(file: InputFile, place: UploadPlace, inParts: boolean, signal: AbortSignal) {
  const path = `/storage/upload/initiate${inParts ? '-multipart' : ''}?storage_type=fal-cdn-v3`
  const lifecycle = JSON.stringify({ expiration_duration_seconds: place.keepSeconds })
  const answer = await ask(`${place.rest}${path}`, place, {
    json: { content_type: file.mediaType, file_name: file.name },
    headers: { ...place.headers, 'x-fal-object-lifecycle': lifecycle },
    signal,
  })
  const read = initiated.safeParse(answer.json)
  if (!read.success) throw new ProviderError('provider_down', { providerCode: 'upload' })
  const target = URL.parse(read.data.upload_url)
  if (!target || !place.mayUse(target))
    throw new ProviderError('provider_down', { providerCode: 'upload host' })
  return { target, fileUrl: read.data.file_url }
}

async function putParts(bytes: Blob, target: URL, size: number, place: UploadPlace, signal: AbortSignal) {
  const at = (name: string | number) => new URL(`${target.origin}${target.pathname}/${name}${target.search}`)
  const parts: z.infer<typeof stored>[] = []
  for (let start = 0; start < bytes.size; start += size) {
    const answer = await put(at(parts.length + 1), bytes.slice(start, start + size), {}, place, signal)
    const read = stored.safeParse(answer.json)
    if (!read.success) throw new ProviderError('provider_down', { providerCode: 'upload part' })
    parts.push(read.data)
  }
  await ask(at('complete'), place, { json: { parts }, signal })
}

/** The address itself is the permission: our key is not sent along. */
function put(
  target: URL,
  body: Blob,
  headers: Record<string, string>,
  place: UploadPlace,
  signal: AbortSignal,
) {
  return ask(target, place, { method: 'PUT', body, headers, timeoutMs: TIMEOUT_MS, signal })
}

async function ask(url: string | URL, place: UploadPlace, options: Call): Promise<CallAnswer> {
  const answer = await call(url, options)
  if (answer.status < 200 || answer.status > 299) throw refusalOf(answer, place.now())
  return answer
}
