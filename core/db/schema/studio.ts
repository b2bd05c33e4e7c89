import type { AssetId, GenerationId, IdOf, KeyId, ReferenceId, SubjectId } from '#core/ids/ids.ts'
import type { Json } from '../columns.ts'

export type GenerationState =
  | 'held'
  | 'queued'
  | 'submitted'
  | 'rendering'
  | 'finishing'
  | 'ready'
  | 'blocked'
  | 'failed'
  | 'cancelled'
  | 'expired'
  | 'removed'

/** What is made of what; a model's record says which it knows. */
export type Mode =
  /** From the prompt alone. */
  | 'text'
  /** A picture begins to move. */
  | 'first_frame'
  /** From one picture to another. */
  | 'first_last_frame'
  /** Pictures, clips or sounds of what shall appear. */
  | 'references'
  /** A clip goes on. */
  | 'extend'

/** What a reference is for. */
export type InputRole = 'first_frame' | 'last_frame' | 'image' | 'video' | 'audio' | 'extend'

export type AspectRatio = '16:9' | '9:16' | '1:1' | '4:3' | '3:4' | '21:9' | 'auto'
export type Resolution = '360p' | '480p' | '720p' | '1080p' | '4k'

/** Nothing in it is content: prompts, negative prompts and shots are sealed. */
export interface GenerationSettings {
  seconds: number
  aspect_ratio: AspectRatio
  resolution: Resolution
  audio: boolean
  seed: number
  mode: Mode
  /** How many shots a film of several has. */
  shots?: number
}

/** What is written and said besides the prompt; sealed as one. */
export interface GenerationTexts {
  negative_prompt?: string
  shots?: { prompt: string; seconds: number }[]
}

/** A provider's offer of a model as it was when a job went there: what is in flight is not confused by a later change. */
export interface RouteSnapshot {
  /** The route's id in the model's record. */
  route: string
  /** The connection's id. */
  provider: string
  driver: string
  model: string
  version: string
  /** The route's own parameters. */
  endpoint: Record<string, unknown>
  /** Version of its cost rule. */
  cost_version: number
}

/** What was agreed when it was composed. */
export interface Quote {
  /** Version and text of the price rule, and the credits it gave. */
  price_version: number
  rule: string
  credits: number
  /** Cost of the dearest route that was shown, in millionths of a US dollar. */
  cost_micro_usd: number
  /** The routes the person was shown, with who would receive their data and where. */
  routes: { route: string; processor: string; country: string }[]
}

/** One run of a model for a subject. `composing` and `screened` happen before there is a row. */
export interface GenerationTable {
  id: GenerationId
  subject_id: SubjectId
  api_key_id: IdOf<'apiKey'> | null
  key_id: KeyId
  model: string
  state: GenerationState
  prompt_sealed: string
  /** `GenerationTexts` as JSON, sealed; null when there is nothing besides the prompt. */
  texts_sealed: string | null
  /** Settings, without anything of the prompt. */
  settings: Json<GenerationSettings>
  /** Price in credits, as agreed when it was composed. */
  price: number
  quote: Json<Quote> | null
  credit_hold_id: IdOf<'creditHold'> | null
  error_code: string | null
  /** How often the worker began; a bound on it ends a generation that kills its worker every time. */
  attempts: number
  /** Sequence number of its newest event. */
  seq: number
  created_at: number
  updated_at: number
  started_at: number | null
  /** When it ended in any way. */
  ended_at: number | null
  /** Past this it fails and is refunded, whatever the worker says. */
  deadline_at: number
  saved_at: number | null
  /** When an unsaved creation goes; null while it is saved or has none. */
  expires_at: number | null
  /** 1 once the person was told that it goes soon. */
  expiry_told: 0 | 1
}

/** What happened to a generation, in order; streamed to the browser and the source of estimates. */
export interface GenerationEventTable {
  generation_id: GenerationId
  seq: number
  subject_id: SubjectId
  state: GenerationState
  phase: string
  at: number
}

/** What a generation was given, in the person's order within each role: a reference, or a video of theirs. */
export interface GenerationInputTable {
  generation_id: GenerationId
  subject_id: SubjectId
  role: InputRole
  position: number
  reference_id: ReferenceId | null
  /**
   * The generation whose video it is. It is opened where it lies when its turn comes, and not copied: a copy would cost
   * room and time before it could be used, and would outlive what its owner deleted.
   */
  source_id: GenerationId | null
}

/** One try at a provider, written down before it is made. */
export interface AttemptTable {
  id: IdOf<'attempt'>
  generation_id: GenerationId
  subject_id: SubjectId
  number: number
  /** The connection's id. */
  provider: string
  /** The provider's id of the job, once it answered. */
  provider_job: string | null
  route: Json<RouteSnapshot>
  /** Small facts that the driver needs again: status address, names of uploaded inputs. */
  memo: Json<Record<string, string>> | null
  state: AttemptState
  error_class: string | null
  /** The provider's own code of a failure, for the operator. */
  error_code: string | null
  /** By the route's rule when it was submitted, and as the provider said afterwards; millionths of a US dollar. */
  cost_expected: number
  cost_charged: number | null
  started_at: number
  /** When the answer to the submit came. */
  accepted_at: number | null
  /** The last knock of a webhook: a poll that began before it asks again at once. */
  woken_at: number | null
  /** Its reserved turn to ask the provider, while it waits for it. */
  poll_at: number | null
  /** Polls in a row that failed. */
  poll_failures: number
  ended_at: number | null
}

/**
 * `started`: written down, nothing sent. `submitting`: the request may be under way; found like this after a crash, it is
 * unknown. `unknown`: the answer was lost; it is reconciled or refunded, never sent again.
 */
export type AttemptState = 'started' | 'submitting' | 'unknown' | 'accepted' | 'succeeded' | 'failed'

export interface ReferenceTable {
  id: ReferenceId
  subject_id: SubjectId
  key_id: KeyId
  kind: 'picture' | 'clip' | 'sound'
  /** Pictures are ready at once; clips and sounds when the worker has encoded them anew, or could not. */
  state: 'receiving' | 'ready' | 'refused'
  error_code: string | null
  created_at: number
}

/** The first three are what was made, the others what was given: each is decoded and encoded anew before it is stored. */
export type AssetKind = 'video' | 'poster' | 'preview' | 'picture' | 'clip' | 'sound'

/** A stored file: sealed under the key of the generation or reference it belongs to. */
export interface AssetTable {
  id: AssetId
  subject_id: SubjectId
  generation_id: GenerationId | null
  reference_id: ReferenceId | null
  key_id: KeyId
  kind: AssetKind
  object_key: string
  media_type: string
  /** Bytes of the plain file. */
  size: number
  /** Of the plain file, as hex. */
  sha256: string
  width: number
  height: number
  duration_ms: number | null
  created_at: number
}

/** The provenance that was put into a file. `public_id` is what the manifest names; it is not the generation's id. */
export interface StampTable {
  asset_id: AssetId
  generation_id: GenerationId
  subject_id: SubjectId
  public_id: string
  manifest_label: string
  manifest: Uint8Array
  sha256: string
  certificate_sha256: string
  engine: string
  signed_at: number
}

export interface ScreeningTable {
  id: IdOf<'screening'>
  generation_id: GenerationId | null
  reference_id: ReferenceId | null
  subject_id: SubjectId
  what: 'prompt' | 'reference' | 'output'
  /** What looked, with its version; `nothing` when nothing did. */
  looked_by: string
  verdict: 'pass' | 'block' | 'nothing_looked'
  category: string | null
  at: number
}

/** Answers already given under an Idempotency-Key, so that a repeated request makes nothing twice. */
export interface IdempotencyTable {
  subject_id: SubjectId
  key_hash: string
  body_hash: string
  generation_id: GenerationId
  created_at: number
}
