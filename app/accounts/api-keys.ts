import { createHash, randomBytes } from 'node:crypto'
import type { House } from '#app/house.ts'
import { appendAudit, prepareEntry } from '#compliance/records/audit.ts'
import { type Actor, accessOf } from '#core/actor.ts'
import { DAY, MINUTE } from '#core/clock/clock.ts'
import { sealText, unsealText } from '#core/crypto/sealed-text.ts'
import { fromJson, toJson } from '#core/db/columns.ts'
import type { ApiScope } from '#core/db/schema/accounts.ts'
import { AppError } from '#core/errors/errors.ts'
import { say } from '#core/i18n/say.ts'
import { type IdOf, newId, type SubjectId } from '#core/ids/ids.ts'
import * as queries from './api-keys.queries.ts'

/** Keys for programs: shown once, stored as a hash, with scopes and an end. */
export type ApiKeyId = IdOf<'apiKey'>

export const keyLifetimeDays = 365
const PREFIX = 'ff_'
const SHOWN = PREFIX.length + 6

export interface KeyHolder {
  id: ApiKeyId
  subject: SubjectId
  scopes: ApiScope[]
}

/** Makes a key for the person themselves, or for somebody at the machine's command line; staff cannot. */
export async function createApiKey(
  house: House,
  actor: Extract<Actor, { kind: 'person' | 'command' }>,
  wanted: { subject: SubjectId; name: string; scopes?: ApiScope[] },
): Promise<{ id: ApiKeyId; key: string }> {
  const { db, keyring, clock } = house
  if (actor.kind === 'person' && actor.id !== wanted.subject)
    throw new AppError('not_found', say('There is no such account.'), { status: 404 })
  const now = clock.now()
  const id = newId('apiKey', now)
  const secret = `${PREFIX}${randomBytes(32).toString('base64url')}`
  const sealing = await keyring.create({ class: 'account', subject: wanted.subject })
  const entry = await prepareEntry(house, {
    actor,
    act: actor.kind === 'command' ? 'api_key.created_by_command' : 'api_key.made',
    target: { kind: 'subject', id: wanted.subject },
    detail: { api_key: id },
  })
  await db.transaction(async (tx) => {
    await queries.insert(tx, {
      id,
      subject_id: wanted.subject,
      key_id: sealing.id,
      name_sealed: sealText(sealing, { table: 'api_key', column: 'name_sealed', row: id }, wanted.name),
      prefix: secret.slice(0, SHOWN),
      hash: hashApiKey(secret),
      scopes: toJson(wanted.scopes ?? ['generations:read', 'generations:write']),
      last_used_at: null,
      expires_at: now + keyLifetimeDays * DAY,
      reminded_at: null,
      revoked_at: null,
      created_at: now,
    })
    await appendAudit(tx, entry)
  })
  return { id, key: secret }
}

/** Whose key is this? Undefined for a wrong, revoked or ended one, and for a key of an account that is not active. */
export async function recogniseApiKey(house: House, presented: string): Promise<KeyHolder | undefined> {
  if (!presented.startsWith(PREFIX) || presented.length > 100) return undefined
  const now = house.clock.now()
  const row = await queries.living(house.db.read, hashApiKey(presented), now)
  if (!row) return undefined
  // Once a minute is often enough to show when a key was last used, and spares a write on every call.
  if ((row.last_used_at ?? 0) < now - MINUTE) await house.db.together((tx) => queries.touch(tx, row.id, now))
  return { id: row.id, subject: row.subject_id, scopes: fromJson(row.scopes) }
}

export interface ListedKey {
  id: ApiKeyId
  name: string
  prefix: string
  scopes: ApiScope[]
  createdAt: number
  lastUsedAt: number | null
  expiresAt: number | null
  revokedAt: number | null
}

export async function listApiKeys(house: House, subject: SubjectId): Promise<ListedKey[]> {
  const rows = await queries.ofSubject(house.db.read, subject)
  const access = accessOf({ kind: 'person', id: subject }, 'account.read', subject)
  const keys = await house.keyring.open(
    rows.map((row) => row.key_id),
    access,
  )
  return rows.flatMap((row) => {
    const key = keys.get(row.key_id)
    if (!key) return []
    const name = unsealText(key, { table: 'api_key', column: 'name_sealed', row: row.id }, row.name_sealed)
    return [
      {
        id: row.id,
        name,
        prefix: row.prefix,
        scopes: fromJson(row.scopes),
        createdAt: row.created_at,
        lastUsedAt: row.last_used_at,
        expiresAt: row.expires_at,
        revokedAt: row.revoked_at,
      },
    ]
  })
}

/** The person's own key stops at once. 404 for somebody else's. */
export async function revokeApiKey(house: House, subject: SubjectId, id: ApiKeyId): Promise<void> {
  const entry = await prepareEntry(house, {
    actor: { kind: 'person', id: subject },
    act: 'api_key.revoked',
    target: { kind: 'subject', id: subject },
    detail: { api_key: id },
  })
  const revoked = await house.db.transaction(async (tx) => {
    const done = await queries.revoke(tx, subject, id, house.clock.now())
    if (done) await appendAudit(tx, entry)
    return done
  })
  if (!revoked) throw new AppError('not_found', say('There is no such key.'), { status: 404 })
}

/** SHA-256 suffices for 256 random bits; there is nothing to guess. */
export function hashApiKey(key: string): string {
  return createHash('sha256').update(key).digest('base64url')
}
