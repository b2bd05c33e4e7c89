import { Link, NavLink, useLocation } from '@remix-run/react'
import MenuGlyph from 'lucide-react/icons/menu'
import { type ReactNode, useEffect, useRef } from 'react'
import { classes } from '#app/components/ui/classes.ts'
import { DensityProvider } from '#app/components/ui/density.ts'
import { Icon } from '#app/components/ui/Icon.tsx'
import { Brand } from '#app/components/ui/Logo.tsx'
import { type Toast, ToastProvider } from '#app/components/ui/Toast.tsx'
import { useI18n } from '#app/i18n/I18n.tsx'
import type { Command, KeyLine } from './commands.ts'
import { Main } from './Main.tsx'
import { Overlays, useOverlays } from './Overlays.tsx'
import { PaletteButton } from './StudioShell.tsx'

export interface ConsoleGroup {
  /** None for what stands first and alone. */
  label?: string
  items: readonly ConsoleItem[]
}

export interface ConsoleItem {
  to: string
  label: string
  /** What waits there: `12`, `3 due`. */
  count?: string
  /** It waits for a person, now. */
  hot?: boolean
  end?: boolean
}

export interface ConsoleShellProps {
  siteName: string
  home: string
  groups: readonly ConsoleGroup[]
  /** At the foot of the sidebar: who is signed in, the theme switch, the way to the studio. */
  foot?: ReactNode
  commands: readonly Command[]
  keys?: readonly KeyLine[]
  flash?: (Toast & { id: string }) | undefined
  children: ReactNode
}

/** The console: everything in a sidebar, dense pages beside it. On phones the sidebar is a drawer. */
export function ConsoleShell(props: ConsoleShellProps) {
  return (
    <DensityProvider value="dense">
      <Overlays commands={props.commands} {...(props.keys ? { keys: props.keys } : {})}>
        <ToastProvider flash={props.flash}>
          <div className="grid min-h-dvh text-sm lg:grid-cols-[216px_minmax(0,1fr)]">
            <Sidebar {...props} />
            <div className="min-w-0">
              <TopBar siteName={props.siteName} home={props.home} />
              <Main className="max-w-[1320px] px-4 pt-4 pb-12 md:px-8 lg:pt-6">{props.children}</Main>
            </div>
          </div>
        </ToastProvider>
      </Overlays>
    </DensityProvider>
  )
}

// React 18 does not know the popover attributes, and passes lower-case ones through as they are.
const opensDrawer = { popovertarget: 'console-nav' }
const isDrawer = { popover: 'auto' }

function TopBar({ siteName, home }: { siteName: string; home: string }) {
  const { t } = useI18n()
  const { openPalette } = useOverlays()
  return (
    <header className="sticky top-0 z-20 flex h-13 items-center gap-2 border-line border-b bg-sunken px-4 lg:hidden">
      <button
        type="button"
        aria-label={t('Menu')}
        {...opensDrawer}
        className="-ml-2 grid size-9 place-items-center"
      >
        <Icon of={MenuGlyph} size={20} />
      </button>
      <Link to={home} className="mr-auto">
        <Brand name={siteName} />
      </Link>
      <PaletteButton label={t('Search pages and actions')} onPress={openPalette} />
    </header>
  )
}

function Sidebar({ siteName, home, groups, foot }: ConsoleShellProps) {
  const { t } = useI18n()
  const { pathname } = useLocation()
  const nav = useRef<HTMLElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new page closes the drawer
  useEffect(() => {
    if (nav.current?.matches(':popover-open')) nav.current.hidePopover()
  }, [pathname])
  return (
    <nav
      ref={nav}
      id="console-nav"
      aria-label={t('Console')}
      {...isDrawer}
      className="drawer w-[264px] overflow-y-auto border-line bg-sunken text-ink lg:sticky lg:top-0 lg:flex lg:h-dvh lg:w-auto lg:flex-col lg:border-r"
    >
      <div className="flex flex-col gap-0.5 px-3 py-4 lg:min-h-full">
        <Link to={home} className="mb-3 flex items-center px-2.5 py-1">
          <Brand name={siteName} />
        </Link>
        {groups.map((group, at) => (
          <NavGroup key={group.label ?? at} {...group} />
        ))}
        {foot && <div className="mt-auto px-2.5 pt-6">{foot}</div>}
      </div>
    </nav>
  )
}

function NavGroup({ label, items }: ConsoleGroup) {
  return (
    <>
      {label && (
        <p className="px-2.5 pt-3.5 pb-1 font-semibold text-ink-3 text-xs uppercase tracking-[0.06em]">
          {label}
        </p>
      )}
      <ul className="grid gap-0.5">
        {items.map((item) => (
          <li key={item.to}>
            <NavLink
              to={item.to}
              end={item.end ?? false}
              className={({ isActive }) =>
                classes(
                  'flex items-center justify-between gap-2 rounded-sm px-2.5 py-1.5',
                  isActive
                    ? 'bg-surface font-semibold text-ink shadow-[0_0_0_1px_var(--line)]'
                    : 'text-ink-2 hover:text-ink',
                )
              }
            >
              {item.label}
              {item.count && (
                <span
                  className={classes(
                    'num text-xs',
                    item.hot ? 'font-semibold text-bad' : 'font-normal text-ink-3',
                  )}
                >
                  {item.count}
                </span>
              )}
            </NavLink>
          </li>
        ))}
      </ul>
    </>
  )
}
