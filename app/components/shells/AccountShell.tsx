import { Link, NavLink } from '@remix-run/react'
import type { ReactNode } from 'react'
import { classes } from '#app/components/ui/classes.ts'
import { type Glyph, Icon } from '#app/components/ui/Icon.tsx'
import { Brand } from '#app/components/ui/Logo.tsx'
import { type Toast, ToastProvider } from '#app/components/ui/Toast.tsx'
import { useI18n } from '#app/i18n/I18n.tsx'
import type { Command, KeyLine } from './commands.ts'
import { Main } from './Main.tsx'
import { Overlays, useOverlays } from './Overlays.tsx'
import { PaletteButton } from './StudioShell.tsx'

export interface AccountShellProps {
  siteName: string
  home: string
  nav: readonly { to: string; label: string; icon?: Glyph; end?: boolean }[]
  /** At the right of the bar: the way back to the studio, the sign-out button, the theme switch. */
  bar?: ReactNode
  commands: readonly Command[]
  keys?: readonly KeyLine[]
  flash?: (Toast & { id: string }) | undefined
  children: ReactNode
}

/** A person's own pages: a list of matters beside the one that is open. On phones the list is a row to push. */
export function AccountShell(props: AccountShellProps) {
  const { t } = useI18n()
  return (
    <Overlays commands={props.commands} {...(props.keys ? { keys: props.keys } : {})}>
      <ToastProvider flash={props.flash}>
        <div className="mx-auto max-w-[1080px] px-4 md:px-8">
          <Bar {...props} />
          <div className="grid gap-x-12 gap-y-6 pb-16 md:grid-cols-[200px_minmax(0,1fr)]">
            <nav
              aria-label={t('Account')}
              className="-mx-4 flex gap-1 overflow-x-auto px-4 md:sticky md:top-6 md:mx-0 md:flex-col md:gap-0.5 md:self-start md:px-0"
            >
              {props.nav.map((item) => (
                <NavLink
                  key={item.to}
                  to={item.to}
                  end={item.end ?? false}
                  className={({ isActive }) =>
                    classes(
                      'flex h-9 shrink-0 items-center gap-2.5 rounded-sm px-2.5 text-sm',
                      isActive ? 'bg-sunken font-semibold text-ink' : 'text-ink-2 hover:text-ink',
                    )
                  }
                >
                  {item.icon && <Icon of={item.icon} size={17} />}
                  {item.label}
                </NavLink>
              ))}
            </nav>
            <Main className="min-w-0 max-w-[720px]">{props.children}</Main>
          </div>
        </div>
      </ToastProvider>
    </Overlays>
  )
}

function Bar({ siteName, home, bar }: AccountShellProps) {
  const { t } = useI18n()
  const { openPalette } = useOverlays()
  return (
    <header className="flex min-h-16 items-center gap-3 py-3 md:mb-6">
      <Link to={home} className="mr-auto rounded-xs text-sm">
        <Brand name={siteName} />
      </Link>
      {bar}
      <PaletteButton label={t('Search pages and actions')} onPress={openPalette} />
    </header>
  )
}
