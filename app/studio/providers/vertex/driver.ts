/**
 * Veo on Vertex AI, with the key of a service account. The finished video comes inside the answer (no bucket is asked for),
 * so nothing of ours has to be deleted in a storage of the operator's.
 */
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { googleRefusal, statusOf } from '#app/studio/providers/google/google-errors.ts'
import { personGenerations, VEO_AGAIN_MS, veoAnswer, veoBody } from '#app/studio/providers/google/veo.ts'
import type {
  AcceptedJob,
  Connection,
  Driver,
  ForgottenJob,
  Provider,
} from '#app/studio/providers/provider.ts'
import { ProviderError } from '#app/studio/providers/provider-errors.ts'
import { type Call, type CallAnswer, call } from '#app/studio/providers/provider-http.ts'
import { isVideo } from '#app/studio/providers/result-file.ts'
import { readServiceAccount, tokensFrom } from './token.ts'

export const vertexEndpoint = z.strictObject({
  model: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,79}$/),
  personGeneration: z.enum(personGenerations).optional(),
})

const settings = z.strictObject({
  /** Where the model runs; part of the host's name. */
  location: z
    .string()
    .regex(/^[a-z][a-z0-9-]{1,39}$/)
    .default('us-central1'),
  /** The service account's own project when absent. */
  project: z
    .string()
    .regex(/^[a-z][a-z0-9.:-]{1,62}$/)
    .optional(),
})

const STANDARD = 'https://aiplatform.googleapis.com'
const SUBMIT_MS = 2 * 60_000
const RESULT_MS = 5 * 60_000
/** A video as base64 inside JSON: eight seconds in 4K stay well below. A string cannot hold much more than this. */
const RESULT_BYTES = 384 * 1024 * 1024

export const vertexDriver: Driver = {
  name: 'vertex',
  title: 'Google Vertex AI',
  keysUrl: 'https://console.cloud.google.com/iam-admin/serviceaccounts',
  key: 'required',
  settings,
  endpoint: vertexEndpoint,
  addresses: { api: STANDARD, token: 'https://oauth2.googleapis.com/token' },
  webhook: 'none',
  open: openVertex,
}

function openVertex(connection: Connection): Provider {
  const { location, project } = settings.parse(connection.settings)
  const api = hostFor(connection.addresses.api ?? STANDARD, location)
  const tokens = tokensFrom(connection.addresses.token ?? '', connection.clock)
  const now = () => connection.clock.now()

  /** Every path begins with the project, which the key knows. */
  async function ask(path: string, options: Call): Promise<CallAnswer> {
    const account = readServiceAccount(connection.key())
    const token = await tokens.get(account, options.signal)
    const base = `${api}/v1/projects/${project ?? account.project}/locations/${location}`
    const answer = await call(`${base}${path}`, { headers: { authorization: `Bearer ${token}` }, ...options })
    if (answer.status === 401) tokens.drop()
    return answer
  }

  const modelPath = (job: ForgottenJob) =>
    `/publishers/google/models/${vertexEndpoint.parse(job.endpoint).model}`

  async function look(job: AcceptedJob, signal: AbortSignal) {
    const answer = await ask(`${modelPath(job)}:fetchPredictOperation`, {
      json: { operationName: job.providerJob },
      timeoutMs: RESULT_MS,
      maxBytes: RESULT_BYTES,
      signal,
    })
    if (answer.status === 404 && statusOf(answer.json)) return { state: 'gone' as const }
    if (answer.status !== 200) throw passing(googleRefusal(answer, now()))
    const made = veoAnswer(answer.json)
    if (!made) throw new ProviderError('provider_down', { providerCode: 'not understood' })
    return made
  }

  return {
    name: connection.id,
    resident: false,

    async submit(job, signal) {
      const { personGeneration } = vertexEndpoint.parse(job.endpoint)
      const body = await veoBody(job, 'vertex', personGeneration)
      const path = `${modelPath({ ...job, providerJob: '', memo: {} })}:predictLongRunning`
      const answer = await ask(path, { json: body, timeoutMs: SUBMIT_MS, signal })
      if (answer.status !== 200) throw googleRefusal(answer, now())
      const { name } = (answer.json ?? {}) as { name?: unknown }
      if (typeof name === 'string' && /^projects\/[\w./:-]+\/operations\/[\w-]+$/.test(name))
        return { providerJob: name }
      throw new ProviderError('provider_down', { accepted: 'perhaps', providerCode: 'not understood' })
    },

    async poll(job, signal) {
      const found = await look(job, signal)
      if (found.state === 'running') return { state: 'running', againAfterMs: VEO_AGAIN_MS }
      if (found.state === 'gone') return { state: 'failed', errorClass: 'provider_down' }
      if (found.state === 'failed') return found
      return found.base64 ? { state: 'succeeded' } : { state: 'failed', errorClass: 'result_expired' }
    },

    async fetch(job, signal) {
      const found = await look(job, signal)
      const base64 = found.state === 'made' ? found.base64 : undefined
      if (!base64) throw new ProviderError('result_expired', { providerCode: found.state })
      const path = join(job.workDir, 'result')
      await writeFile(path, base64, { encoding: 'base64', mode: 0o600 })
      if (await isVideo(path)) return path
      await rm(path, { force: true })
      throw new ProviderError('result_expired', { providerCode: 'not a video' })
    },

    async health(signal) {
      const answer = await ask('', { signal })
      if (answer.status !== 200) throw googleRefusal(answer, now())
      const { locationId } = (answer.json ?? {}) as { locationId?: unknown }
      if (typeof locationId !== 'string')
        throw new ProviderError('provider_down', { providerCode: 'not understood' })
      return { says: locationId.slice(0, 40) }
    },
  }
}

/** Each location has a host of its own, but for `global`; an operator's own address is taken as it is. */
function hostFor(address: string, location: string): string {
  if (address !== STANDARD || location === 'global') return address.replace(/\/+$/, '')
  return address.replace('//', `//${location}-`)
}

function passing(error: ProviderError): ProviderError {
  if (error.errorClass === 'provider_auth' || error.errorClass === 'rate_limited') return error
  return new ProviderError('provider_down', { providerCode: error.providerCode })
}
