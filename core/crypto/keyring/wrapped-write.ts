/** Writing what is wrapped: under the installation key that the keyring names, never under one that was changed since. */
import { sql } from 'kysely'
import { type KeyringGround, type KeyringTx, nextVersion } from './schema.ts'
import type { InstallationRing } from './wrapping.ts'

/**
 * Wraps outside the transaction, which must be short, and writes inside one. When the keyring names another installation
 * key by then, nothing is written and both are done again under that one. Throws an AppError when it is not at hand: a
 * key that was wrapped by the former one might be looked at by nobody before that one is thrown away.
 */
export async function writeWrapped<Wrapped, T>(
  ground: KeyringGround,
  ring: InstallationRing,
  wrap: () => Wrapped,
  write: (tx: KeyringTx, wrapped: Wrapped) => Promise<T>,
): Promise<T> {
  for (;;) {
    const by = ring.currentId
    const wrapped = wrap()
    const outcome = await lastingTransaction(ground, async (tx) => {
      const wraps = await nextVersion(tx)
      if (wraps !== by) return { written: false, wraps } as const
      return { written: true, result: await write(tx, wrapped) } as const
    })
    if (outcome.written) return outcome.result
    await ring.turnTo(outcome.wraps)
  }
}

/**
 * Survives a crash of the server once it resolves: what follows (a row that needs the key, the deletion of a former
 * installation key) relies on it.
 */
export function lastingTransaction<T>(
  ground: KeyringGround,
  work: (tx: KeyringTx) => Promise<T>,
): Promise<T> {
  return ground.transaction(async (tx) => {
    if (ground.dialect === 'postgres') await sql`set local synchronous_commit to on`.execute(tx)
    return work(tx)
  })
}
