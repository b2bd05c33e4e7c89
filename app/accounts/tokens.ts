import { createHash, randomBytes } from 'node:crypto'
import { DAY, HOUR, MINUTE } from '#core/clock/clock.ts'
import type { TokenPurpose } from '#core/db/schema/accounts.ts'
import type { ReadOrTx, Tx } from '#core/db/schema/schema.ts'
import { AppError } from '#core/errors/errors.ts'
import { say } from '#core/i18n/say.ts'
import { newId, type SubjectId } from '#core/ids/ids.ts'

/** One-time links. 256 random bits travel in the link; the table has their hash, one living link for each purpose. */
const lifetime: Record<TokenPurpose, number> = {
  verify_email: DAY,
  reset_password: 30 * MINUTE,
  set_up: 365 * 24 * HOUR,
}

export function newToken(): string {
  return randomBytes(32).toString('base64url')
}

export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('base64url')
}

/** Writes the token down and ends the ones before it. */
export async function issueToken(
  tx: Tx,
  issued: { token: string; purpose: TokenPurpose; subject: SubjectId | null; now: number },
): Promise<void> {
  const { purpose, subject, now } = issued
  await endTokens(tx, purpose, subject, now)
  await tx
    .insertInto('one_time_token')
    .values({
      id: newId('token', now),
      purpose,
      subject_id: subject,
      hash: hashToken(issued.token),
      expires_at: now + lifetime[purpose],
      used_at: null,
      created_at: now,
    })
    .execute()
}

/** Links of this kind that were mailed before open nothing any more. */
export async function endTokens(
  tx: Tx,
  purpose: TokenPurpose,
  subject: SubjectId | null,
  now: number,
): Promise<void> {
  await tx
    .updateTable('one_time_token')
    .set({ used_at: now })
    .where('purpose', '=', purpose)
    .where('subject_id', subject === null ? 'is' : '=', subject as SubjectId)
    .where('used_at', 'is', null)
    .execute()
}

/** Uses the token up and answers whose it is. Throws the same sentence for a wrong, used or expired one. */
export async function consumeToken(
  tx: Tx,
  token: string,
  purpose: TokenPurpose,
  now: number,
): Promise<SubjectId | null> {
  const row = await tx
    .updateTable('one_time_token')
    .set({ used_at: now })
    .where('hash', '=', hashToken(token))
    .where('purpose', '=', purpose)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .returning('subject_id')
    .executeTakeFirst()
  if (!row) throw linkUsed()
  return row.subject_id
}

/** For showing a page behind a link without using it up: mail scanners follow links too. */
export async function tokenIsGood(
  read: ReadOrTx,
  token: string,
  purpose: TokenPurpose,
  now: number,
): Promise<boolean> {
  return (await goodToken(read, token, purpose, now)) !== undefined
}

/** Whose link this is, without using it up. Throws as `consumeToken` does. */
export async function holderOf(
  read: ReadOrTx,
  token: string,
  purpose: TokenPurpose,
  now: number,
): Promise<SubjectId | null> {
  const row = await goodToken(read, token, purpose, now)
  if (!row) throw linkUsed()
  return row.subject_id
}

function goodToken(read: ReadOrTx, token: string, purpose: TokenPurpose, now: number) {
  return read
    .selectFrom('one_time_token')
    .select('subject_id')
    .where('hash', '=', hashToken(token))
    .where('purpose', '=', purpose)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirst()
}

export function linkUsed(): AppError {
  return new AppError('link_used', say('This link was used already or is too old. Ask for a new one.'), {
    status: 410,
  })
}
