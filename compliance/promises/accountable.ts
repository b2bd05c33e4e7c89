import { DAY } from '#core/clock/clock.ts'
import { say } from '#core/i18n/say.ts'
import * as queries from '../records/audit.queries.ts'
import { linkHash, verifyAudit } from '../records/audit.ts'
import { type Evidence, type Kept, keptIf, type PromiseGround } from './promise.ts'

/**
 * The whole chain is walked once a day, and when it seems wrong; in between, only what came after the checkpoint that the
 * keyring remembers.
 */
export const S6: Kept = {
  id: 'S6',
  sentence: say(
    'What staff do with your data is on record. Within a day the record is signed, and from then on it cannot be changed or shortened unseen.',
  ),
  keptBy: say(
    'A log chained by hashes and signed once a day. The keyring remembers the newest signature apart from the data, and the log files carry it for whoever collects them elsewhere. Not seen: what was cut off the end before it was signed, and what somebody changes who holds data, keyring and installation key.',
  ),
  async check(ground, previous) {
    const now = ground.clock.now()
    const wholeAt = Number(previous.whole_chain_at ?? 0)
    if (previous.broken_at === null && wholeAt >= now - DAY && wholeAt <= now) {
      const since = await sinceMark(ground)
      if (since) return keptIf(true, { ...since, broken_at: null, whole_chain_at: wholeAt })
    }
    const verdict = await verifyAudit(ground)
    return keptIf(verdict.ok, {
      rows: verdict.rows,
      broken_at: verdict.ok ? null : verdict.seq,
      why: verdict.ok ? null : verdict.why,
      ...(!verdict.ok && verdict.why === 'cut_or_restored' ? { was_signed_to: verdict.marked.seq } : {}),
      whole_chain_at: now,
    })
  },
}

/** What came after the newest checkpoint, and that this is still there; undefined when something is not as it was. */
async function sinceMark({ db, keyring }: PromiseGround): Promise<Evidence | undefined> {
  const mark = (await keyring.auditMark()) ?? (await queries.checkpoints(db.read)).at(-1)
  if (mark && (await queries.hashAt(db.read, mark.seq)) !== mark.hash) return undefined
  let link = mark ?? { seq: 0, hash: '' }
  let rows = 0
  for await (const row of queries.chain(db.read, link.seq + 1)) {
    if (row.seq !== link.seq + 1 || row.previous_hash !== link.hash || linkHash(row) !== row.hash)
      return undefined
    link = row
    rows += 1
  }
  return { rows, since_checkpoint: mark?.seq ?? 0 }
}
