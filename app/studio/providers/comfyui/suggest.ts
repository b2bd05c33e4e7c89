/**
 * A first guess at what a workflow's fields are, for the console's form; a person looks at it before it is kept. Goes by how
 * nodes are connected, then by their titles, then by the names of their inputs.
 */
import { isLink } from './preflight.ts'
import type { Bindings, ComfyEndpoint, Graph, Node } from './workflow.ts'

export interface Suggestion {
  bindings: Partial<Bindings>
  frames?: ComfyEndpoint['frames']
  outputs: string[]
}

export function suggestBindings(graph: Graph): Suggestion {
  const nodes = Object.entries(graph)
  const latent = nodes.find(([, { inputs }]) => numbers(inputs, 'width', 'height') && lengthInput(inputs))
  const length = latent && lengthInput(latent[1].inputs)
  const savers = nodes.filter(([, { inputs }]) => typeof inputs.filename_prefix === 'string')
  const rate = rateOf(graph)
  const bindings: Partial<Bindings> = {
    ...one('prompt', textAt(graph, 'positive') ?? titled(nodes, /positive|^prompt/i)),
    ...one('negative', textAt(graph, 'negative') ?? titled(nodes, /negative/i)),
    ...(latent && length
      ? { width: `${latent[0]}.width`, height: `${latent[0]}.height`, length: `${latent[0]}.${length}` }
      : {}),
    ...one('fps', rate?.at),
    ...many('seed', nodes.flatMap(seeds)),
    ...many(
      'name',
      savers.map(([id]) => `${id}.filename_prefix`),
    ),
    ...framesOf(graph),
  }
  const suggestion: Suggestion = { bindings, outputs: savers.map(([id]) => id) }
  const fps = rate?.fps
  if (fps && latent) suggestion.frames = { fps, ...stepOf(latent[1], graph) }
  return suggestion
}

function one(name: keyof Bindings, at: string | undefined): Partial<Bindings> {
  return at ? { [name]: at } : {}
}

function many(name: keyof Bindings, at: string[]): Partial<Bindings> {
  return at.length > 0 ? { [name]: at } : {}
}

function numbers(inputs: Node['inputs'], ...names: string[]): boolean {
  return names.every((name) => typeof inputs[name] === 'number')
}

function lengthInput(inputs: Node['inputs']): string | undefined {
  return ['length', 'num_frames', 'frames', 'video_frames'].find((name) => numbers(inputs, name))
}

/** From a sampler's `positive` back through what changes it, to the text. */
function textAt(graph: Graph, side: 'positive' | 'negative'): string | undefined {
  for (const { inputs } of Object.values(graph)) {
    let link = inputs[side]
    for (let steps = 0; isLink(link) && steps < 20; steps++) {
      const [id] = link
      const next: Node | undefined = graph[id]
      if (typeof next?.inputs.text === 'string') return `${id}.text`
      if (typeof next?.inputs.prompt === 'string') return `${id}.prompt`
      link = next?.inputs[side] ?? next?.inputs.conditioning
    }
  }
  return undefined
}

function titled(nodes: [string, Node][], title: RegExp): string | undefined {
  const found = nodes.find(
    ([, { _meta, inputs }]) => typeof inputs.text === 'string' && title.test(_meta?.title ?? ''),
  )
  return found && `${found[0]}.text`
}

/** A second sampler that adds no noise has a seed that does nothing. */
function seeds([id, { inputs }]: [string, Node]): string[] {
  if (inputs.add_noise === 'disable') return []
  return ['seed', 'noise_seed'].filter((name) => numbers(inputs, name)).map((name) => `${id}.${name}`)
}

function rateOf(graph: Graph): { at: string; fps: number } | undefined {
  for (const [id, { inputs }] of Object.entries(graph))
    for (const name of ['fps', 'frame_rate']) {
      const fps = inputs[name]
      if (typeof fps === 'number') return { at: `${id}.${name}`, fps }
    }
  return undefined
}

/** Pictures that are loaded, by what they are connected to; a single one is the first frame. */
function framesOf(graph: Graph): Partial<Bindings> {
  const loaders = Object.entries(graph).filter(([, { inputs }]) => typeof inputs.image === 'string')
  const wired = (name: string) => {
    const link = Object.values(graph).find(({ inputs }) => isLink(inputs[name]))?.inputs[name]
    return isLink(link) ? loaders.find(([id]) => id === link[0]) : undefined
  }
  const last = wired('end_image')
  const others = loaders.filter((loader) => loader !== last)
  const first = wired('start_image') ?? (others.length === 1 ? others[0] : undefined)
  return {
    ...one('first_frame', first && `${first[0]}.image`),
    ...one('last_frame', last && `${last[0]}.image`),
  }
}

/** Wan and Hunyuan make 4n+1 frames in sides of 16, the 5B of Wan 2.2 in sides of 32; LTX 8n+1 in sides of 32. */
function stepOf({ class_type }: Node, graph: Graph): { base: number; add: number; sides: number } {
  if (/LTX/i.test(class_type)) return { base: 8, add: 1, sides: 32 }
  const small =
    class_type.startsWith('Wan22') ||
    Object.values(graph).some(({ inputs }) => /5B/.test(String(inputs.unet_name)))
  if (/Wan|Hunyuan/i.test(class_type)) return { base: 4, add: 1, sides: small ? 32 : 16 }
  return { base: 1, add: 0, sides: 16 }
}
