import type { Ground, Reader, ReaderOrTx as ReaderOrTxOf, Tx as TxOf } from '../ground.ts'
import type * as accounts from './accounts.ts'
import type * as billing from './billing.ts'
import type * as compliance from './compliance.ts'
import type * as house from './house.ts'
import type * as providers from './providers.ts'
import type * as studio from './studio.ts'

/** Every table of the main database. The data map (`compliance/data-map`) is derived from this type. */
export interface Schema {
  subject: accounts.SubjectTable
  password: accounts.PasswordTable
  session: accounts.SessionTable
  one_time_token: accounts.OneTimeTokenTable
  api_key: accounts.ApiKeyTable
  rate_counter: accounts.RateCounterTable
  mail: accounts.MailTable
  generation: studio.GenerationTable
  generation_event: studio.GenerationEventTable
  generation_input: studio.GenerationInputTable
  attempt: studio.AttemptTable
  reference: studio.ReferenceTable
  asset: studio.AssetTable
  stamp: studio.StampTable
  screening: studio.ScreeningTable
  idempotency: studio.IdempotencyTable
  ledger_account: billing.LedgerAccountTable
  ledger_transfer: billing.LedgerTransferTable
  ledger_entry: billing.LedgerEntryTable
  credit_hold: billing.CreditHoldTable
  audit: compliance.AuditTable
  audit_checkpoint: compliance.AuditCheckpointTable
  audit_prune: compliance.AuditPruneTable
  retention_run: compliance.RetentionRunTable
  key_destruction: compliance.KeyDestructionTable
  promise_check: compliance.PromiseCheckTable
  api_request: compliance.ApiRequestTable
  provider_connection: providers.ProviderConnectionTable
  processor: providers.ProcessorTable
  transfer: providers.TransferTable
  model_setting: providers.ModelSettingTable
  route_setting: providers.RouteSettingTable
  route_health: providers.RouteHealthTable
  provider_pace: providers.ProviderPaceTable
  webhook_delivery: providers.WebhookDeliveryTable
  provider_reading: providers.ProviderReadingTable
  offer: providers.OfferTable
  offer_change: providers.OfferChangeTable
  setting: house.SettingTable
  job: house.JobTable
}

export type Db = Ground<Schema>
export type Tx = TxOf<Schema>
export type Read = Reader<Schema>
export type ReadOrTx = ReaderOrTxOf<Schema>
