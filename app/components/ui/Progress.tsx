import type { ReactNode } from 'react'
import { useI18n } from '#app/i18n/I18n.tsx'
import { classes } from './classes.ts'

/** Turning, for what takes a moment. Silent: say beside it what is going on. */
export function Spinner({ size = 20 }: { size?: number }) {
  return (
    <svg viewBox="0 0 24 24" width={size} height={size} aria-hidden="true" className="animate-spin">
      <circle cx={12} cy={12} r={9} fill="none" stroke="currentColor" strokeWidth={2.5} opacity={0.25} />
      <path
        d="M21 12a9 9 0 0 0-9-9"
        fill="none"
        stroke="currentColor"
        strokeWidth={2.5}
        strokeLinecap="round"
      />
    </svg>
  )
}

export interface Phase {
  label: string
  state: 'done' | 'now' | 'next' | 'failed'
}

/** Where long work is, phase by phase, and nothing invented in between: the phase that runs moves without a measure. */
export function PhaseSteps({ label, phases }: { label: string; phases: readonly Phase[] }) {
  const { t } = useI18n()
  const words: Record<Phase['state'], string> = {
    done: t('done'),
    now: t('running'),
    next: t('to come'),
    failed: t('failed'),
  }
  return (
    <ol aria-label={label} className="flex gap-1">
      {phases.map((phase) => (
        <li
          key={phase.label}
          aria-current={phase.state === 'now' ? 'step' : undefined}
          className={classes(
            'relative h-[3px] flex-1 overflow-hidden rounded-[2px]',
            phase.state === 'done' && 'bg-accent',
            phase.state === 'failed' && 'bg-bad',
            (phase.state === 'next' || phase.state === 'now') && 'bg-line-strong',
          )}
        >
          {phase.state === 'now' && <span className="phase-now absolute inset-0 bg-accent" />}
          <span className="sr-only">
            {phase.label}: {words[phase.state]}
          </span>
        </li>
      ))}
    </ol>
  )
}

export type BarTone = 'plain' | 'good' | 'warn' | 'bad'

const barTones: Record<BarTone, string> = {
  plain: 'bg-ink-3',
  good: 'bg-good',
  warn: 'bg-warn-bar',
  bad: 'bg-bad',
}

/**
 * A share of something known (a legal clock, a disk), from 0 to 1. The words stand beside it, so the bar itself is
 * silent. `paused` hatches what is left.
 */
export function Bar(props: { share: number; tone?: BarTone; paused?: boolean; wide?: boolean }) {
  const { share, tone = 'plain', paused, wide } = props
  const percent = Math.round(Math.min(1, Math.max(0, share)) * 100)
  return (
    <span
      aria-hidden="true"
      className={classes(
        'relative inline-block h-1.5 shrink-0 overflow-hidden rounded-full bg-line',
        wide ? 'w-full' : 'w-14 sm:w-28',
        paused && 'hatched',
      )}
    >
      <span
        className={classes('absolute inset-y-0 left-0 rounded-full', barTones[tone])}
        style={{ width: `${percent}%` }}
      />
    </span>
  )
}

/** Holds the place of what is on its way. Put `aria-busy` on the region. */
export function Skeleton({ className = 'h-4 w-full' }: { className?: string }) {
  return <span aria-hidden="true" className={classes('block animate-pulse rounded-sm bg-line', className)} />
}

export interface TimelineItem {
  label: ReactNode
  /** When, at the right: usually a `<Time>`. */
  at?: ReactNode
  state: 'done' | 'next'
}

/** What was done and what comes, in order. */
export function Timeline({ items, label }: { items: readonly TimelineItem[]; label: string }) {
  const { t } = useI18n()
  return (
    <ol aria-label={label} className="grid text-sm">
      {items.map((item, at) => (
        // The order is the identity here: two steps may have the same words.
        // biome-ignore lint/suspicious/noArrayIndexKey: steps are never moved
        <li key={at} className="grid grid-cols-[16px_1fr_auto] gap-2.5 py-1.5">
          <span
            aria-hidden="true"
            className={classes(
              'mt-[7px] size-[9px] justify-self-center rounded-full',
              item.state === 'done' ? 'bg-accent' : 'border-2 border-line-strong bg-surface',
            )}
          />
          <span className={item.state === 'done' ? 'text-ink' : 'text-ink-3'}>
            {item.label}
            {item.state === 'next' && <span className="sr-only">, {t('to come')}</span>}
          </span>
          {item.at !== undefined && <span className="num text-ink-3">{item.at}</span>}
        </li>
      ))}
    </ol>
  )
}
