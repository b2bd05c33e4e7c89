import { statfs } from 'node:fs/promises'
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
  const { bavail, bsize } = await statfs(config.dataDir)
  if (bavail * bsize < reserve)
    throw new AppError(
      'storage_full',
      say('The server has no room left. Nothing was charged. Try again later.'),
      {
        status: 507,
      },
    )
}
