import type { House } from '#app/house.ts'
import { announcePruning, appendAudit, prepareEntry, pruneAudit } from '#compliance/records/audit.ts'
import { signAudit } from '#compliance/records/audit-signing.ts'
import { canonicalJson } from '#compliance/records/canonical-json.ts'
import { system } from '#core/actor.ts'
import { DAY } from '#core/clock/clock.ts'
import { intendDestruction } from '#core/crypto/keyring/destruction.ts'
import type { KeyId } from '#core/ids/ids.ts'

/** Once a day: signs how the audit chain stands, and lets segments older than their time go behind a checkpoint. */
export async function checkpoint(house: House): Promise<void> {
  const { db, clock, config } = house
  const now = clock.now()
  await signAudit(house, { actor: system('audit'), act: 'audit.checkpointed' })
  await announcePruning(house, now - config.keepAuditDays * DAY)
  const record = await prepareEntry(house, { actor: system('audit'), act: 'audit.pruned' })
  await db.transaction(async (tx) => {
    const { rows, noteKeys } = await pruneAudit(tx, now - config.keepAuditDays * DAY)
    if (rows === 0) return
    await intendDestruction(tx, noteKeys as KeyId[], 'audit.pruned', now)
    await appendAudit(tx, { ...record, detail: canonicalJson({ rows }) as typeof record.detail })
    await house.queue.enqueue(tx, { queue: 'keys.destroy', payload: {}, dedupeKey: 'keys.destroy' })
  })
}
