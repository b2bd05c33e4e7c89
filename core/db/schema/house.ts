import type { JobId } from '#core/ids/ids.ts'
import type { Json } from '../columns.ts'

/** What the operator set, and what the installation knows of itself. */
export interface SettingTable {
  name: string
  value: Json<unknown>
  updated_at: number
}

/** Work for the worker, on SQLite. Payloads carry ids, never content. */
export interface JobTable {
  id: JobId
  queue: string
  payload: Json<Record<string, string | number | boolean | null>>
  subject_id: string | null
  dedupe_key: string | null
  priority: number
  /** `following`: it waits for another of its key to end, which is active. */
  state: 'waiting' | 'following' | 'active' | 'done' | 'dead'
  attempt: number
  max_attempts: number
  run_at: number
  lease_until: number | null
  worker: string | null
  failure: string | null
  created_at: number
  ended_at: number | null
}
