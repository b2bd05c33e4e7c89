/**
 * Fetching what a provider made. The address came in its answer, so it is believed in nothing: https and the provider's own
 * hosts only, each redirect checked, our credentials not sent on, bounded in size and time, and the first bytes must be
 * those of a video. `ffprobe` looks at it before anything else does (`generations/finish.ts`).
 */
import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { safeDownload } from '#core/http/safe-fetch.ts'
import { ProviderError } from './provider-errors.ts'

export interface ResultSource {
  url: string
  /** Hosts that may be asked, `*.example.org` for all below. */
  hosts: readonly string[]
  /** Addresses the operator set (a server in his house): asked over http and in private networks too. */
  ownAddresses?: readonly string[]
  /** Sent to the first host only. */
  headers?: Readonly<Record<string, string>>
  workDir: string
  maxBytes?: number
  timeoutMs?: number
  signal: AbortSignal
}

const MAX_BYTES = 2 * 1024 ** 3
const TIMEOUT_MS = 10 * 60_000
/** Enough for the box that opens an MP4 or the header of a WebM, and to see HTML. */
const START = 16

/** Answers the path of the file. Throws `result_expired` when it is not there or no video, `provider_down` otherwise. */
export async function fetchResult(source: ResultSource): Promise<string> {
  const path = join(source.workDir, 'result')
  const file = await open(path, 'w', 0o600)
  try {
    const own = (source.ownAddresses ?? []).map((address) => new URL(address))
    const answer = await safeDownload(source.url, async (chunk) => void (await file.writeFile(chunk)), {
      headers: source.headers,
      onlyHosts: [...source.hosts, ...own.map((url) => url.hostname)],
      allowHosts: own.map((url) => url.host),
      maxBytes: source.maxBytes ?? MAX_BYTES,
      timeoutMs: source.timeoutMs ?? TIMEOUT_MS,
      signal: source.signal,
    })
    if (answer.status >= 500 || answer.status === 429)
      throw new ProviderError('provider_down', { providerCode: answer.status })
    if (answer.status !== 200) throw new ProviderError('result_expired', { providerCode: answer.status })
  } catch (error) {
    await file.close()
    await rm(path, { force: true })
    throw understood(error, source.signal)
  }
  await file.close()
  if (await isVideo(path)) return path
  await rm(path, { force: true })
  throw new ProviderError('result_expired', { providerCode: 'not a video' })
}

function understood(error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason
  const code = (error as { code?: unknown }).code
  if (code === 'answer_too_large') return new ProviderError('result_expired', { providerCode: 'too large' })
  if (code === 'answer_late' || code === 'unreachable')
    return new ProviderError('provider_down', { providerCode: code })
  if (typeof code === 'string' && (code.startsWith('url_') || code.endsWith('_refused')))
    return new ProviderError('result_expired', { providerCode: code })
  return error
}

/** By content, never by name or header: ISO base media (`ftyp`, ISO/IEC 14496-12 §4.3) or Matroska/WebM (EBML). */
export async function isVideo(path: string): Promise<boolean> {
  const file = await open(path, 'r')
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(START), 0, START, 0)
    if (bytesRead < START) return false
    return buffer.toString('latin1', 4, 8) === 'ftyp' || buffer.readUInt32BE(0) === 0x1a45dfa3
  } finally {
    await file.close()
  }
}
