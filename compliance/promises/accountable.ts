import { DAY } from '#core/clock/clock.ts'
import { say } from '#core/i18n/say.ts'
import * as queries from '../records/audit.queries.ts'
import { auditKeys, linkHash, verifyAudit } from '../records/audit.ts'
import { type Kept, keptIf } from './promise.ts'

/** The whole chain is walked once a day; in between, only what came after the last checkpoint. */
export const S6: Kept = {
  id: 'S6',
  sentence: say('What staff do with your data is on record and cannot be changed unseen.'),
  keptBy: say('A log chained by hashes, with checkpoints that are signed and kept off the machine too.'),
  async check({ db, clock, keyring }, previous) {
    const now = clock.now()
    const wholeAt = Number(previous.whole_chain_at ?? 0)
    if (previous.broken_at !== null || wholeAt < now - DAY || wholeAt > now) {
      const { publicKey } = await auditKeys(keyring)
      const verdict = await verifyAudit(db.read, publicKey)
      return keptIf(verdict.ok, {
        rows: verdict.rows,
        broken_at: verdict.ok ? null : verdict.seq,
        why: verdict.ok ? null : verdict.why,
        whole_chain_at: now,
      })
    }
    const last = (await queries.checkpoints(db.read)).at(-1)
    let link = last ? { seq: last.seq, hash: last.hash } : { seq: 0, hash: '' }
    let rows = 0
    for await (const row of queries.chain(db.read, link.seq + 1)) {
      if (row.seq !== link.seq + 1 || row.previous_hash !== link.hash || linkHash(row) !== row.hash)
        return keptIf(false, { rows, broken_at: link.seq + 1, why: 'altered', whole_chain_at: wholeAt })
      link = row
      rows += 1
    }
    return keptIf(true, { rows, since_checkpoint: last?.seq ?? 0, broken_at: null, whole_chain_at: wholeAt })
  },
}
