import { join } from 'node:path'
import { addressHash } from '#app/accounts/addresses.ts'
import { hashApiKey } from '#app/accounts/api-keys.ts'
import { insertAccount, prepareAccount } from '#app/accounts/new-account.ts'
import { atCost } from '#app/accounts/passwords.ts'
import { setStatus, subjectByHash } from '#app/accounts/subjects.queries.ts'
import type { House, Workshop } from '#app/house.ts'
import { signedLinks } from '#app/studio/creations/links.ts'
import type { PromiseGround } from '#compliance/promises/promise.ts'
import { runPromises, type Standing } from '#compliance/promises/run.ts'
import type { ProvenanceEngine } from '#compliance/provenance/engine.ts'

/** The hourly look at every promise. */
export async function checkPromises(workshop: Workshop, signal?: AbortSignal): Promise<void> {
  await runPromises(await promiseGround(workshop, workshop.engine), { signal })
}

/** What the checks look at, out of a house. Without an engine, files are not read, and M7 says so. */
export async function promiseGround(
  house: House,
  engine: Pick<ProvenanceEngine, 'read'> | undefined,
): Promise<PromiseGround> {
  const { config, keyring } = house
  const links = await keyring.secret('links')
  return {
    ...house,
    folders: { logs: join(config.dataDir, 'logs'), scratch: join(config.dataDir, 'scratch') },
    passwordAtCost: atCost,
    apiKeys: { pattern: /ff_[A-Za-z0-9_-]{43}/g, hash: hashApiKey },
    linksAt: (clock) => signedLinks(links, clock),
    readProvenance: engine && ((path) => engine.read(path)),
    canaryMarkers: () => ensureCanary(house),
  }
}

export type { Standing }

/**
 * The canary: an account of nobody, closed from the start, whose address is written the way every account's is. Its texts come
 * out of the keyring, so that they stand nowhere but sealed, and whoever finds one raw has found a leak.
 */
async function ensureCanary(house: House): Promise<string[]> {
  const { db, keyring, clock } = house
  const marker = Buffer.from(await keyring.keyedHash('canary', 'address'), 'base64url')
    .toString('hex')
    .slice(0, 32)
  const email = `canary-${marker}@canary.invalid`
  if (await subjectByHash(db.read, await addressHash(keyring, email))) return [marker]
  const account = await prepareAccount(house, {
    email,
    password: crypto.randomUUID() + crypto.randomUUID(),
    region: 'DE',
    locale: 'en',
    timeZone: 'UTC',
    role: 'person',
    verified: false,
  })
  await db.transaction(async (tx) => {
    if (!(await insertAccount(tx, account, { amount: 0, actor: 'system:canary' }))) return
    await setStatus(tx, account.row.id, 'suspended', clock.now())
  })
  return [marker]
}
