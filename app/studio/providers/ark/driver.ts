/**
 * ByteDance's own service for Seedance: ModelArk of BytePlus, and by another address Ark of Volcengine. Its callbacks carry
 * no signature, so none is asked for.
 */
import { z } from 'zod'
import type { Connection, Driver, ForgottenJob, Provider } from '../provider.ts'
import { isProviderError, ProviderError } from '../provider-errors.ts'
import { type Call, type CallAnswer, call } from '../provider-http.ts'
import { fetchResult } from '../result-file.ts'
import { type ArkTask, classOf, createdShape, errorCodeOf, listShape, read, readTask } from './answers.ts'
import { arkEndpoint, endpointOf, taskOf } from './request.ts'

/** Its stores' addresses, for a day each. */
const RESULT_HOSTS = ['*.volces.com', '*.bytepluses.com']
/** Pictures travel inside the request. */
const SUBMIT_TIMEOUT_MS = 2 * 60_000
const PAGE = 100
const MOST_PAGES = 5

export const arkDriver: Driver = {
  name: 'ark',
  title: 'BytePlus ModelArk',
  keysUrl: 'https://console.byteplus.com/ark/region:ark+ap-southeast-1/apiKey',
  key: 'required',
  settings: z.strictObject({}),
  endpoint: arkEndpoint,
  addresses: { api: 'https://ark.ap-southeast.bytepluses.com/api/v3' },
  webhook: 'none',
  open,
}

function open(connection: Connection): Provider {
  const { clock } = connection
  const base = (connection.addresses.api ?? String(arkDriver.addresses.api)).replace(/\/+$/, '')

  function ask(path: string, options: Omit<Call, 'headers'>): Promise<CallAnswer> {
    const headers = { authorization: `Bearer ${connection.key()}` }
    return call(`${base}/contents/generations/tasks${path}`, { ...options, headers })
  }

  const pathOf = (job: Pick<ForgottenJob, 'providerJob'>) => `/${encodeURIComponent(job.providerJob)}`

  /** Undefined when there is no such task (any more): records live for seven days. */
  async function taskNow(job: ForgottenJob, signal: AbortSignal): Promise<ArkTask | undefined> {
    const answer = await ask(pathOf(job), { signal })
    if (isAbsent(answer)) return undefined
    try {
      return readTask(answer, clock.now())
    } catch (error) {
      // What goes wrong with the question is no word about the task.
      if (!isProviderError(error) || ['provider_auth', 'rate_limited'].includes(error.errorClass)) throw error
      throw new ProviderError('provider_down', { providerCode: error.providerCode })
    }
  }

  return {
    name: connection.id,
    resident: false,

    async submit(job, signal) {
      signal.throwIfAborted()
      const json = await taskOf(job)
      const answer = await ask('', { json, timeoutMs: SUBMIT_TIMEOUT_MS, signal })
      const { id } = read(createdShape, answer, clock.now())
      return { providerJob: id, memo: { at: String(clock.now()) } }
    },

    async poll(job, signal) {
      const task = await taskNow(job, signal)
      switch (task?.status) {
        case 'queued':
        case 'running':
          return { state: 'running', againAfterMs: againAfter(clock.now() - Number(job.memo.at ?? 0)) }
        case 'succeeded':
          // It clears the address after a day.
          return task.content?.video_url
            ? { state: 'succeeded' }
            : { state: 'failed', errorClass: 'result_expired' }
        case 'failed':
          return { state: 'failed', errorClass: classOf(task.error?.code ?? '') ?? 'provider_down' }
        case 'expired':
          return { state: 'failed', errorClass: 'timeout' }
        case 'cancelled':
          return { state: 'failed', errorClass: 'provider_down' }
        default:
          return { state: 'failed', errorClass: 'result_expired' }
      }
    },

    async fetch(job, signal) {
      const url = (await taskNow(job, signal))?.content?.video_url
      if (!url) throw new ProviderError('result_expired', { providerCode: 'no address' })
      const { workDir } = job
      const { ownAddresses } = connection
      return fetchResult({ url, hosts: RESULT_HOSTS, ownAddresses, workDir, signal })
    },

    /** Deleting stops what is queued, is refused for what runs, and would throw away what is done: so it looks first. */
    async cancel(job, signal) {
      const task = await taskNow(job, signal)
      if (task?.status !== 'queued') return task?.status === 'cancelled'
      const answer = await ask(pathOf(job), { method: 'DELETE', signal })
      if (answer.status === 409) return false
      read(z.unknown(), answer, clock.now())
      return true
    },

    /** The listing gives back our attempt. It comes late and has an end, so not finding it proves nothing. */
    async reconcile(job, signal) {
      const { model } = endpointOf(job)
      for (let page = 1; page <= MOST_PAGES; page++) {
        const query = new URLSearchParams({
          page_num: String(page),
          page_size: String(PAGE),
          'filter.model': model,
        })
        const { items } = read(listShape, await ask(`?${query}`, { signal }), clock.now())
        const ours = items.find((task) => task.safety_identifier === job.attempt)
        if (ours) return { state: 'found', providerJob: ours.id, memo: { at: String(clock.now()) } }
        if (items.length < PAGE) break
      }
      return { state: 'unsure' }
    },

    /** The record with prompt and pictures; the video's address dies by itself within a day. */
    async forget(job, signal) {
      const answer = await ask(pathOf(job), { method: 'DELETE', signal })
      if (isAbsent(answer)) return 'already_gone'
      // What runs, or was cancelled, it does not delete; the cancelled go by themselves within a day.
      if (answer.status === 409 || answer.status === 400) return 'cannot'
      read(z.unknown(), answer, clock.now())
      return 'deleted'
    },

    async health(signal) {
      read(listShape, await ask('?page_num=1&page_size=1', { signal }), clock.now())
      return {}
    },
  }
}

function isAbsent(answer: CallAnswer): boolean {
  return answer.status === 404 && errorCodeOf(answer) !== undefined
}

/** It advises nothing; a short video takes two to five minutes. */
function againAfter(sinceSubmitMs: number): number {
  return sinceSubmitMs < 30_000 ? 5_000 : 10_000
}
