import { createHash } from 'node:crypto'
import type { House } from '#app/house.ts'
import type { WebhookRequest } from '#app/studio/providers/provider.ts'
import type { AttemptTable } from '#core/db/schema/studio.ts'
import * as attempts from './attempts.queries.ts'
import * as queries from './generations.queries.ts'
import { accept } from './submit.ts'

/**
 * A webhook was received: checks who signed it, and wakes the one poller of its job. What it says of the job is never
 * believed. A repeat finds its delivery written down and does nothing.
 */
export async function wake(
  house: House,
  address: { provider: string; attempt: attempts.AttemptId | undefined },
  request: WebhookRequest,
): Promise<'taken' | 'unknown_address' | 'refused' | 'malformed'> {
  const provider = await house.providers.get(address.provider)
  if (!provider?.verifyWebhook) return 'unknown_address'
  const claim = await provider.verifyWebhook(request)
  if (!claim.accepted) {
    house.log.warn('A webhook was refused', { provider: address.provider, why: claim.why })
    return claim.why === 'malformed' ? 'malformed' : 'refused'
  }
  const delivery = createHash('sha256').update(claim.delivery).digest('base64url')
  const key = { provider: address.provider, delivery }
  if (await wasTaken(house, key)) return 'taken'
  const attempt = await attemptOf(house, address, claim.providerJob)
  await house.db.together(async (tx) => {
    const now = house.clock.now()
    const first = await tx
      .insertInto('webhook_delivery')
      .values({ ...key, at: now })
      .onConflict((conflict) => conflict.columns(['provider', 'delivery']).doNothing())
      .executeTakeFirst()
    if (!attempt || (first.numInsertedOrUpdatedRows ?? 0n) === 0n) return
    // A poll that is under way may have asked before this; it sees the time and asks again at once.
    if (!(await attempts.wakeAttempt(tx, attempt.id, now))) return
    const job = { queue: 'generation.watch', dedupeKey: attempt.generation_id } as const
    await house.queue.cancel(tx, job)
    await house.queue.enqueue(tx, {
      ...job,
      payload: { generation_id: attempt.generation_id },
      subject: attempt.subject_id,
    })
  })
  house.queue.wake()
  return 'taken'
}

async function wasTaken({ db }: House, key: { provider: string; delivery: string }): Promise<boolean> {
  const row = await db.read
    .selectFrom('webhook_delivery')
    .select('at')
    .where('provider', '=', key.provider)
    .where('delivery', '=', key.delivery)
    .executeTakeFirst()
  return row !== undefined
}

/**
 * The attempt that a job belongs to. One whose answer was lost has no job yet: a rightly signed webhook at its own address
 * tells which it is, and so finds it.
 */
async function attemptOf(
  house: House,
  { provider, attempt }: { provider: string; attempt: attempts.AttemptId | undefined },
  providerJob: string,
): Promise<AttemptTable | undefined> {
  const known = await attempts.attemptOfJob(house.db.read, provider, providerJob)
  if (known || !attempt) return known
  const lost = await attempts.attempt(house.db.read, attempt)
  if (lost?.provider !== provider || lost.state !== 'unknown') return undefined
  const row = await queries.anyGeneration(house.db.read, lost.generation_id)
  if (!row) return undefined
  await accept(house, row, lost, { providerJob })
  return attempts.attempt(house.db.read, attempt)
}
