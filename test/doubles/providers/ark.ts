/**
 * A double of ModelArk's video tasks (docs.byteplus.com/en/docs/ModelArk/1520757): create, read, list, cancel or delete. It
 * refuses fields it does not know, types that are wrong, and frames among references. The first time a task is asked about
 * it is still queued.
 */
import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { fixture } from '#test/factories/provider-job.ts'
import {
  harness,
  has,
  htmlPage,
  type ProviderDouble,
  type Recorded,
  type Reply,
  resultReply,
  runningPolls,
} from './harness.ts'

const key = 'ark-key'
const base = '/api/v3/contents/generations/tasks'

const source = (kind: string) =>
  z.string().regex(new RegExp(`^(https?://|asset://|data:${kind}/[a-z0-9]+;base64,[A-Za-z0-9+/]+=*$)`))
const picture = z.strictObject({ url: source('image') })
const address = z.strictObject({ url: z.string().regex(/^(https?|asset):\/\//) })
const content = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text'), text: z.string().min(1) }),
  z.strictObject({
    type: z.literal('image_url'),
    image_url: picture,
    role: z.enum(['first_frame', 'last_frame', 'reference_image']),
  }),
  z.strictObject({ type: z.literal('video_url'), video_url: address, role: z.literal('reference_video') }),
  z.strictObject({
    type: z.literal('audio_url'),
    audio_url: z.strictObject({ url: source('audio') }),
    role: z.literal('reference_audio'),
  }),
])

const taskBody = z.strictObject({
  model: z.string(),
  content: z.array(content).min(1),
  ratio: z.enum(['16:9', '9:16', '1:1', '4:3', '3:4', '21:9', 'adaptive']).optional(),
  resolution: z.enum(['480p', '720p', '1080p', '4k']).optional(),
  duration: z.int().min(-1).max(30).optional(),
  seed: z
    .int()
    .min(-1)
    .max(2 ** 32 - 1)
    .optional(),
  watermark: z.boolean().optional(),
  generate_audio: z.boolean().optional(),
  service_tier: z.enum(['default', 'flex']).optional(),
  safety_identifier: z.string().max(64).optional(),
})
type Body = z.infer<typeof taskBody>

const models: Readonly<
  Record<string, { resolutions: string[]; seconds: [number, number]; references: boolean }>
> = {
  'dreamina-seedance-2-5-260628': { resolutions: ['480p', '720p'], seconds: [4, 30], references: true },
  'dreamina-seedance-2-0-260128': {
    resolutions: ['480p', '720p', '1080p', '4k'],
    seconds: [4, 15],
    references: true,
  },
  'dreamina-seedance-2-0-fast-260128': { resolutions: ['480p', '720p'], seconds: [4, 15], references: true },
  'dreamina-seedance-2-0-mini-260615': { resolutions: ['480p', '720p'], seconds: [4, 15], references: true },
  'seedance-1-5-pro-251215': { resolutions: ['480p', '720p', '1080p'], seconds: [4, 12], references: false },
}

interface Task {
  id: string
  body: Body
  prompt: string
  asked: number
  created: number
  cancelled: boolean
}

export interface ArkOptions {
  /** Where it says that results lie. */
  resultAt?: (id: string) => string
  /** The code with which it says that a finished task failed. */
  failsWith?: string
}

export async function arkDouble(options: ArkOptions = {}): Promise<ProviderDouble> {
  const tasks = new Map<string, Task>()
  const taken: string[] = []
  const cancelled: string[] = []
  const server = await harness((request) => {
    const url = new URL(request.path, 'http://ark')
    const file = tasks.get(/^\/result\/(.+)\.mp4$/.exec(url.pathname)?.[1] ?? '')
    if (file) return resultReply(fixture.result, file.prompt, request)
    if (request.headers.authorization !== `Bearer ${key}`)
      return wrong(401, 'AuthenticationError', 'Unauthorized')
    if (url.pathname === base) return request.method === 'POST' ? create(request) : list(url.searchParams)
    const task = tasks.get(url.pathname.slice(base.length + 1))
    if (!task || has(task.prompt, 'gone')) return wrong(404, 'ResourceNotFound', 'NotFound')
    return request.method === 'DELETE' ? remove(task) : show(task)
  })

  function create(request: Recorded): Reply {
    const parsed = taskBody.safeParse(request.json)
    if (!parsed.success) return wrong(400, 'InvalidParameter', 'BadRequest')
    const body = parsed.data
    const misfit = misfitOf(body)
    if (misfit) return misfit
    const prompt = body.content.map((part) => (part.type === 'text' ? part.text : '')).join('')
    if (has(prompt, 'policy')) return wrong(400, 'InputTextSensitiveContentDetected', 'BadRequest', prompt)
    if (has(prompt, 'face'))
      return wrong(400, 'InputImageSensitiveContentDetected.PrivacyInformation', 'BadRequest', prompt)
    if (has(prompt, 'invalid')) return wrong(400, 'MissingParameter', 'BadRequest')
    if (has(prompt, '429')) return wrong(429, 'ModelAccountRpmRateLimitExceeded', 'TooManyRequests')
    if (has(prompt, 'credit')) return wrong(403, 'AccountOverdueError', 'Forbidden')
    if (has(prompt, 'retired')) return wrong(404, 'InvalidEndpointOrModel.NotFound', 'NotFound')
    if (has(prompt, 'down')) return wrong(500, 'InternalServiceError', 'InternalServerError')
    if (has(prompt, 'html')) return htmlPage
    const id = `cgt-20261121${randomBytes(6).toString('hex')}`
    tasks.set(id, { id, body, prompt, asked: 0, created: Date.now(), cancelled: false })
    taken.push(id)
    return has(prompt, 'lost') ? { breakOff: true } : { json: { id } }
  }

  function show(task: Task): Reply {
    task.asked++
    if (task.asked === 1 && has(task.prompt, 'pollhtml')) return htmlPage
    if (task.asked === 1 && has(task.prompt, 'poll500'))
      return wrong(500, 'InternalServiceError', 'InternalServerError')
    return { json: record(task) }
  }

  function statusOf(task: Task): string {
    if (task.cancelled) return 'cancelled'
    if (task.asked <= runningPolls(task.prompt)) return task.asked > 1 ? 'running' : 'queued'
    return has(task.prompt, 'fail') || options.failsWith ? 'failed' : 'succeeded'
  }

  function record(task: Task): Record<string, unknown> {
    const { body } = task
    const status = statusOf(task)
    const at = Math.floor(task.created / 1000)
    return {
      id: task.id,
      model: body.model,
      status,
      ...(status === 'succeeded'
        ? {
            content: { video_url: options.resultAt?.(task.id) ?? `${server.origin}/result/${task.id}.mp4` },
            usage: { completion_tokens: 108_900, total_tokens: 108_900 },
            framespersecond: 24,
          }
        : {}),
      ...(status === 'failed'
        ? { error: { code: options.failsWith ?? 'InternalServiceError', message: task.prompt } }
        : {}),
      created_at: at,
      updated_at: at + 56,
      seed: body.seed ?? 78_674,
      resolution: body.resolution ?? '720p',
      ratio: body.ratio ?? 'adaptive',
      duration: body.duration ?? 5,
      service_tier: body.service_tier ?? 'default',
      execution_expires_after: 172_800,
      generate_audio: body.generate_audio ?? true,
      draft: false,
      priority: 0,
      ...(body.safety_identifier ? { safety_identifier: body.safety_identifier } : {}),
    }
  }

  function list(query: URLSearchParams): Reply {
    const number = Number(query.get('page_num') ?? 1)
    const size = Number(query.get('page_size') ?? 10)
    const model = query.get('filter.model')
    const odd = [...query.keys()].some((name) => !['page_num', 'page_size', 'filter.model'].includes(name))
    if (odd || !(number >= 1 && number <= 500 && size >= 1 && size <= 500))
      return wrong(400, 'InvalidParameter', 'BadRequest')
    const all = [...tasks.values()].reverse().filter((task) => !model || task.body.model === model)
    return { json: { total: all.length, items: all.slice((number - 1) * size, number * size).map(record) } }
  }

  function remove(task: Task): Reply {
    const status = statusOf(task)
    if (status === 'running') return wrong(409, 'InvalidAction.RunningTaskDeletion', 'Conflict')
    if (status === 'cancelled') return wrong(409, 'InvalidAction.CancelledTaskDeletion', 'Conflict')
    if (status === 'queued') {
      task.cancelled = true
      cancelled.push(task.id)
    } else tasks.delete(task.id)
    return { json: {} }
  }

  return {
    addresses: { api: `${server.origin}/api/v3` },
    key,
    requests: server.requests,
    taken,
    cancelled,
    close: server.close,
  }
}

function misfitOf(body: Body): Reply | undefined {
  const model = models[body.model]
  if (!model) return wrong(404, 'InvalidEndpointOrModel.NotFound', 'NotFound')
  const seconds = body.duration ?? 5
  const [least, most] = model.seconds
  if (seconds !== -1 && (seconds < least || seconds > most))
    return wrong(400, 'InvalidParameter', 'BadRequest')
  if (!model.resolutions.includes(body.resolution ?? '720p'))
    return wrong(400, 'InvalidParameter', 'BadRequest')
  const given = body.content.flatMap((part) => (part.type === 'text' ? [] : [part.role]))
  const framed = given.filter((role) => role.endsWith('_frame'))
  const referred = given.filter((role) => role.startsWith('reference_'))
  const alone = referred.length > 0 && referred.every((role) => role === 'reference_audio')
  if (framed.length > 0 && referred.length > 0) return wrong(400, 'InvalidParameter', 'BadRequest')
  if (referred.length > 0 && (!model.references || (alone && !body.model.includes('2-5'))))
    return wrong(400, 'InvalidParameter', 'BadRequest')
  if (framed.includes('last_frame') && !framed.includes('first_frame'))
    return wrong(400, 'InvalidParameter', 'BadRequest')
  if (framed.length > 0 && (body.ratio ?? 'adaptive') !== 'adaptive')
    return wrong(400, 'InvalidParameter.TaskTypeConstraint', 'BadRequest')
  return undefined
}

/** Its messages repeat what was refused. */
function wrong(status: number, code: string, type: string, quoted = ''): Reply {
  const message = `The request failed. ${quoted} Request ID: 021784105426127e`
  return { status, json: { error: { code, message, param: '', type } } }
}
