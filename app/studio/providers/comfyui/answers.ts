/**
 * What ComfyUI's answers mean (`server.py`, `execution.py` of Comfy-Org/ComfyUI): refused graphs, the queue, the history of
 * one job. Messages are not handed on: they hold values of the graph, the prompt among them.
 */
import { z } from 'zod'
import type { PollAnswer } from '#app/studio/providers/provider.ts'
import { type ErrorClass, ProviderError } from '#app/studio/providers/provider-errors.ts'
import { type CallAnswer, retryAfterMs } from '#app/studio/providers/provider-http.ts'
import type { Graph } from './workflow.ts'

const item = z.looseObject({
  filename: z.string(),
  subfolder: z.string().default(''),
  type: z.string().default('output'),
  format: z.string().optional(),
})
export type OutputFile = z.infer<typeof item>

const historyEntry = z.looseObject({
  outputs: z.record(z.string(), z.looseObject({})).default({}),
  status: z
    .looseObject({
      status_str: z.string().optional(),
      completed: z.boolean().optional(),
      messages: z.array(z.tuple([z.string()], z.unknown())).optional(),
    })
    .nullish(),
})
export type HistoryEntry = z.infer<typeof historyEntry>

/** `{}` while a job has not ended, and for ever when nobody knows it. */
export function readHistory(json: unknown, id: string): HistoryEntry | undefined {
  const all = z.record(z.string(), z.unknown()).safeParse(json)
  if (!all.success) throw notUnderstood()
  if (all.data[id] === undefined) return undefined
  const entry = historyEntry.safeParse(all.data[id])
  if (!entry.success) throw notUnderstood()
  return entry.data
}

const queueItem = z.tuple([z.number(), z.string()], z.unknown())
const queueSchema = z.looseObject({ queue_running: z.array(queueItem), queue_pending: z.array(queueItem) })

export type Place = { state: 'running' } | { state: 'pending'; position: number } | { state: 'none' }

/** Where a job waits; the pending come in the order of a heap and are run in that of their numbers. */
export function placeOf(json: unknown, id: string): Place {
  const queue = queueSchema.safeParse(json)
  if (!queue.success) throw notUnderstood()
  const { queue_running, queue_pending } = queue.data
  if (queue_running.some(([, job]) => job === id)) return { state: 'running' }
  const before = queue_pending.toSorted(([a], [b]) => a - b).findIndex(([, job]) => job === id)
  return before < 0 ? { state: 'none' } : { state: 'pending', position: before + queue_running.length }
}

export function historyAnswer(entry: HistoryEntry, outputs: readonly string[]): PollAnswer {
  if (entry.status?.status_str === 'error') return { state: 'failed', errorClass: 'provider_down' }
  return videoOf(entry, outputs) ? { state: 'succeeded' } : { state: 'failed', errorClass: 'result_expired' }
}

const videoName = /\.(mp4|webm|mov|mkv|m4v)$/i

/** The result: a video of the named nodes, the saved one before a preview. */
export function videoOf(entry: HistoryEntry, outputs: readonly string[]): OutputFile | undefined {
  const videos = outputs
    .flatMap((id) => filesOf(entry.outputs[id]))
    .filter(({ filename, format }) => videoName.test(filename) || format?.startsWith('video/'))
  return videos.find(({ type }) => type === 'output') ?? videos[0]
}

/** All files that a job wrote, previews among them. */
export function writtenFiles(entry: HistoryEntry): OutputFile[] {
  const written = Object.values(entry.outputs).flatMap(filesOf)
  return written.filter(({ type }) => type === 'output' || type === 'temp')
}

/** `SaveVideo` lists under `images`, VideoHelperSuite under `gifs`; other savers under names of their own. */
function filesOf(output: Readonly<Record<string, unknown>> | undefined): OutputFile[] {
  const listed = Object.values(output ?? {}).flatMap((value) => (Array.isArray(value) ? value : []))
  return listed.flatMap((value) => {
    const read = item.safeParse(value)
    return read.success ? [read.data] : []
  })
}

const refusedGraph = z.looseObject({
  error: z.looseObject({
    type: z.string(),
    extra_info: z.looseObject({ class_type: z.string().optional() }).optional(),
  }),
  node_errors: z.unknown().optional(),
})
const nodeErrors = z.record(
  z.string(),
  z.looseObject({
    errors: z.array(
      z.looseObject({
        type: z.string(),
        extra_info: z.looseObject({ input_name: z.string().optional() }).optional(),
      }),
    ),
  }),
)

/** Files that a server may lack, by the input that names them. */
const modelInput = /_name\d*$|^(model|vae|clip|lora|checkpoint|weights)/

/**
 * A submission that was not taken. What is missing on the server is named by the graph, which is the operator's: `37.unet_name
 * wan.safetensors`. 5xx may have queued it, and `reconcile` will say.
 */
export function refusedSubmission(answer: CallAnswer, graph: Graph, now: number): ProviderError {
  const read = refusedGraph.safeParse(answer.json)
  if (answer.status !== 400 || !read.success) return refusedCall(answer, now)
  const { error } = read.data
  if (error.type === 'missing_node_type')
    return refusal('model_retired', `${error.type} ${plain(error.extra_info?.class_type)}`)
  const nodes = nodeErrors.safeParse(read.data.node_errors)
  for (const [id, { errors }] of Object.entries(nodes.success ? nodes.data : {})) {
    for (const { type, extra_info } of errors) {
      const input = extra_info?.input_name ?? ''
      const value = graph[id]?.inputs[input]
      if (type === 'value_not_in_list' && modelInput.test(input) && typeof value === 'string')
        return refusal('model_retired', `${id}.${input} ${value}`)
      return refusal('invalid_input', `${type} ${id}.${plain(input)}`)
    }
  }
  return refusal('invalid_input', plain(error.type))
}

/** Any call whose status is no success. ComfyUI knows no keys; a proxy in front of it does. */
export function refusedCall(answer: CallAnswer, now: number): ProviderError {
  const { status } = answer
  if (status === 401 || status === 403) return refusal('provider_auth', String(status))
  if (status === 413) return refusal('invalid_input', '413')
  if (status === 429)
    return new ProviderError('rate_limited', {
      providerCode: status,
      retryAfterMs: retryAfterMs(answer.headers, now),
    })
  return new ProviderError('provider_down', { accepted: 'perhaps', providerCode: status })
}

export function notUnderstood(): ProviderError {
  return new ProviderError('provider_down', { accepted: 'perhaps', providerCode: 'not understood' })
}

function refusal(errorClass: ErrorClass, providerCode: string): ProviderError {
  return new ProviderError(errorClass, { accepted: 'no', providerCode })
}

const plain = (text: string | undefined) => (text && /^[\w .|+-]{1,60}$/.test(text) ? text : '')
