import type { GenerationSettings } from '#core/db/schema/studio.ts'
import type { GenerationId } from '#core/ids/ids.ts'

/**
 * Who runs models. A provider is asked to make something, asked how it goes, and asked for the file; each call can be
 * repeated after a crash. `submit` alone may cost money, so it is written down before, and never repeated once a job id
 * is known.
 */
export interface Provider {
  readonly name: string
  submit(job: ProviderJob, signal: AbortSignal): Promise<{ providerJob: string }>
  /** Works or waits until there is something new to say. */
  poll(job: AcceptedJob, signal: AbortSignal): Promise<PollAnswer>
  /** Brings the finished file to `job.workDir` and answers its path. */
  fetch(job: AcceptedJob, signal: AbortSignal): Promise<string>
  /** Tells the provider to stop, where it can. */
  cancel?(job: AcceptedJob): Promise<void>
}

export interface ProviderJob {
  generation: GenerationId
  model: string
  prompt: string
  settings: GenerationSettings
  /** A plain copy of the reference picture in `workDir`. */
  referencePath: string | undefined
  /** Private folder for plain files; gone when the job ends. */
  workDir: string
  onPhase(phase: string): void
}

export interface AcceptedJob extends ProviderJob {
  providerJob: string
}

export type PollAnswer =
  | { state: 'running'; againAfterMs: number }
  | { state: 'succeeded' }
  | { state: 'failed'; errorClass: ErrorClass }

/** Why a provider did not make it. Each has a sentence for the person (`errors.ts`); none is charged. */
export type ErrorClass =
  | 'invalid_input'
  | 'content_policy'
  | 'provider_auth'
  | 'rate_limited'
  | 'provider_down'
  | 'model_retired'
  | 'timeout'
  | 'result_expired'
  | 'unknown_after_submit'
