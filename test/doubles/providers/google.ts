/**
 * The Gemini API as Gemini Omni and Veo are reached through it: `/v1beta/interactions`, `:predictLongRunning`, the Files API.
 * Strict about fields and types; wrong key, unknown interaction and refusal by policy speak as the real ones do.
 */
import { randomUUID } from 'node:crypto'
import { fixture } from '#test/factories/provider-job.ts'
import { checkVeo, fields, invalid, media, oneOf, Refusal, scriptedRefusal } from './google-strict.ts'
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

interface Job {
  id: string
  kind: 'interaction' | 'operation'
  prompt: string
  polls: number
  cancelled: boolean
}

export interface GoogleDouble extends ProviderDouble {
  /** Names of files it holds, results among them. */
  files: Map<string, string>
}

/**
 * `deletes`: whether interactions can be deleted; the API answers 501 (googleapis/python-genai#2803). `stray`: the first
 * question about a running interaction is answered as a bad request, as was seen on one that then ended well.
 */
export async function googleDouble(
  options: { deletes?: boolean; stray?: boolean } = {},
): Promise<GoogleDouble> {
  const jobs = new Map<string, Job>()
  const files = new Map<string, string>()
  const taken: string[] = []
  const cancelled: string[] = []
  const strayed = new Set<string>()
  const key = 'AIzaGoodKey'

  const server: Harness = await harness(async (request) => {
    try {
      const url = new URL(request.path, 'http://double')
      if (request.headers['x-goog-api-key'] !== key) throw badKey()
      return await route(request, url)
    } catch (error) {
      if (error instanceof Refusal) return error.reply
      throw error
    }
  })

  async function route(request: Recorded, url: URL): Promise<Reply> {
    const path = url.pathname
    const is = (method: string, pattern: RegExp) =>
      request.method === method ? (pattern.exec(path) ?? undefined) : undefined
    if (is('POST', /^\/v1beta\/interactions$/))
      return take('interaction', checkInteraction(request.json, files))
    const predict = is('POST', /^\/v1beta\/models\/([\w.-]+):predictLongRunning$/)
    if (predict)
      return take('operation', { prompt: checkVeo(request.json, 'gemini'), model: `${predict[1]}` })
    const operation = is('GET', /^\/v1beta\/(models\/[\w.-]+\/operations\/[\w-]+)$/)
    if (operation) return pollOperation(`${operation[1]}`)
    const one = is('GET', /^\/v1beta\/interactions\/([\w-]+)$/)
    if (one) return pollInteraction(`${one[1]}`)
    const cancel = is('POST', /^\/v1beta\/interactions\/([\w-]+)\/cancel$/)
    if (cancel) return cancelInteraction(`${cancel[1]}`)
    const removed = is('DELETE', /^\/v1beta\/interactions\/([\w-]+)$/)
    if (removed) {
      if (!options.deletes) return { status: 501, json: { error: { code: 501, status: 'UNIMPLEMENTED' } } }
      return jobs.delete(`${removed[1]}`) ? { status: 200, json: {} } : unknownInteraction()
    }
    if (is('POST', /^\/upload\/v1beta\/files$/)) return upload(request)
    const file = /^\/v1beta\/(files\/[\w-]+)(:download)?$/.exec(path)
    if (file) return fileRequest(request, `${file[1]}`, file[2] !== undefined, url)
    if (is('GET', /^\/v1beta\/models$/))
      return {
        json: { models: [{ name: 'models/gemini-omni-1.2-flash', displayName: 'Gemini Omni 1.2 Flash' }] },
      }
    return { status: 404, body: '<title>Error 404 (Not Found)!!1</title>' }
  }

  function take(kind: Job['kind'], { prompt, model }: { prompt: string; model: string }): Reply {
    const refusal = scriptedRefusal(prompt, model)
    if (refusal) return refusal
    const id =
      kind === 'interaction'
        ? `v1_${randomUUID()}`
        : `models/${model}/operations/${randomUUID().slice(0, 12)}`
    jobs.set(id, { id, kind, prompt, polls: 0, cancelled: false })
    taken.push(id)
    if (has(prompt, 'lost')) return { breakOff: true }
    return {
      json: kind === 'interaction' ? { id, object: 'interaction', status: 'in_progress' } : { name: id },
    }
  }

  /** Undefined while it runs. */
  function ended(job: Job): boolean {
    return job.polls++ >= runningPolls(job.prompt)
  }

  function passing(job: Job): Reply | undefined {
    if (job.polls > 0) return undefined
    if (has(job.prompt, 'poll500')) {
      job.polls++
      return { status: 500, json: { error: { code: 500, message: job.prompt, status: 'INTERNAL' } } }
    }
    if (!has(job.prompt, 'pollhtml')) return undefined
    job.polls++
    return htmlPage
  }

  function pollInteraction(id: string): Reply {
    const job = jobs.get(id)
    if (!job || has(job.prompt, 'gone')) return unknownInteraction()
    const base = { id, object: 'interaction', model: 'gemini-omni-1.2-flash' }
    if (job.cancelled) return { json: { ...base, status: 'cancelled' } }
    if (options.stray && !strayed.has(id) && strayed.add(id))
      return { status: 400, json: { error: { code: 'invalid_request', message: 'Request is not valid.' } } }
    const passes = passing(job)
    if (passes) return passes
    if (!ended(job)) return { json: { ...base, status: 'in_progress' } }
    const text = { type: 'text', text: `I can't make that: ${job.prompt}` }
    const asked = { type: 'user_input', content: [{ type: 'text', text: job.prompt }] }
    if (has(job.prompt, 'policy'))
      return {
        json: { ...base, status: 'completed', steps: [asked, { type: 'model_output', content: [text] }] },
      }
    if (has(job.prompt, 'fail')) return { json: { ...base, status: 'failed', error: { code: 'internal' } } }
    const steps = [
      asked,
      { type: 'thought', content: [{ type: 'thought', text: '…' }] },
      { type: 'model_output', content: [{ type: 'video', mime_type: 'video/mp4', uri: resultUri(job) }] },
    ]
    const usage = { output_tokens_by_modality: [{ modality: 'video', tokens: 28960 }] }
    return { json: { ...base, status: 'completed', steps, usage } }
  }

  function pollOperation(name: string): Reply {
    const job = jobs.get(name)
    if (!job || has(job.prompt, 'gone'))
      return new Refusal(404, 'NOT_FOUND', 'Requested entity was not found.').reply
    const passes = passing(job)
    if (passes) return passes
    if (!ended(job)) return { json: { name } }
    const filtered = has(job.prompt, 'policy')
      ? ['The video was blocked by safety filters.']
      : has(job.prompt, 'face')
        ? ['Blocked: a celebrity likeness was found.']
        : undefined
    const type = {
      '@type': 'type.googleapis.com/google.ai.generativelanguage.v1beta.PredictLongRunningResponse',
    }
    if (filtered) {
      const generateVideoResponse = { raiMediaFilteredCount: 1, raiMediaFilteredReasons: filtered }
      return { json: { name, done: true, response: { ...type, generateVideoResponse } } }
    }
    if (has(job.prompt, 'fail'))
      return { json: { name, done: true, error: { code: 13, message: job.prompt } } }
    const generatedSamples = [{ video: { uri: resultUri(job) } }]
    return { json: { name, done: true, response: { ...type, generateVideoResponse: { generatedSamples } } } }
  }

  function resultUri(job: Job): string {
    const name = `files/${job.id.replace(/\W/g, '').slice(-16)}`
    if (!has(job.prompt, 'expired')) files.set(name, job.prompt)
    return `${server.origin}/v1beta/${name}:download?alt=media`
  }

  function cancelInteraction(id: string): Reply {
    const job = jobs.get(id)
    if (!job) return unknownInteraction()
    if (job.cancelled)
      return { status: 400, json: { error: { code: 'invalid_request', message: 'It has ended.' } } }
    job.cancelled = true
    cancelled.push(id)
    return { json: { id, object: 'interaction', status: 'cancelled' } }
  }

  function upload(request: Recorded): Reply {
    oneOf(request.headers['x-goog-upload-protocol'], 'x-goog-upload-protocol', ['multipart'])
    const boundary = /^multipart\/related; boundary=(\S+)$/.exec(request.headers['content-type'] ?? '')?.[1]
    const parts = request.raw.toString('latin1').split(`--${boundary}`)
    if (!boundary || parts.length !== 4 || !parts[2]?.includes('ftyp'))
      throw invalid('Multipart body is broken.')
    const about = JSON.parse(parts[1]?.split('\r\n\r\n')[1] ?? '')
    const { displayName, mimeType } = fields(
      fields(about, 'body', 'file!').file,
      'file',
      'displayName mimeType',
    )
    const name = `files/${randomUUID().slice(0, 12)}`
    files.set(name, String(displayName))
    return { json: { file: described(name, String(mimeType), 'PROCESSING') } }
  }

  function described(name: string, mimeType: string, state: string) {
    return { name, mimeType, state, uri: `${server.origin}/v1beta/${name}` }
  }

  async function fileRequest(request: Recorded, name: string, download: boolean, url: URL): Promise<Reply> {
    const held = files.get(name)
    if (held === undefined) {
      const message = 'You do not have permission to access the File or it may not exist.'
      return new Refusal(403, 'PERMISSION_DENIED', message).reply
    }
    if (request.method === 'DELETE') {
      files.delete(name)
      return { json: {} }
    }
    if (!download) return { json: described(name, 'video/mp4', 'ACTIVE') }
    if (url.searchParams.get('alt') !== 'media') return { json: { name } }
    return resultReply(fixture.result, held, request)
  }

  return {
    addresses: { api: server.origin },
    key,
    requests: server.requests,
    taken,
    cancelled,
    files,
    close: server.close,
  }
}

function badKey(): Refusal {
  return new Refusal(400, 'INVALID_ARGUMENT', 'API key not valid. Please pass a valid API key.', {
    details: [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID' }],
  })
}

function unknownInteraction(): Reply {
  const error = { code: 'invalid_request', message: 'Invalid interaction name.' }
  return { status: 400, json: { error } }
}

function checkInteraction(
  body: unknown,
  files: ReadonlyMap<string, string>,
): { prompt: string; model: string } {
  const b = fields(body, 'body', 'model! input! background response_format generation_config store')
  oneOf(b.background, 'background', [true])
  if (typeof b.model !== 'string') throw invalid('model')
  const format = 'type! delivery! aspect_ratio resolution duration'
  const wanted = fields(b.response_format, 'response_format', format)
  oneOf(wanted.type, 'type', ['video'])
  oneOf(wanted.delivery, 'delivery', ['uri', 'inline'])
  oneOf(wanted.aspect_ratio, 'aspect_ratio', ['16:9', '9:16'])
  oneOf(wanted.resolution, 'resolution', ['360p', '720p', '1080p', '4k'])
  const seconds = typeof wanted.duration === 'string' && /^(\d+(?:\.\d+)?)s$/.exec(wanted.duration)?.[1]
  if (!seconds || Number(seconds) < 3 || Number(seconds) > 10)
    throw invalid(
      "Invalid value at 'response_format.duration' (type.googleapis.com/google.protobuf.Duration)",
    )
  const kinds = partsOf(b.input, files)
  if (b.generation_config !== undefined) {
    const { video_config } = fields(b.generation_config, 'generation_config', 'video_config!')
    const { task } = fields(video_config, 'video_config', 'task!')
    const fits: Record<string, boolean> = {
      text_to_video: kinds.media.length === 0,
      image_to_video: kinds.media.includes('image') && !kinds.media.includes('video'),
      reference_to_video: kinds.media.length > 0,
      extend: kinds.media.includes('video'),
    }
    if (!fits[String(task)]) throw invalid(`The input does not fit the task ${task}`)
  }
  return { prompt: kinds.text, model: b.model }
}

function partsOf(input: unknown, files: ReadonlyMap<string, string>): { text: string; media: string[] } {
  if (typeof input === 'string') return { text: input, media: [] }
  if (!Array.isArray(input)) throw invalid('input')
  const found: string[] = []
  let text = ''
  for (const part of input) {
    const { type } = part as { type?: unknown }
    if (type === 'text') text = String(fields(part, 'input', 'type! text!').text)
    else if (type === 'image' || type === 'video') {
      const { uri, data, mime_type } = fields(part, 'input', 'type! uri data mime_type')
      if (uri === undefined) media(data, mime_type, type)
      else if (data !== undefined || !files.has(String(/files\/[\w-]+$/.exec(String(uri))?.[0])))
        throw invalid('Unknown file')
      found.push(type)
    } else throw invalid(`Unknown part ${String(type)}`)
  }
  if (text === '') throw invalid('A prompt is wanted')
  return { text, media: found }
}
