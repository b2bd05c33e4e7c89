import { grant, openAccount } from '#app/billing/ledger/ledger.ts'
import { sealText } from '#core/crypto/sealed-text.ts'
import type { Role, SubjectTable } from '#core/db/schema/accounts.ts'
import type { Tx } from '#core/db/schema/schema.ts'
import type { Ground } from '#core/house.ts'
import { newId } from '#core/ids/ids.ts'
import { addressHash, normalAddress } from './addresses.ts'
import { hashPassword } from './passwords.ts'
import * as queries from './subjects.queries.ts'

export interface NewAccount {
  email: string
  password: string
  region: string
  locale: string
  timeZone: string
  role: Role
  verified: boolean
}

export interface PreparedAccount {
  row: SubjectTable
  passwordHash: string
}

/** Everything slow or outside the database: the key is committed, the address sealed, the password hashed. */
export async function prepareAccount(ground: Ground, wanted: NewAccount): Promise<PreparedAccount> {
  const { keyring, clock } = ground
  const now = clock.now()
  const id = newId('subject', now)
  const [passwordHash, emailHash] = await Promise.all([
    hashPassword(wanted.password),
    addressHash(keyring, wanted.email),
  ])
  const key = await keyring.create({ class: 'account', subject: id })
  return {
    passwordHash,
    row: {
      id,
      status: wanted.verified ? 'active' : 'unverified',
      role: wanted.role,
      key_id: key.id,
      email_sealed: sealText(
        key,
        { table: 'subject', column: 'email_sealed', row: id },
        normalAddress(wanted.email),
      ),
      email_hash: emailHash,
      name_sealed: null,
      region: wanted.region,
      locale: wanted.locale,
      time_zone: wanted.timeZone,
      theme: null,
      old_enough: 1,
      email_verified_at: wanted.verified ? now : null,
      created_at: now,
      updated_at: now,
    },
  }
}

/** Writes the account with its password and credits; false when the address is taken. */
export async function insertAccount(
  tx: Tx,
  account: PreparedAccount,
  credits: { amount: number; actor: string },
): Promise<boolean> {
  const { row, passwordHash } = account
  if (!(await queries.insertSubject(tx, row))) return false
  await queries.setPassword(tx, row.id, passwordHash, row.created_at)
  await openAccount(tx, row.id)
  if (credits.amount > 0)
    await grant(tx, {
      subject: row.id,
      amount: credits.amount,
      key: `welcome:${row.id}`,
      actor: credits.actor,
      now: row.created_at,
    })
  return true
}
