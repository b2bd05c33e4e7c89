import { Link } from '@remix-run/react'
import MenuGlyph from 'lucide-react/icons/menu'
import type { ReactNode } from 'react'
import { classes } from '#app/components/ui/classes.ts'
import { Icon } from '#app/components/ui/Icon.tsx'
import { Brand, Logo } from '#app/components/ui/Logo.tsx'
import { useI18n } from '#app/i18n/I18n.tsx'
import { Main } from './Main.tsx'

export interface PublicLink {
  to: string
  label: string
}

export interface PublicShellProps {
  siteName: string
  home: string
  links: readonly PublicLink[]
  /** Always in sight: sign in, or the way to the studio. */
  enter?: PublicLink
  footer: readonly PublicLink[]
  /** Beneath the footer's links: who runs the service. */
  imprint?: ReactNode
  /** A column to read in, instead of the whole width. */
  narrow?: boolean
  children: ReactNode
}

/** Pages for anyone. Works to the last link without a script. */
export function PublicShell(props: PublicShellProps) {
  const { siteName, home, links, enter, footer, imprint, narrow, children } = props
  const { t } = useI18n()
  return (
    <div
      className={classes(
        'mx-auto flex min-h-dvh flex-col px-5 md:px-6',
        narrow ? 'max-w-[760px]' : 'max-w-[1128px]',
      )}
    >
      <header className="relative flex items-center gap-5 py-5 text-ink-2 text-sm md:gap-6">
        <Link to={home} className="mr-auto rounded-xs">
          <Brand name={siteName} />
        </Link>
        <nav aria-label={t('Main')} className="contents">
          <ul className="hidden gap-6 md:flex">
            {links.map((link) => (
              <li key={link.to}>
                <Link to={link.to} className="hover:text-ink">
                  {link.label}
                </Link>
              </li>
            ))}
          </ul>
          {enter && (
            <Link to={enter.to} className="shrink-0 whitespace-nowrap font-medium hover:text-ink">
              {enter.label}
            </Link>
          )}
          {links.length > 0 && (
            <details className="md:hidden">
              <summary
                aria-label={t('Menu')}
                className="grid size-9 list-none place-items-center rounded-sm text-ink"
              >
                <Icon of={MenuGlyph} size={20} />
              </summary>
              <ul className="absolute inset-x-0 top-full z-20 grid rounded-md border border-line bg-surface p-2 shadow-lift">
                {links.map((link) => (
                  <li key={link.to}>
                    <Link to={link.to} className="block rounded-sm px-3 py-2.5 text-ink hover:bg-sunken">
                      {link.label}
                    </Link>
                  </li>
                ))}
              </ul>
            </details>
          )}
        </nav>
      </header>
      <Main className="grow pt-4 pb-16 md:pt-6">{children}</Main>
      <footer className="flex flex-wrap gap-x-6 gap-y-2 border-line border-t py-6 text-ink-3 text-sm">
        <ul className="mr-auto flex flex-wrap gap-x-6 gap-y-2">
          {footer.map((link) => (
            <li key={link.to}>
              <Link to={link.to} className="hover:text-ink">
                {link.label}
              </Link>
            </li>
          ))}
        </ul>
        {imprint}
      </footer>
    </div>
  )
}

/** One small form in the middle: sign in, sign up, set a new password. */
export function AuthShell(props: {
  siteName: string
  home: string
  title: string
  lead?: ReactNode
  /** Under the form: the way to the other one. */
  foot?: ReactNode
  children: ReactNode
}) {
  return (
    <div className="mx-auto grid min-h-dvh w-full max-w-[400px] content-center gap-6 px-5 py-12">
      <header>
        <Link to={props.home} aria-label={props.siteName} className="inline-block rounded-xs">
          <Logo size={32} />
        </Link>
      </header>
      <Main className="grid gap-5">
        <div className="grid gap-2">
          <h1 className="text-balance font-serif text-xl tracking-[-0.01em]">{props.title}</h1>
          {props.lead && <p className="text-ink-2 text-sm">{props.lead}</p>}
        </div>
        {props.children}
      </Main>
      {props.foot && <footer className="text-ink-2 text-sm">{props.foot}</footer>}
    </div>
  )
}
