import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { insertAccount, prepareAccount } from '#app/accounts/new-account.ts'
import type { House } from '#app/house.ts'
import { type JobPayloads, queueNames } from '#app/job-payloads.ts'
import { openCatalogue } from '#app/studio/catalogue/catalogue.ts'
import { openProviders } from '#app/studio/providers/registry.ts'
import { type MovableClock, movableClock } from '#core/clock/clock.ts'
import { type Config, loadConfig } from '#core/config/config.ts'
import { installationKeyFrom } from '#core/crypto/installation-key.ts'
import { openKeyring } from '#core/crypto/keyring/keyring.ts'
import { openGround } from '#core/db/ground.ts'
import type { Role } from '#core/db/schema/accounts.ts'
import type { Schema } from '#core/db/schema/schema.ts'
import type { SubjectId } from '#core/ids/ids.ts'
import { createLog } from '#core/log/log.ts'
import { openQueue } from '#core/queue/open.ts'
import { localStore } from '#core/storage/local-store.ts'
import { sealedStore } from '#core/storage/sealed-store.ts'
import { aFolder, anAddress, type GroundName } from '#test/grounds.ts'

export interface TestHouse extends House {
  clock: MovableClock
  /** Lines that were logged. */
  logged: string[]
}

/** A whole house of this test's own: database, keyring, store, queue, a clock to move. Gone when the test ends. */
export async function aHouse(
  ground: GroundName = 'sqlite',
  changes: Partial<Config> = {},
): Promise<TestHouse> {
  const folder = await aFolder()
  const clock = movableClock(Date.now())
  const address = await anAddress(ground, { migrated: true })
  const config: Config = {
    ...loadConfig({ DATA_DIR: folder, APP_URL: 'http://localhost:3000' }),
    database: address,
    ...changes,
  }
  const logged: string[] = []
  const log = createLog({ level: 'debug', destination: { write: (line) => logged.push(line) }, clock })
  await mkdir(join(folder, 'keyring'), { recursive: true })
  const db = openGround<Schema>(address)
  const keyring = await openKeyring({
    address: { kind: 'sqlite', path: join(folder, 'keyring', 'keyring.sqlite') },
    installationKeys: {
      current: installationKeyFrom(Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('hex')),
    },
    clock,
  })
  const objects = localStore({ root: join(folder, 'objects'), clock })
  const queue = await openQueue<JobPayloads>(db, address, {
    queues: queueNames,
    clock,
    random: () => 0.5,
    onError: (error) => logged.push(String(error)),
  })
  await queue.migrate()
  onTestFinished(async () => {
    await queue.close()
    await keyring.close()
    await db.close()
  })
  const catalogue = openCatalogue({ db, clock, maxAgeMs: 0 })
  const providers = openProviders({ db, keyring, clock }, [])
  const store = sealedStore(objects)
  return { config, clock, log, db, keyring, objects, store, queue, catalogue, providers, logged }
}

export interface TestPerson {
  id: SubjectId
  email: string
  password: string
}

let people = 0

/** A verified person with credits; staff by role. */
export async function aPerson(
  house: House,
  wanted: { role?: Role; credits?: number; email?: string; region?: string; verified?: boolean } = {},
): Promise<TestPerson> {
  people += 1
  const email = wanted.email ?? `person-${people}-${process.pid}@example.org`
  const password = 'correct horse battery staple'
  const account = await prepareAccount(house, {
    email,
    password,
    region: wanted.region ?? 'DE',
    locale: 'en',
    timeZone: 'Europe/Berlin',
    role: wanted.role ?? 'person',
    verified: wanted.verified ?? true,
  })
  await house.db.transaction((tx) =>
    insertAccount(tx, account, { amount: wanted.credits ?? 100, actor: 'test' }),
  )
  return { id: account.row.id, email, password }
}
