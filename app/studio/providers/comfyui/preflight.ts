/**
 * Can this server run this workflow? Checked against its own description of its nodes (`GET /object_info`), so that the
 * operator reads which extension or file is missing before a person's job fails.
 */
import { z } from 'zod'
import { type Sentence, say } from '#core/i18n/say.ts'
import { type Bindings, type Graph, inputOf, listOf, nodeOf } from './workflow.ts'

export interface WorkflowProblem {
  /** The node, and the input where it is one's. */
  node: string
  input?: string
  says: Sentence
}

const inputSpec = z.array(z.unknown()).min(1)
const nodeInfo = z.looseObject({
  input: z.looseObject({
    required: z.record(z.string(), inputSpec).optional(),
    optional: z.record(z.string(), inputSpec).optional(),
  }),
  output: z.array(z.unknown()).default([]),
  output_node: z.boolean().optional(),
})
type NodeInfo = z.infer<typeof nodeInfo>

/** Empty when all is there. Throws nothing; a description that cannot be read is a problem of its own. */
export function checkWorkflow(
  graph: Graph,
  bindings: Partial<Bindings>,
  objectInfo: unknown,
): WorkflowProblem[] {
  const all = z.record(z.string(), z.unknown()).safeParse(objectInfo)
  if (!all.success)
    return [
      { node: '', says: say('The server did not describe its nodes. Is this the address of a ComfyUI?') },
    ]
  const bound = new Set(Object.values(bindings).flatMap((at) => listOf(at)))
  const problems = [...missingBindings(graph, bound)]
  let saves = false
  for (const [node, { class_type, inputs }] of Object.entries(graph)) {
    const info = nodeInfo.safeParse(all.data[class_type])
    if (!info.success) {
      const values = { node, name: class_type }
      problems.push({
        node,
        says: say('Node {node}: the server has no {name}. Install what brings it.', values),
      })
      continue
    }
    saves ||= info.data.output_node === true
    problems.push(
      ...checkInputs(node, inputs, info.data, bound),
      ...checkLinks(node, inputs, graph, all.data),
    )
  }
  if (!saves)
    problems.push({
      node: '',
      says: say('No node of the workflow saves a file. Add one, Save Video for example.'),
    })
  return problems
}

function* missingBindings(graph: Graph, bound: ReadonlySet<string>): Iterable<WorkflowProblem> {
  for (const at of bound) {
    const node = nodeOf(at)
    const input = inputOf(at)
    if (!(input in (graph[node]?.inputs ?? {})))
      yield { node, input, says: say('The workflow has no {at}. Choose another field.', { at }) }
  }
}

function* checkInputs(
  node: string,
  inputs: Readonly<Record<string, unknown>>,
  info: NodeInfo,
  bound: ReadonlySet<string>,
): Iterable<WorkflowProblem> {
  for (const input of Object.keys(info.input.required ?? {}))
    if (!(input in inputs))
      yield { node, input, says: say('Node {node}: {input} is missing.', { node, input }) }
  for (const [input, spec] of Object.entries({ ...info.input.optional, ...info.input.required })) {
    const value = inputs[input]
    const options = optionsOf(spec)
    // What a job fills in is not there yet.
    if (value === undefined || isLink(value) || bound.has(`${node}.${input}`) || !options) continue
    if (!options.includes(value)) {
      const values = { node, input, value: String(value) }
      yield {
        node,
        input,
        says: say('Node {node}: {input} is {value}, which the server does not have.', values),
      }
    }
  }
}

function* checkLinks(
  node: string,
  inputs: Readonly<Record<string, unknown>>,
  graph: Graph,
  infos: Readonly<Record<string, unknown>>,
): Iterable<WorkflowProblem> {
  for (const [input, value] of Object.entries(inputs)) {
    if (!isLink(value)) continue
    const [from, index] = value
    const source = graph[from]
    const outputs = source && nodeInfo.safeParse(infos[source.class_type]).data?.output.length
    if (!source || (outputs !== undefined && index >= outputs))
      yield {
        node,
        input,
        says: say('Node {node}: {input} is connected to nothing that exists.', { node, input }),
      }
  }
}

export function isLink(value: unknown): value is [string, number] {
  return (
    Array.isArray(value) && value.length === 2 && typeof value[0] === 'string' && Number.isInteger(value[1])
  )
}

/** A choice is `[["a", "b"], {}]`, in newer nodes `["COMBO", {options: ["a", "b"]}]`. */
function optionsOf([type, more]: readonly unknown[]): unknown[] | undefined {
  if (Array.isArray(type)) return type
  const { options } = (more ?? {}) as { options?: unknown }
  return type === 'COMBO' && Array.isArray(options) ? options : undefined
}
