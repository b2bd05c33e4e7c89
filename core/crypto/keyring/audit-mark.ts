/**
 * What the keyring remembers of the audit log. The log and its checkpoints lie in the data, so they alone cannot tell
 * whether their end was cut off; this lies in another database, apart from it.
 */
import { type KeyringGround, nextVersion } from './schema.ts'

/** A signed statement of how the chain stood: its last row, that row's hash, when (ms), Ed25519 as base64url. */
export interface AuditMark {
  seq: number
  hash: string
  at: number
  signature: string
}

export interface KnownMark extends AuditMark {
  /** Up to this row the log may have gone by its age; 0 while nothing has. */
  prunedTo: number
}

export class AuditMarks {
  readonly #ground: KeyringGround

  constructor(ground: KeyringGround) {
    this.#ground = ground
  }

  async known(): Promise<KnownMark | undefined> {
    const row = await this.#ground.read.selectFrom('audit_mark').selectAll().executeTakeFirst()
    return (
      row && { seq: row.seq, hash: row.hash, at: row.at, signature: row.signature, prunedTo: row.pruned_to }
    )
  }

  /** Never goes back: of two, the one further on stays. `instead` replaces it, when data of before was restored. */
  async note(mark: AuditMark, { instead = false } = {}): Promise<void> {
    const { seq, hash, at, signature } = mark
    const columns = { seq, hash, at, signature }
    await this.#ground.transaction(async (tx) => {
      await nextVersion(tx)
      await tx
        .insertInto('audit_mark')
        .values({ id: 1, ...columns, pruned_to: 0 })
        .onConflict((conflict) => {
          const update = conflict.column('id').doUpdateSet(columns)
          return instead ? update : update.where('audit_mark.seq', '<', seq)
        })
        .execute()
    })
  }

  /** To be called before the rows up to `seq` are let go. Without a mark there is nothing to compare with either. */
  async notePruning(seq: number): Promise<void> {
    await this.#ground.transaction(async (tx) => {
      await nextVersion(tx)
      await tx.updateTable('audit_mark').set({ pruned_to: seq }).where('pruned_to', '<', seq).execute()
    })
  }
}
