/**
 * A workflow of ComfyUI as a template: a graph in the API format (`{id: {class_type, inputs}}`, a link is `["id", output]`),
 * and bindings that say which of its fields a job fills. Filled, it is what `POST /prompt` takes.
 */
import { z } from 'zod'
import type { ProviderJob } from '#app/studio/providers/provider.ts'
import { ProviderError } from '#app/studio/providers/provider-errors.ts'
import type { AspectRatio, InputRole, Resolution } from '#core/db/schema/studio.ts'
import { AppError } from '#core/errors/errors.ts'
import { say } from '#core/i18n/say.ts'

export const node = z.looseObject({
  class_type: z.string().min(1),
  inputs: z.record(z.string(), z.unknown()),
  _meta: z.looseObject({ title: z.string().optional() }).optional(),
})
export type Node = z.infer<typeof node>
export type Graph = Readonly<Record<string, Node>>

/** What the editor's "Save" writes has lists of nodes and links; only "Export (API)" can be run. */
const isEditorFile = (value: unknown) =>
  typeof value === 'object' &&
  value !== null &&
  ('nodes' in value || 'links' in value || 'definitions' in value)

const EDITOR_FILE =
  'This is a workflow saved for the editor. In ComfyUI, use Export (API) and take the file that it writes.'

export const graphSchema = z
  .unknown()
  .refine((value) => !isEditorFile(value), EDITOR_FILE)
  .pipe(z.record(z.string().regex(/^[^.]+$/), node))
  .refine((graph) => Object.keys(graph).length > 0, 'The workflow has no nodes.')

/** Reads what a person uploaded. Throws `workflow_refused` with a sentence for him. */
export function readWorkflow(text: string): Graph {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new AppError('workflow_refused', say('This is no JSON file. In ComfyUI, use Export (API).'))
  }
  if (isEditorFile(value)) throw new AppError('workflow_refused', say(EDITOR_FILE))
  const read = graphSchema.safeParse(value)
  if (read.success) return read.data
  throw new AppError('workflow_refused', say('This is no workflow of ComfyUI. In ComfyUI, use Export (API).'))
}

/** `node.input`; a node's id has no point, an input's name may have one. */
const path = z.string().regex(/^[^.]+\..+$/)
const paths = z.union([path, z.array(path).min(1).max(12)])

export const bindingsSchema = z.strictObject({
  prompt: paths,
  negative: paths.optional(),
  width: paths.optional(),
  height: paths.optional(),
  /** In frames, by the rule of `frames`. */
  length: paths.optional(),
  fps: paths.optional(),
  /** Always filled: a graph that is like an earlier one is answered from its cache, with no output. */
  seed: paths,
  /** The prefix of the file's name, filled with the job's random id: results are found and erased by it. */
  name: paths,
  first_frame: paths.optional(),
  last_frame: paths.optional(),
  /** One path for each file of the role, in order. */
  image: paths.optional(),
  video: paths.optional(),
  audio: paths.optional(),
  extend: paths.optional(),
})
export type Bindings = z.infer<typeof bindingsSchema>

export const comfyEndpoint = z
  .strictObject({
    graph: graphSchema,
    bindings: bindingsSchema,
    /** A length is `base * n + add` frames at `fps`; Wan knows 4n+1. Sides are multiples of `sides` pixels. */
    frames: z.strictObject({
      fps: z.number().positive().max(240),
      base: z.number().int().min(1),
      add: z.number().int().min(0),
      sides: z.number().int().min(1).default(16),
    }),
    /** Nodes whose files are the result, the first that has a video. */
    outputs: z.array(z.string()).min(1),
  })
  .superRefine(({ graph, bindings, outputs }, context) => {
    for (const at of Object.values(bindings).flat())
      if (!(inputOf(at) in (graph[nodeOf(at)]?.inputs ?? {})))
        context.addIssue({ code: 'custom', path: ['bindings'], message: `The workflow has no ${at}` })
    for (const id of outputs)
      if (!graph[id])
        context.addIssue({ code: 'custom', path: ['outputs'], message: `The workflow has no ${id}` })
  })
export type ComfyEndpoint = z.infer<typeof comfyEndpoint>

export const nodeOf = (at: string) => at.slice(0, at.indexOf('.'))
export const inputOf = (at: string) => at.slice(at.indexOf('.') + 1)
export const listOf = (at: string | readonly string[] | undefined): readonly string[] =>
  at === undefined ? [] : typeof at === 'string' ? [at] : at

/** The folder of our uploads and results on the server. */
export const FOLDER = 'fairframe'

const fileRoles = [
  'first_frame',
  'last_frame',
  'image',
  'video',
  'audio',
  'extend',
] as const satisfies InputRole[]

/**
 * The graph with this job's values. `uploaded` holds what the server calls each input, by our name for it. Throws
 * `invalid_input` when job and template do not fit: a slot left empty would keep the file that the template came with.
 */
export function filled(
  endpoint: ComfyEndpoint,
  job: ProviderJob,
  id: string,
  uploaded: ReadonlyMap<string, string>,
): Record<string, Node> {
  const { bindings, frames } = endpoint
  const graph = structuredClone(endpoint.graph) as Record<string, Node>
  const set = (at: string | readonly string[] | undefined, value: unknown) => {
    for (const one of listOf(at)) {
      const inputs = graph[nodeOf(one)]?.inputs
      if (inputs) inputs[inputOf(one)] = value
    }
  }
  if (job.shots && job.shots.length > 1)
    throw new ProviderError('invalid_input', { accepted: 'no', providerCode: 'shots' })
  const { seconds, aspect_ratio, resolution, seed } = job.settings
  const [width, height] = sidesOf(aspect_ratio, resolution, frames.sides)
  set(bindings.prompt, job.prompt)
  if (job.negativePrompt) set(bindings.negative, job.negativePrompt)
  set(bindings.width, width)
  set(bindings.height, height)
  set(bindings.length, lengthOf(seconds, frames))
  set(bindings.fps, frames.fps)
  set(bindings.seed, seed)
  set(bindings.name, `${FOLDER}/${id}`)
  for (const role of fileRoles) {
    const slots = listOf(bindings[role])
    const files = job.inputs.filter((input) => input.role === role)
    if (slots.length !== files.length)
      throw new ProviderError('invalid_input', {
        accepted: 'no',
        providerCode: `${role}: ${slots.length} wanted, ${files.length} given`,
      })
    for (const [i, slot] of slots.entries()) set(slot, uploaded.get(files[i]?.name ?? ''))
  }
  return graph
}

/** The number of frames nearest to these seconds that the model can make. */
export function lengthOf(seconds: number, { fps, base, add }: ComfyEndpoint['frames']): number {
  return base * Math.max(1, Math.round((seconds * fps - add) / base)) + add
}

const shortSides: Record<Resolution, number> = {
  '360p': 360,
  '480p': 480,
  '720p': 720,
  '1080p': 1080,
  '4k': 2160,
}

/** Width and height in pixels; the shorter side is the one that the resolution names. */
export function sidesOf(aspect: AspectRatio, resolution: Resolution, multiple: number): [number, number] {
  const [w = 16, h = 9] = (aspect === 'auto' ? '16:9' : aspect).split(':').map(Number)
  const short = shortSides[resolution]
  const side = (pixels: number) => Math.max(1, Math.round(pixels / multiple)) * multiple
  return w >= h ? [side((short * w) / h), side(short)] : [side(short), side((short * h) / w)]
}
