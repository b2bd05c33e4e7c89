import type { z } from 'zod'
import type { Clock } from '#core/clock/clock.ts'
import type { AssetKind, GenerationSettings, InputRole, Mode } from '#core/db/schema/studio.ts'
import type { GenerationId, IdOf } from '#core/ids/ids.ts'
import type { ErrorClass } from './provider-errors.ts'

/**
 * Who runs models. A provider is asked to make something, asked how it goes, and asked for the file. Every call but
 * `submit` can be repeated at will. `submit` may cost money: the engine writes it down before, calls it once for each
 * attempt and never again, whatever became of the answer.
 *
 * A call that does not succeed throws a `ProviderError`; that of `submit` says whether the provider may have accepted.
 * An aborted `signal` ends a call with the signal's reason.
 */
export interface Provider {
  /** The connection's id in the register: `kie`, or `comfyui-2` for a second one. */
  readonly name: string
  /** The work is done in this process, by `poll`, and nobody else learns of it: a submission may be repeated. */
  readonly resident: boolean
  submit(job: ProviderJob, signal: AbortSignal): Promise<Submitted>
  /** One question and its answer; a resident one works until it has an answer. The provider's word, not the webhook's. */
  poll(job: AcceptedJob, signal: AbortSignal): Promise<PollAnswer>
  /** Brings the finished video to `job.workDir` and answers its path. Called again after a crash. */
  fetch(job: AcceptedJob, signal: AbortSignal): Promise<string>
  /** Tells the provider to stop, where it can. Answers whether it said yes; a job that has ended is no error. */
  cancel?(job: ForgottenJob, signal: AbortSignal): Promise<boolean>
  /**
   * The answer to a submit was lost: is there a job of this attempt? `found` by a client-chosen id or a listing; `absent`
   * only where the provider would surely know it; `unsure` otherwise, and the engine asks again until its deadline.
   */
  reconcile?(job: ProviderJob, signal: AbortSignal): Promise<Reconciled>
  /** Deletes what the provider still holds of this job (inputs, outputs, history), as far as it offers to. */
  forget?(job: ForgottenJob, signal: AbortSignal): Promise<Forgotten>
  /** Whose job a webhook is about, after its signature was checked. The body is believed in nothing else. */
  verifyWebhook?(request: WebhookRequest): Promise<WebhookClaim>
  /** A free call that shows whether address and key are good. Throws as the others do. */
  health(signal: AbortSignal): Promise<Health>
  /** What the account still holds, where the provider says. */
  balance?(signal: AbortSignal): Promise<Balance>
  /** What the provider lists at the moment, for the drift watch. Polite: paced as the provider asks. */
  offers?(signal: AbortSignal): Promise<Offer[]>
}

export interface ProviderJob {
  generation: GenerationId
  /** Names the attempt; random, so it may serve where a provider takes ids or file names of ours. */
  attempt: IdOf<'attempt'>
  model: string
  /** The route's own parameters, from its snapshot: what the provider calls the model, and the like. */
  endpoint: Readonly<Record<string, unknown>>
  mode: Mode
  prompt: string
  negativePrompt?: string
  /** For multi-shot models: the parts, whose seconds sum to `settings.seconds`. */
  shots?: readonly { prompt: string; seconds: number }[]
  settings: GenerationSettings
  /** In the person's order within each role. */
  inputs: readonly InputFile[]
  /** Private folder for plain files; gone when the step ends. */
  workDir: string
  /** Where the provider may knock, for those that take it with the job; undefined when our address is not public. */
  callbackUrl: string | undefined
  onPhase(phase: string): void
}

export interface InputFile {
  role: InputRole
  kind: Extract<AssetKind, 'picture' | 'clip' | 'sound'>
  /** A plain copy in `workDir`. */
  path: string
  mediaType: string
  /** Bytes. */
  size: number
  /** Of clips and sounds. */
  seconds?: number
  /** A random name with the extension of `mediaType`; the only name a provider ever sees. */
  name: string
  /** Of a clip that this very connection made: its job there. Some providers extend nothing else. */
  providerJob?: string
}

export interface Submitted {
  /** The provider's id of the job. */
  providerJob: string
  /** Small facts that later calls need (a status address, names of uploaded inputs); stored with the attempt, never content. */
  memo?: Readonly<Record<string, string>>
}

/** When a provider elsewhere is asked or fetched from, nothing of the content is opened: texts are empty, inputs none. */
export interface AcceptedJob extends ProviderJob {
  providerJob: string
  memo: Readonly<Record<string, string>>
}

/** Once a job is over nothing of its content is at hand any more. */
export type ForgottenJob = Pick<AcceptedJob, 'attempt' | 'endpoint' | 'providerJob' | 'memo'>

export type PollAnswer =
  | {
      state: 'running'
      /** When asking again makes sense, in ms; the engine may ask later, never sooner, unless a webhook knocks. */
      againAfterMs: number
      /** 0 to 1, where the provider tells. */
      progress?: number
      /** Jobs before this one, where the provider tells. */
      position?: number
    }
  | { state: 'succeeded'; charged?: Charge }
  | { state: 'failed'; errorClass: ErrorClass; charged?: Charge }

/** What the provider says it took, in millionths of a US dollar. */
export interface Charge {
  microUsd: number
}

export type Reconciled = ({ state: 'found' } & Submitted) | { state: 'absent' } | { state: 'unsure' }

export type Forgotten = 'deleted' | 'cannot' | 'already_gone'

export interface WebhookRequest {
  /** Lower-case names. */
  headers: Readonly<Record<string, string | undefined>>
  rawBody: Uint8Array
}

export type WebhookClaim =
  | {
      accepted: true
      providerJob: string /** Unique for each delivery, for telling repeats. */
      delivery: string
    }
  | { accepted: false; why: 'unsigned' | 'forged' | 'stale' | 'malformed' | 'not_ours' }

export interface Health {
  /** Version or name that the server gave, for the console. */
  says?: string
}

export interface Balance {
  microUsd: number
}

export interface Offer {
  /** What the provider calls the model. */
  id: string
  title?: string
  /** Its price as printed, or a figure as text; compared for change, never computed with. */
  price?: string
}

/** Code for one kind of provider. What is particular to an installation comes with the connection. */
export interface Driver {
  readonly name: DriverName
  /** What an operator reads when choosing it. */
  readonly title: string
  /** Where keys are made. */
  readonly keysUrl?: string
  /** Whether it works without a key, as servers of one's own do. */
  readonly key: 'required' | 'optional'
  /** Settings of a connection besides key and addresses, as the console's form and the database know them. */
  readonly settings: z.ZodType<Readonly<Record<string, unknown>>>
  /** A route's own parameters in a model's record: what this provider calls the model, and what is peculiar to it. */
  readonly endpoint: z.ZodType<Readonly<Record<string, unknown>>>
  /** The addresses it talks to, by name, with their standard; an operator may set others (a proxy, a server of his own). */
  readonly addresses: Readonly<Record<string, string>>
  /** Whether callbacks are possible, and what they need. */
  readonly webhook: 'none' | 'signed_with_secret' | 'signed_with_public_key'
  open(connection: Connection): Provider
}

export type DriverName = 'builtin' | 'kie' | 'fal' | 'google' | 'vertex' | 'openai-videos' | 'comfyui' | 'ark'

export interface Connection {
  id: string
  /** Every address of the driver, the operator's own where he set one. */
  addresses: Readonly<Record<string, string>>
  /** Those of them that the operator set: reachable over http and inside the house. */
  ownAddresses: readonly string[]
  /** Parsed with `Driver.settings`. */
  settings: Readonly<Record<string, unknown>>
  /** Throws `ProviderError` of class `provider_auth` when there is none. */
  key(): string
  hasKey: boolean
  webhookSecret: string | undefined
  clock: Clock
}
