import type { House } from '#app/house.ts'
import { finishDestructions } from '#core/crypto/keyring/destruction.ts'

/** Most keys destroyed in an hour, whoever asks: a bug or an insider who shreds everybody is noticed in time. */
export const keysPerHour = 5000

/** Destroys what was intended, and answers how many must wait for the next hour or for a reader of the log. */
export async function destroyKeys({ db, keyring, clock, log }: House): Promise<number> {
  const { waiting } = await finishDestructions(db, keyring, { now: clock.now(), limitPerHour: keysPerHour })
  if (waiting > 0)
    log.warn('Keys wait to be destroyed: the hourly limit is reached, or a reader holds the log', { waiting })
  return waiting
}
