import type { Ground } from '#core/house.ts'
import type { Queue } from '#core/queue/queue.ts'
import type { SealedStore } from '#core/storage/sealed-store.ts'
import type { JobPayloads } from './job-payloads.ts'

/** Everything a rule of the product may need, made once for each process (`app/open-house.ts`). */
export interface House extends Ground {
  readonly store: SealedStore
  readonly queue: Queue<JobPayloads>
}
