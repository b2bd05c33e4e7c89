import type { House } from '#app/house.ts'
import { changeSettings, siteSettings } from '#app/settings.ts'
import { appendAudit, prepareEntry } from '#compliance/records/audit.ts'
import type { Staff } from './staff.ts'

/** What the owner sets here, and how the installation runs: what is on, never a secret of it. */
export interface RunningSettings {
  appUrl: string
  database: 'sqlite' | 'postgres'
  keyring: 'sqlite' | 'postgres'
  /** A deleted key stays in the log and backups of a cluster that also holds the data. */
  keyringPlacement: 'apart' | 'same_cluster'
  installationKey: 'environment' | 'file'
  storage: 'local' | 's3'
  mail: 'smtp' | 'off'
  signUp: 'open' | 'closed'
  engine: 'auto' | 'native' | 'wasm'
  welcomeCredits: number
  keepUnsavedDays: number
  keepAuditDays: number
}

export async function runningSettings({ config, keyring }: House): Promise<RunningSettings> {
  return {
    appUrl: config.appUrl.origin,
    database: config.database.kind,
    keyring: config.keyring.kind,
    keyringPlacement: await keyring.placement(config.database),
    installationKey: config.masterKey ? 'environment' : 'file',
    storage: config.storage.kind,
    mail: config.smtp ? 'smtp' : 'off',
    signUp: config.signUp,
    engine: config.provenanceEngine,
    welcomeCredits: config.welcomeCredits,
    keepUnsavedDays: config.keepUnsavedDays,
    keepAuditDays: config.keepAuditDays,
  }
}

/** What a credit stands for, in millionths of a US dollar: prices that follow costs are computed with it. False when it is the same. */
export async function changeCredit(house: House, actor: Staff, microUsd: number): Promise<boolean> {
  const { credit_micro_usd } = await siteSettings(house.db.read)
  if (credit_micro_usd === microUsd) return false
  const detail = { settings: 'credit_micro_usd', credit_micro_usd: microUsd }
  const entry = await prepareEntry(house, { actor, act: 'setting.changed', detail })
  await house.db.transaction(async (tx) => {
    await changeSettings(tx, { credit_micro_usd: microUsd }, house.clock.now())
    await appendAudit(tx, entry)
  })
  house.catalogue.changed()
  return true
}

/** Writes what differs. The log names the settings that were changed, not what they say. False when nothing differed. */
export async function changeSite(
  house: House,
  actor: Staff,
  wanted: { site_name: string; contact: string },
): Promise<boolean> {
  const current = await siteSettings(house.db.read)
  const names = (['site_name', 'contact'] as const).filter((name) => wanted[name] !== current[name])
  if (names.length === 0) return false
  const entry = await prepareEntry(house, {
    actor,
    act: 'setting.changed',
    detail: { settings: names.join(',') },
  })
  const changes = Object.fromEntries(names.map((name) => [name, wanted[name]]))
  await house.db.transaction(async (tx) => {
    await changeSettings(tx, changes, house.clock.now())
    await appendAudit(tx, entry)
  })
  return true
}
