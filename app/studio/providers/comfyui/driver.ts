/**
 * ComfyUI, on a machine of the operator's. A model's route is a workflow (`workflow.ts`). Queue and history are the truth:
 * both live in the server's memory, so a job that neither knows ended with a restart. How far a job is stands in neither: it
 * is told on a socket, to who listens at that moment, and what is not heard changes nothing.
 */
import type { AcceptedJob, Connection, Driver, Provider } from '#app/studio/providers/provider.ts'
import { ProviderError } from '#app/studio/providers/provider-errors.ts'
import { fetchResult } from '#app/studio/providers/result-file.ts'
import { MINUTE } from '#core/clock/clock.ts'
import {
  historyAnswer,
  notUnderstood,
  placeOf,
  readHistory,
  refusedCall,
  refusedSubmission,
  videoOf,
} from './answers.ts'
import { forget, viewPath } from './forget.ts'
import { jobIdOf, timeOf } from './job-id.ts'
import { progressEar } from './progress.ts'
import { comfySettings, serverOf } from './server.ts'
import { comfyEndpoint, filled } from './workflow.ts'

/** The server checks all of a graph, and its folders of models, before it answers. */
const SUBMIT_MS = MINUTE
/** So long after an attempt began, a submission that nobody knows may still be on its way. */
const SETTLED_MS = 3 * MINUTE
const RUNNING_AGAIN_MS = 2000
const WAITING_AGAIN_MS = 5000
/** The node that runs is told at once, its steps as they are made. */
const LISTEN_MS = 1000

export const comfyuiDriver: Driver = {
  name: 'comfyui',
  title: 'ComfyUI',
  key: 'optional',
  settings: comfySettings,
  endpoint: comfyEndpoint,
  addresses: { server: 'http://127.0.0.1:8188' },
  webhook: 'none',
  open: (connection) => openComfyui(connection, LISTEN_MS),
}

/** `listenMs`: how long a question about a running job may wait for its progress. */
export function openComfyui(connection: Connection, listenMs: number): Provider {
  const server = serverOf(connection)
  const now = () => connection.clock.now()
  /** A server runs one prompt after the other, so the last one is enough. */
  let furthest: { id: string; progress: number } | undefined

  /** The queue first: a job leaves it for the history, never the other way, so it cannot slip through between. */
  async function look(id: string, signal: AbortSignal) {
    const place = placeOf(await server.queue(signal), id)
    if (place.state !== 'none') return { place, entry: undefined }
    return { place, entry: readHistory(await server.history(id, signal), id) }
  }

  /** Every prompt has a client id of its own, so what comes to it without a prompt's id is about this one. */
  async function progressOf(job: AcceptedJob, signal: AbortSignal): Promise<{ progress?: number }> {
    const { providerJob: id, attempt } = job
    const ear = progressEar(comfyEndpoint.parse(job.endpoint).graph, id)
    await server.listen(jobIdOf(attempt), { hear: ear.hear, forMs: listenMs, signal })
    const heard = ear.progress()
    if (heard === undefined) return {}
    // Between two steps only the running node is told, which is less than was known: nobody should see a film go backwards.
    const progress = furthest?.id === id ? Math.max(furthest.progress, heard) : heard
    furthest = { id, progress }
    return { progress }
  }

  return {
    name: connection.id,
    resident: false,

    async submit(job, signal) {
      const endpoint = comfyEndpoint.parse(job.endpoint)
      const id = jobIdOf(job.attempt)
      const names = new Map(job.inputs.map(({ name }) => [name, name]))
      // Looked at before anything is uploaded: what does not fit leaves nothing behind.
      filled(endpoint, job, id, names)
      for (const file of job.inputs) names.set(file.name, await server.upload(file, signal))
      const graph = filled(endpoint, job, id, names)
      const json = { prompt: graph, prompt_id: id, client_id: id }
      const answer = await server.ask('/prompt', { json, timeoutMs: SUBMIT_MS, signal })
      if (answer.status !== 200) throw refusedSubmission(answer, endpoint.graph, now())
      const { prompt_id } = (answer.json ?? {}) as { prompt_id?: unknown }
      if (typeof prompt_id !== 'string') throw notUnderstood()
      // An old server chooses its own id; then only its answer tells.
      return { providerJob: prompt_id, memo: memoOf(job.inputs) }
    },

    async poll(job, signal) {
      const { place, entry } = await look(job.providerJob, signal)
      if (place.state === 'running')
        return { state: 'running', againAfterMs: RUNNING_AGAIN_MS, ...(await progressOf(job, signal)) }
      if (place.state === 'pending')
        return { state: 'running', againAfterMs: WAITING_AGAIN_MS, position: place.position }
      if (entry) return historyAnswer(entry, comfyEndpoint.parse(job.endpoint).outputs)
      return { state: 'failed', errorClass: 'provider_down' }
    },

    async fetch(job: AcceptedJob, signal) {
      const entry = readHistory(await server.history(job.providerJob, signal), job.providerJob)
      const video = entry && videoOf(entry, comfyEndpoint.parse(job.endpoint).outputs)
      if (!video) throw new ProviderError('result_expired', { providerCode: 'no video in the history' })
      return fetchResult({
        url: `${server.address}${viewPath(video)}`,
        hosts: [],
        // Also where it stands by standard: nobody but the operator said so.
        ownAddresses: [server.address],
        headers: server.headers(),
        workDir: job.workDir,
        signal,
      })
    },

    async cancel({ providerJob: id }, signal) {
      const answer = await server.ask(`/api/jobs/${encodeURIComponent(id)}/cancel`, {
        method: 'POST',
        signal,
      })
      const { cancelled } = (answer.json ?? {}) as { cancelled?: unknown }
      if (answer.status === 200 && typeof cancelled === 'boolean') return cancelled
      if (answer.status !== 404 && answer.status !== 405) throw refusedCall(answer, now())
      return cancelOnOldServer(id, signal)
    },

    async reconcile(job, signal) {
      const id = jobIdOf(job.attempt)
      const { place, entry } = await look(id, signal)
      if (place.state !== 'none' || entry)
        return { state: 'found', providerJob: id, memo: memoOf(job.inputs) }
      return { state: now() - timeOf(id) < SETTLED_MS ? 'unsure' : 'absent' }
    },

    forget: (job, signal) => forget(server, job, signal),

    async health(signal) {
      const json = await server.told('/system_stats', { signal })
      const { system, devices } = (json ?? {}) as { system?: Record<string, unknown>; devices?: unknown }
      if (typeof system !== 'object' || !Array.isArray(devices)) throw notUnderstood()
      const device = (devices[0] ?? {}) as { name?: unknown; vram_total?: unknown }
      const parts = [`ComfyUI ${system.comfyui_version ?? '?'}`]
      if (typeof device.name === 'string') parts.push(device.name)
      if (typeof device.vram_total === 'number') parts.push(`${Math.round(device.vram_total / 2 ** 30)} GB`)
      return { says: parts.join(', ').slice(0, 120) }
    },
  }

  /**
   * Without a call of its own: out of the queue, or interrupted. Old servers interrupt whatever runs and do not look at the
   * id, so it is asked for only while ours is what runs.
   */
  async function cancelOnOldServer(id: string, signal: AbortSignal): Promise<boolean> {
    const before = placeOf(await server.queue(signal), id)
    if (before.state === 'none') return false
    if (before.state === 'pending') {
      await server.told('/queue', { json: { delete: [id] }, signal })
      if (placeOf(await server.queue(signal), id).state === 'none') return true
    }
    await server.told('/interrupt', { json: { prompt_id: id }, signal })
    return true
  }
}

/** Names of uploads, by which they are erased later; random, without spaces. */
function memoOf(inputs: AcceptedJob['inputs']): Record<string, string> {
  return inputs.length > 0 ? { inputs: inputs.map(({ name }) => name).join(' ') } : {}
}
