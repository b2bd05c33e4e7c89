import type { IdOf, KeyId } from '#core/ids/ids.ts'
import type { Json } from '../columns.ts'

/** What staff did, and what happened to the security of the house. Append-only and chained by hash. */
export interface AuditTable {
  seq: number
  id: IdOf<'audit'>
  at: number
  actor_kind: 'staff' | 'person' | 'api_key' | 'system' | 'command'
  actor_id: string
  act: string
  target_kind: string | null
  target_id: string | null
  /** Free text (a reason), sealed; the chain runs over the sealed form. */
  note_sealed: string | null
  note_key_id: KeyId | null
  /** Canonical JSON of allow-listed, non-personal facts. */
  detail: Json<Record<string, string | number | boolean | null>>
  previous_hash: string
  hash: string
}

/** A signed statement of the chain's end at a time; deletion of older rows is only possible behind one. */
export interface AuditCheckpointTable {
  seq: number
  hash: string
  at: number
  signature: string
  public_key: string
}

/** The one row that lets old audit rows go: those with a smaller `seq`. Each pruning moves it on, in its transaction. */
export interface AuditPruneTable {
  id: 1
  prune_before: number
}

/** Proof of each run of a retention rule. */
export interface RetentionRunTable {
  id: IdOf<'run'>
  rule: string
  started_at: number
  ended_at: number | null
  considered: number
  deleted: number
  failed: number
}

/** The two phases of destroying a key: the intent is here before the keyring deletes it, and done after. */
export interface KeyDestructionTable {
  key_id: KeyId
  cause: string
  intended_at: number
  done_at: number | null
}

/** The newest result of each promise's check. */
export interface PromiseCheckTable {
  promise: string
  state: 'kept' | 'broken' | 'not_made'
  evidence: Json<Record<string, string | number | boolean | null>>
  checked_at: number
}

/** The API's request log: no body, no address. */
export interface ApiRequestTable {
  id: IdOf<'event'>
  at: number
  api_key_id: string | null
  method: string
  endpoint: string
  status: number
  ms: number
  bytes: number
}
