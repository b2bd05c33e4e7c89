import type { OpenedHouse } from '#app/open-house.ts'

/** One sentence when the keyring lies in the data's cluster, for the log and for whoever starts it (promise T7). */
export async function sameClusterWarning({
  keyring,
  config,
}: Pick<OpenedHouse, 'keyring' | 'config'>): Promise<string | undefined> {
  // Some servers do not say which cluster they are; that is no reason not to start.
  const placement = await keyring.placement(config.database).catch(() => 'unknown' as const)
  return placement === 'same_cluster' ? SAME_CLUSTER : undefined
}

const SAME_CLUSTER =
  'The keyring lies on the same database server as the data, so what is deleted stays readable in that server’s backups and promise T7 is not made: set KEYRING_URL to another server.'
