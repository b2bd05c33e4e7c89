import { fromJson, toJson } from '#core/db/columns.ts'
import type { ReadOrTx, Tx } from '#core/db/schema/schema.ts'

/** What the operator sets in the console or at set-up, beside the environment. */
export interface SiteSettings {
  site_name: string
  /** The operator's address for questions, shown on public pages; empty until set. */
  contact: string
  set_up_at: number | null
  /** The keyring's newest version that this data has seen: an older keyring is a wrong backup. */
  keyring_version: number
  keyring_instance: string
  /** What a credit stands for, in millionths of a US dollar: prices that follow costs are computed with it. */
  credit_micro_usd: number
}

const standard: SiteSettings = {
  site_name: 'Fairframe',
  contact: '',
  set_up_at: null,
  keyring_version: 0,
  keyring_instance: '',
  credit_micro_usd: 10_000,
}

export async function siteSettings(read: ReadOrTx): Promise<SiteSettings> {
  const rows = await read.selectFrom('setting').select(['name', 'value']).execute()
  const set = Object.fromEntries(rows.map((row) => [row.name, fromJson(row.value)]))
  return { ...standard, ...set }
}

export async function changeSettings(tx: Tx, changes: Partial<SiteSettings>, now: number): Promise<void> {
  for (const [name, value] of Object.entries(changes)) {
    const row = { value: toJson<unknown>(value), updated_at: now }
    await tx
      .insertInto('setting')
      .values({ name, ...row })
      .onConflict((c) => c.column('name').doUpdateSet(row))
      .execute()
  }
}
