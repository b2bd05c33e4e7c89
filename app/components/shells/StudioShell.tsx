import { Link, NavLink } from '@remix-run/react'
import Search from 'lucide-react/icons/search'
import type { ReactNode } from 'react'
import { Avatar } from '#app/components/ui/Avatar.tsx'
import { classes } from '#app/components/ui/classes.ts'
import { type Glyph, Icon } from '#app/components/ui/Icon.tsx'
import { KeyHint } from '#app/components/ui/KeyHint.tsx'
import { Logo } from '#app/components/ui/Logo.tsx'
import { Pill } from '#app/components/ui/Tag.tsx'
import { type Toast, ToastProvider } from '#app/components/ui/Toast.tsx'
import { Tooltip } from '#app/components/ui/Tooltip.tsx'
import { useI18n } from '#app/i18n/I18n.tsx'
import type { Command, KeyLine } from './commands.ts'
import { Main } from './Main.tsx'
import { Overlays, useOverlays } from './Overlays.tsx'

export interface RailItem {
  to: string
  label: string
  icon: Glyph
  /** Current only at exactly this address. */
  end?: boolean
}

export interface StudioShellProps {
  siteName: string
  home: string
  title: string
  nav: readonly RailItem[]
  /** The account, at the foot of the rail. */
  person?: { name: string; to: string }
  queue?: { running: number; waiting: number; to: string }
  credits?: { amount: number; to: string }
  /** More in the header, before the pills. */
  actions?: ReactNode
  commands: readonly Command[]
  keys?: readonly KeyLine[]
  flash?: (Toast & { id: string }) | undefined
  children: ReactNode
}

/** The studio: a rail of icons, a quiet header, the videos. On phones the rail lies at the bottom. */
export function StudioShell(props: StudioShellProps) {
  const { siteName, home, title, nav, person, commands, keys, flash, children } = props
  const { t } = useI18n()
  return (
    <Overlays commands={commands} {...(keys ? { keys } : {})}>
      <ToastProvider flash={flash}>
        <div className="grid min-h-dvh md:grid-cols-[64px_minmax(0,1fr)]">
          <nav
            aria-label={t('Main')}
            className="fixed inset-x-0 bottom-0 z-20 flex justify-around gap-2 border-line border-t bg-paper px-2 pt-1.5 pb-[calc(6px+env(safe-area-inset-bottom))] md:sticky md:inset-auto md:top-0 md:h-dvh md:flex-col md:items-center md:justify-start md:border-t-0 md:border-r md:py-4"
          >
            <Link to={home} aria-label={siteName} className="mb-4 hidden rounded-xs md:block">
              <Logo size={28} />
            </Link>
            {nav.map((item) => (
              <Tooltip key={item.to} text={item.label} placement="right" link>
                <NavLink
                  to={item.to}
                  end={item.end ?? false}
                  aria-label={item.label}
                  className={({ isActive }) =>
                    classes(
                      'grid size-11 place-items-center rounded-md transition-colors',
                      isActive ? 'bg-surface text-ink' : 'text-ink-3 hover:text-ink',
                    )
                  }
                >
                  <Icon of={item.icon} size={20} />
                </NavLink>
              </Tooltip>
            ))}
            {person && (
              <Tooltip text={person.name} placement="right" link>
                <Link
                  to={person.to}
                  aria-label={t('Your account, {name}', { name: person.name })}
                  className="grid size-11 place-items-center rounded-md md:mt-auto"
                >
                  <Avatar name={person.name} />
                </Link>
              </Tooltip>
            )}
          </nav>
          <Main className="mx-auto w-full max-w-[1360px] px-4 pt-4 pb-28 md:px-8 md:pt-6 md:pb-12">
            <StudioHeader {...props} title={title} />
            {children}
          </Main>
        </div>
      </ToastProvider>
    </Overlays>
  )
}

function StudioHeader({ title, queue, credits, actions }: StudioShellProps) {
  const { t, rich, number } = useI18n()
  const { openPalette } = useOverlays()
  const bold = { b: (part: string) => <b>{part}</b> }
  return (
    <header className="mb-4 flex flex-wrap items-center gap-2 md:mb-6 md:gap-4">
      <h1 className="mr-auto font-serif text-xl tracking-[-0.01em]">{title}</h1>
      {actions}
      {queue && queue.running + queue.waiting > 0 && (
        <span className="hidden sm:inline-flex">
          <Pill to={queue.to}>
            {rich('Queue <b>{running} running, {waiting} waiting</b>', bold, {
              running: number(queue.running),
              waiting: number(queue.waiting),
            })}
          </Pill>
        </span>
      )}
      {credits && (
        <Pill to={credits.to}>
          {rich('<b>{amount}</b> credits', bold, { amount: number(credits.amount) })}
        </Pill>
      )}
      <PaletteButton label={t('Search pages and actions')} onPress={openPalette} />
    </header>
  )
}

/** Says the keys where there is a keyboard; on phones it is a glass. */
export function PaletteButton({ label, onPress }: { label: string; onPress: () => void }) {
  return (
    <button
      type="button"
      onClick={onPress}
      className="grid h-9 min-w-9 shrink-0 place-items-center rounded-full text-ink-2 hover:text-ink md:h-8 md:border md:border-line md:px-3 md:text-ink md:hover:border-line-strong"
    >
      <span className="sr-only">{label}</span>
      <Icon of={Search} size={18} className="md:hidden" />
      <span className="hidden md:inline">
        <KeyHint keys={['mod', 'K']} />
      </span>
    </button>
  )
}
