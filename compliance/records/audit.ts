import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import type { Actor } from '#core/actor.ts'
import { DAY } from '#core/clock/clock.ts'
import type { AuditMark } from '#core/crypto/keyring/audit-mark.ts'
import type { Keyring } from '#core/crypto/keyring/keyring.ts'
import { sealText } from '#core/crypto/sealed-text.ts'
import type { Json } from '#core/db/columns.ts'
import type { AuditTable } from '#core/db/schema/compliance.ts'
import type { Tx } from '#core/db/schema/schema.ts'
import type { Ground } from '#core/house.ts'
import { newId } from '#core/ids/ids.ts'
import * as queries from './audit.queries.ts'
import { canonicalJson } from './canonical-json.ts'

/**
 * The audit log: what staff did, and what happened to the security of the house. Nothing is changed in it; each row
 * carries the hash of the one before, over sealed free text, so the chain still verifies when a note's key is gone.
 */
export interface AuditEntry {
  actor: Actor
  /** `<noun>.<verb>` from a fixed list, so that acts can be counted and searched. */
  act: AuditAct
  target?: { kind: string; id: string }
  /** Facts without anything personal: ids, counts, names of settings. */
  detail?: Record<string, string | number | boolean | null>
  /** Free text, such as the reason for an unmasking. Sealed. */
  note?: string
}

export const auditActs = [
  'account.created_by_command',
  'account.suspended',
  'account.reinstated',
  'api_key.created_by_command',
  'api_key.made',
  'api_key.revoked',
  'audit.checkpointed',
  'audit.pruned',
  'audit.restored',
  'audit.verified',
  'console.read',
  'credits.granted',
  'generation.cancelled',
  'installation.key_backed_up',
  'installation.set_up',
  'installation.started',
  'job.retried',
  'keys.rotated',
  'mail.looked_up',
  'mail.retried',
  'mail.revealed',
  'model.added',
  'model.changed',
  'model.removed',
  'note.revealed',
  'offers.dismissed',
  'person.looked_up',
  'person.searched',
  'person.unmasked',
  'processor.changed',
  'promises.check_asked',
  'prompt.revealed',
  'provider.changed',
  'provider.connected',
  'provider.key_changed',
  'provider.removed',
  'provider.switched',
  'provider.tested',
  'role.changed',
  'route.changed',
  'schema.migrated',
  'setting.changed',
  'sign_in.failed',
  'sign_in.limited',
  'sign_in.succeeded',
  'password.changed',
  'password.reset',
  'sessions.ended',
  'video.revealed',
  'video.watched',
] as const
export type AuditAct = (typeof auditActs)[number]

/** An entry made ready outside the transaction: its note is sealed under a key that is already committed. */
export type PreparedEntry = Omit<AuditTable, 'seq' | 'previous_hash' | 'hash'>

export async function prepareEntry(
  { keyring, clock, config }: Pick<Ground, 'keyring' | 'clock' | 'config'>,
  entry: AuditEntry,
): Promise<PreparedEntry> {
  const now = clock.now()
  const id = newId('audit', now)
  const endsAt = now + config.keepAuditDays * DAY
  const key = entry.note
    ? await keyring.create({ class: 'kept_by_law', ground: 'accountability', endsAt })
    : undefined
  return {
    id,
    at: now,
    actor_kind: entry.actor.kind,
    actor_id: entry.actor.id,
    act: entry.act,
    target_kind: entry.target?.kind ?? null,
    target_id: entry.target?.id ?? null,
    note_sealed:
      key && entry.note
        ? sealText(key, { table: 'audit', column: 'note_sealed', row: id }, entry.note)
        : null,
    note_key_id: key?.id ?? null,
    detail: canonicalJson(entry.detail ?? {}) as Json<Record<string, string | number | boolean | null>>,
  }
}

/** Appends in the caller's transaction, so that the act and its record stand or fall together. */
export async function appendAudit(tx: Tx, entry: PreparedEntry): Promise<void> {
  await queries.lockChain(tx)
  const last = await queries.lastLink(tx)
  const row = { ...entry, seq: (last?.seq ?? 0) + 1, previous_hash: last?.hash ?? '' }
  await queries.insert(tx, { ...row, hash: linkHash(row) })
}

/** SHA-256, as hex, over the row as a canonical JSON of its columns, the previous hash among them. */
export function linkHash(row: Omit<AuditTable, 'hash'>): string {
  const { seq, id, at, actor_kind, actor_id, act, target_kind, target_id, note_sealed, note_key_id, detail } =
    row
  const columns = {
    seq,
    id,
    at,
    actor_kind,
    actor_id,
    act,
    target_kind,
    target_id,
    note_sealed,
    note_key_id,
    detail,
  }
  return createHash('sha256')
    .update(canonicalJson({ ...columns, previous_hash: row.previous_hash }))
    .digest('hex')
}

export type Verdict =
  | { ok: true; rows: number; fromCheckpoint: number | null }
  | {
      ok: false
      seq: number
      why: 'altered' | 'missing' | 'checkpoint_broken' | 'end_missing' | 'start_missing'
      rows: number
    }
  /** The keyring remembers that the log went on: `marked` is what it remembers, `seq` where the log parts from it. */
  | { ok: false; seq: number; why: 'cut_or_restored'; rows: number; marked: { seq: number; at: number } }

/**
 * Walks the chain from the last pruning's checkpoint, or from the beginning, and compares it with the checkpoints in the
 * data and with what the keyring remembers. Names the first row that is wrong. What it cannot see: rows that were cut off
 * before a checkpoint was made over them.
 */
export async function verifyAudit({ db, keyring }: Pick<Ground, 'db' | 'keyring'>): Promise<Verdict> {
  const { read } = db
  const { publicKey } = await auditKeys(keyring)
  // In this order. A pruning is remembered before it happens, a checkpoint after it is there: neither cries wolf.
  const prunedTo = await queries.prunedTo(read)
  const mark = await keyring.auditMark()
  const checkpoints = await queries.checkpoints(read)
  const start = checkpoints.find((c) => c.seq === prunedTo - 1)
  if (prunedTo > 1 && !start) return { ok: false, seq: prunedTo - 1, why: 'checkpoint_broken', rows: 0 }
  for (const checkpoint of mark ? [...checkpoints, mark] : checkpoints)
    if (!checkpointHolds(checkpoint, publicKey))
      return { ok: false, seq: checkpoint.seq, why: 'checkpoint_broken', rows: 0 }
  if (mark && start && start.seq > mark.prunedTo)
    return { ok: false, seq: mark.prunedTo + 1, why: 'start_missing', rows: 0 }
  const bySeq = new Map(checkpoints.map((c) => [c.seq, c.hash]))
  const parted = (seq: number, rows: number, { seq: signed, at } = mark as AuditMark): Verdict => ({
    ok: false,
    seq,
    why: 'cut_or_restored',
    rows,
    marked: { seq: signed, at },
  })
  let previous = start?.hash ?? ''
  let expected = start ? start.seq + 1 : 1
  let rows = 0
  if (mark && mark.seq < expected && bySeq.get(mark.seq) !== mark.hash) return parted(mark.seq, rows)
  for await (const row of queries.chain(read, expected)) {
    if (row.seq !== expected) return { ok: false, seq: expected, why: 'missing', rows }
    if (row.previous_hash !== previous || linkHash(row) !== row.hash)
      return { ok: false, seq: row.seq, why: 'altered', rows }
    const stated = bySeq.get(row.seq)
    if (stated !== undefined && stated !== row.hash) return { ok: false, seq: row.seq, why: 'altered', rows }
    if (mark?.seq === row.seq && mark.hash !== row.hash) return parted(row.seq, rows)
    previous = row.hash
    expected += 1
    rows += 1
  }
  // A chain that was cut at its end is whole in itself; only a checkpoint remembers that there was more.
  const last = checkpoints.at(-1)
  if (last && last.seq >= expected) return { ok: false, seq: expected, why: 'end_missing', rows }
  if (mark && mark.seq >= expected) return parted(expected, rows)
  return { ok: true, rows, fromCheckpoint: start?.seq ?? null }
}

/** Signs how the chain stands now, in the data alone; `signAudit` has others remember it too. Undefined for an empty log. */
export async function checkpointAudit(
  tx: Tx,
  privateKey: KeyObject,
  now: number,
): Promise<AuditMark | undefined> {
  await queries.lockChain(tx)
  const last = await queries.lastLink(tx)
  if (!last) return undefined
  const statement = { seq: last.seq, hash: last.hash, at: now }
  const signature = sign(null, Buffer.from(canonicalJson(statement)), privateKey).toString('base64url')
  await queries.insertCheckpoint(tx, {
    ...statement,
    signature,
    public_key: createPublicKey(privateKey).export({ type: 'spki', format: 'der' }).toString('base64url'),
  })
  return { ...statement, signature }
}

/**
 * To be called before `pruneAudit` with the same time: the keyring remembers what may be missing at the log's beginning, so
 * that whoever holds the data alone cannot let more of it go.
 */
export async function announcePruning(
  { db, keyring }: Pick<Ground, 'db' | 'keyring'>,
  before: number,
): Promise<void> {
  const checkpoint = await queries.newestCheckpointBefore(db.read, before)
  if (checkpoint) await keyring.noteAuditPruning(checkpoint.seq)
}

/**
 * Lets whole segments go: all rows up to the newest checkpoint whose rows are all older than `before`. Answers how
 * many went and the keys of their notes, which the caller destroys.
 */
export async function pruneAudit(tx: Tx, before: number): Promise<{ rows: number; noteKeys: string[] }> {
  await queries.lockChain(tx)
  const checkpoint = await queries.newestCheckpointBefore(tx, before)
  if (!checkpoint) return { rows: 0, noteKeys: [] }
  return queries.releaseSegment(tx, checkpoint.seq)
}

function checkpointHolds(checkpoint: AuditMark, publicKey: KeyObject): boolean {
  const { seq, hash, at, signature } = checkpoint
  return verify(
    null,
    Buffer.from(canonicalJson({ seq, hash, at })),
    publicKey,
    Buffer.from(signature, 'base64url'),
  )
}

/** The Ed25519 pair of this installation, from its 32-byte secret `audit-signing` as the seed (RFC 8032, RFC 8410). */
export async function auditKeys(keyring: Keyring): Promise<{ privateKey: KeyObject; publicKey: KeyObject }> {
  const seed = await keyring.secret('audit-signing')
  const pkcs8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed])
  const privateKey = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' })
  return { privateKey, publicKey: createPublicKey(privateKey) }
}
