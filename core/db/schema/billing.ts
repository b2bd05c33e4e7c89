import type { GenerationId, IdOf, SubjectId } from '#core/ids/ids.ts'

/** Credits are whole numbers. A person's account is `<subject id>`; the house's are `house:<name>`. */
export interface LedgerAccountTable {
  id: string
  subject_id: SubjectId | null
  balance: number
  /** Part of the balance that open holds have taken. */
  held: number
}

/** A movement of credits. Its entries sum to zero; nothing of it is ever changed. */
export interface LedgerTransferTable {
  id: IdOf<'transfer'>
  /** What makes it happen only once, e.g. `capture:<hold>`. */
  key: string
  kind: 'grant' | 'capture' | 'revoke'
  subject_id: SubjectId | null
  actor: string
  at: number
}

export interface LedgerEntryTable {
  id: IdOf<'entry'>
  transfer_id: IdOf<'transfer'>
  account_id: string
  amount: number
}

/** Credits set aside for a generation; ends once, by capture or release. */
export interface CreditHoldTable {
  id: IdOf<'creditHold'>
  account_id: string
  subject_id: SubjectId
  generation_id: GenerationId
  amount: number
  state: 'open' | 'captured' | 'released'
  created_at: number
  ended_at: number | null
}
