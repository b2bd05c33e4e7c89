import { arkDriver } from './ark/driver.ts'
import { kieDriver } from './kie/driver.ts'
import type { Driver } from './provider.ts'

/** Every kind of provider there is code for, but the built-in one, which nobody connects to. */
export const drivers: readonly Driver[] = [kieDriver, arkDriver]

export function driverOf(name: string): Driver | undefined {
  return drivers.find((driver) => driver.name === name)
}
