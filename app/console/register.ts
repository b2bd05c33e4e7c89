import type { House } from '#app/house.ts'
import { completed } from '#app/studio/catalogue/live.ts'
import { type ProviderRecord, type Safeguard, safeguards } from '#app/studio/catalogue/provider-record.ts'
import { connectionRow } from '#app/studio/providers/registry.ts'
import { appendAudit, prepareEntry } from '#compliance/records/audit.ts'
import type { ProcessorTable } from '#core/db/schema/providers.ts'
import { AppError } from '#core/errors/errors.ts'
import { type Sentence, say } from '#core/i18n/say.ts'
import { planOf } from './provider-plans.ts'
import * as queries from './providers.queries.ts'
import { nothingThere, type Staff } from './staff.ts'

/**
 * The register's entry of a provider: who receives people's data, where, and under which safeguard (GDPR art. 28, 30 and
 * 44 to 49). What was shipped about a provider is only a proposal; nothing is sent until somebody here has confirmed it.
 */
export type RegisterEntry = Omit<ProcessorTable, 'id' | 'updated_at'>

export type RegisterGap = 'entry' | 'safeguard' | 'name' | 'country' | 'agreement_on' | 'keeps_says'

/** What the entry lacks before anything may be sent; empty exactly when `completed` finds it whole. */
export function gapsIn(row: ProcessorTable | undefined): RegisterGap[] {
  if (!row) return ['entry']
  if (completed(row)) return []
  if (!row.safeguard) return ['safeguard', ...emptyIn(row)]
  return emptyIn(row)
}

function emptyIn(row: ProcessorTable): RegisterGap[] {
  return (['name', 'country', 'agreement_on', 'keeps_says'] as const).filter((field) => !row[field])
}

/** What the form begins with: the entry, or what is known of the provider. */
export function proposed(record: ProviderRecord | undefined): RegisterEntry {
  const { processor, keeps } = record ?? {}
  return {
    name: processor?.name ?? '',
    country: processor?.country ?? '',
    safeguard: processor?.safeguard ?? null,
    agreement_on: null,
    keeps_says: keeps?.says ?? '',
    keeps_days: keeps?.days ?? null,
    trains: keeps?.trains ?? 'unknown',
    deletes: keeps?.deletes ?? 'nothing',
  }
}

/** Keeps it, whole or not. Throws `invalid_input`, and 404 for what is no provider. */
export async function changeRegister(
  house: House,
  actor: Staff,
  id: string,
  wanted: RegisterEntry,
): Promise<{ gaps: RegisterGap[] }> {
  if (!planOf(id) && !(await connectionRow(house, id))) throw nothingThere()
  refuseWrong(wanted, new Date(house.clock.now()).toISOString().slice(0, 10))
  const row: ProcessorTable = { id, ...wanted, updated_at: house.clock.now() }
  const gaps = gapsIn(row)
  const target = { kind: 'provider', id }
  const detail = { safeguard: row.safeguard, country: row.country, whole: gaps.length === 0 }
  const entry = await prepareEntry(house, { actor, act: 'processor.changed', target, detail })
  await house.db.transaction(async (tx) => {
    await queries.keepProcessor(tx, row)
    await appendAudit(tx, entry)
  })
  house.catalogue.changed()
  return { gaps }
}

function refuseWrong({ country, safeguard, agreement_on }: RegisterEntry, today: string): void {
  const fields: Record<string, Sentence> = {}
  if (country !== '' && !isCountry(country))
    fields.country = say('Give the two letters of the country, such as DE or US.')
  if (safeguard !== null && !safeguards.includes(safeguard as Safeguard))
    fields.safeguard = say('Choose one of the list.')
  if (agreement_on !== null && agreement_on > today)
    fields.agreement_on = say('Give the day on which it was made. It cannot be in the future.')
  if (Object.keys(fields).length > 0)
    throw new AppError('invalid_input', say('Something in the entry is wrong. Look at the marked fields.'), {
      status: 422,
      fields,
    })
}

const countries = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' })

function isCountry(code: string): boolean {
  return /^[A-Z]{2}$/.test(code) && countries.of(code) !== undefined && code !== 'ZZ'
}
