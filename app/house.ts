import type { Catalogue } from '#app/studio/catalogue/catalogue.ts'
import type { Providers } from '#app/studio/providers/registry.ts'
import type { Authority } from '#compliance/provenance/authority.ts'
import type { ProvenanceEngine } from '#compliance/provenance/engine.ts'
import type { Ground } from '#core/house.ts'
import type { MediaTools } from '#core/media/run.ts'
import type { Queue } from '#core/queue/queue.ts'
import type { ObjectStore } from '#core/storage/object-store.ts'
import type { SealedStore } from '#core/storage/sealed-store.ts'
import type { JobPayloads } from './job-payloads.ts'

/** Everything a rule of the product may need, made once for each process (`app/open-house.ts`). */
export interface House extends Ground {
  readonly store: SealedStore
  /** The same store without the sealing, for sweeping and checks. */
  readonly objects: ObjectStore
  readonly queue: Queue<JobPayloads>
  readonly catalogue: Catalogue
  readonly providers: Providers
}

/** What the worker has besides: the tools that make, sign and send. */
export interface Workshop extends House {
  readonly tools: MediaTools
  readonly engine: ProvenanceEngine
  readonly authority: Authority
  /** Private folder for plain files; wiped at start, in no backup. */
  readonly scratch: string
}
