import type { Clock } from '#core/clock/clock.ts'
import type { Ground } from '#core/house.ts'
import type { Sentence } from '#core/i18n/say.ts'
import type { ObjectStore } from '#core/storage/object-store.ts'
import type { SealedStore } from '#core/storage/sealed-store.ts'
import type { Report } from '../provenance/report.ts'
import type { CanaryMarkers } from './canary.ts'

/** What a check found, in numbers and words that name nobody. */
export type Evidence = Record<string, string | number | boolean | null>

export interface Outcome {
  /** `not_made`: the installation lacks what the promise needs; then its sentence leaves the published policy. */
  state: 'kept' | 'broken' | 'not_made'
  evidence: Evidence
}

/** Something the service tells people, with the check over live data that shows whether it is so. */
export interface Kept {
  /** As in the published policy: a letter for its chapter and a number. */
  id: string
  /** What people read. */
  sentence: Sentence
  /** The mechanism, for the console. */
  keptBy: Sentence
  /**
   * Looks at live data. Throws only when it could not look, which leaves the earlier result standing until it is too old.
   * `previous` is the evidence of the run before, for checks that go on where they stopped.
   */
  check(ground: PromiseGround, previous: Evidence): Promise<Outcome>
}

/** What the checks look at. What the product knows and this folder may not import is handed in. */
export interface PromiseGround extends Ground {
  readonly store: SealedStore
  readonly objects: ObjectStore
  /** Folders of the process: logs, and plain files while videos are made. */
  readonly folders: { readonly logs: string; readonly scratch: string }
  /** Does a stored password hash stand at the configured cost or above? */
  passwordAtCost(hash: string): boolean
  readonly apiKeys: {
    /** Finds what looks like a whole key in any text; global, of one group-free pattern. */
    readonly pattern: RegExp
    hash(key: string): string
  }
  /** The signer of download links at another time than now. */
  linksAt(clock: Clock): Links
  /** Reads the provenance of a file; undefined in a process that has no engine. */
  readProvenance: ((path: string) => Promise<Report>) | undefined
  /** Makes what the canary lacks, and answers the texts that only it has, each sealed wherever it is stored. */
  canaryMarkers(): Promise<CanaryMarkers>
  /** Opens every secret of a provider that is stored: how many connections, and of how many one did not open. */
  openSecrets(): Promise<{ looked: number; wrong: number }>
}

export interface Links {
  sign(path: string, lifetimeMs: number): string
  check(path: string, expires: string | null, signature: string | null): boolean
}

export function keptIf(holds: boolean, evidence: Evidence): Outcome {
  return { state: holds ? 'kept' : 'broken', evidence }
}
