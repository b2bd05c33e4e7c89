import { sealBytes, unsealBytes } from '#core/crypto/sealed-bytes.ts'
import { fromJson } from '#core/db/columns.ts'
import type { ProviderConnectionTable } from '#core/db/schema/providers.ts'
import type { Ground } from '#core/house.ts'
import { driverOf } from './drivers.ts'
import type { Connection, Driver, Provider } from './provider.ts'
import { ProviderError } from './provider-errors.ts'

/** The providers of this installation, ready to be asked. */
export interface Providers {
  /** By the connection's id; undefined when there is none, or no code for it. One that is switched off answers still. */
  get(id: string): Promise<Provider | undefined>
}

/** The secret of the keyring under which providers' keys lie. */
const SECRET = 'provider-keys'

/** Opens connections as they stand in the database; one that was changed is opened anew. */
export function openProviders(
  ground: Pick<Ground, 'db' | 'keyring' | 'clock'>,
  resident: readonly Provider[],
): Providers {
  const open = new Map<string, { updatedAt: number; provider: Provider }>()
  return {
    async get(id) {
      const here = resident.find((provider) => provider.name === id)
      if (here) return here
      const row = await connectionRow(ground, id)
      const driver = row && driverOf(row.driver)
      if (!row || !driver) return undefined
      const known = open.get(id)
      if (known?.updatedAt === row.updated_at) return known.provider
      const provider = driver.open(await connectionOf(ground, driver, row))
      open.set(id, { updatedAt: row.updated_at, provider })
      return provider
    },
  }
}

export async function connectionRow(
  { db }: Pick<Ground, 'db'>,
  id: string,
): Promise<ProviderConnectionTable | undefined> {
  return db.read.selectFrom('provider_connection').selectAll().where('id', '=', id).executeTakeFirst()
}

/** A row with its key opened, for the driver alone. */
export async function connectionOf(
  { keyring, clock }: Pick<Ground, 'keyring' | 'clock'>,
  driver: Driver,
  row: ProviderConnectionTable,
): Promise<Connection> {
  const secret = await keyring.secret(SECRET)
  const opened = (column: SecretColumn) => openCell(secret, row, column)
  const own = fromJson(row.addresses)
  const key = opened('key_sealed')
  return {
    id: row.id,
    addresses: { ...driver.addresses, ...own },
    ownAddresses: Object.values(own),
    settings: driver.settings.parse(fromJson(row.settings)),
    hasKey: key !== undefined,
    key() {
      if (key === undefined) throw new ProviderError('provider_auth', { providerCode: 'no key' })
      return key
    },
    webhookSecret: opened('webhook_secret_sealed'),
    clock,
  }
}

type SecretColumn = 'key_sealed' | 'webhook_secret_sealed'

/** Does every secret that is stored with it open? One that lies in the clear does not. */
export async function secretsOpen(
  { keyring }: Pick<Ground, 'keyring'>,
  row: ProviderConnectionTable,
): Promise<boolean> {
  const secret = await keyring.secret(SECRET)
  try {
    for (const column of ['key_sealed', 'webhook_secret_sealed'] as const) openCell(secret, row, column)
    return true
  } catch {
    return false
  }
}

function openCell(secret: Uint8Array, row: ProviderConnectionTable, column: SecretColumn) {
  const sealed = row[column]
  if (sealed === null) return undefined
  const bytes = unsealBytes(secret, place(row.id, column), Buffer.from(sealed, 'base64url'))
  return Buffer.from(bytes).toString('utf8')
}

/** A key as it lies in the database: bound to its connection and column, opened for calls only, never shown. */
export async function sealProviderSecret(
  { keyring }: Pick<Ground, 'keyring'>,
  connection: string,
  column: SecretColumn,
  plain: string,
): Promise<string> {
  const secret = await keyring.secret(SECRET)
  return Buffer.from(sealBytes(secret, place(connection, column), Buffer.from(plain))).toString('base64url')
}

function place(connection: string, column: string): string {
  return `provider_connection.${column}.${connection}`
}
