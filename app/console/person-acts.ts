import * as subjects from '#app/accounts/subjects.queries.ts'
import { grant } from '#app/billing/ledger/ledger.ts'
import type { House } from '#app/house.ts'
import { appendAudit, prepareEntry } from '#compliance/records/audit.ts'
import type { Role } from '#core/db/schema/accounts.ts'
import type { ReadOrTx } from '#core/db/schema/schema.ts'
import { AppError } from '#core/errors/errors.ts'
import { say } from '#core/i18n/say.ts'
import type { SubjectId } from '#core/ids/ids.ts'
import { stopAllOf } from './generations.ts'
import * as queries from './people.queries.ts'
import { personRow } from './people.ts'
import type { Staff } from './staff.ts'

/**
 * What staff do to an account. Each act gives its reason and stands or falls with its row in the audit log. The row is
 * appended first: it holds the log's end until the transaction is over, so that two such acts never run side by side
 * and both count the same last owner.
 */

/**
 * Signs the person out everywhere and lets nobody in, by password or key, until reinstated. What is being made for them
 * is stopped and refunded; answers how many videos that were.
 */
export async function suspendPerson(
  house: House,
  actor: Staff,
  id: string,
  reason: string,
): Promise<{ stopped: number }> {
  const row = await personRow(house, id)
  if (row.id === actor.id) throw notYourself()
  // Somebody who watches people must not be able to switch off those who watch them.
  if (row.role !== 'person' && actor.role !== 'owner')
    throw new AppError('owners_only', say('Only an owner can suspend somebody of the staff.'), {
      status: 403,
    })
  const now = house.clock.now()
  const entry = await prepareEntry(house, {
    actor,
    act: 'account.suspended',
    target: { kind: 'subject', id: row.id },
    note: reason,
  })
  const refusal = await whyNotSuspend(house, row.id)
  if (refusal) throw refusal
  // The journal comes first: a restored backup must not let them in again.
  const ban = await house.keyring.record({ kind: 'ban', thing: row.id })
  try {
    return await house.db.transaction(async (tx) => {
      await appendAudit(tx, entry)
      const late = await whyNotSuspend(house, row.id, tx)
      if (late) throw late
      await subjects.setStatus(tx, row.id, 'suspended', now)
      await subjects.deleteSessions(tx, row.id)
      return { stopped: await stopAllOf(house, tx, actor, row.id) }
    })
  } catch (error) {
    // Only this one is undone: somebody else may have suspended them at the same moment.
    await house.keyring.record({ kind: 'ban', thing: row.id, detail: { lifts: ban } })
    throw error
  }
}

async function whyNotSuspend(
  { db }: Pick<House, 'db'>,
  id: SubjectId,
  read: ReadOrTx = db.read,
): Promise<AppError | undefined> {
  const current = await subjects.subjectById(read, id)
  if (current?.status !== 'active' && current?.status !== 'unverified') return notNow()
  if (current.role === 'owner' && (await queries.otherActiveOwners(read, id)) === 0) return lastOwner()
  return undefined
}

/** Opens the account again, as it was: an address that was never confirmed still has to be. */
export async function reinstatePerson(house: House, actor: Staff, id: string, reason: string): Promise<void> {
  const row = await personRow(house, id)
  if (row.id === actor.id) throw notYourself()
  const entry = await prepareEntry(house, {
    actor,
    act: 'account.reinstated',
    target: { kind: 'subject', id: row.id },
    note: reason,
  })
  await house.db.transaction(async (tx) => {
    await appendAudit(tx, entry)
    const current = await subjects.subjectById(tx, row.id)
    if (current?.status !== 'suspended') throw notNow()
    const status = current.email_verified_at === null ? 'unverified' : 'active'
    await subjects.setStatus(tx, row.id, status, house.clock.now())
  })
  await house.keyring.record({ kind: 'ban', thing: row.id, detail: { lifted: true } })
  // Suspended again before that was written down: the journal must not end with the lifting.
  const now = await subjects.subjectById(house.db.read, row.id)
  if (now?.status === 'suspended') await house.keyring.record({ kind: 'ban', thing: row.id })
}

/**
 * False when this form had given its credits already; then nothing changes. Only an owner, who is answerable for all of
 * it anyway, may give to themselves.
 */
export async function grantCredits(
  house: House,
  actor: Staff,
  id: string,
  given: { amount: number; key: string; reason: string },
): Promise<boolean> {
  const row = await personRow(house, id)
  if (row.id === actor.id && actor.role !== 'owner') throw notYourself()
  if (row.status === 'deleted') throw notNow()
  const entry = await prepareEntry(house, {
    actor,
    act: 'credits.granted',
    target: { kind: 'subject', id: row.id },
    detail: { amount: given.amount },
    note: given.reason,
  })
  return house.db.transaction(async (tx) => {
    const done = await grant(tx, {
      subject: row.id,
      amount: given.amount,
      key: `staff:${row.id}:${given.key}`,
      actor: `staff:${actor.id}`,
      now: house.clock.now(),
    })
    if (done) await appendAudit(tx, entry)
    return done
  })
}

/** Nobody changes their own role, and one active owner always stays. The person signs in anew with the new one. */
export async function changeRole(
  house: House,
  actor: Staff,
  id: string,
  change: { role: Role; reason: string },
): Promise<void> {
  const row = await personRow(house, id)
  if (row.id === actor.id) throw notYourself()
  if (row.status !== 'active' || row.role === change.role) throw notNow()
  const entry = await prepareEntry(house, {
    actor,
    act: 'role.changed',
    target: { kind: 'subject', id: row.id },
    detail: { from: row.role, to: change.role },
    note: change.reason,
  })
  await house.db.transaction(async (tx) => {
    await appendAudit(tx, entry)
    // Whoever was made less a moment ago, by somebody else, may not do this any more.
    const self = await subjects.subjectById(tx, actor.id)
    if (self?.role !== 'owner' || self.status !== 'active') throw lastOwner()
    if (row.role === 'owner' && (await queries.otherActiveOwners(tx, row.id)) === 0) throw lastOwner()
    const now = house.clock.now()
    if (!(await queries.changeRole(tx, row.id, { from: row.role, to: change.role, now }))) throw notNow()
    await subjects.deleteSessions(tx, row.id)
  })
}

function notYourself(): AppError {
  return new AppError('not_yourself', say('You cannot do this to your own account. Ask another owner.'), {
    status: 409,
  })
}

function lastOwner(): AppError {
  return new AppError(
    'last_owner',
    say('There must always be one active owner. Make somebody else an owner first.'),
    { status: 409 },
  )
}

function notNow(): AppError {
  return new AppError(
    'not_now',
    say('The account is not as it was when you opened this page. Look again before you act.'),
    { status: 409 },
  )
}
