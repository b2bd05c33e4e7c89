import type { House } from '#app/house.ts'
import { siteSettings } from '#app/settings.ts'
import { accessOf, system } from '#core/actor.ts'
import { unsealText } from '#core/crypto/sealed-text.ts'
import type { SubjectTable } from '#core/db/schema/accounts.ts'
import { AppError } from '#core/errors/errors.ts'
import { say } from '#core/i18n/say.ts'
import type { SubjectId } from '#core/ids/ids.ts'
import type { SignUpInput } from './accounts.schema.ts'
import { addressHash, normalAddress } from './addresses.ts'
import { isOldEnough } from './ages.ts'
import { mails, post, writeMail } from './mails.ts'
import { insertAccount, prepareAccount } from './new-account.ts'
import { assertAcceptable } from './passwords.ts'
import * as queries from './subjects.queries.ts'
import { consumeToken, issueToken, newToken } from './tokens.ts'

export interface Visitor {
  locale: string
  timeZone: string
}

/**
 * Makes an account and mails a link. Whoever asks sees the same answer whether the address is taken or not; its owner
 * gets a mail about it. Throws `too_young`: then nothing is stored, and the edge closes the form for this browser.
 */
export async function signUp(house: House, input: SignUpInput, visitor: Visitor): Promise<void> {
  const { config, clock, keyring, db } = house
  if (config.signUp === 'closed')
    throw new AppError('sign_up_closed', say('This site takes no new accounts. Ask its operator for one.'), {
      status: 403,
    })
  assertOldEnough(input, clock.now())
  assertAcceptable(input.password, input.email)

  const { site_name } = await siteSettings(db.read)
  const taken = await queries.subjectByHash(db.read, await addressHash(keyring, input.email))
  // The work is the same in both cases, so that the time of the answer does not tell them apart.
  const account = await prepareAccount(house, {
    ...input,
    ...visitor,
    role: 'person',
    verified: false,
  })
  const token = newToken()
  const mail = taken
    ? await writeMail(house, await recipient(house, taken), 'address_taken', mails.address_taken(), site_name)
    : await writeMail(
        house,
        { subject: account.row.id, address: normalAddress(input.email), locale: visitor.locale },
        'verify_email',
        mails.verify_email(token),
        site_name,
      )
  await db.transaction(async (tx) => {
    if (!taken) {
      const made = await insertAccount(tx, account, {
        amount: config.welcomeCredits,
        actor: 'system:welcome',
      })
      // Taken a moment ago by the same form sent twice: the first one's mail is on its way.
      if (!made) return
      await issueToken(tx, {
        token,
        purpose: 'verify_email',
        subject: account.row.id,
        now: clock.now(),
      })
    }
    await post(tx, house.queue, mail)
  })
}

/** The neutral question. Throws `bad_birth` for a month to come, `too_young` otherwise; keeps nothing of the answer. */
export function assertOldEnough(
  answer: Pick<SignUpInput, 'region' | 'birth_year' | 'birth_month'>,
  now: number,
): void {
  const birth = { year: answer.birth_year, month: answer.birth_month }
  if (Date.UTC(birth.year, birth.month - 1) > now) throw badBirth()
  if (!isOldEnough(answer.region, birth, now)) throw tooYoung()
}

/** Confirms the address. The link shows a button first, since mail scanners follow links too. */
export async function verifyEmail(house: House, token: string): Promise<SubjectId> {
  const now = house.clock.now()
  return house.db.transaction(async (tx) => {
    const subject = await consumeToken(tx, token, 'verify_email', now)
    if (!subject) throw new Error('A verification link without a subject')
    await queries.markVerified(tx, subject, now)
    return subject
  })
}

/** Mails the confirmation again. Says nothing about whether there was somebody to mail it to. */
export async function resendVerification(house: House, email: string): Promise<void> {
  const { db, keyring, clock } = house
  const subject = await queries.subjectByHash(db.read, await addressHash(keyring, email))
  if (subject?.status !== 'unverified') return
  const token = newToken()
  const { site_name } = await siteSettings(db.read)
  const to = await recipient(house, subject)
  const mail = await writeMail(house, to, 'verify_email', mails.verify_email(token), site_name)
  await db.transaction(async (tx) => {
    await issueToken(tx, { token, purpose: 'verify_email', subject: subject.id, now: clock.now() })
    await post(tx, house.queue, mail)
  })
}

/** Where mail to an account goes. */
export async function recipient(
  { keyring }: Pick<House, 'keyring'>,
  subject: SubjectTable,
): Promise<{ subject: SubjectId; address: string; locale: string }> {
  const key = await keyring.openOne(subject.key_id, accessOf(system('mail'), 'mail.address', subject.id))
  const place = { table: 'subject', column: 'email_sealed', row: subject.id }
  return {
    subject: subject.id,
    address: unsealText(key, place, subject.email_sealed),
    locale: subject.locale,
  }
}

export function badBirth(): AppError {
  const sentence = say('Choose the month and year of your birth.')
  return new AppError('bad_birth', sentence, { fields: { birth_year: sentence } })
}

/** Without the age that would have been enough, which a child would enter next. */
function tooYoung(): AppError {
  return new AppError('too_young', say('We cannot make an account for you. Nothing you entered was kept.'), {
    status: 403,
  })
}
