import { Router } from 'express'
import type { House } from '#app/house.ts'
import { assertRoom } from '#app/studio/generations/room.ts'
import { migrationState } from '#core/db/migrate.ts'
import { migrations } from '#core/db/migrations/all.ts'

/**
 * `/healthz`: this process answers. `/readyz`: it can do its work, each part really tried: the schema is this code's,
 * the keyring opens what it has, the store takes a file, there is room. 503 names the part and nothing of the inside.
 */
export function openHealth(house: House, stopping: AbortSignal): Router {
  const router = Router()
  router.get('/healthz', (_request, response) => void response.type('text').send('ok'))
  router.get('/readyz', async (_request, response) => {
    const parts = await readiness(house)
    if (stopping.aborted) parts.stopping = 'This process is about to end.'
    const failed = Object.values(parts).some((why) => why !== null)
    response
      .status(failed ? 503 : 200)
      .set('Cache-Control', 'no-store')
      .json({ ready: !failed, parts })
  })
  return router
}

/** What does not work, by part; null where it does. */
export async function readiness(house: House): Promise<Record<string, string | null>> {
  const check = async (work: () => Promise<string | null>, otherwise: string) => {
    try {
      return await work()
    } catch {
      return otherwise
    }
  }
  const [database, keyring, storage, disk] = await Promise.all([
    check(async () => {
      const { missing, unknown } = await migrationState(house.db, migrations)
      return missing.length + unknown.length > 0 ? 'The schema is not the one of this version.' : null
    }, 'The database does not answer.'),
    check(async () => {
      const { broken } = await house.keyring.verify(1)
      return broken.length > 0 ? 'A key in the keyring does not open with the installation key.' : null
    }, 'The keyring does not answer.'),
    check(async () => {
      await house.objects.check()
      return null
    }, 'The store cannot be used.'),
    check(async () => {
      await assertRoom(house)
      return null
    }, 'There is too little free room.'),
  ])
  return { database, keyring, storage, disk }
}
