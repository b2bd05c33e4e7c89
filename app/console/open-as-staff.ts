import { type AuditAct, type AuditEntry, appendAudit, prepareEntry } from '#compliance/records/audit.ts'
import type { Keyring } from '#core/crypto/keyring/keyring.ts'
import type { Ground } from '#core/house.ts'
import type { Staff } from './staff.ts'

export interface Look {
  actor: Staff
  act: AuditAct
  target?: AuditEntry['target']
  detail?: AuditEntry['detail']
  /** The reason the person at the console gave. Kept sealed. */
  note?: string
}

/**
 * The only way for the console to open what is sealed. `read` gets a keyring that counts; whatever it opened is then
 * written to the audit log as one row with `opened`, and only after that is the answer handed on. So the sum of
 * `opened` over the log equals the keyring's own tally of staff (promise S5): a look that cannot be recorded shows
 * nothing, and one that fails halfway is recorded with what it had opened. A look that opened nothing and gave no
 * reason leaves no row.
 */
export async function openAsStaff<T>(
  house: Pick<Ground, 'db' | 'keyring' | 'clock' | 'config'>,
  look: Look,
  read: (keyring: Keyring) => Promise<T>,
): Promise<T> {
  let opened = 0
  const counting: Keyring = {
    ...house.keyring,
    async open(ids, access) {
      const keys = await house.keyring.open(ids, access)
      opened += keys.size
      return keys
    },
    async openOne(id, access) {
      const key = await house.keyring.openOne(id, access)
      opened += 1
      return key
    },
  }
  try {
    return await read(counting)
  } finally {
    if (opened > 0 || look.note !== undefined) {
      const entry = await prepareEntry(house, { ...look, detail: { ...look.detail, opened } })
      await house.db.transaction((tx) => appendAudit(tx, entry))
    }
  }
}
