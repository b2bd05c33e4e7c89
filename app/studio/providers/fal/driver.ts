/**
 * fal: a queue in front of many models. Submitted to the whole endpoint id, asked about under `owner/app` alone (fal.ai/docs,
 * "Inference API"), by the path that fal itself named. A run that failed is "completed" there: only its result tells.
 */
import { z } from 'zod'
import { HOUR, SECOND } from '#core/clock/clock.ts'
import type {
  AcceptedJob,
  Connection,
  Driver,
  Forgotten,
  ForgottenJob,
  PollAnswer,
  Provider,
  ProviderJob,
} from '../provider.ts'
import { ProviderError } from '../provider-errors.ts'
import { type Call, type CallAnswer, call } from '../provider-http.ts'
import { fetchResult } from '../result-file.ts'
import { queued, queueStatus, refusalOf, verdictOf, videoUrlOf } from './answers.ts'
import { endpoint } from './endpoint.ts'
import { deleteRequest, listOffers, type Platform, readBalance } from './platform.ts'
import { planRequest } from './request.ts'
import { upload } from './upload.ts'
import { webhookVerifier } from './webhook.ts'

export const settings = z.strictObject({
  /** Seconds that fal keeps inputs and results. Long enough for a job that waits, and for a worker that was down. */
  keepSeconds: z.int().min(600).max(604_800).default(3600),
  /**
   * Whether prompts and answers may stand in fal's own history of requests, for 30 days. Without it fal forgets the answer to
   * a finished job after about an hour, and a worker that was down for longer finds nothing.
   */
  keepHistory: z.boolean().default(false),
})

const hosts = ['fal.media', '*.fal.media', 'storage.googleapis.com']
/** A job that nobody asked about for longer has ended one way or the other; the lifetime of its files begins then. */
const LONGEST_JOB_MS = 2 * HOUR
const anyRequest = '/fal-ai/veo3.1/requests/00000000-0000-4000-8000-000000000000'

export const falDriver: Driver = {
  name: 'fal',
  title: 'fal',
  keysUrl: 'https://fal.ai/dashboard/keys',
  key: 'required',
  settings,
  endpoint,
  addresses: {
    queue: 'https://queue.fal.run',
    rest: 'https://rest.fal.ai',
    api: 'https://api.fal.ai/v1',
  },
  webhook: 'signed_with_public_key',
  open: openFal,
}

function openFal(connection: Connection): Provider {
  const { keepSeconds, keepHistory } = settings.parse(connection.settings)
  const address = (name: string) => (connection.addresses[name] ?? '').replace(/\/+$/, '')
  const now = () => connection.clock.now()
  const authorization = () => ({ authorization: `Key ${connection.key()}` })
  const platform = (): Platform => ({ api: address('api'), headers: authorization(), now })
  const own = new Set(connection.ownAddresses.map((text) => new URL(text).origin))

  const ask = (path: string, options: Omit<Call, 'headers'> & { headers?: Record<string, string> }) =>
    call(`${address('queue')}${path}`, { ...options, headers: { ...authorization(), ...options.headers } })

  async function submit(job: ProviderJob, signal: AbortSignal) {
    const plan = planRequest(job)
    const urls = new Map<string, string>()
    const place = {
      rest: address('rest'),
      headers: authorization(),
      keepSeconds,
      mayUse: (url: URL) => own.has(url.origin) || (url.protocol === 'https:' && isFalHost(url.hostname)),
      now,
    }
    for (const file of plan.inputs) urls.set(file.name, await upload(file, place, signal))
    const hook = job.callbackUrl ? `?${new URLSearchParams({ fal_webhook: job.callbackUrl })}` : ''
    const answer = await ask(`/${plan.id}${hook}`, {
      json: plan.body((file) => urls.get(file.name) ?? ''),
      headers: {
        'x-fal-object-lifecycle-preference': JSON.stringify({ expiration_duration_seconds: keepSeconds }),
        // Who else would get the person's words is not ours to leave open.
        'x-app-fal-disable-fallback': 'true',
        ...(keepHistory ? {} : { 'x-fal-store-io': '0' }),
      },
      signal,
    })
    const read = answer.status < 300 ? queued.safeParse(answer.json) : undefined
    if (!read?.success) throw refusalOf(answer, now())
    const { request_id: providerJob, response_url } = read.data
    return {
      providerJob,
      memo: {
        requests: requestPath(plan.id, providerJob, response_url),
        taken: String(now()),
        keptUntil: String(now() + LONGEST_JOB_MS + keepSeconds * SECOND),
        inputs: String(plan.inputs.length),
        history: keepHistory ? 'kept' : 'none',
      },
    }
  }

  async function poll(job: AcceptedJob, signal: AbortSignal): Promise<PollAnswer> {
    const answer = await ask(`${pathOf(job)}/status?logs=0`, { signal })
    if (isGone(answer)) return { state: 'failed', errorClass: 'result_expired' }
    const read = answer.status < 300 ? queueStatus.safeParse(answer.json) : undefined
    if (!read?.success) throw passing(answer, now())
    const { status, queue_position: position } = read.data
    const againAfterMs = rhythm(now() - Number(job.memo.taken ?? now()))
    if (status !== 'COMPLETED') return { state: 'running', againAfterMs, ...(position ? { position } : {}) }

    const result = await ask(pathOf(job), { signal })
    if (result.status === 200 && videoUrlOf(result.json)) return { state: 'succeeded' }
    const verdict = verdictOf(result) ?? verdictOf(answer)
    if (verdict) return { state: 'failed', errorClass: verdict.errorClass }
    if (isGone(result)) return { state: 'failed', errorClass: 'result_expired' }
    // "Request is still in progress": the status ran ahead of the result.
    if (result.status === 400 && result.json !== undefined) return { state: 'running', againAfterMs }
    throw passing(result, now())
  }

  async function fetch(job: AcceptedJob, signal: AbortSignal): Promise<string> {
    const result = await ask(pathOf(job), { signal })
    if (isGone(result)) throw new ProviderError('result_expired', { providerCode: result.status })
    const url = result.status === 200 ? videoUrlOf(result.json) : undefined
    if (!url) throw passing(result, now())
    const { workDir } = job
    return fetchResult({ url, hosts, ownAddresses: connection.ownAddresses, workDir, signal })
  }

  async function cancel(job: AcceptedJob, signal: AbortSignal): Promise<boolean> {
    const answer = await ask(`${pathOf(job)}/cancel`, { method: 'PUT', signal })
    if (answer.status === 400 || answer.status === 404) return false
    if (answer.status >= 300) throw passing(answer, now())
    return true
  }

  /** fal deletes results, by keys with the admin scope. Inputs and the rest go when their time is over, not earlier. */
  async function forget(job: ForgottenJob, signal: AbortSignal): Promise<Forgotten> {
    const outcome = await deleteRequest(platform(), job.providerJob, signal)
    const timeIsOver = now() > Number(job.memo.keptUntil ?? Number.POSITIVE_INFINITY)
    const noInputs = job.memo.inputs === '0'
    if (outcome === 'deleted' && (noInputs || timeIsOver)) return 'deleted'
    if (!timeIsOver) return 'cannot'
    return outcome === 'refused' && job.memo.history !== 'none' ? 'cannot' : 'already_gone'
  }

  return {
    name: connection.id,
    resident: false,
    submit,
    poll,
    fetch,
    cancel,
    forget,
    verifyWebhook: webhookVerifier(address('rest'), now),
    async health(signal) {
      // A request that never was: a good key is told so, a bad one is refused before.
      const answer = await ask(`${anyRequest}/status`, { signal })
      if (answer.status === 401 || answer.status === 403 || answer.json === undefined || answer.status >= 500)
        throw refusalOf(answer, now())
      return {}
    },
    balance: (signal) => readBalance(platform(), signal),
    offers: (signal) => listOffers(platform(), signal),
  }
}

function isFalHost(hostname: string): boolean {
  return hostname === 'fal.media' || hostname.endsWith('.fal.media') || hostname === 'storage.googleapis.com'
}

/** Where fal says the request lives, without its host: that stays the one the operator set. */
export function requestPath(id: string, requestId: string, responseUrl: string | undefined): string {
  const named = URL.parse(responseUrl ?? '')?.pathname
  if (named && /^(\/[\w.-]+){2,3}\/requests\/[\w-]+$/.test(named) && named.endsWith(`/${requestId}`))
    return named
  const [owner, app] = id.split('/')
  return `/${owner}/${app}/requests/${encodeURIComponent(requestId)}`
}

function pathOf(job: AcceptedJob): string {
  const path = job.memo.requests
  if (!path) throw new ProviderError('unknown_after_submit', { providerCode: 'no path' })
  return path
}

/** A proxy's own 404 is a page, not fal's word. */
function isGone(answer: CallAnswer): boolean {
  return answer.status === 404 && answer.json !== undefined
}

/** A question that got no answer about the job: it goes on. */
function passing(answer: CallAnswer, at: number): ProviderError {
  const { errorClass, retryAfterMs, providerCode } = refusalOf(answer, at)
  const kept = errorClass === 'provider_auth' || errorClass === 'rate_limited' ? errorClass : 'provider_down'
  return new ProviderError(kept, { retryAfterMs, providerCode })
}

/** Its own client asks every half second; videos take minutes. */
function rhythm(sinceMs: number): number {
  if (sinceMs < 30 * SECOND) return 2 * SECOND
  return sinceMs < 120 * SECOND ? 5 * SECOND : 10 * SECOND
}
