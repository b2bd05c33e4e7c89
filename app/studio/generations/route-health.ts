import { sql } from 'kysely'
import type { ErrorClass } from '#app/studio/providers/provider-errors.ts'
import { MINUTE, SECOND } from '#core/clock/clock.ts'
import type { Tx } from '#core/db/schema/schema.ts'

/** These say that the route itself is out of order, and not that the job was at fault. */
const routeFaults: ReadonlySet<string> = new Set<ErrorClass>([
  'provider_down',
  'provider_auth',
  'provider_out_of_credit',
  'model_retired',
  'input_unfetchable',
  'unknown_after_submit',
])
/** With these it is pointless to try again at once. */
const plainFaults: ReadonlySet<string> = new Set<ErrorClass>([
  'provider_auth',
  'provider_out_of_credit',
  'model_retired',
])
const FAILURES_TO_OPEN = 3
const LONGEST_REST_MS = 15 * MINUTE
const FIRST_REST_MS = 30 * SECOND

/**
 * Circuit breaker of a route: after three faults in a row, or one that no retry mends, it rests, twice as long each time
 * it fails again. When the rest is over one job may try; a success closes it.
 */
export async function noteFault(
  tx: Tx,
  route: { model: string; route: string },
  errorClass: ErrorClass,
  now: number,
): Promise<void> {
  if (!routeFaults.has(errorClass)) return
  const row = await tx
    .insertInto('route_health')
    .values({
      ...route,
      failures_in_row: 1,
      open_until: null,
      last_error: errorClass,
      last_error_at: now,
      last_success_at: null,
    })
    .onConflict((conflict) =>
      conflict.columns(['model', 'route']).doUpdateSet({
        failures_in_row: sql<number>`route_health.failures_in_row + 1`,
        last_error: errorClass,
        last_error_at: now,
      }),
    )
    .returning('failures_in_row')
    .executeTakeFirstOrThrow()
  const failures = Number(row.failures_in_row)
  if (failures < FAILURES_TO_OPEN && !plainFaults.has(errorClass)) return
  const rest = FIRST_REST_MS * 2 ** Math.min(10, Math.max(0, failures - FAILURES_TO_OPEN))
  await tx
    .updateTable('route_health')
    .set({ open_until: now + Math.min(LONGEST_REST_MS, rest) })
    .where('model', '=', route.model)
    .where('route', '=', route.route)
    .execute()
}

export async function noteSuccess(
  tx: Tx,
  route: { model: string; route: string },
  now: number,
): Promise<void> {
  const well = { failures_in_row: 0, open_until: null, last_success_at: now }
  await tx
    .insertInto('route_health')
    .values({ ...route, ...well, last_error: null, last_error_at: null })
    .onConflict((conflict) => conflict.columns(['model', 'route']).doUpdateSet(well))
    .execute()
}
