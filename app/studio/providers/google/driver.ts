/**
 * Google's Gemini API with a key of AI Studio: Gemini Omni over the Interactions API, and the `predictLongRunning` verb of
 * Veo, which Google retired there on 2026-10-22 and compatible servers still speak.
 */
import { z } from 'zod'
import type {
  AcceptedJob,
  Connection,
  Driver,
  Forgotten,
  ForgottenJob,
  Provider,
} from '#app/studio/providers/provider.ts'
import { isProviderError, ProviderError } from '#app/studio/providers/provider-errors.ts'
import { type Call, type CallAnswer, call } from '#app/studio/providers/provider-http.ts'
import { fetchResult } from '#app/studio/providers/result-file.ts'
import { fileNameOf, filesAt } from './files.ts'
import { googleRefusal, statusOf } from './google-errors.ts'
import { interactionAnswer, interactionBody, readInteraction, videoUri } from './interactions.ts'
import { personGenerations, VEO_AGAIN_MS, veoAnswer, veoBody } from './veo.ts'

const model = z.string().regex(/^[a-z0-9][a-z0-9.-]{0,79}$/)
export const googleEndpoint = z.discriminatedUnion('api', [
  z.strictObject({ api: z.literal('interactions'), model }),
  z.strictObject({
    api: z.literal('predict'),
    model,
    personGeneration: z.enum(personGenerations).optional(),
  }),
])

/** Bytes of inputs that go inside the body: base64 adds a third, and a request may have 20 MB. */
const INLINE_BYTES = 14 * 1024 * 1024
const SUBMIT_MS = 2 * 60_000
const RESULT_HOST = 'generativelanguage.googleapis.com'
const operationName = /^models\/[\w.-]+\/operations\/[\w-]+$/

export const googleDriver: Driver = {
  name: 'google',
  title: 'Google Gemini API',
  keysUrl: 'https://aistudio.google.com/apikey',
  key: 'required',
  settings: z.strictObject({}),
  endpoint: googleEndpoint,
  addresses: { api: `https://${RESULT_HOST}` },
  webhook: 'none',
  open: openGoogle,
}

function openGoogle(connection: Connection): Provider {
  const api = (connection.addresses.api ?? '').replace(/\/+$/, '')
  const now = () => connection.clock.now()
  const headers = () => ({ 'x-goog-api-key': connection.key() })
  const files = filesAt(api, headers, now)
  const ask = (path: string, options: Call) =>
    call(`${api}/v1beta/${path}`, { headers: headers(), ...options })

  /** Where the job stands, in the words of either API; a passing failure throws. */
  async function look(job: ForgottenJob, signal: AbortSignal) {
    const { api: kind } = googleEndpoint.parse(job.endpoint)
    const answer = await ask(pathOf(job, kind), { signal })
    if (gone(answer)) return { state: 'gone' as const }
    if (answer.status !== 200) throw passing(googleRefusal(answer, now()))
    if (kind === 'interactions') {
      const made = readInteraction(answer.json)
      if (made) return { ...interactionAnswer(made), uri: videoUri(made) }
    } else {
      const made = veoAnswer(answer.json)
      if (made?.state === 'running') return { state: 'running' as const, againAfterMs: VEO_AGAIN_MS }
      if (made?.state === 'made') return { state: 'succeeded' as const, uri: made.uri }
      if (made) return made
    }
    throw new ProviderError('provider_down', { providerCode: 'not understood' })
  }

  return {
    name: connection.id,
    resident: false,

    async submit(job, signal) {
      const endpoint = googleEndpoint.parse(job.endpoint)
      if (endpoint.api === 'predict') {
        const body = await veoBody(job, 'gemini', endpoint.personGeneration)
        const path = `models/${endpoint.model}:predictLongRunning`
        const answer = await ask(path, { json: body, timeoutMs: SUBMIT_MS, signal })
        return { providerJob: takenAs(answer, (json) => nameOf(json), now()) }
      }
      const uploaded = new Map<string, string>()
      const kept: string[] = []
      try {
        for (const file of tooLarge(job.inputs)) {
          const { name, uri } = await files.upload(file, signal)
          kept.push(name)
          uploaded.set(file.name, uri)
        }
        const body = await interactionBody(job, endpoint.model, uploaded)
        const answer = await ask('interactions', { json: body, timeoutMs: SUBMIT_MS, signal })
        const providerJob = takenAs(answer, (json) => readInteraction(json)?.id, now())
        return kept.length > 0 ? { providerJob, memo: { files: kept.join(' ') } } : { providerJob }
      } catch (error) {
        // Nobody will ask to forget a job that never was.
        if (isProviderError(error) && error.accepted === 'no')
          await Promise.allSettled(kept.map((name) => files.remove(name, signal)))
        throw error
      }
    },

    async poll(job, signal) {
      const found = await look(job, signal)
      if (found.state === 'gone') return { state: 'failed', errorClass: 'provider_down' }
      const { uri: _, ...answer } = { uri: undefined, ...found }
      return answer
    },

    async fetch(job: AcceptedJob, signal) {
      const found = await look(job, signal)
      const uri = found.state === 'succeeded' ? found.uri : undefined
      if (!uri) throw new ProviderError('result_expired', { providerCode: found.state })
      const url = mediaUrl(uri)
      return fetchResult({
        url,
        hosts: [RESULT_HOST],
        ownAddresses: connection.ownAddresses,
        headers: headers(),
        workDir: job.workDir,
        signal,
      })
    },

    async cancel(job, signal) {
      if (googleEndpoint.parse(job.endpoint).api === 'predict') return false
      const answer = await ask(`${pathOf(job, 'interactions')}/cancel`, { method: 'POST', signal })
      if (answer.status === 200) return readInteraction(answer.json)?.status === 'cancelled'
      if (answer.status === 400 || answer.status === 404 || answer.status === 409) return false
      throw googleRefusal(answer, now())
    },

    async forget(job, signal) {
      const found = await look(job, signal)
      const result = 'uri' in found && found.uri ? fileNameOf(found.uri) : undefined
      const names = [...(job.memo.files?.split(' ') ?? []), ...(result ? [result] : [])]
      const removed: Forgotten[] = []
      for (const name of names) removed.push(await files.remove(name, signal))
      if (found.state !== 'gone') removed.push(await forgetRecord(job, signal))
      if (removed.includes('cannot')) return 'cannot'
      return removed.includes('deleted') ? 'deleted' : 'already_gone'
    },

    async health(signal) {
      const answer = await ask('models?pageSize=1', { signal })
      if (answer.status !== 200) throw googleRefusal(answer, now())
      if (!Array.isArray((answer.json as { models?: unknown } | undefined)?.models))
        throw new ProviderError('provider_down', { providerCode: 'not understood' })
      return {}
    },

    async offers(signal) {
      const answer = await ask('models?pageSize=1000', { signal })
      if (answer.status !== 200) throw googleRefusal(answer, now())
      const { models } = listed.parse(answer.json)
      return models.map(({ name, displayName }) => ({
        id: name.replace(/^models\//, ''),
        ...(displayName ? { title: displayName } : {}),
      }))
    },
  }

  /** Prompt and history. Operations cannot be deleted at all; interactions by the documentation, while the API answers 501. */
  async function forgetRecord(job: ForgottenJob, signal: AbortSignal): Promise<Forgotten> {
    if (googleEndpoint.parse(job.endpoint).api === 'predict') return 'cannot'
    const answer = await ask(pathOf(job, 'interactions'), { method: 'DELETE', signal })
    if (gone(answer)) return 'already_gone'
    return answer.status === 200 || answer.status === 204 ? 'deleted' : 'cannot'
  }
}

const listed = z.looseObject({
  models: z.array(z.looseObject({ name: z.string(), displayName: z.string().optional() })),
})

function pathOf(job: ForgottenJob, kind: 'interactions' | 'predict'): string {
  if (kind === 'interactions') return `interactions/${encodeURIComponent(job.providerJob)}`
  if (!operationName.test(job.providerJob))
    throw new ProviderError('provider_down', { providerCode: 'job id' })
  return job.providerJob
}

function nameOf(json: unknown): string | undefined {
  const { name } = (json ?? {}) as { name?: unknown }
  return typeof name === 'string' && operationName.test(name) ? name : undefined
}

/** The job's id, or the reason why there is none. */
function takenAs(answer: CallAnswer, id: (json: unknown) => string | undefined, now: number): string {
  if (answer.status !== 200) throw googleRefusal(answer, now)
  const taken = id(answer.json)
  if (!taken)
    throw new ProviderError('provider_down', { accepted: 'perhaps', providerCode: 'not understood' })
  return taken
}

/** An interaction that does not exist is a bad request with this phrase, and no 404. */
function gone(answer: CallAnswer): boolean {
  if (answer.status === 404) return statusOf(answer.json) !== undefined
  const message = statusOf(answer.json)?.message
  return answer.status === 400 && typeof message === 'string' && /invalid interaction name/i.test(message)
}

/** Of a question: whatever is not about key or pace passes. A bad request was seen on a job that then ended well. */
function passing(error: ProviderError): ProviderError {
  if (error.errorClass === 'provider_auth' || error.errorClass === 'rate_limited') return error
  return new ProviderError('provider_down', { providerCode: error.providerCode })
}

/** Clips that go ahead, largest first, until the others fit into the body. */
function tooLarge(inputs: AcceptedJob['inputs']): AcceptedJob['inputs'] {
  let inline = inputs.reduce((sum, { size }) => sum + size, 0)
  return inputs
    .filter(({ kind }) => kind === 'clip')
    .sort((a, b) => b.size - a.size)
    .filter(({ size }) => {
      if (inline <= INLINE_BYTES) return false
      inline -= size
      return true
    })
}

/** Without `alt=media` the address answers a description of the file. */
function mediaUrl(uri: string): string {
  const url = URL.parse(uri)
  if (!url) throw new ProviderError('result_expired', { providerCode: 'address' })
  if (!url.searchParams.has('alt')) url.searchParams.set('alt', 'media')
  return url.href
}
