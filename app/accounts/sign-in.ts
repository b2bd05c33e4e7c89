import type { House } from '#app/house.ts'
import { siteSettings } from '#app/settings.ts'
import { appendAudit, prepareEntry } from '#compliance/records/audit.ts'
import { system } from '#core/actor.ts'
import type { SubjectTable } from '#core/db/schema/accounts.ts'
import type { Tx } from '#core/db/schema/schema.ts'
import { AppError } from '#core/errors/errors.ts'
import { say } from '#core/i18n/say.ts'
import type { SubjectId } from '#core/ids/ids.ts'
import { addressHash } from './addresses.ts'
import { mails, post, writeMail } from './mails.ts'
import { assertAcceptable, atCost, hashPassword, passwordFits, spendTheTime } from './passwords.ts'
import { recipient } from './sign-up.ts'
import * as queries from './subjects.queries.ts'
import { consumeToken, endTokens, holderOf, issueToken, newToken } from './tokens.ts'

/**
 * Checks address and password, and answers whose they are; starting the session is the edge's. One sentence for every
 * failure, and the same work, so that nobody learns who has an account.
 */
export async function signIn(house: House, email: string, password: string): Promise<SubjectTable> {
  const { db, keyring, clock } = house
  const subject = await queries.subjectByHash(db.read, await addressHash(keyring, email))
  const hash = subject && (await queries.passwordOf(db.read, subject.id))
  if (!subject || !hash) {
    await spendTheTime(password)
    // Written down as well: who guesses at addresses is as interesting, and the answer takes as long.
    await record(house, undefined, 'sign_in.failed')
    throw wrong()
  }
  if (!(await passwordFits(hash, password))) {
    await record(house, subject.id, 'sign_in.failed')
    throw wrong()
  }
  // Only whoever knows the password learns that the address is not confirmed or the account is suspended.
  if (subject.status === 'unverified')
    throw new AppError('unverified', say('Confirm your address first: we have mailed you a link.'), {
      status: 403,
    })
  if (subject.status !== 'active')
    throw new AppError('suspended', say('This account is suspended. Write to the operator to object.'), {
      status: 403,
    })
  if (!atCost(hash)) {
    const better = await hashPassword(password)
    await db.transaction((tx) => queries.setPassword(tx, subject.id, better, clock.now()))
  }
  await record(house, subject.id, 'sign_in.succeeded')
  return subject
}

/** Is this the password of the person who is signed in? For acts that ask again, in the form's field of that name. */
export async function confirmPassword(
  house: House,
  id: SubjectId,
  password: string,
  field = 'password',
): Promise<void> {
  const hash = await queries.passwordOf(house.db.read, id)
  if (!hash || !(await passwordFits(hash, password))) {
    const sentence = say('That is not your password.')
    throw new AppError('wrong_password', sentence, { status: 403, fields: { [field]: sentence } })
  }
}

/** Mails a link for a new password, if there is an account. The answer is the same if there is none. */
export async function requestReset(house: House, email: string): Promise<void> {
  const { db, keyring, clock } = house
  const subject = await queries.subjectByHash(db.read, await addressHash(keyring, email))
  if (!subject || subject.status === 'deleted') return
  const token = newToken()
  const { site_name } = await siteSettings(db.read)
  const to = await recipient(house, subject)
  const mail = await writeMail(house, to, 'reset_password', mails.reset_password(token), site_name)
  await db.transaction(async (tx) => {
    await issueToken(tx, { token, purpose: 'reset_password', subject: subject.id, now: clock.now() })
    await post(tx, house.queue, mail)
  })
}

/** Sets a new password by a mailed link: every session ends, a notice is mailed, and nobody is signed in by it. */
export async function resetPassword(house: House, token: string, password: string): Promise<void> {
  assertAcceptable(password, '')
  const now = house.clock.now()
  const id = await holderOf(house.db.read, token, 'reset_password', now)
  if (!id) throw new Error('A reset link without a subject')
  const hash = await hashPassword(password)
  const telling = await tellOfChange(house, id, 'password.reset')
  await house.db.transaction(async (tx) => {
    await consumeToken(tx, token, 'reset_password', now)
    await queries.setPassword(tx, id, hash, now)
    await queries.deleteSessions(tx, id)
    // Whoever reads the mail has shown that the address is theirs.
    await queries.markVerified(tx, id, now)
    await telling(tx)
  })
}

/** Changes the password from within; every other session ends. */
export async function changePassword(
  house: House,
  id: SubjectId,
  passwords: { current: string; next: string; session: string },
): Promise<void> {
  await confirmPassword(house, id, passwords.current, 'current')
  assertAcceptable(passwords.next, '')
  const hash = await hashPassword(passwords.next)
  const now = house.clock.now()
  const telling = await tellOfChange(house, id, 'password.changed')
  await house.db.transaction(async (tx) => {
    await queries.setPassword(tx, id, hash, now)
    await queries.deleteSessions(tx, id, passwords.session)
    await endTokens(tx, 'reset_password', id, now)
    await telling(tx)
  })
}

/** Prepares the notice and the audit's row, which stand or fall with the change. */
async function tellOfChange(
  house: House,
  id: SubjectId,
  act: 'password.reset' | 'password.changed',
): Promise<(tx: Tx) => Promise<void>> {
  const subject = await queries.subjectById(house.db.read, id)
  if (!subject) throw new Error('A password without an account')
  const { site_name } = await siteSettings(house.db.read)
  const to = await recipient(house, subject)
  const mail = await writeMail(house, to, 'password_changed', mails.password_changed(), site_name)
  const entry = await prepareEntry(house, {
    actor: { kind: 'person', id },
    act,
    target: { kind: 'subject', id },
  })
  return async (tx) => {
    await post(tx, house.queue, mail)
    await appendAudit(tx, entry)
  }
}

async function record(
  house: House,
  id: SubjectId | undefined,
  act: 'sign_in.failed' | 'sign_in.succeeded',
): Promise<void> {
  const entry = await prepareEntry(house, {
    actor: id ? { kind: 'person', id } : system('sign-in'),
    act,
    target: id && { kind: 'subject', id },
  })
  await house.db.transaction((tx) => appendAudit(tx, entry))
}

function wrong(): AppError {
  return new AppError('wrong_sign_in', say('That address and password do not belong together.'), {
    status: 401,
  })
}
