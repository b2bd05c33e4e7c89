/** A server that speaks OpenAI's Videos API, in the manner of the style it is opened with. */
import { createHmac, randomUUID } from 'node:crypto'
import { fixture } from '#test/factories/provider-job.ts'
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
import { fault, read, refusal, type Style, type Taken } from './openai-videos-styles.ts'

interface Job extends Taken {
  id: string
  polls: number
}

export interface VideosDouble extends ProviderDouble {
  /** What was taken, in order. */
  submissions: Taken[]
  /** Ids it was told to delete and did. */
  deleted: string[]
}

const KEY = 'sk-double-0123456789'
const SECRET = `whsec_${Buffer.from('a secret of thirty-two bytes, yes').toString('base64')}`
const OPENROUTER_SECRET = 'a-signing-secret-of-the-workspace'

export interface Peculiarities {
  /** Like many gateways: no `/content`, but an address in the job. */
  onlyUrl?: string
  /** Other words for the same states. */
  words?: { running: string; done: string }
  /** A header it wants besides the key. */
  wantsHeader?: string
}

export async function openaiVideosDouble(
  style: Style = 'openai',
  odd: Peculiarities = {},
): Promise<VideosDouble> {
  const jobs = new Map<string, Job>()
  const taken: string[] = []
  const cancelled: string[] = []
  const deleted: string[] = []
  const submissions: Taken[] = []
  const server: Harness = await harness(async (request) => {
    const { pathname, searchParams } = new URL(request.path, 'http://double')
    const [, version, area, id, what] = pathname.split('/')
    if (version !== 'v1') return { status: 404, json: { detail: 'Not Found' } }
    if (area === 'files') return resultReply(fixture.result, jobs.get(id ?? '')?.prompt ?? '', request)
    // OpenRouter's list of models is public.
    if (style === 'openrouter' && `${area}/${id}` === 'videos/models')
      return { json: { data: openRouterModels } }
    if (!mayAsk(request))
      return fault(style, 401, 'Incorrect API key provided.', 'invalid_request_error', 'invalid_api_key')
    if (area === 'key' && style === 'openrouter')
      return { json: { data: { label: 'sk-or-…', limit_remaining: null } } }
    if (area === 'models' && style !== 'openrouter') return models()
    if (area !== 'videos') return fault(style, 404, 'Not found', 'invalid_request_error', null)
    if (!id) return request.method === 'POST' ? take(request) : list(searchParams)
    return about(request, id, what)
  })

  /** Servers of one's own ask for no key. */
  function mayAsk(request: Recorded): boolean {
    if (odd.wantsHeader && !request.headers[odd.wantsHeader]) return false
    if (style === 'vllm-omni' || style === 'sglang') return true
    return request.headers.authorization === `Bearer ${KEY}`
  }

  function models(): Reply {
    const id = style === 'vllm-omni' ? 'Wan-AI/Wan2.2-T2V-A14B-Diffusers' : 'sora-2'
    if (style === 'sglang')
      return { json: { model_path: 'Wan-AI/Wan2.1-T2V-1.3B-Diffusers', task_type: 'T2V' } }
    return { json: { object: 'list', data: [{ id, object: 'model', created: 1712697600, owned_by: style }] } }
  }

  function list(query: URLSearchParams): Reply {
    const data = [...jobs.values()].map(objectOf).slice(0, Number(query.get('limit') ?? 20))
    return { json: { object: 'list', data, first_id: data[0]?.id ?? null, last_id: null, has_more: false } }
  }

  async function take(request: Recorded): Promise<Reply> {
    const got = await read(style, request)
    if (!('fields' in got)) return got
    const refused = refusal(style, got.prompt)
    if (refused) return refused
    const id = `video_${randomUUID().replaceAll('-', '')}`
    const job = { ...got, id, polls: 0 }
    jobs.set(id, job)
    taken.push(id)
    submissions.push(got)
    if (has(got.prompt, 'lost')) return { breakOff: true }
    if (style === 'vllm-omni') return { json: { id, status: 'queued', created_at: 1712697600 } }
    if (style === 'openrouter')
      return { status: 202, json: { id, polling_url: `${server.origin}/v1/videos/${id}`, status: 'pending' } }
    return { json: objectOf(job) }
  }

  async function about(request: Recorded, id: string, what: string | undefined): Promise<Reply> {
    const found = jobs.get(id)
    const job = found && !has(found.prompt, 'gone') ? found : undefined
    if (!job) return fault(style, 404, 'Video not found', 'invalid_request_error', null)
    if (request.method === 'DELETE') return remove(job)
    if (what === 'content') return content(request, job)
    if (what !== undefined) return fault(style, 404, 'Not found', 'invalid_request_error', null)
    const poll = job.polls++
    if (poll === 0 && has(job.prompt, 'pollhtml')) return htmlPage
    if (poll === 0 && has(job.prompt, 'poll500'))
      return fault(style, 500, 'Internal error', 'server_error', null)
    return { json: objectOf(job) }
  }

  function content(request: Recorded, job: Job): Reply | Promise<Reply> {
    if (odd.onlyUrl) return { status: 404, json: { detail: 'Not Found' } }
    if (job.polls <= runningPolls(job.prompt))
      return fault(style, 409, 'Video is not ready yet', 'invalid_request_error', null)
    return resultReply(fixture.result, job.prompt, request)
  }

  function remove(job: Job): Reply {
    if (style === 'openrouter') return fault(style, 405, 'Method not allowed', '', null)
    const ended = job.polls > runningPolls(job.prompt)
    jobs.delete(job.id)
    deleted.push(job.id)
    if (!ended && style === 'vllm-omni') cancelled.push(job.id)
    if (style === 'sglang') return { json: { ...objectOf(job), status: 'deleted' } }
    return { json: { id: job.id, object: 'video.deleted', deleted: true } }
  }

  function objectOf(job: Job) {
    const { id, prompt, polls } = job
    const failed = has(prompt, 'fail')
    const done = polls > runningPolls(prompt)
    const running = odd.words?.running ?? (style === 'openrouter' && polls < 2 ? 'pending' : 'in_progress')
    const status = !done ? running : failed ? 'failed' : (odd.words?.done ?? 'completed')
    if (style === 'openrouter')
      return {
        id,
        status,
        polling_url: `${server.origin}/v1/videos/${id}`,
        ...(done && !failed ? { unsigned_urls: [`${server.origin}/v1/videos/${id}/content?index=0`] } : {}),
        ...(done && !failed ? { usage: { cost: 0.5, is_byok: false } } : {}),
        ...(done && failed ? { error: `Generation failed for: ${prompt}` } : {}),
      }
    return {
      id,
      object: 'video',
      model: 'sora-2',
      status,
      progress: done ? 100 : odd.words ? `${polls * 10}%` : Math.min(polls * 10, 99),
      created_at: 1712697600,
      completed_at: done ? 1712697700 : null,
      expires_at: null,
      ...(style === 'sglang' ? {} : { prompt }),
      seconds: '8',
      size: '1280x720',
      ...(odd.onlyUrl && done
        ? { url: odd.onlyUrl.replace('{origin}', server.origin).replace('{id}', id) }
        : {}),
      error: done && failed ? { code: 'server_error', message: `Failed on ${prompt}` } : null,
    }
  }

  return {
    addresses: { api: `${server.origin}/v1` },
    key: KEY,
    webhookSecret: style === 'openrouter' ? OPENROUTER_SECRET : SECRET,
    requests: server.requests,
    taken,
    cancelled,
    submissions,
    deleted,
    webhook(providerJob, how, now) {
      const time = String(Math.floor((how === 'stale' ? now - 3_600_000 : now) / 1000))
      const type = style === 'openrouter' ? 'video.generation.completed' : 'video.completed'
      const event = {
        id: 'evt_1',
        object: 'event',
        created_at: Number(time),
        type,
        data: { id: providerJob },
      }
      const rawBody = Buffer.from(JSON.stringify(event))
      return { rawBody, headers: how === 'unsigned' ? {} : signed(style, how === 'forged', time, rawBody) }
    },
    close: server.close,
  }
}

const openRouterModels = [
  {
    id: 'google/veo-3.1',
    name: 'Google: Veo 3.1',
    supported_resolutions: ['720p', '1080p'],
    pricing_skus: { 'per-video-second-1080p': '0.75', 'per-video-second': '0.50' },
  },
]

function signed(style: Style, forged: boolean, time: string, body: Buffer): Record<string, string> {
  const mac = (key: Uint8Array | string, head: string) =>
    createHmac('sha256', forged ? 'another key' : key)
      .update(head)
      .update(body)
  if (style === 'openrouter')
    return {
      'x-openrouter-signature': `t=${time},v1=${mac(OPENROUTER_SECRET, `${time},`).digest('hex')}`,
      'x-openrouter-idempotency-key': 'delivery-1',
    }
  const id = 'msg_2KWPBgLlAfxdpx2AI54pPJ85f4W'
  const signature = mac(Buffer.from(SECRET.slice(6), 'base64'), `${id}.${time}.`).digest('base64')
  // A second one, of a secret that is going out of use, stands before it.
  const other = createHmac('sha256', 'the old secret').update(body).digest('base64')
  return { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': `v1,${other} v1,${signature}` }
}
