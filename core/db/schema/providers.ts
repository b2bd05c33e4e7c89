import type { GenerationId, IdOf, SubjectId } from '#core/ids/ids.ts'
import type { Json } from '../columns.ts'

/** A provider the operator connected. Its key can be written and tested, never read. */
export interface ProviderConnectionTable {
  id: string
  driver: string
  title: string
  is_on: 0 | 1
  /** The operator's own addresses, by the driver's names; others are the driver's. */
  addresses: Json<Record<string, string>>
  settings: Json<Record<string, unknown>>
  /** Sealed under the keyring's secret for providers. */
  key_sealed: string | null
  /** The last four characters, to tell keys apart. */
  key_hint: string | null
  webhook_secret_sealed: string | null
  /** Limits on how it is asked (`provider-record.ts`). */
  limits: Json<{ submitsPer10s: number; pollsPerSecond: number; inFlight: number }>
  /** Per calendar month (UTC), in millionths of a US dollar; past it nothing is sent any more. */
  budget_micro_usd: number | null
  tested_at: number | null
  /** Error class of the last test; null when it went well. */
  test_error: string | null
  balance_micro_usd: number | null
  balance_at: number | null
  created_at: number
  updated_at: number
}

/** Who receives personal data for the operator: one row for each connection, and later for others. */
export interface ProcessorTable {
  /** The connection's id, for those that are providers. */
  id: string
  name: string
  /** ISO 3166-1 alpha-2. */
  country: string
  safeguard: string | null
  /** Date of the agreement (GDPR art. 28), as the operator wrote it down. */
  agreement_on: string | null
  keeps_says: string
  keeps_days: number | null
  trains: string
  deletes: string
  updated_at: number
}

/** One handing over of a person's data to a processor. Names and places as they were then. */
export interface TransferTable {
  id: IdOf<'handover'>
  subject_id: SubjectId
  generation_id: GenerationId
  attempt_id: IdOf<'attempt'>
  processor_id: string
  processor: string
  country: string
  safeguard: string
  /** What was handed over, by kind: `prompt`, `picture`, `clip`, `sound`. */
  categories: Json<string[]>
  at: number
  /** What the provider answered when it was asked to delete: `deleted`, `cannot` or `already_gone`; null before. */
  deletion: string | null
  deletion_at: number | null
}

/** What the operator set of a model; the whole record for one he added. */
export interface ModelSettingTable {
  id: string
  /** A record of his own (`record.ts`); null for a shipped one. */
  record: Json<unknown> | null
  is_on: 0 | 1
  price_rule: string | null
  /** Grows with every change of the price. */
  price_version: number
  lifecycle: Json<{ state: string; sunsetOn?: string; replacement?: string }> | null
  /** Longest video he allows, in seconds. */
  most_seconds: number | null
  /** How many a person may have in the making. */
  most_live: number | null
  updated_at: number
}

export interface RouteSettingTable {
  model: string
  route: string
  is_on: 0 | 1
  /** The operator's order; lower goes first. Null while he has set something else of the route only. */
  position: number | null
  cost_rule: string | null
  cost_version: number
  updated_at: number
}

/** How a route fared, and whether it is left alone for a while (circuit breaker). */
export interface RouteHealthTable {
  model: string
  route: string
  failures_in_row: number
  open_until: number | null
  last_error: string | null
  last_error_at: number | null
  last_success_at: number | null
}

/** When a provider may be asked next, over all processes: the theoretical arrival time of GCRA. */
export interface ProviderPaceTable {
  provider: string
  lane: 'submit' | 'poll'
  next_at: number
}

/** Webhooks that were believed, so that a repeat is told. */
export interface WebhookDeliveryTable {
  provider: string
  delivery: string
  at: number
}

/** The balance that a provider told, next to what we counted since the reading before. */
export interface ProviderReadingTable {
  provider: string
  at: number
  balance_micro_usd: number
  /** What our record says was charged since the reading before. */
  counted_micro_usd: number
  /** Told minus counted; null at the first reading and after money was paid in. */
  drift_micro_usd: number | null
}

/** What a provider listed when it was last looked at. */
export interface OfferTable {
  provider: string
  offer: string
  title: string | null
  price: string | null
  seen_at: number
}

/** Something that changed at a provider. It changes nothing here until the operator does. */
export interface OfferChangeTable {
  id: IdOf<'event'>
  provider: string
  offer: string
  kind: 'new' | 'gone' | 'price'
  was: string | null
  is_now: string | null
  at: number
  /** When an operator put it aside. */
  dismissed_at: number | null
}
