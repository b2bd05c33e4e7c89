import type { Schema } from '#core/db/schema/schema.ts'
import * as accounts from './accounts.ts'
import * as billing from './billing.ts'
import * as compliance from './compliance.ts'
import * as house from './house.ts'
import * as providers from './providers.ts'
import type { TableRule } from './rules.ts'
import * as studio from './studio.ts'

/**
 * The data map: every column of every table. Access, erasure, retention, the record of processing and the policy read
 * this one value. `satisfies` makes a missing table, or one too many, a compile error.
 */
export const dataMap = {
  ...accounts,
  ...studio,
  ...billing,
  ...compliance,
  ...providers,
  ...house,
} as const satisfies { readonly [T in keyof Schema]: TableRule<T> }

/** An entry without a table is as wrong as a table without an entry, and spreading hides it from `satisfies`. */
type Surplus = Exclude<keyof typeof dataMap, keyof Schema>
export const noSurplus: [Surplus] extends [never] ? true : Surplus = true

export type { TableRule } from './rules.ts'
