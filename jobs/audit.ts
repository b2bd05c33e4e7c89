import type { House } from '#app/house.ts'
import {
  appendAudit,
  auditKeys,
  checkpointAudit,
  prepareEntry,
  pruneAudit,
} from '#compliance/records/audit.ts'
import { system } from '#core/actor.ts'
import { DAY } from '#core/clock/clock.ts'
import { intendDestruction } from '#core/crypto/keyring/destruction.ts'
import type { KeyId } from '#core/ids/ids.ts'

/** Once a day: signs how the audit chain stands, and lets segments older than their time go behind a checkpoint. */
export async function checkpoint(house: House): Promise<void> {
  const { db, keyring, clock, config, log } = house
  const { privateKey } = await auditKeys(keyring)
  const now = clock.now()
  const entry = await prepareEntry(house, { actor: system('audit'), act: 'audit.checkpointed' })
  const seq = await db.transaction(async (tx) => {
    await appendAudit(tx, entry)
    return checkpointAudit(tx, privateKey, now)
  })
  // The log leaves this machine with the operator's own log collection: a second place that remembers the chain.
  log.info('The audit chain was signed', { seq })
  const pruned = await db.transaction(async (tx) => {
    const gone = await pruneAudit(tx, now - config.keepAuditDays * DAY)
    await intendDestruction(tx, gone.noteKeys as KeyId[], 'audit.pruned', now)
    return gone
  })
  if (pruned.rows === 0) return
  const record = await prepareEntry(house, {
    actor: system('audit'),
    act: 'audit.pruned',
    detail: { rows: pruned.rows },
  })
  await db.transaction(async (tx) => {
    await appendAudit(tx, record)
    await house.queue.enqueue(tx, { queue: 'keys.destroy', payload: {}, dedupeKey: 'keys.destroy' })
  })
}
