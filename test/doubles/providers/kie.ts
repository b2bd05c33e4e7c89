/**
 * A double of KIE (docs.kie.ai): the jobs API, Veo's own endpoints, uploads, credits and the list of models, in the shapes
 * that were recorded of it. Application errors come with HTTP 200. A job of a model is done when it is asked about twice.
 */
import { createHmac, randomBytes } from 'node:crypto'
import type { z } from 'zod'
import { fixture } from '#test/factories/provider-job.ts'
import {
  harness,
  has,
  htmlPage,
  type ProviderDouble,
  partsOf,
  type Recorded,
  type Reply,
  resultReply,
  runningPolls,
} from './harness.ts'
import { createTask, jobModels, retiredModels, veoExtend, veoGenerate } from './kie-models.ts'
import { jobRecord, type KieTask, veoRecord } from './kie-records.ts'

const unknownModel =
  'The model name you specified is not supported. Please verify your input and use one of the supported models provided by KIE.'
const key = 'kie-key'
const webhookSecret = 'kie-hmac-key'

export function envelope(code: number, msg: string, data: unknown = null): Reply {
  return { json: { code, msg, data } }
}

export interface KieOptions {
  /** Where it says that its results lie; a stranger's host in the tests of that. */
  resultAt?: (taskId: string) => string
  /** The size in which it says a Veo video came, whatever was asked for. */
  veoComesIn?: string
}

export interface KieDouble extends ProviderDouble {
  /** Names of the files uploaded to it. */
  uploaded: string[]
  webhookSecret: string
}

export async function kieDouble(options: KieOptions = {}): Promise<KieDouble> {
  const tasks = new Map<string, KieTask>()
  const taken: string[] = []
  const uploaded: string[] = []
  const server = await harness(async (request) => {
    const url = new URL(request.path, 'http://kie')
    const task = tasks.get(url.searchParams.get('taskId') ?? '')
    if (url.pathname.startsWith('/result/')) return result(url.pathname, request)
    if (request.headers.authorization !== `Bearer ${key}`)
      return envelope(401, 'You do not have access permissions')
    switch (`${request.method} ${url.pathname}`) {
      case 'POST /api/file-stream-upload':
        return upload(request)
      case 'POST /api/v1/jobs/createTask':
        return create(request)
      case 'GET /api/v1/jobs/recordInfo':
        return record(task?.family === 'jobs' ? task : undefined, jobRecord, 'Record does not exist')
      case 'POST /api/v1/veo/generate':
        return takeVeo(request, veoGenerate, 'veo_task_')
      case 'POST /api/v1/veo/extend':
        return extend(request)
      case 'GET /api/v1/veo/record-info':
        return record(task?.family === 'veo' ? task : undefined, veoRecord, 'record is null')
      case 'GET /api/v1/veo/get-1080p-video':
        return larger(task)
      case 'GET /api/v1/chat/credit':
        return envelope(200, 'success', 60.62)
      case 'GET /api/v1/models':
        return envelope(200, 'success', models)
      default:
        return envelope(404, 'Not Found')
    }
  })

  async function upload(request: Recorded): Promise<Reply> {
    const parts = await partsOf(request)
    const file = parts.get('file')
    const fields = [...parts.keys()].filter((name) => !['file', 'uploadPath', 'fileName'].includes(name))
    if (!(file instanceof File) || !parts.get('uploadPath') || fields.length > 0)
      return envelope(400, 'uploadPath is required')
    const name = String(parts.get('fileName') ?? file.name)
    uploaded.push(name)
    const filePath = `kieai/136592/${parts.get('uploadPath')}/${name}`
    return {
      json: {
        success: true,
        code: 200,
        msg: 'File uploaded successfully',
        data: {
          success: true,
          fileName: name,
          filePath,
          downloadUrl: `https://tempfile.redpandaai.co/${filePath}`,
          fileSize: file.size,
          mimeType: file.type,
          uploadedAt: '2026-04-30T08:53:07.838Z',
        },
      },
    }
  }

  function create(request: Recorded): Reply {
    const body = createTask.safeParse(request.json)
    if (!body.success) return refused(body.error)
    const { model, input } = body.data
    const retired = retiredModels[model]
    if (retired) return envelope(retired.code, retired.msg)
    const known = jobModels[model]
    if (!known) return envelope(422, unknownModel)
    const checked = known.safeParse(input)
    if (!checked.success) return refused(checked.error)
    return take({ family: 'jobs', model, input, prompt: promptOf(input), wanted: '' }, 'task_', 402)
  }

  function takeVeo(request: Recorded, shape: z.ZodType, prefix: string): Reply {
    const body = shape.safeParse(request.json)
    if (!body.success) return refused(body.error)
    const input = body.data as Record<string, unknown>
    const wanted = options.veoComesIn ?? String(input.resolution ?? '720p')
    const model = String(input.model)
    return take({ family: 'veo', model, input, prompt: String(input.prompt), wanted }, prefix, 500)
  }

  function extend(request: Recorded): Reply {
    const source = (request.json as { taskId?: string } | undefined)?.taskId ?? ''
    const task = tasks.get(source)
    if (task?.family !== 'veo') return envelope(422, 'record is null')
    if (task.asked <= runningPolls(task.prompt)) return envelope(422, 'record status is not success')
    if (task.larger > 0 || task.wanted !== '720p')
      return envelope(422, 'Videos upgraded to 1080P cannot be extended')
    return takeVeo(request, veoExtend, 'veo_extend_task_')
  }

  function take(
    task: Omit<KieTask, 'id' | 'asked' | 'created' | 'larger' | 'url'>,
    prefix: string,
    emptyCode: number,
  ): Reply {
    const { prompt } = task
    if (has(prompt, 'invalid')) return envelope(422, 'This field is required')
    if (has(prompt, '429')) return envelope(429, 'You have called the API too frequently')
    if (has(prompt, 'credit')) return envelope(emptyCode, 'Credits insufficient')
    if (has(prompt, 'retired')) return envelope(422, unknownModel)
    if (has(prompt, 'down'))
      return { status: 500, ...envelope(500, 'Server exception, please try again later') }
    if (has(prompt, 'html')) return htmlPage
    const id = `${prefix}${randomBytes(16).toString('hex')}`
    const place = options.resultAt?.(id) ?? `${server.origin}/result/${id}.mp4`
    tasks.set(id, { ...task, id, asked: 0, larger: 0, created: Date.now(), url: place })
    taken.push(id)
    if (has(prompt, 'lost')) return { breakOff: true }
    return envelope(200, 'success', { taskId: id, ...(task.family === 'jobs' ? { recordId: id } : {}) })
  }

  function record(task: KieTask | undefined, shape: (task: KieTask) => unknown, gone: string): Reply {
    if (!task || has(task.prompt, 'gone')) return envelope(422, gone)
    task.asked++
    if (task.asked === 1 && has(task.prompt, 'pollhtml')) return htmlPage
    if (task.asked === 1 && has(task.prompt, 'poll500'))
      return envelope(500, 'Internal Error, Please try again later.')
    return envelope(200, 'success', shape(task))
  }

  function larger(task: KieTask | undefined): Reply {
    if (!task || task.asked <= runningPolls(task.prompt)) return envelope(422, 'record status is not success')
    task.larger++
    if (task.larger === 1)
      return envelope(
        400,
        '1080P is processing. It should be ready in 1-2 minutes. Please check back shortly.',
      )
    return envelope(200, 'success', { resultUrl: task.url.replace('.mp4', '-1080p.mp4') })
  }

  function result(path: string, request: Recorded): Promise<Reply> | Reply {
    const task = tasks.get(path.replace(/^\/result\/|(-1080p)?\.mp4$/g, ''))
    return task ? resultReply(fixture.result, task.prompt, request) : { status: 404 }
  }

  return {
    addresses: { api: server.origin, upload: server.origin },
    key,
    webhookSecret,
    requests: server.requests,
    taken,
    cancelled: [],
    uploaded,
    webhook(providerJob, how, now) {
      const task = tasks.get(providerJob)
      if (!task) throw new Error('No such task')
      const at = String(Math.floor((how === 'stale' ? now - 3_600_000 : now) / 1000))
      const secret = how === 'forged' ? 'another key' : webhookSecret
      const signature = createHmac('sha256', secret).update(`${providerJob}.${at}`).digest('base64')
      const data = task.family === 'jobs' ? jobRecord(task) : veoRecord(task)
      return {
        headers: {
          'content-type': 'application/json',
          ...(how === 'unsigned' ? {} : { 'x-webhook-timestamp': at, 'x-webhook-signature': signature }),
        },
        rawBody: Buffer.from(JSON.stringify({ code: 200, msg: 'success', data })),
      }
    },
    close: server.close,
  }
}

function promptOf(input: Record<string, unknown>): string {
  if (typeof input.prompt === 'string') return input.prompt
  return JSON.stringify(input.multi_prompt)
}

function refused(error: z.ZodError): Reply {
  return envelope(422, `${error.issues[0]?.path.join('.') || 'This field'} is required`)
}

/** In the shape of the discovery API. */
const models = {
  total: 3,
  models: [
    {
      model: 'kling-3.0/video',
      slug: 'kling-3-0',
      title: 'Kling 3.0',
      provider: 'Kling',
      taskType: ['Text to Video', 'Image to Video'],
      description: null,
      pricingDesc: '14 credits ($0.07) per second in 720p',
    },
    {
      model: 'veo-3-1',
      slug: 'veo-3-1',
      title: 'Veo 3.1',
      provider: 'Google',
      taskType: ['Text to Video'],
      description: 'Video with sound',
      pricingDesc: '60 credits per video',
    },
    {
      model: 'google/nano-banana',
      slug: 'nano-banana',
      title: 'Nano Banana',
      provider: 'Google',
      taskType: ['Text to Image'],
      description: null,
      pricingDesc: '4 credits per image',
    },
  ],
}
