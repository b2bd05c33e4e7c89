import type { House } from '#app/house.ts'
import type { ModelRecord } from '#app/studio/catalogue/record.ts'
import { checkWorkflow } from '#app/studio/providers/comfyui/preflight.ts'
import { objectInfo } from '#app/studio/providers/comfyui/server.ts'
import { suggestBindings } from '#app/studio/providers/comfyui/suggest.ts'
import { type Graph, inputOf, listOf, nodeOf, readWorkflow } from '#app/studio/providers/comfyui/workflow.ts'
import { driverOf } from '#app/studio/providers/drivers.ts'
import { isProviderError } from '#app/studio/providers/provider-errors.ts'
import { connectionOf, connectionRow } from '#app/studio/providers/registry.ts'
import { SECOND } from '#core/clock/clock.ts'
import type { InputRole, Mode } from '#core/db/schema/studio.ts'
import { AppError } from '#core/errors/errors.ts'
import { type Sentence, say } from '#core/i18n/say.ts'
import { connections } from './providers.queries.ts'
import { nothingThere } from './staff.ts'

/**
 * A ComfyUI workflow as a draft of a model's record: a person looks at what was bound to what, completes it, and adds it
 * as any other record. Nothing is kept here.
 */
export interface WorkflowDraft {
  /** The record as JSON. */
  text: string
  bound: { field: string; at: string; node: string }[]
  /** Fields every workflow needs that were not found. */
  missing: string[]
  /** What the server itself says of it; null when it could not be asked. */
  problems: Sentence[] | null
}

const LOOK_MS = 20 * SECOND
const needed = ['prompt', 'seed', 'name'] as const

/** Connections whose server takes workflows. */
export async function workflowServers(house: House): Promise<{ id: string; title: string }[]> {
  const rows = await connections(house.db.read)
  return rows.filter(({ driver }) => driver === 'comfyui').map(({ id, title }) => ({ id, title }))
}

/** @throws `workflow_refused` for a file that is no workflow, 404 for a connection that runs none */
export async function draftOfWorkflow(
  house: House,
  { provider, name, text }: { provider: string; name: string; text: string },
): Promise<WorkflowDraft> {
  const row = await connectionRow(house, provider)
  const driver = row && driverOf(row.driver)
  if (!row || driver?.name !== 'comfyui') throw nothingThere()
  const graph = readWorkflow(text)
  const { bindings, frames, outputs } = suggestBindings(graph)
  const connection = await connectionOf(house, driver, row)
  const told = await objectInfo(connection, AbortSignal.timeout(LOOK_MS)).catch((error: unknown) => {
    if (isProviderError(error) || (error instanceof Error && error.name === 'TimeoutError')) return undefined
    throw error
  })
  const endpoint = { graph, bindings, frames: frames ?? { fps: 24, base: 1, add: 0, sides: 16 }, outputs }
  return {
    text: JSON.stringify(recordOf(provider, name, endpoint), null, 2),
    bound: Object.entries(bindings).flatMap(([field, at]) =>
      listOf(at).map((one) => ({ field, at: one, node: nodeName(graph, one) })),
    ),
    missing: needed.filter((field) => bindings[field] === undefined),
    problems: told === undefined ? null : checkWorkflow(graph, bindings, told).map(({ says }) => says),
  }
}

/** Settings that most workflows of this kind can make; the operator knows better. */
function recordOf(provider: string, name: string, endpoint: Record<string, unknown>): ModelRecord {
  const bound = endpoint.bindings as Partial<Record<InputRole, unknown>>
  const modes: Mode[] = bound.last_frame
    ? ['first_last_frame']
    : bound.first_frame
      ? ['first_frame']
      : ['text']
  const roles = (['first_frame', 'last_frame'] as const).filter((role) => bound[role])
  return {
    id: slugOf(name),
    name,
    version: '1',
    says: 'Runs on our own machine.',
    kind: 'trained',
    lifecycle: { state: 'active' },
    modes,
    seconds: { least: 2, most: 5, standard: 5 },
    aspectRatios: ['16:9', '9:16', '1:1'],
    resolutions: ['480p', '720p'],
    audio: 'never',
    seed: true,
    prompt: { least: 1, most: 2000 },
    inputs: Object.fromEntries(roles.map((role) => [role, { most: 1 }])),
    price: { version: 1, credits: "ceil(seconds * pick(resolution, '480p', 1, '720p', 2))" },
    routes: [{ id: provider, provider, endpoint, cost: { version: 1, usd: '0' } }],
    deadlineSeconds: 3600,
  }
}

function slugOf(name: string): string {
  const slug = name
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, '-')
    .replace(/^[-.]+|-+$/g, '')
    .slice(0, 64)
  return slug || 'workflow'
}

function nodeName(graph: Graph, at: string): string {
  const node = graph[nodeOf(at)]
  return `${node?._meta?.title ?? node?.class_type ?? '?'}: ${inputOf(at)}`
}

/** The text of an uploaded file, or of a field. Throws `workflow_refused` when it is larger than any workflow. */
export async function textOf(given: string | Blob): Promise<string> {
  const text = typeof given === 'string' ? given : given.size > MOST_BYTES ? null : await given.text()
  if (text === null || text.length > MOST_BYTES)
    throw new AppError('workflow_refused', say('This file is too large for a workflow.'), { status: 413 })
  return text
}

const MOST_BYTES = 1024 * 1024
