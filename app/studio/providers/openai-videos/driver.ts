/**
 * Any server that speaks OpenAI's Videos API, at the address its operator names; style and peculiarities are settings of
 * the connection. Fed by form or JSON, asked by id, emptied by `/content`.
 */
import { SECOND } from '#core/clock/clock.ts'
import type {
  AcceptedJob,
  Connection,
  Driver,
  Forgotten,
  ForgottenJob,
  PollAnswer,
  Provider,
} from '../provider.ts'
import { isProviderError, ProviderError } from '../provider-errors.ts'
import { type Call, type CallAnswer, call } from '../provider-http.ts'
import { fetchResult } from '../result-file.ts'
import { job as jobShape, pollAnswerOf, refusalOf, urlOf } from './answers.ts'
import { listPath, offersIn } from './offers.ts'
import { bodyOf } from './request.ts'
import { endpoint, settings } from './settings.ts'
import { verifySigned } from './webhook.ts'

/** Inputs travel with the submission. */
const SUBMIT_MS = 120_000

export const openaiVideosDriver: Driver = {
  name: 'openai-videos',
  title: 'OpenAI-compatible video server',
  key: 'optional',
  settings,
  endpoint,
  // No standard: the server is the operator's. With the version, as in `http://gpu.house:8091/v1`.
  addresses: { api: '' },
  webhook: 'signed_with_secret',
  open: openServer,
}

function openServer(connection: Connection): Provider {
  const config = settings.parse(connection.settings)
  const api = (connection.addresses.api ?? '').replace(/\/+$/, '')
  const now = () => connection.clock.now()
  // In lower case, so that one of them replaces ours and is not sent beside it.
  const extra = Object.fromEntries(
    Object.entries(config.headers).map(([name, value]) => [name.toLowerCase(), value]),
  )

  function headers(): Record<string, string> {
    const key = connection.hasKey ? { authorization: `Bearer ${connection.key()}` } : undefined
    return { ...key, ...extra }
  }

  async function ask(path: string, options: Omit<Call, 'headers'>): Promise<CallAnswer> {
    if (!URL.canParse(api)) throw new ProviderError('provider_down', { providerCode: 'no address' })
    return call(`${api}${path}`, { ...options, headers: headers() })
  }

  const pathOf = ({ providerJob }: Pick<AcceptedJob, 'providerJob'>) =>
    `/videos/${encodeURIComponent(providerJob)}`

  async function read(job: AcceptedJob, signal: AbortSignal) {
    const answer = await ask(pathOf(job), { signal })
    if (isGone(answer)) return 'gone'
    const video = answer.status < 300 ? jobShape.safeParse(answer.json) : undefined
    if (!video?.success) throw passing(answer, now())
    return video.data
  }

  async function poll(job: AcceptedJob, signal: AbortSignal): Promise<PollAnswer> {
    const video = await read(job, signal)
    if (video === 'gone') return { state: 'failed', errorClass: 'result_expired' }
    const answer = pollAnswerOf(video, rhythm(config.style, now() - Number(job.memo.taken ?? now())))
    if (!answer) throw new ProviderError('provider_down', { providerCode: 'unknown status' })
    return answer
  }

  function download(url: string, job: AcceptedJob, signal: AbortSignal): Promise<string> {
    return fetchResult({
      url,
      hosts: [new URL(api).hostname, ...config.resultHosts],
      ownAddresses: connection.ownAddresses,
      headers: new URL(url).origin === new URL(api).origin ? headers() : {},
      workDir: job.workDir,
      signal,
    })
  }

  async function fetch(job: AcceptedJob, signal: AbortSignal): Promise<string> {
    const index = config.style === 'openrouter' ? '?index=0' : ''
    const content = await download(`${api}${pathOf(job)}/content${index}`, job, signal).catch((error) => {
      if (isProviderError(error) && noContent.has(error.providerCode ?? '')) return undefined
      throw error
    })
    if (content) return content
    // Servers without `/content` name an address in the job.
    const video = await read(job, signal)
    const named = video === 'gone' ? undefined : urlOf(video)
    const url = named && URL.parse(named, api)?.href
    if (!url) throw new ProviderError('result_expired', { providerCode: 404 })
    return download(url, job, signal)
  }

  async function remove(job: Pick<ForgottenJob, 'providerJob'>, signal: AbortSignal): Promise<Forgotten> {
    const answer = await ask(pathOf(job), { method: 'DELETE', signal })
    if (isGone(answer)) return 'already_gone'
    if (answer.status < 300) return 'deleted'
    if (answer.status === 404 || answer.status === 405 || answer.status === 501) return 'cannot'
    if (answer.status === 400 || answer.status === 409) return 'cannot'
    throw passing(answer, now())
  }

  async function forget(job: ForgottenJob, signal: AbortSignal): Promise<Forgotten> {
    const outcome = await remove(job, signal)
    // SGLang strikes the job from its list and leaves both the file and what was uploaded on its disk.
    return config.style === 'sglang' && outcome === 'deleted' ? 'cannot' : outcome
  }

  async function list(signal: AbortSignal) {
    const answer = await ask(listPath(config.style), { signal })
    const offers = answer.status === 200 ? offersIn(answer.json) : undefined
    if (!offers) throw refusalOf(answer, now())
    return offers
  }

  return {
    name: connection.id,
    resident: false,
    async submit(job, signal) {
      const body = await bodyOf(job, config)
      const sent = 'json' in body ? { json: body.json } : { body: body.form }
      const answer = await ask('/videos', { method: 'POST', ...sent, timeoutMs: SUBMIT_MS, signal })
      const video = answer.status < 300 ? jobShape.safeParse(answer.json) : undefined
      if (!video?.success) throw refusalOf(answer, now())
      return { providerJob: video.data.id, memo: { taken: String(now()) } }
    },
    poll,
    fetch,
    // vLLM-Omni alone says that deleting a job stops it.
    ...(config.style === 'vllm-omni'
      ? { cancel: async (job, signal) => (await remove(job, signal)) === 'deleted' }
      : {}),
    ...(config.style === 'openrouter' ? {} : { forget }),
    async verifyWebhook(request) {
      if (!connection.webhookSecret) return { accepted: false, why: 'unsigned' }
      const manner = config.style === 'openrouter' ? 'openrouter' : 'standard'
      return verifySigned(request, connection.webhookSecret, manner, now())
    },
    async health(signal) {
      // Its list of models is public; this shows whether the key is good.
      if (config.style === 'openrouter') return aliveOf(await ask('/key', { signal }), now())
      if (config.style === 'sglang') return aliveOf(await ask('/videos?limit=1', { signal }), now())
      const [first] = await list(signal)
      return first ? { says: first.id } : {}
    },
    offers: list,
  }
}

/** `/content` is not served, or not yet known to have a file. */
const noContent = new Set(['404', '405', '501'])

function aliveOf(answer: CallAnswer, at: number): Record<string, never> {
  if (answer.status !== 200 || answer.json === undefined) throw refusalOf(answer, at)
  return {}
}

/** The server's own word that it does not know the job, not a proxy's page. */
function isGone(answer: CallAnswer): boolean {
  return answer.status === 404 && answer.json !== undefined
}

/** A question that got no answer about the job: it goes on. */
function passing(answer: CallAnswer, at: number): ProviderError {
  const { errorClass, retryAfterMs, providerCode } = refusalOf(answer, at)
  const kept = errorClass === 'provider_auth' || errorClass === 'rate_limited' ? errorClass : 'provider_down'
  return new ProviderError(kept, { retryAfterMs, providerCode })
}

/** OpenRouter asks for 10 to 30 seconds; a server in the house may be asked more often at first. */
function rhythm(style: string, sinceMs: number): number {
  if (style === 'openrouter') return sinceMs < 60 * SECOND ? 10 * SECOND : 20 * SECOND
  return sinceMs < 30 * SECOND ? 2 * SECOND : 5 * SECOND
}
