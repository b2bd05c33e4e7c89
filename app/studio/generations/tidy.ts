import type { House } from '#app/house.ts'
import { fromJson } from '#core/db/columns.ts'
import * as attempts from './attempts.queries.ts'

/**
 * Has a provider stop a job nobody waits for, or delete what it still holds of one. What became of the deletion is written
 * beside the transfer, as proof (GDPR art. 19). Throws to be tried again while the provider cannot be reached.
 */
export async function tidyAtProvider(
  house: House,
  id: attempts.AttemptId,
  act: 'cancel' | 'forget',
  signal: AbortSignal,
): Promise<void> {
  const attempt = await attempts.attempt(house.db.read, id)
  const provider = attempt && (await house.providers.get(attempt.provider))
  if (!attempt?.provider_job || !provider) return
  const job = {
    attempt: attempt.id,
    endpoint: fromJson(attempt.route).endpoint,
    providerJob: attempt.provider_job,
    memo: attempt.memo === null ? {} : fromJson(attempt.memo),
  }
  if (act === 'cancel') return void (await provider.cancel?.(job, signal))
  const deletion = provider.forget ? await provider.forget(job, signal) : 'cannot'
  await house.db.transaction((tx) =>
    tx
      .updateTable('transfer')
      .set({ deletion, deletion_at: house.clock.now() })
      .where('attempt_id', '=', attempt.id)
      .execute(),
  )
}
