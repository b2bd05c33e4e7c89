import type { House } from '#app/house.ts'
import type { Driver } from '#app/studio/providers/provider.ts'
import { type ErrorClass, errorClasses, isProviderError } from '#app/studio/providers/provider-errors.ts'
import { connectionOf } from '#app/studio/providers/registry.ts'
import { SECOND } from '#core/clock/clock.ts'
import type { ProviderConnectionTable } from '#core/db/schema/providers.ts'
import { AppError } from '#core/errors/errors.ts'

/** How long a test of a connection may take. An operator waits for it. */
const TEST_MS = 15 * SECOND

/** What came of a test, as the columns that remember it. */
export type Tested = Pick<
  ProviderConnectionTable,
  'tested_at' | 'test_error' | 'balance_micro_usd' | 'balance_at'
>

/**
 * Asks the provider one free question with the connection as `row` has it, kept or not, and for its balance where it
 * tells one. Never inside a transaction: the answer may take a quarter of a minute.
 */
export async function testConnection(
  house: Pick<House, 'keyring' | 'clock'>,
  driver: Driver,
  row: ProviderConnectionTable,
): Promise<Tested> {
  const signal = AbortSignal.timeout(TEST_MS)
  const provider = driver.open(await connectionOf(house, driver, row))
  const outcome = (test_error: ErrorClass | null) => ({ tested_at: house.clock.now(), test_error })
  const before = { balance_micro_usd: row.balance_micro_usd, balance_at: row.balance_at }
  try {
    await provider.health(signal)
  } catch (error) {
    if (isProviderError(error)) return { ...outcome(error.errorClass), ...before }
    if (signal.aborted) return { ...outcome('provider_down'), ...before }
    throw error
  }
  const told = await provider.balance?.(signal).catch(() => undefined)
  if (!told) return { ...outcome(null), ...before }
  return { ...outcome(null), balance_micro_usd: told.microUsd, balance_at: house.clock.now() }
}

/** Throws the hint of the error class when the test failed. */
export function refuseFailed({ test_error }: Tested): void {
  if (test_error === null) return
  const { hint } = errorClasses[test_error as ErrorClass]
  throw new AppError('test_failed', hint, { status: 409 })
}
