import type { ReadOrTx, Tx } from '#core/db/schema/schema.ts'
import { AppError } from '#core/errors/errors.ts'
import { say } from '#core/i18n/say.ts'
import { type GenerationId, type IdOf, newId, type SubjectId } from '#core/ids/ids.ts'
import * as queries from './ledger.queries.ts'

/**
 * Credits, by double entry with holds (two-phase accounting, as TigerBeetle describes it): whole numbers only, each
 * transfer has two entries that sum to zero, a hold ends once. The guards stand in the SQL, so that two processes that
 * both saw enough credits cannot both take them.
 */
export type HoldId = IdOf<'creditHold'>

export interface Balance {
  /** What the person owns, holds included. */
  balance: number
  /** Set aside for videos being made. */
  held: number
  /** What can be spent now. */
  available: number
}

/** Where credits come from and go to. */
const house = { grants: 'house:grants', usage: 'house:usage' } as const

/** Every person has one account; made with the person. */
export async function openAccount(tx: Tx, subject: SubjectId): Promise<void> {
  await queries.insertAccount(tx, { id: subject, subject_id: subject, balance: 0, held: 0 })
}

export async function balanceOf(read: ReadOrTx, subject: SubjectId): Promise<Balance> {
  const account = await queries.account(read, subject)
  const { balance, held } = account ?? { balance: 0, held: 0 }
  return { balance, held, available: balance - held }
}

/**
 * Gives credits. `key` names the reason they are given once, for instance `welcome:<subject>`: the same key again
 * changes nothing and answers false.
 */
export async function grant(
  tx: Tx,
  given: { subject: SubjectId; amount: number; key: string; actor: string; now: number },
): Promise<boolean> {
  assertWhole(given.amount)
  return post(tx, {
    key: `grant:${given.key}`,
    kind: 'grant',
    subject: given.subject,
    actor: given.actor,
    from: house.grants,
    to: given.subject,
    amount: given.amount,
    now: given.now,
  })
}

/** Sets credits aside for a generation. Throws `insufficient_credits`, with what is missing, and then changes nothing. */
export async function hold(
  tx: Tx,
  wanted: { subject: SubjectId; generation: GenerationId; amount: number; now: number },
): Promise<HoldId> {
  assertWhole(wanted.amount)
  if (!(await queries.setAside(tx, wanted.subject, wanted.amount))) {
    const { available } = await balanceOf(tx, wanted.subject)
    throw new AppError(
      'insufficient_credits',
      say(
        'This costs {price} credits and you have {available}. Choose a shorter or smaller video, or ask for more credits.',
        {
          price: wanted.amount,
          available,
        },
      ),
      { status: 402 },
    )
  }
  const id = newId('creditHold', wanted.now)
  await queries.insertHold(tx, {
    id,
    account_id: wanted.subject,
    subject_id: wanted.subject,
    generation_id: wanted.generation,
    amount: wanted.amount,
    state: 'open',
    created_at: wanted.now,
    ended_at: null,
  })
  return id
}

/** Takes the credits of a hold for good. False when it had ended already; then nothing changes. */
export async function capture(tx: Tx, id: HoldId, now: number): Promise<boolean> {
  const ended = await queries.endHold(tx, id, 'captured', now)
  if (!ended) return false
  await queries.giveBack(tx, ended.account_id, ended.amount)
  return post(tx, {
    key: `capture:${id}`,
    kind: 'capture',
    subject: ended.subject_id,
    actor: 'system',
    from: ended.account_id,
    to: house.usage,
    amount: ended.amount,
    now,
  })
}

/** Gives the credits of a hold back. False when it had ended already; then nothing changes. */
export async function release(tx: Tx, id: HoldId, now: number): Promise<boolean> {
  const ended = await queries.endHold(tx, id, 'released', now)
  if (!ended) return false
  await queries.giveBack(tx, ended.account_id, ended.amount)
  return true
}

interface Posting {
  key: string
  kind: 'grant' | 'capture'
  subject: SubjectId
  actor: string
  from: string
  to: string
  amount: number
  now: number
}

async function post(tx: Tx, posting: Posting): Promise<boolean> {
  const transfer = newId('transfer', posting.now)
  const made = await queries.insertTransfer(tx, {
    id: transfer,
    key: posting.key,
    kind: posting.kind,
    subject_id: posting.subject,
    actor: posting.actor,
    at: posting.now,
  })
  if (!made) return false
  for (const [account, amount] of [
    [posting.from, -posting.amount],
    [posting.to, posting.amount],
  ] as const) {
    if (account.startsWith('house:'))
      await queries.insertAccount(tx, { id: account, subject_id: null, balance: 0, held: 0 })
    await queries.insertEntry(tx, {
      id: newId('entry', posting.now),
      transfer_id: transfer,
      account_id: account,
      amount,
    })
    await queries.move(tx, account, amount)
  }
  return true
}

function assertWhole(amount: number): void {
  if (!Number.isSafeInteger(amount) || amount < 1)
    throw new AppError('bad_amount', say('Credits are whole numbers from 1 up.'))
}
