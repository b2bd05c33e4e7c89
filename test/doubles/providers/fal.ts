/**
 * fal as its clients meet it: the queue, its storage, its platform API and the keys of its webhooks. It names its own
 * public hosts in the queue's answers, as the real one does behind a proxy, so that whoever follows them is seen.
 */
import { createHash, generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import { fixture } from '#test/factories/provider-job.ts'
import { falModels, faultsIn } from './fal-models.ts'
import { falRefusal } from './fal-refusals.ts'
import { falStorage, type StoredFile } from './fal-storage.ts'
import {
  type Harness,
  harness,
  has,
  htmlPage,
  type ProviderDouble,
  type Recorded,
  type Reply,
  resultReply,
  runningPolls,
} from './harness.ts'

interface Request {
  id: string
  endpoint: string
  prompt: string
  faults: { detail: object[] } | undefined
  polls: number
  cancelled: boolean
  storeIo: boolean
}

export interface FalDouble extends ProviderDouble {
  /** What was uploaded, by the address that models get. */
  files: Map<string, StoredFile>
  /** Inputs that were submitted, in order. */
  inputs: {
    endpoint: string
    input: Record<string, unknown>
    headers: Recorded['headers']
    hook: string | null
  }[]
  /** Requests whose output was deleted. */
  deleted: string[]
  /** From now on webhooks are signed with another key, and both are published. */
  rotateKeys(): void
  /** How often the keys were asked for. */
  keyReads(): number
}

const KEY = '7a0b1c2d-fal:9f8e7d6c5b4a'
/** May use models, but not the platform API. */
export const falKeyWithoutAdmin = '7a0b1c2d-fal:only-models'

export async function falDouble(): Promise<FalDouble> {
  const requests = new Map<string, Request>()
  const taken: string[] = []
  const cancelled: string[] = []
  const deleted: string[] = []
  const inputs: FalDouble['inputs'] = []
  const stranger = generateKeyPairSync('ed25519')
  const signers = [generateKeyPairSync('ed25519')]
  let keyReads = 0
  const storage = falStorage(() => server.origin)
  const { files } = storage
  const server: Harness = await harness((request) => {
    const { pathname, searchParams } = new URL(request.path, 'http://double')
    const [, area = '', ...rest] = pathname.split('/')
    if (area === 'queue') return queue(request, rest, searchParams)
    if (area === 'rest') return restCall(request, rest.join('/'), searchParams)
    if (area === 'api') return platform(request, rest.slice(1).join('/'), searchParams)
    if (area === 'cdn') return request.method === 'GET' ? download(request, pathname) : storage.put(request)
    return { status: 404, json: { detail: 'Not Found' } }
  })

  function mayAsk(request: Recorded): boolean {
    return [`Key ${KEY}`, `Key ${falKeyWithoutAdmin}`].includes(request.headers.authorization ?? '')
  }

  function queue(request: Recorded, path: string[], query: URLSearchParams): Reply | Promise<Reply> {
    if (!mayAsk(request))
      return { status: 401, json: { detail: 'Cannot access application. Authentication is required' } }
    const at = path.indexOf('requests')
    if (at < 0) return take(request, path.join('/'), query)
    const found = requests.get(path[at + 1] ?? '')
    // Only owner and app: with the whole endpoint in it there is no such path.
    const known = found && at === 2 && found.endpoint.startsWith(`${path[0]}/${path[1]}`)
    const job = known && !has(found.prompt, 'gone') ? found : undefined
    const what = path[at + 2]
    if (what === 'cancel') return cancel(request, job)
    if (!job) return { status: 404, json: { detail: 'Request not found' } }
    return what === 'status' ? status(job) : result(job)
  }

  function take(request: Recorded, endpoint: string, query: URLSearchParams): Reply {
    if (request.method !== 'POST') return { status: 405, json: { detail: 'Method Not Allowed' } }
    const input = (request.json ?? {}) as Record<string, unknown>
    const prompt = JSON.stringify(input)
    const model = falModels[endpoint]
    if (!model || has(prompt, 'retired'))
      return { status: 404, json: { detail: `Application '${endpoint.split('/')[1]}' not found` } }
    if (has(prompt, '429'))
      return { status: 429, headers: { 'retry-after': '7' }, json: { detail: 'Too many requests' } }
    if (has(prompt, 'credit'))
      return {
        status: 403,
        json: {
          detail:
            'User is locked. Reason: Exhausted balance. Top up your balance at fal.ai/dashboard/billing.',
        },
      }
    if (has(prompt, 'down')) return { status: 503, json: { detail: 'Service Unavailable' } }
    if (has(prompt, 'html')) return htmlPage
    const id = randomUUID()
    const faults = faultsIn(model, input) ?? unreadable(input)
    const storeIo = request.headers['x-fal-store-io'] !== '0'
    requests.set(id, { id, endpoint, prompt, faults, polls: 0, cancelled: false, storeIo })
    taken.push(id)
    inputs.push({ endpoint, input, headers: request.headers, hook: query.get('fal_webhook') })
    if (has(prompt, 'lost')) return { breakOff: true }
    const response_url = `https://queue.fal.run/${endpoint.split('/').slice(0, 2).join('/')}/requests/${id}`
    return {
      json: {
        status: 'IN_QUEUE',
        request_id: id,
        response_url,
        status_url: `${response_url}/status`,
        cancel_url: `${response_url}/cancel`,
        queue_position: 0,
      },
    }
  }

  /** The model fetches its inputs itself: what was never uploaded cannot be read. */
  function unreadable(input: Record<string, unknown>): { detail: object[] } | undefined {
    const addresses = JSON.stringify(input).match(/https?:\/\/[^"]+/g) ?? []
    const missing = addresses.find((address) => !files.has(address))
    if (!missing) return undefined
    return {
      detail: [
        { loc: ['body'], msg: 'Failed to download the file.', type: 'file_download_error', input: missing },
      ],
    }
  }

  function status(job: Request): Reply {
    const poll = job.polls++
    if (poll === 0 && has(job.prompt, 'pollhtml')) return htmlPage
    if (poll === 0 && has(job.prompt, 'poll500'))
      return { status: 500, json: { detail: 'Internal Server Error' } }
    const answer = { request_id: job.id }
    if (!job.cancelled && poll < runningPolls(job.prompt))
      return poll === 0
        ? { status: 202, json: { ...answer, status: 'IN_QUEUE', queue_position: 2 } }
        : { status: 202, json: { ...answer, status: 'IN_PROGRESS', logs: null } }
    return { json: { ...answer, status: 'COMPLETED', logs: null, metrics: { inference_time: 17.8 } } }
  }

  function result(job: Request): Reply {
    const { prompt } = job
    if (job.cancelled)
      return { status: 499, json: { detail: 'Request was cancelled', error_type: 'client_cancelled' } }
    if (job.polls <= runningPolls(prompt))
      return { status: 400, json: { detail: 'Request is still in progress' } }
    if (job.faults) return { status: 422, headers: { 'x-fal-retryable': 'false' }, json: job.faults }
    const refused = falRefusal(prompt)
    if (refused) return refused
    const video = {
      url: `${server.origin}/cdn/files/b/0a96bf46/${job.id}.mp4`,
      content_type: 'video/mp4',
      file_name: `${job.id}.mp4`,
      file_size: 4446521,
    }
    return { headers: { 'x-fal-request-id': job.id }, json: { video, seed: 1775431481 } }
  }

  function cancel(request: Recorded, job: Request | undefined): Reply {
    if (request.method !== 'PUT') return { status: 405, json: { detail: 'Method Not Allowed' } }
    if (!job) return { status: 404, json: { status: 'NOT_FOUND' } }
    if (job.cancelled || job.polls > runningPolls(job.prompt))
      return { status: 400, json: { status: 'ALREADY_COMPLETED' } }
    job.cancelled = true
    cancelled.push(job.id)
    return { status: 202, json: { status: 'CANCELLATION_REQUESTED' } }
  }

  function restCall(request: Recorded, path: string, query: URLSearchParams): Reply {
    if (path === '.well-known/jwks.json') {
      keyReads++
      const keys = signers.map((pair) => pair.publicKey.export({ format: 'jwk' }))
      return { json: { keys: [{ kty: 'RSA', n: 'of-another-kind', e: 'AQAB' }, ...keys] } }
    }
    if (!mayAsk(request)) return { status: 401, json: { detail: 'Unauthorized' } }
    return storage.initiate(request, path, query)
  }

  async function download(request: Recorded, pathname: string): Promise<Reply> {
    const id = /([^/]+)\.mp4$/.exec(pathname)?.[1] ?? ''
    const job = requests.get(id)
    if (!job || deleted.includes(id)) return { status: 404, json: { detail: 'Not Found' } }
    return resultReply(fixture.result, job.prompt, request)
  }

  function platform(request: Recorded, path: string, query: URLSearchParams): Reply {
    if (!mayAsk(request)) return { status: 401, json: { detail: 'Unauthorized' } }
    const admin = request.headers.authorization === `Key ${KEY}`
    if (path === 'models') return listing(query)
    if (path === 'models/pricing') return pricing(query.getAll('endpoint_id'))
    if (!admin) return { status: 403, json: { detail: 'Admin API key required' } }
    if (path === 'account/billing')
      return { json: { username: 'fairframe', credits: { current_balance: 24.5, currency: 'USD' } } }
    const id = /^models\/requests\/([^/]+)\/payloads$/.exec(path)?.[1]
    const job = requests.get(id ?? '')
    // What was never stored is not found.
    if (!job?.storeIo || request.method !== 'DELETE')
      return { status: 404, json: { detail: 'Request not found' } }
    deleted.push(job.id)
    const link = `${server.origin}/cdn/files/b/0a96bf46/${job.id}.mp4`
    return { json: { cdn_delete_results: [{ link, exception: null }] } }
  }

  function listing(query: URLSearchParams): Reply {
    const category = query.get('category')
    const ids = Object.keys(falModels).filter(
      (id) => category && id.includes(category.replace('video-to', 'extend')),
    )
    const start = Number(query.get('cursor') ?? 0)
    const page = ids.slice(start, start + 5)
    const more = start + 5 < ids.length
    const models = page.map((endpoint_id) => ({
      endpoint_id,
      metadata: { display_name: endpoint_id.split('/').at(-1), category, status: 'active' },
    }))
    return { json: { models, next_cursor: more ? String(start + 5) : null, has_more: more } }
  }

  function pricing(ids: string[]): Reply {
    if (ids.length === 0 || ids.length > 50)
      return {
        status: 422,
        json: { detail: [{ loc: ['query', 'endpoint_id'], msg: '1-50', type: 'too_long' }] },
      }
    const prices = ids.map((endpoint_id) => ({
      endpoint_id,
      unit_price: 0.2,
      unit: 'seconds',
      currency: 'USD',
    }))
    return { json: { prices, next_cursor: null, has_more: false } }
  }

  return {
    addresses: {
      queue: `${server.origin}/queue`,
      rest: `${server.origin}/rest`,
      api: `${server.origin}/api/v1`,
    },
    key: KEY,
    requests: server.requests,
    taken,
    cancelled,
    files,
    inputs,
    deleted,
    rotateKeys: () => void signers.push(generateKeyPairSync('ed25519')),
    keyReads: () => keyReads,
    webhook(providerJob, how, now) {
      const at = String(Math.floor((how === 'stale' ? now - 3_600_000 : now) / 1000))
      const payload = { video: { url: 'https://v3b.fal.media/files/b/x.mp4' } }
      const event = { request_id: providerJob, gateway_request_id: providerJob, status: 'OK', payload }
      const rawBody = Buffer.from(JSON.stringify(event))
      const user = 'github|1234'
      const hash = createHash('sha256').update(rawBody).digest('hex')
      const signer = how === 'forged' ? stranger : (signers.at(-1) ?? stranger)
      const signature = sign(null, Buffer.from([providerJob, user, at, hash].join('\n')), signer.privateKey)
      return {
        rawBody,
        headers: {
          'x-fal-webhook-request-id': providerJob,
          'x-fal-webhook-user-id': user,
          'x-fal-webhook-timestamp': at,
          ...(how === 'unsigned' ? {} : { 'x-fal-webhook-signature': signature.toString('hex') }),
        },
      }
    },
    close: server.close,
  }
}
