import { join } from 'node:path'
import { hashApiKey } from '#app/accounts/api-keys.ts'
import { atCost } from '#app/accounts/passwords.ts'
import type { House, Workshop } from '#app/house.ts'
import { signedLinks } from '#app/studio/creations/links.ts'
import { secretsOpen } from '#app/studio/providers/registry.ts'
import type { PromiseGround } from '#compliance/promises/promise.ts'
import { runPromises, type Standing } from '#compliance/promises/run.ts'
import type { ProvenanceEngine } from '#compliance/provenance/engine.ts'
import { ensureCanary } from './canary.ts'

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
    openSecrets: () => openSecrets(house),
  }
}

export type { Standing }

/** Keys and webhook secrets of the providers lie under a secret of the keyring; one that does not open is not sealed. */
async function openSecrets(house: House): Promise<{ looked: number; wrong: number }> {
  const rows = await house.db.read.selectFrom('provider_connection').selectAll().execute()
  let wrong = 0
  for (const row of rows) if (!(await secretsOpen(house, row))) wrong += 1
  return { looked: rows.length, wrong }
}
