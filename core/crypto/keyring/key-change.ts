/** The whole change of an installation key that lies in a file, while processes run or stand. */
import { beginKeyChange, endKeyChange, type InstallationKey } from '../installation-key.ts'
import type { Keyring } from './keyring.ts'
import type { Rotated } from './rotation.ts'

/**
 * A new key in the file, everything wrapped under it, the former deleted. Killed anywhere and called again it goes on;
 * called twice at once both end with the same key. Running processes take the new key from the file by themselves.
 * `note` is told what was done before the former key goes. While keys are `broken` that one stays. `resumed` when it
 * went on with an earlier change, so that the key is as old as that one.
 */
export async function changeKeyFile(
  keyring: Pick<Keyring, 'alone' | 'rotate'>,
  dir: string,
  note: (rotated: Rotated, to: InstallationKey) => Promise<void>,
): Promise<Rotated & { resumed: boolean }> {
  const { current, resumed } = await keyring.alone((state) => beginKeyChange(dir, state))
  const rotated = await keyring.rotate(current)
  await note(rotated, current)
  if (rotated.broken.length === 0) await keyring.alone((state) => endKeyChange(dir, state))
  return { ...rotated, resumed }
}
