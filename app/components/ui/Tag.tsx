import { Link } from '@remix-run/react'
import type { ReactNode } from 'react'
import { classes } from './classes.ts'
import { type Glyph, Icon } from './Icon.tsx'

export type Tone = 'plain' | 'accent' | 'good' | 'warn' | 'bad'

const tones: Record<Tone, string> = {
  plain: 'bg-sunken text-ink-2',
  accent: 'bg-accent-soft text-accent',
  good: 'bg-good-soft text-good',
  warn: 'bg-warn-soft text-warn',
  bad: 'bg-bad-soft text-bad',
}

/** The state of a thing in a word or two. The colour only repeats what the word says. */
export function Tag({ tone = 'plain', icon, children }: { tone?: Tone; icon?: Glyph; children: ReactNode }) {
  return (
    <span
      className={classes(
        'inline-flex items-center gap-1 whitespace-nowrap rounded-full px-2 py-px font-medium text-xs',
        tones[tone],
      )}
    >
      {icon && <Icon of={icon} size={12} />}
      {children}
    </span>
  )
}

/** A round mark that stands before a fact: an icon in the colour of its meaning. */
export function Mark({ tone = 'plain', icon }: { tone?: Tone; icon: Glyph }) {
  return (
    <span className={classes('grid size-6 shrink-0 place-items-center rounded-full', tones[tone])}>
      <Icon of={icon} size={14} />
    </span>
  )
}

/** On a picture: readable on whatever is beneath. */
export function OnPicture({ children }: { children: ReactNode }) {
  return (
    <span className="num inline-flex items-center gap-1 rounded-full bg-black/65 px-2 py-px text-white text-xs">
      {children}
    </span>
  )
}

/** A figure in the header, perhaps with the way to its page. Set the figure in <b>. */
export function Pill({ to, children }: { to?: string; children: ReactNode }) {
  const look =
    'num inline-flex h-8 items-center gap-1.5 whitespace-nowrap rounded-full border border-line px-3 text-ink-2 text-sm [&_b]:font-semibold [&_b]:text-ink'
  return to ? (
    <Link to={to} className={classes(look, 'hover:border-line-strong hover:text-ink')}>
      {children}
    </Link>
  ) : (
    <span className={look}>{children}</span>
  )
}
