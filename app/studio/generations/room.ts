import { statfs } from 'node:fs/promises'
import { SECOND } from '#core/clock/clock.ts'
import type { Config } from '#core/config/config.ts'
import { AppError } from '#core/errors/errors.ts'
import type { Ground } from '#core/house.ts'
import { say } from '#core/i18n/say.ts'

/** Below this much free room new videos are refused, so that deletions and the database itself still have some. */
export const diskReserveBytes = 512 * 1024 * 1024

/** Throws `storage_full` when the disk of the data folder has less free room than the reserve. */
export async function assertRoom(
  { config }: Pick<Ground, 'config'>,
  reserve = diskReserveBytes,
): Promise<void> {
  if ((await freeBytes(config)) < reserve)
    throw new AppError(
      'storage_full',
      say('The server has no room left. Nothing was charged. Try again later.'),
      {
        status: 507,
      },
    )
}

const looks = new WeakMap<Config, { at: number; free: Promise<number> }>()

/** Looks once a second: in that time requests write nothing that the reserve would notice. */
function freeBytes(config: Config): Promise<number> {
  const now = performance.now()
  const last = looks.get(config)
  if (last && now - last.at < SECOND) return last.free
  const free = statfs(config.dataDir).then(({ bavail, bsize }) => bavail * bsize)
  looks.set(config, { at: now, free })
  // A failure is not remembered.
  free.catch(() => looks.delete(config))
  return free
}
