import { Link } from '@remix-run/react'
import ChevronLeft from 'lucide-react/icons/chevron-left'
import type { ReactNode } from 'react'
import { classes } from './classes.ts'
import { useDensity } from './density.ts'
import { Icon } from './Icon.tsx'

/** The page's one h1. Serif where there is room, plain in the console; `display` for the public pages. */
export function PageTitle(props: {
  title: ReactNode
  lead?: ReactNode
  actions?: ReactNode
  back?: { to: string; label: string }
  display?: boolean
}) {
  const { title, lead, actions, back, display } = props
  const dense = useDensity() === 'dense'
  return (
    <header className={dense ? 'mb-4' : display ? 'mb-8' : 'mb-6'}>
      {back && (
        <Link
          to={back.to}
          className="mb-1.5 inline-flex items-center gap-1 text-ink-3 text-sm hover:text-ink"
        >
          <Icon of={ChevronLeft} size={14} />
          {back.label}
        </Link>
      )}
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <h1
          className={classes(
            'mr-auto min-w-0 text-balance',
            dense && 'font-bold text-lg tracking-tight',
            !dense && 'font-serif tracking-[-0.01em]',
            !dense && (display ? 'max-w-[15em] text-[34px] leading-[1.08] sm:text-display' : 'text-xl'),
          )}
        >
          {title}
        </h1>
        {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
      </div>
      {lead && (
        <div
          className={classes(
            'prose-measure mt-2 text-ink-2',
            display ? 'text-lg' : dense ? 'text-sm' : 'text-md',
          )}
        >
          {lead}
        </div>
      )}
    </header>
  )
}
