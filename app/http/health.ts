import { type Request, type Response, Router } from 'express'
import type { House } from '#app/house.ts'
import { assertRoom } from '#app/studio/generations/room.ts'
import { SECOND } from '#core/clock/clock.ts'
import { migrationState } from '#core/db/migrate.ts'
import { migrations } from '#core/db/migrations/all.ts'
import { type Sentence, say } from '#core/i18n/say.ts'
import { translatorFor } from '#core/i18n/translate.ts'
import { rememberedFor } from './remembered.ts'
import { localeOf } from './visitor.ts'

/**
 * `/healthz`: this process answers. `/readyz`: it can do its work, each part really tried: the schema is this code's,
 * the keyring opens what it has, the store takes a file, there is room. 503 names the part and nothing of the inside. Anybody
 * may ask, so it is tried once a second at most.
 */
export function openHealth(house: House, stopping: AbortSignal): Router {
  const router = Router()
  const tried = rememberedFor(SECOND, () => readiness(house), house.clock)
  router.get('/healthz', (_request, response) => void response.type('text').send('ok'))
  router.get('/readyz', async (request: Request, response: Response) => {
    const stops = stopping.aborted ? { stopping: say('This process is about to end.') } : {}
    const parts = Object.entries({ ...(await tried()), ...stops })
    const ready = parts.every(([, why]) => why === null)
    const { t } = translatorFor(localeOf(request.headers['accept-language']))
    const told = parts.map(([part, why]) => [part, why && t(why)])
    response
      .status(ready ? 200 : 503)
      .set('Cache-Control', 'no-store')
      .json({ ready, parts: Object.fromEntries(told) })
  })
  return router
}

/** What does not work, by part; null where it does. */
export async function readiness(house: House): Promise<Record<string, Sentence | null>> {
  const check = async (work: () => Promise<Sentence | null>, otherwise: Sentence) => {
    try {
      return await work()
    } catch {
      return otherwise
    }
  }
  const [database, keyring, storage, disk] = await Promise.all([
    check(async () => {
      const { missing, unknown } = await migrationState(house.db, migrations)
      return missing.length + unknown.length > 0 ? say('The schema is not the one of this version.') : null
    }, say('The database does not answer.')),
    check(async () => {
      const { broken } = await house.keyring.verify(1)
      return broken.length > 0 ? say('A key in the keyring does not open with the installation key.') : null
    }, say('The keyring does not answer.')),
    check(async () => {
      await house.objects.check()
      return null
    }, say('The store cannot be used.')),
    check(async () => {
      await assertRoom(house)
      return null
    }, say('There is too little free room.')),
  ])
  return { database, keyring, storage, disk }
}
