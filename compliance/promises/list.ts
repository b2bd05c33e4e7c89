import { S6 } from './accountable.ts'
import { T7 } from './backups.ts'
import { C1, C2, C5, C6 } from './collected.ts'
import type { Kept } from './promise.ts'
import { T1, T2, T3 } from './retained.ts'
import { A1, M1, M7 } from './safety.ts'
import { S2, S3, S4 } from './security.ts'
import { S5 } from './staff-openings.ts'

/** The promises of this version, in the order of the policy. One without a check that can fail is not here, or is not made. */
export const promises: readonly Kept[] = [C1, C2, C5, C6, T1, T2, T3, T7, A1, M1, M7, S2, S3, S4, S5, S6]
