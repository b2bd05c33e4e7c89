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

export interface GenerationSettings {
  seconds: number
  aspect_ratio: '16:9' | '9:16' | '1:1'
  resolution: '480p' | '720p' | '1080p'
  audio: boolean
  seed: number
}

export interface RouteSnapshot {
  provider: string
  model: string
  version: string
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
  reference_id: ReferenceId | null
  /** Settings, without anything of the prompt. */
  settings: Json<GenerationSettings>
  /** Price in credits, as agreed when it was composed. */
  price: number
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

/** One try at a provider, written down before it is made. */
export interface AttemptTable {
  id: IdOf<'attempt'>
  generation_id: GenerationId
  subject_id: SubjectId
  number: number
  provider: string
  /** The provider's id of the job, once it answered. */
  provider_job: string | null
  /** Provider, model and settings at the time, so that a later change of route cannot confuse a job in flight. */
  route: Json<RouteSnapshot>
  state: 'started' | 'accepted' | 'succeeded' | 'failed'
  error_class: string | null
  started_at: number
  ended_at: number | null
}

export interface ReferenceTable {
  id: ReferenceId
  subject_id: SubjectId
  key_id: KeyId
  created_at: number
}

/** A stored file: sealed under the key of the generation or reference it belongs to. */
export interface AssetTable {
  id: AssetId
  subject_id: SubjectId
  generation_id: GenerationId | null
  reference_id: ReferenceId | null
  key_id: KeyId
  kind: 'video' | 'poster' | 'preview' | 'picture'
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
