/**
 * A ComfyUI server behind a proxy that wants a key: queue, history, uploads, views. Its jobs live in memory and are lost when
 * it restarts; its files stay. Each look at the queue is a step of time.
 */
import { randomUUID } from 'node:crypto'
import { fixture } from '#test/factories/provider-job.ts'
import { graphErrors, type NodeInfo, objectInfoFixture } from './comfyui-nodes.ts'
import { comfySockets, type Sockets } from './comfyui-socket.ts'
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

interface Job {
  id: string
  number: number
  graph: Record<string, { class_type: string; inputs: Record<string, unknown> }>
  prompt: string
  looks: number
  clientId: string
}

export interface ComfyDouble extends ProviderDouble {
  nodes: Record<string, NodeInfo>
  /** Bytes by `type/subfolder/name`; a result by the prompt that it serves. */
  files: Map<string, Buffer | string>
  sockets: Sockets
  /** Connections break in the middle of uploads. */
  uploadsBreak: boolean
  /** Everything in memory is gone. */
  restart(): void
}

/** `old`: without `/api/jobs`, and with an interrupt that stops whatever runs. */
export async function comfyuiDouble({ old = false }: { old?: boolean } = {}): Promise<ComfyDouble> {
  const key = 'proxy-key'
  const pending: Job[] = []
  const history = new Map<string, { job: Job; status: 'success' | 'error' }>()
  let running: Job | undefined
  let count = 0

  const sockets = comfySockets({ running: () => running, waiting: () => pending.length, guard })
  const server = await harness((request) => {
    const refusal = guard(request.headers)
    return refusal ?? route(request, new URL(request.path.replace(/^\/api(?!\/jobs)/, ''), 'http://double'))
  }, sockets.upgrade)

  function guard({ authorization, origin }: Recorded['headers']): Reply | undefined {
    if (authorization !== `Bearer ${key}`) return { status: 401, body: 'Unauthorized' }
    // The guard against other sites' pages (`create_origin_only_middleware`).
    return origin === undefined ? undefined : { status: 403 }
  }

  const double: ComfyDouble = {
    addresses: { server: server.origin },
    key,
    requests: server.requests,
    taken: [],
    cancelled: [],
    nodes: objectInfoFixture(),
    files: new Map(),
    sockets,
    uploadsBreak: false,
    restart() {
      pending.length = 0
      history.clear()
      running = undefined
    },
    close: server.close,
  }

  async function route(request: Recorded, url: URL): Promise<Reply> {
    const body = (request.json ?? {}) as Record<string, unknown>
    switch (`${request.method} ${url.pathname}`) {
      case 'POST /prompt':
        return take(body)
      case 'GET /queue':
        return look()
      case 'POST /queue':
        for (const id of deletes(body)) dequeue(id)
        return {}
      case 'POST /history':
        for (const id of deletes(body)) history.delete(id)
        return {}
      case 'POST /interrupt':
        if (running && (old || !body.prompt_id || body.prompt_id === running.id)) interrupt(running)
        return {}
      case 'POST /upload/image':
        return double.uploadsBreak ? { breakOff: true } : upload(request)
      case 'GET /view':
        return view(request, url)
      case 'GET /object_info':
        return { json: double.nodes }
      case 'GET /system_stats':
        return {
          json: {
            system: { os: 'posix', comfyui_version: '0.9.2' },
            devices: [{ name: 'cuda:0 NVIDIA GeForce RTX 4090', type: 'cuda', vram_total: 25_757_220_864 }],
          },
        }
    }
    const one = /^\/history\/([\w-]+)$/.exec(url.pathname)?.[1]
    if (one && request.method === 'GET') return historyOf(one)
    const cancelled = /^\/api\/jobs\/([\w-]+)\/cancel$/.exec(url.pathname)?.[1]
    if (cancelled && request.method === 'POST' && !old) return { json: { cancelled: cancel(cancelled) } }
    return { status: 404, body: '404: Not Found' }
  }

  function take(body: Record<string, unknown>): Reply {
    if (!('prompt' in body))
      return refused({ error: failure('no_prompt', 'No prompt provided'), node_errors: {} })
    const { prompt_id = randomUUID() } = body
    if (typeof prompt_id !== 'string' || !/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(prompt_id))
      return refused({
        error: failure('invalid_prompt_id', 'prompt_id must be a valid UUID'),
        node_errors: {},
      })
    const graph = body.prompt as Job['graph']
    const text = Object.values(graph)
      .map(({ inputs }) => (typeof inputs?.text === 'string' ? inputs.text : ''))
      .join(' ')
    if (has(text, 'down')) return { status: 500, body: '500 Internal Server Error' }
    if (has(text, 'html')) return htmlPage
    const infos = scripted(text)
    const errors = graphErrors(graph, infos, (name) => double.files.has(`input/${name}`))
    if (errors) return refused(errors)
    const job: Job = {
      id: prompt_id,
      number: count++,
      graph,
      prompt: text,
      looks: 0,
      clientId: String(body.client_id ?? ''),
    }
    if (running) pending.unshift(job)
    else running = job
    double.taken.push(prompt_id)
    if (has(text, 'lost')) return { breakOff: true }
    return { json: { prompt_id, number: job.number, node_errors: {} } }
  }

  /** `[[invalid]]`: a node allows less than is asked for. `[[retired]]`: the model's file is not there. */
  function scripted(text: string): Record<string, NodeInfo> {
    const infos = structuredClone(double.nodes)
    const spec = (node: string, input: string) => infos[node]?.input.required[input]
    if (has(text, 'invalid'))
      for (const node of ['EmptyHunyuanLatentVideo', 'WanImageToVideo']) {
        const more = spec(node, 'width')?.[1]
        if (more) more.max = 64
      }
    if (has(text, 'retired')) (spec('UNETLoader', 'unet_name') ?? [])[0] = ['another.safetensors']
    return infos
  }

  function look(): Reply {
    const job = running
    if (job && job.looks === 0 && (has(job.prompt, 'poll500') || has(job.prompt, 'pollhtml'))) {
      job.looks++
      return has(job.prompt, 'pollhtml') ? htmlPage : { status: 500, body: `500 ${job.prompt}` }
    }
    if (job && has(job.prompt, 'gone')) double.restart()
    else if (job && job.looks++ >= runningPolls(job.prompt))
      finish(job, has(job.prompt, 'fail') ? 'error' : 'success')
    const item = ({ number, id, graph }: Job) => [number, id, graph, {}, ['61']]
    return { json: { queue_running: running ? [item(running)] : [], queue_pending: pending.map(item) } }
  }

  function finish(job: Job, status: 'success' | 'error'): void {
    history.set(job.id, { job, status })
    running = pending.pop()
    if (status === 'success' && !has(job.prompt, 'expired'))
      double.files.set(`output/${outputOf(job)}`, job.prompt)
  }

  function interrupt(job: Job): void {
    double.cancelled.push(job.id)
    finish(job, 'error')
  }

  function dequeue(id: string): boolean {
    const at = pending.findIndex((job) => job.id === id)
    if (at < 0) return false
    pending.splice(at, 1)
    double.cancelled.push(id)
    return true
  }

  function cancel(id: string): boolean {
    if (running?.id !== id) return dequeue(id)
    interrupt(running)
    return true
  }

  function outputOf({ graph }: Job): string {
    const saver = Object.values(graph).find(({ class_type }) => class_type === 'SaveVideo')
    return `${saver?.inputs.filename_prefix}_00001_.mp4`
  }

  function historyOf(id: string): Reply {
    const ended = history.get(id)
    if (!ended) return { json: {} }
    const { job, status } = ended
    const name = outputOf(job)
    const [subfolder, filename] = [
      name.slice(0, name.lastIndexOf('/')),
      name.slice(name.lastIndexOf('/') + 1),
    ]
    const start = ['execution_start', { prompt_id: id, timestamp: 1 }]
    const error = {
      prompt_id: id,
      node_type: 'KSamplerAdvanced',
      exception_message: job.prompt,
      traceback: [],
    }
    const good = status === 'success'
    const end = good ? ['execution_success', { prompt_id: id, timestamp: 2 }] : ['execution_error', error]
    const outputs = good
      ? { '61': { images: [{ filename, subfolder, type: 'output' }], animated: [true] } }
      : {}
    return {
      json: {
        [id]: {
          prompt: [job.number, id, job.graph, {}, ['61']],
          outputs,
          status: { status_str: status, completed: good, messages: [start, end] },
          meta: {},
        },
      },
    }
  }

  async function upload(request: Recorded): Promise<Reply> {
    const form = await partsOf(request)
    const image = form.get('image')
    const [type, subfolder] = [String(form.get('type') ?? 'input'), String(form.get('subfolder') ?? '')]
    const inside = !subfolder.includes('..') && ['input', 'temp', 'output'].includes(type)
    if (!(image instanceof File) || !image.name || !inside) return { status: 400 }
    const at = (name: string) => [type, subfolder, name].filter(Boolean).join('/')
    let name = image.name
    if (form.get('overwrite') !== 'true')
      for (let i = 1; double.files.has(at(name)); i++) name = image.name.replace(/(\.\w+)?$/, ` (${i})$1`)
    double.files.set(at(name), Buffer.from(await image.arrayBuffer()))
    return { json: { name, subfolder, type } }
  }

  async function view(request: Recorded, url: URL): Promise<Reply> {
    const ask = (name: string) => url.searchParams.get(name) ?? ''
    if (ask('filename').includes('..')) return { status: 400 }
    const held = double.files.get(
      [ask('type') || 'output', ask('subfolder'), ask('filename')].filter(Boolean).join('/'),
    )
    if (held === undefined) return { status: 404 }
    if (typeof held === 'string') return resultReply(fixture.result, held, request)
    return held.length === 0 && request.headers.range ? { status: 416 } : { body: held }
  }

  return double
}

function deletes(body: Record<string, unknown>): string[] {
  return Array.isArray(body.delete) ? body.delete.map(String) : []
}

function failure(type: string, message: string) {
  return { type, message, details: message, extra_info: {} }
}

function refused(json: unknown): Reply {
  return { status: 400, json }
}
