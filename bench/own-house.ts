/** A house of a bench's own, on SQLite and the local disk as `npm start` makes it, with people who have keys and credits. */
import { type ChildProcess, fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as apiKeys from '#app/accounts/api-keys.queries.ts'
import { hashApiKey } from '#app/accounts/api-keys.ts'
import { insertAccount, type PreparedAccount } from '#app/accounts/new-account.ts'
import { migrateHouse } from '#app/migrate-house.ts'
import { type OpenedHouse, openHouse } from '#app/open-house.ts'
import { type Clock, DAY } from '#core/clock/clock.ts'
import { loadConfig } from '#core/config/config.ts'
import { sealText } from '#core/crypto/sealed-text.ts'
import type { ThingKey } from '#core/crypto/thing-key.ts'
import { toJson } from '#core/db/columns.ts'
import type { ApiKeyTable } from '#core/db/schema/accounts.ts'
import { newId, type SubjectId } from '#core/ids/ids.ts'
import { createLog } from '#core/log/log.ts'

export interface OwnHouse {
  readonly house: OpenedHouse
  /** What a process needs to open the same house. */
  readonly env: NodeJS.ProcessEnv
  readonly origin: string
}

/** Migrated and open; its folder is in the bench's temporary one, which goes with it. */
export async function anOwnHouse(clock?: Clock): Promise<OwnHouse> {
  const port = await freePort()
  const origin = `http://127.0.0.1:${port}`
  const env = {
    ...process.env,
    NODE_ENV: 'production' as const,
    DATA_DIR: await mkdtemp(join(tmpdir(), 'house-')),
    HOST: '127.0.0.1',
    PORT: String(port),
    APP_URL: origin,
  }
  const config = loadConfig(env)
  const log = createLog({ level: 'silent' })
  await migrateHouse(config, log)
  return { house: await openHouse({ config, log, ...(clock ? { clock } : {}) }), env, origin }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

export interface Web {
  /** Processor time (ms) that it took since it began, all its threads. */
  processor(): Promise<number>
  stop(): Promise<void>
}

/** Starts the web server over a house that this process has closed. */
export async function startWeb({ env }: OwnHouse): Promise<Web> {
  const child: ChildProcess = fork(join(import.meta.dirname, 'programs/web.ts'), { env })
  const [word] = await Promise.race([once(child, 'message'), once(child, 'exit')])
  if (word !== 'ready') throw new Error(`the web server ended with ${word} before it was ready`)
  return {
    async processor() {
      child.send('processor?')
      const [{ user, system }] = (await once(child, 'message')) as [NodeJS.CpuUsage]
      return (user + system) / 1000
    },
    async stop() {
      const gone = once(child, 'exit')
      child.disconnect()
      await gone
    },
  }
}

export interface OwnPerson {
  id: SubjectId
  /** As a program sends it. */
  apiKey: string
}

/** Verified people with credits and one API key each. They have no password: hashing so many would take minutes. */
export async function manyPeople(house: OpenedHouse, count: number, credits: number): Promise<OwnPerson[]> {
  const { db, keyring, clock } = house
  const now = clock.now()
  const ids = Array.from({ length: count }, () => newId('subject', now))
  const keys = await keyring.createMany(ids.map((subject) => ({ class: 'account', subject })))
  const people = ids.map((id, at) => ({
    account: anAccount(id, keys[at] as ThingKey, now),
    ...aKey(id, keys[at] as ThingKey, now),
  }))
  await db.transaction(async (tx) => {
    for (const { account, row } of people) {
      await insertAccount(tx, account, { amount: credits, actor: 'bench' })
      await apiKeys.insert(tx, row)
    }
  })
  return people.map(({ account, secret }) => ({ id: account.row.id, apiKey: secret }))
}

function anAccount(id: SubjectId, key: ThingKey, now: number): PreparedAccount {
  const place = { table: 'subject', column: 'email_sealed', row: id }
  const row: PreparedAccount['row'] = {
    id,
    status: 'active',
    role: 'person',
    key_id: key.id,
    email_sealed: sealText(key, place, `${id}@example.org`),
    email_hash: randomBytes(32).toString('base64url'),
    name_sealed: null,
    region: 'DE',
    locale: 'en',
    time_zone: 'Europe/Berlin',
    theme: null,
    old_enough: 1,
    email_verified_at: now,
    created_at: now,
    updated_at: now,
  }
  return { row, passwordHash: 'none' }
}

function aKey(subject: SubjectId, key: ThingKey, now: number): { secret: string; row: ApiKeyTable } {
  const id = newId('apiKey', now)
  const secret = `ff_${randomBytes(32).toString('base64url')}`
  const row: ApiKeyTable = {
    id,
    subject_id: subject,
    key_id: key.id,
    name_sealed: sealText(key, { table: 'api_key', column: 'name_sealed', row: id }, 'bench'),
    prefix: secret.slice(0, 9),
    hash: hashApiKey(secret),
    scopes: toJson(['generations:read', 'generations:write']),
    // In use for a while: its first use would cost a write more than the others.
    last_used_at: now,
    expires_at: now + DAY,
    reminded_at: null,
    revoked_at: null,
    created_at: now,
  }
  return { secret, row }
}
