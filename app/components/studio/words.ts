import type { Phase } from '#app/components/ui/Progress.tsx'
import type { I18n } from '#app/i18n/I18n.tsx'
import type { Creation, Step, UsualTime } from '#app/studio/creations/creation.schema.ts'

type Words = Pick<I18n, 't'>

/** What a finer step is called. A phase that a provider names and nobody here knows is still "being drawn". */
export function phaseLabel({ t }: Words, phase: string): string {
  switch (phase) {
    case 'held':
      return t('Credits set aside')
    case 'queued':
      return t('Waiting')
    case 'submitted':
      return t('Starting')
    case 'planning':
      return t('Planning the shots')
    case 'composing':
      return t('Composing the sound')
    case 'finishing':
      return t('Checking and signing')
    case 'ready':
      return t('Ready')
    case 'blocked':
      return t('Refused')
    case 'failed':
      return t('Failed')
    case 'cancelled':
      return t('Stopped')
    case 'expired':
      return t('Its time was over')
    case 'removed':
      return t('Deleted')
    default:
      return t('Drawing')
  }
}

/** The four parts of the way, as the bar shows them. */
export function barOf(words: Words, creation: Pick<Creation, 'status' | 'phase'>): Phase[] {
  const at =
    creation.status === 'queued'
      ? 0
      : creation.phase === 'submitted'
        ? 1
        : creation.phase === 'finishing'
          ? 3
          : 2
  return ['queued', 'submitted', 'rendering', 'finishing'].map((phase, index) => ({
    label: phaseLabel(words, phase),
    state: index < at ? 'done' : index === at ? 'now' : 'next',
  }))
}

/** `usually 0:08 to 0:14`, or that nobody knows yet. */
export function usually({ t, clock }: Pick<I18n, 't' | 'clock'>, time: UsualTime | undefined): string {
  if (!time) return t('no history yet')
  const [usual, slow] = [clock(time.usual), clock(time.slow)]
  return usual === slow ? t('usually {usual}', { usual }) : t('usually {usual} to {slow}', { usual, slow })
}

/** The history as people read it: a state whose finer steps follow says nothing that they do not. */
export function tellingSteps(steps: readonly Step[]): Step[] {
  return steps.filter((step, at) => {
    const next = steps[at + 1]
    const isCoarse = step.phase === step.state && next?.state === step.state
    return step.phase !== 'held' && !isCoarse && step.phase !== steps[at - 1]?.phase
  })
}
