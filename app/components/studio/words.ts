import type { Phase } from '#app/components/ui/Progress.tsx'
import type { I18n } from '#app/i18n/I18n.tsx'
import type { Creation, Step, UsualTime } from '#app/studio/creations/creation.schema.ts'

type Words = Pick<I18n, 't'>

/**
 * What a finer step is called, with the place in the provider's line or the share of the work where it says one
 * (`waiting:3`, `rendering:40`). A phase that a provider names and nobody here knows is still "being drawn".
 */
export function phaseLabel({ t }: Words, phase: string): string {
  const [step, figure] = phase.split(':')
  switch (step) {
    case 'held':
      return t('Credits set aside')
    case 'queued':
      return t('Waiting')
    case 'submitted':
      return t('Starting')
    case 'waiting':
      if (figure === undefined) return t('Waiting at the provider')
      return t('Waiting at the provider, {before, plural, one {# job} other {# jobs}} before it', {
        before: Number(figure),
      })
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
      return figure === undefined ? t('Drawing') : t('Drawing, {percent} %', { percent: figure })
  }
}

/** The four parts of the way, as the bar shows them. */
export function barOf(words: Words, creation: Pick<Creation, 'status' | 'phase'>): Phase[] {
  const at =
    creation.status === 'queued'
      ? 0
      : stepOf(creation.phase) === 'submitted' || stepOf(creation.phase) === 'waiting'
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

/**
 * The history as people read it: a state whose finer steps follow says nothing that they do not, and a step that only
 * went on is told once, from where it began.
 */
export function tellingSteps(steps: readonly Step[]): Step[] {
  const plain = steps.map((step) => ({ ...step, phase: stepOf(step.phase) }))
  const changes = plain.filter((step, at) => step.phase !== plain[at - 1]?.phase)
  return changes.filter((step, at) => {
    const isCoarse = step.phase === step.state && changes[at + 1]?.state === step.state
    return step.phase !== 'held' && !isCoarse
  })
}

function stepOf(phase: string): string {
  return phase.split(':')[0] ?? phase
}
