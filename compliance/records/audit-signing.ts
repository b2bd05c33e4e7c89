/**
 * Signing the audit log where whoever holds the data alone cannot reach: the checkpoint lies in the data, is remembered by
 * the keyring, and stands whole in the log, which an operator may collect elsewhere.
 */
import type { AuditMark } from '#core/crypto/keyring/audit-mark.ts'
import type { Ground } from '#core/house.ts'
import { hashAt } from './audit.queries.ts'
import {
  type AuditEntry,
  appendAudit,
  auditKeys,
  checkpointAudit,
  prepareEntry,
  type Verdict,
  verifyAudit,
} from './audit.ts'

/** Appends `entry` and signs the chain with it as its last row. */
export async function signAudit(
  ground: Ground,
  entry: AuditEntry,
  { instead = false } = {},
): Promise<AuditMark> {
  const { db, keyring, clock, log } = ground
  const { privateKey } = await auditKeys(keyring)
  const row = await prepareEntry(ground, entry)
  const mark = await db.transaction(async (tx) => {
    await appendAudit(tx, row)
    return checkpointAudit(tx, privateKey, clock.now())
  })
  if (!mark) throw new Error('The audit log is empty right after a row was appended')
  // After the commit: a keyring that remembered what never was would take this for a cut.
  if (instead || (await stillHolds(ground))) await keyring.noteAuditMark(mark, { instead })
  // In hex, and under names that the log's sieves let through: neither is a secret.
  log.info('The audit chain was signed', {
    seq: mark.seq,
    chain: mark.hash,
    signed_at: mark.at,
    signed: Buffer.from(mark.signature, 'base64url').toString('hex'),
  })
  return mark
}

/** A log that parts from what is remembered must not make itself remembered: that would wipe out the trace of the cut. */
async function stillHolds({ db, keyring, log }: Ground): Promise<boolean> {
  const known = await keyring.auditMark()
  const holds = known === undefined || (await hashAt(db.read, known.seq)) === known.hash
  if (!holds) log.error('The audit chain is not the one that the keyring remembers', { signed_to: known.seq })
  return holds
}

/**
 * For whoever put an older backup of the data back: the log goes on from there, and says in itself what it lost. Does
 * nothing but answer the verdict when anything else is wrong, or nothing.
 */
export async function acceptRestored(ground: Ground, actor: AuditEntry['actor']): Promise<Verdict> {
  const found = await verifyAudit(ground)
  if (found.ok || found.why !== 'cut_or_restored') return found
  const mark = await ground.keyring.auditMark()
  const detail = {
    parted_at: found.seq,
    was_signed_to: found.marked.seq,
    was_signed_at: found.marked.at,
    was_chain: mark?.hash ?? null,
  }
  await signAudit(ground, { actor, act: 'audit.restored', detail }, { instead: true })
  return verifyAudit(ground)
}
