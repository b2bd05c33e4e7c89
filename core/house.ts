import type { Clock } from './clock/clock.ts'
import type { Config } from './config/config.ts'
import type { Keyring } from './crypto/keyring/keyring.ts'
import type { Db } from './db/schema/schema.ts'
import type { Log } from './log/log.ts'

/** What every part stands on. Made once at the start of a process and passed down; there are no singletons. */
export interface Ground {
  readonly config: Config
  readonly clock: Clock
  readonly log: Log
  readonly db: Db
  readonly keyring: Keyring
}
