import type { GenerationState } from '#core/db/schema/studio.ts'

/**
 * The life of a generation, as a table. Every change of state goes through `advance`, which refuses what is not here,
 * so a late worker, a cancel and a deadline can meet without harm: the first one wins and the others find nothing to do.
 */
interface Transition {
  from: readonly GenerationState[]
  event: GenerationEvent
  to: GenerationState
  /** What becomes of the credits that were set aside. */
  credits: 'stay' | 'capture' | 'release'
}

export type GenerationEvent =
  | 'submit'
  | 'accept'
  | 'produce'
  | 'finish'
  | 'block'
  | 'fail'
  | 'cancel'
  | 'expire'
  | 'remove'

const live = ['queued', 'submitted', 'rendering', 'finishing'] as const
export const ended = ['ready', 'blocked', 'failed', 'cancelled', 'expired', 'removed'] as const

export const transitions: readonly Transition[] = [
  { from: ['queued'], event: 'submit', to: 'submitted', credits: 'stay' },
  { from: ['submitted'], event: 'accept', to: 'rendering', credits: 'stay' },
  { from: ['rendering'], event: 'produce', to: 'finishing', credits: 'stay' },
  { from: ['finishing'], event: 'finish', to: 'ready', credits: 'capture' },
  { from: live, event: 'block', to: 'blocked', credits: 'release' },
  { from: live, event: 'fail', to: 'failed', credits: 'release' },
  // Once it is being finished it is as good as made, and cancelling would only lose it.
  { from: ['queued', 'submitted', 'rendering'], event: 'cancel', to: 'cancelled', credits: 'release' },
  { from: ['ready', 'blocked', 'failed', 'cancelled'], event: 'expire', to: 'expired', credits: 'stay' },
  { from: ['ready', 'blocked', 'failed', 'cancelled'], event: 'remove', to: 'removed', credits: 'stay' },
]

export function transitionFor(event: GenerationEvent): Transition {
  const found = transitions.find((t) => t.event === event)
  if (!found) throw new Error(`No transition for ${event}`)
  return found
}

export function isLive(state: GenerationState): boolean {
  return (live as readonly GenerationState[]).includes(state)
}

export const liveStates: readonly GenerationState[] = live

/** What the API and the pages call it. */
export type Status =
  | 'queued'
  | 'running'
  | 'ready'
  | 'blocked'
  | 'failed'
  | 'cancelled'
  | 'expired'
  | 'removed'

export function statusOf(state: GenerationState): Status {
  switch (state) {
    case 'held':
    case 'queued':
      return 'queued'
    case 'submitted':
    case 'rendering':
    case 'finishing':
      return 'running'
    default:
      return state
  }
}
