import type { House } from '#app/house.ts'
import { appendAudit, prepareEntry } from '#compliance/records/audit.ts'
import type { SubjectId } from '#core/ids/ids.ts'
import * as queries from './subjects.queries.ts'

/** Ends a person's sessions on every other device, and writes that down. */
export async function endOtherSessions(house: House, id: SubjectId, session: string): Promise<void> {
  const entry = await prepareEntry(house, {
    actor: { kind: 'person', id },
    act: 'sessions.ended',
    target: { kind: 'subject', id },
  })
  await house.db.transaction(async (tx) => {
    const ended = await queries.deleteSessions(tx, id, session)
    if (ended > 0) await appendAudit(tx, entry)
  })
}
