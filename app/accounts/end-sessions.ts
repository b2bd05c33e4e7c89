import { createHash } from 'node:crypto'
import type { House } from '#app/house.ts'
import { appendAudit, prepareEntry } from '#compliance/records/audit.ts'
import { AppError } from '#core/errors/errors.ts'
import { say } from '#core/i18n/say.ts'
import type { SubjectId } from '#core/ids/ids.ts'
import * as queries from './subjects.queries.ts'

/** Ends a person's sessions on every other device, and writes that down. */
export async function endOtherSessions(house: House, id: SubjectId, session: string): Promise<void> {
  const entry = await prepareEntry(house, ended(id))
  await house.db.transaction(async (tx) => {
    const gone = await queries.deleteSessions(tx, id, session)
    if (gone > 0) await appendAudit(tx, entry)
  })
}

/** Names a session in a page. What is stored is the hash of the token and stays in the database (`compliance/data-map`). */
export function sessionHandle(session: string): string {
  return createHash('sha256').update(`session-handle:${session}`).digest('base64url').slice(0, 22)
}

/** Ends one session of this person, and writes that down. Throws 404 for a handle of nobody's or somebody else's. */
export async function endSession(house: House, id: SubjectId, handle: string): Promise<void> {
  const own = await queries.sessionIds(house.db.read, id)
  const session = own.find((one) => sessionHandle(one) === handle)
  const entry = await prepareEntry(house, ended(id))
  const done =
    session !== undefined &&
    (await house.db.transaction(async (tx) => {
      const gone = await queries.deleteSession(tx, id, session)
      if (gone) await appendAudit(tx, entry)
      return gone
    }))
  if (!done)
    throw new AppError('not_found', say('This device is signed out already. Look at the list again.'), {
      status: 404,
    })
}

function ended(id: SubjectId) {
  return { actor: { kind: 'person', id }, act: 'sessions.ended', target: { kind: 'subject', id } } as const
}
