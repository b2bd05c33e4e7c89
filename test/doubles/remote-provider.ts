import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import type {
  PollAnswer,
  Provider,
  Reconciled,
  Submitted,
  WebhookClaim,
} from '#app/studio/providers/provider.ts'
import type { ErrorClass } from '#app/studio/providers/provider-errors.ts'
import { ProviderError } from '#app/studio/providers/provider-errors.ts'
import type { Providers } from '#app/studio/providers/registry.ts'
import { fixture } from '#test/factories/provider-job.ts'

/**
 * A provider elsewhere, without a wire: what it does at each submit and poll is laid down by the test, and it remembers
 * what it took. Its answers can be lost. The drivers' own doubles speak the wire formats (`doubles/providers`).
 */
export interface RemoteProvider extends Provider {
  /** Attempts whose jobs it took, with the id it gave; an attempt that is here twice was paid twice. */
  taken: { attempt: string; providerJob: string }[]
  /** Jobs it was told to stop, and to forget. */
  cancelled: string[]
  forgotten: string[]
  polls: number
  /** What happens at the next submits, first to last; then `take`. */
  onSubmit: SubmitScript[]
  /** What the next polls answer; then `succeeded`. */
  onPoll: (PollAnswer | ErrorClass)[]
  reconciles: boolean
  charge: number | undefined
}

export type SubmitScript = 'take' | 'lose_answer' | 'lose_request' | ErrorClass

export function remoteProvider(name: string): RemoteProvider {
  const take = (attempt: string): Submitted => {
    const providerJob = `${name}-job-${provider.taken.length + 1}`
    provider.taken.push({ attempt, providerJob })
    return { providerJob, memo: { at: 'noted' } }
  }
  const provider: RemoteProvider = {
    name,
    resident: false,
    taken: [],
    cancelled: [],
    forgotten: [],
    polls: 0,
    onSubmit: [],
    onPoll: [],
    reconciles: true,
    charge: undefined,
    async submit({ attempt }) {
      const script = provider.onSubmit.shift() ?? 'take'
      if (script === 'take') return take(attempt)
      if (script === 'lose_answer') take(attempt)
      if (script === 'lose_answer' || script === 'lose_request')
        throw new ProviderError('provider_down', { accepted: 'perhaps' })
      throw new ProviderError(script, { accepted: 'no' })
    },
    async poll() {
      provider.polls += 1
      const script = provider.onPoll.shift()
      if (typeof script === 'string') throw new ProviderError(script)
      const charged = provider.charge === undefined ? {} : { charged: { microUsd: provider.charge } }
      return script ?? { state: 'succeeded', ...charged }
    },
    async fetch({ workDir }) {
      const path = join(workDir, 'result')
      await copyFile(fixture.result, path)
      return path
    },
    async cancel({ providerJob }) {
      provider.cancelled.push(providerJob)
      return true
    },
    async reconcile({ attempt }): Promise<Reconciled> {
      if (!provider.reconciles) return { state: 'unsure' }
      const found = provider.taken.find((job) => job.attempt === attempt)
      return found ? { state: 'found', providerJob: found.providerJob } : { state: 'absent' }
    },
    async forget({ providerJob }) {
      provider.forgotten.push(providerJob)
      return 'deleted'
    },
    /** `signature` is `true` or anything; the body is `<job> <delivery>`. */
    async verifyWebhook({ headers, rawBody }): Promise<WebhookClaim> {
      if (headers.signature !== 'true') return { accepted: false, why: 'forged' }
      const [providerJob = '', delivery = ''] = Buffer.from(rawBody).toString().split(' ')
      return { accepted: true, providerJob, delivery }
    },
    health: async () => ({}),
  }
  return provider
}

export function theseProviders(...providers: readonly Provider[]): Providers {
  return { get: async (id) => providers.find(({ name }) => name === id) }
}
