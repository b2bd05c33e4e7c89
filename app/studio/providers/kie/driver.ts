/** KIE (kie.ai): one key for Kling, Seedance, Gemini Omni by its jobs API, and Veo by endpoints of its own. */
import { z } from 'zod'
import type { AcceptedJob, Balance, Connection, Driver, Offer, Provider } from '../provider.ts'
import { isProviderError, ProviderError } from '../provider-errors.ts'
import { type CallAnswer, call } from '../provider-http.ts'
import { fetchResult } from '../result-file.ts'
import { jobWord, type TaskWord, veoWord } from './answers.ts'
import { endpointOf, kieEndpoint, kieSettings } from './endpoint.ts'
import { dataOf, envelopeOf, isGone } from './envelope.ts'
import { filesToUpload, requestOf } from './request.ts'
import { upload } from './upload.ts'
import { verify } from './webhook.ts'

/** Where its results were seen to lie; no pattern within them is stable. */
const RESULT_HOSTS = ['*.aiquickdraw.com', '*.kie.ai', '*.redpandaai.co']
const SUBMIT_TIMEOUT_MS = 60_000
/** A larger version is ready after one to three minutes, says its documentation. */
const UPGRADE_AGAIN_MS = 25_000

const taken = z.object({ taskId: z.string().min(1).max(200) })
const upgraded = z.object({ resultUrl: z.string().min(1) })
const listed = z.object({
  models: z.array(
    z.object({
      model: z.string(),
      title: z.string().nullish(),
      taskType: z.array(z.string()).nullish(),
      pricingDesc: z.string().nullish(),
    }),
  ),
})

export const kieDriver: Driver = {
  name: 'kie',
  title: 'KIE',
  keysUrl: 'https://kie.ai/api-key',
  key: 'required',
  settings: kieSettings,
  endpoint: kieEndpoint,
  addresses: { api: 'https://api.kie.ai', upload: 'https://kieai.redpandaai.co' },
  webhook: 'signed_with_secret',
  open,
}

function open(connection: Connection): Provider {
  const { clock } = connection
  const { microUsdPerCredit } = kieSettings.parse(connection.settings)
  const address = (name: 'api' | 'upload') => connection.addresses[name] ?? String(kieDriver.addresses[name])
  const authorization = () => ({ authorization: `Bearer ${connection.key()}` })

  function ask(path: string, signal: AbortSignal): Promise<CallAnswer> {
    return call(new URL(path, address('api')), { headers: authorization(), signal })
  }

  /** The record's word; undefined when KIE has forgotten the task. */
  async function wordOf(job: AcceptedJob, signal: AbortSignal): Promise<TaskWord | undefined> {
    const veo = endpointOf(job).family === 'veo'
    const path = veo ? '/api/v1/veo/record-info' : '/api/v1/jobs/recordInfo'
    const answer = await ask(`${path}?taskId=${encodeURIComponent(job.providerJob)}`, signal)
    if (isGone(answer)) return undefined
    const word = (veo ? veoWord : jobWord)(recordFrom(answer), microUsdPerCredit)
    return veo && word.url && wantsUpgrade(job, word) ? upgrade(job, word, signal) : word
  }

  /** What goes wrong with the question is no word about the task: only these may mean more than that it failed to answer. */
  function recordFrom(answer: CallAnswer): unknown {
    try {
      return dataOf(answer, clock.now())
    } catch (error) {
      if (!isProviderError(error) || ['provider_auth', 'rate_limited'].includes(error.errorClass)) throw error
      throw new ProviderError('provider_down', { providerCode: error.providerCode })
    }
  }

  /** Asks for the larger version of what is done; to be asked again until it is ready, as its documentation wants. */
  async function upgrade(job: AcceptedJob, word: TaskWord, signal: AbortSignal): Promise<TaskWord> {
    const path = `/api/v1/veo/get-1080p-video?taskId=${encodeURIComponent(job.providerJob)}&index=0`
    const answer = await ask(path, signal)
    const envelope = envelopeOf(answer)
    // "1080P is processing. It should be ready in 1-2 minutes." comes as an error too.
    if (envelope?.code === 400 && /processing|ready/i.test(envelope.msg))
      return { ...word, answer: { state: 'running' } }
    if (envelope?.code === 400 || envelope?.code === 422)
      return { answer: { state: 'failed', errorClass: 'result_expired' } }
    const parsed = upgraded.safeParse(dataOf(answer, clock.now()))
    if (!parsed.success) throw new ProviderError('provider_down', { providerCode: '1080p' })
    return { ...word, url: parsed.data.resultUrl }
  }

  return {
    name: connection.id,
    resident: false,

    async submit(job, signal) {
      signal.throwIfAborted()
      const endpoint = endpointOf(job)
      // Without a secret its knocking could not be told from a stranger's.
      const callBackUrl = connection.webhookSecret ? job.callbackUrl : undefined
      const urls = new Map<string, string>()
      for (const file of filesToUpload(endpoint, job)) {
        job.onPhase('uploading')
        urls.set(file.name, await upload(address('upload'), connection.key(), file, clock.now(), signal))
      }
      const { path, body } = requestOf(endpoint, job, (file) => urls.get(file.name) ?? '', callBackUrl)
      const answer = await call(new URL(path, address('api')), {
        headers: authorization(),
        json: body,
        timeoutMs: SUBMIT_TIMEOUT_MS,
        signal,
      })
      const parsed = taken.safeParse(dataOf(answer, clock.now()))
      if (!parsed.success)
        throw new ProviderError('provider_down', { accepted: 'perhaps', providerCode: 'no task' })
      return { providerJob: parsed.data.taskId, memo: { at: String(clock.now()) } }
    },

    async poll(job, signal) {
      const word = await wordOf(job, signal)
      if (!word) return { state: 'failed', errorClass: 'result_expired' }
      if (word.answer.state !== 'running') return word.answer
      const againAfterMs = word.url ? UPGRADE_AGAIN_MS : againAfter(clock.now() - Number(job.memo.at ?? 0))
      return { state: 'running', againAfterMs }
    },

    async fetch(job, signal) {
      const word = await wordOf(job, signal)
      if (!word?.url || word.answer.state !== 'succeeded')
        throw new ProviderError('result_expired', { providerCode: word?.answer.state ?? 'gone' })
      const { workDir } = job
      const { ownAddresses } = connection
      return fetchResult({ url: word.url, hosts: RESULT_HOSTS, ownAddresses, workDir, signal })
    },

    verifyWebhook: async (request) => verify(request, connection.webhookSecret, clock.now()),

    async health(signal) {
      await creditsLeft(signal)
      return {}
    },

    async balance(signal): Promise<Balance> {
      return { microUsd: Math.round((await creditsLeft(signal)) * microUsdPerCredit) }
    },

    /** One request for all models; the discovery endpoints take one a second for the whole account. */
    async offers(signal) {
      const parsed = listed.safeParse(dataOf(await ask('/api/v1/models', signal), clock.now()))
      if (!parsed.success) throw new ProviderError('provider_down', { providerCode: 'models' })
      return parsed.data.models
        .filter((model) => model.taskType?.some((kind) => /video/i.test(kind)))
        .map(
          (model): Offer => ({
            id: model.model,
            ...(model.title ? { title: model.title } : {}),
            ...(model.pricingDesc ? { price: model.pricingDesc } : {}),
          }),
        )
    },
  }

  async function creditsLeft(signal: AbortSignal): Promise<number> {
    const credits = z.number().safeParse(dataOf(await ask('/api/v1/chat/credit', signal), clock.now()))
    if (!credits.success) throw new ProviderError('provider_down', { providerCode: 'credit' })
    return credits.data
  }
}

/** Veo's record says the size it came in; where a 1080p was asked for and less came, the larger one can be asked for. */
function wantsUpgrade(job: AcceptedJob, word: TaskWord): boolean {
  if (job.settings.resolution !== '1080p') return false
  return job.mode === 'extend' || (word.resolution !== undefined && word.resolution.toLowerCase() !== '1080p')
}

/** The plan of its documentation: every two or three seconds at first, then five to ten, after two minutes 15 to 30. */
export function againAfter(sinceSubmitMs: number): number {
  if (sinceSubmitMs < 30_000) return 3_000
  return sinceSubmitMs < 120_000 ? 7_000 : 20_000
}
