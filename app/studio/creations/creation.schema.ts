import type { Made } from '#app/studio/catalogue/record.ts'
import type { FileInPlace } from '#app/studio/generations/generation.schema.ts'
import type { GenerationView } from '#app/studio/generations/view.schema.ts'
import type { GenerationState, ReferenceTable } from '#core/db/schema/studio.ts'
import type { Sentence } from '#core/i18n/say.ts'
import type { Recipient } from './offer.schema.ts'

/** A generation as the studio's pages show it: what the API answers, and what only its owner's own pages need. */
export interface Creation extends GenerationView {
  /** Grows with every step, so that of two views the newer is known. */
  seq: number
  /** ms; a save or unsave changes it and not `seq`. */
  updatedAt: number
  createdAt: number
  /** When work on it began, ms. */
  startedAt: number | null
  endedAt: number | null
  expiresAt: number | null
  /** Credits: held while it is made, captured when it is ready, otherwise never taken. */
  price: number
  referenceId: string | null
  /** False once it is as good as made. */
  cancellable: boolean
  /** Why there is no video. */
  reason: Sentence | null
}

/** What is being made of a person's, as the header says it. */
export interface QueueCount {
  running: number
  waiting: number
}

/** Credits that can be spent, and when that was so: of two the later is right. */
export interface CreditCount {
  available: number
  at: number
}

/** From history, ms (`generations/estimate.ts`). */
export interface UsualTime {
  usual: number
  slow: number
}

/** By `estimateKey`; what has no history is not in it. */
export type UsualTimes = Readonly<Record<string, UsualTime>>

export function estimateKey(of: { model: string; seconds: number; resolution: string }): string {
  return `${of.model} ${of.resolution} ${of.seconds}`
}

/** A file that a creation was made from, in the person's order within its role. */
export interface CreationInput extends FileInPlace {
  kind: ReferenceTable['kind']
  /** Of clips and sounds. */
  seconds: number | null
  /** Of a video from here: the job that made it, as far as a provider did. */
  made?: Made
}

/** Who made it, or was the last to try: company and country as they were then. */
export type Maker = Pick<Recipient, 'title' | 'where' | 'company' | 'country'>

/** One line of a creation's history. */
export interface Step {
  state: GenerationState
  phase: string
  at: number
}

/** Of two views of one creation the newer. A live view leaves out the prompt that was sent before. */
export function newerOf(shown: Creation, live: Creation | undefined): Creation {
  if (!live || live.seq < shown.seq || (live.seq === shown.seq && live.updatedAt < shown.updatedAt))
    return shown
  return isGone(live) ? live : { ...live, prompt: live.prompt ?? shown.prompt }
}

export function isGone({ status }: Pick<Creation, 'status'>): boolean {
  return status === 'expired' || status === 'removed'
}

export function isMaking({ status }: Pick<Creation, 'status'>): boolean {
  return status === 'queued' || status === 'running'
}
