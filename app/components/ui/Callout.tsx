import CircleAlert from 'lucide-react/icons/circle-alert'
import CircleCheck from 'lucide-react/icons/circle-check'
import Info from 'lucide-react/icons/info'
import TriangleAlert from 'lucide-react/icons/triangle-alert'
import type { ReactNode } from 'react'
import { classes } from './classes.ts'
import { type Glyph, Icon } from './Icon.tsx'
import type { Tone } from './Tag.tsx'

const looks: Record<Tone, { ground: string; ink: string }> = {
  plain: { ground: 'bg-sunken border-line', ink: 'text-ink-3' },
  accent: { ground: 'bg-accent-soft border-accent/25', ink: 'text-accent' },
  good: { ground: 'bg-good-soft border-good/25', ink: 'text-good' },
  warn: { ground: 'bg-warn-soft border-warn/25', ink: 'text-warn' },
  bad: { ground: 'bg-bad-soft border-bad/30', ink: 'text-bad' },
}

export const toneIcons: Record<Tone, Glyph> = {
  plain: Info,
  accent: Info,
  good: CircleCheck,
  warn: TriangleAlert,
  bad: CircleAlert,
}

/** Something to know before going on. `announced` for what appears after an act of the person. */
export function Callout(props: {
  tone?: Tone
  title?: string
  icon?: Glyph
  announced?: boolean
  actions?: ReactNode
  children?: ReactNode
}) {
  const { tone = 'plain', title, icon, announced, actions, children } = props
  const look = looks[tone]
  return (
    <div
      role={announced ? 'status' : undefined}
      className={classes('flex items-start gap-2.5 rounded-md border px-4 py-3 text-sm', look.ground)}
    >
      <Icon of={icon ?? toneIcons[tone]} size={17} className={classes('mt-px', look.ink)} />
      <div className="grid min-w-0 flex-1 gap-0.5">
        {title && <p className="font-semibold">{title}</p>}
        {children && <div className="text-ink-2">{children}</div>}
        {actions && <div className="mt-2 flex flex-wrap gap-2">{actions}</div>}
      </div>
    </div>
  )
}
