import './csp-safe-zod.ts'
import instrumentSerif from '@fontsource/instrument-serif/files/instrument-serif-latin-400-normal.woff2?url'
import inter from '@fontsource-variable/inter/files/inter-latin-wght-normal.woff2?url'
import type { LinksFunction, LoaderFunctionArgs, MetaFunction } from '@remix-run/node'
import {
  Links,
  Meta,
  Outlet,
  Scripts,
  ScrollRestoration,
  useMatches,
  useRouteLoaderData,
} from '@remix-run/react'
import type { ReactNode } from 'react'
import { useNonce } from './components/server-only-values.ts'
import { RootError } from './components/shells/RootError.tsx'
import mark from './components/ui/mark.svg?url'
import { I18nProvider, useI18n } from './i18n/I18n.tsx'
import styles from './styles/app.css?url'

/** What a route may export as `handle`; the innermost route that says something wins. */
export interface PageHandle {
  /** `false`: no framework script at all, as on public and legal pages. */
  scripts?: boolean
  /** The theme until the person chooses one: dark in the studio, light in the console. */
  mood?: 'light' | 'dark'
}

export function loader({ context }: LoaderFunctionArgs) {
  const { locale, timeZone, theme, site, now, traceId } = context
  return { locale, timeZone, theme, site, now, traceId }
}

/** A page without a title of its own, and an error. */
export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.site.name ?? 'Fairframe' }]

export const links: LinksFunction = () => [
  { rel: 'preload', href: inter, as: 'font', type: 'font/woff2', crossOrigin: 'anonymous' },
  { rel: 'preload', href: instrumentSerif, as: 'font', type: 'font/woff2', crossOrigin: 'anonymous' },
  { rel: 'stylesheet', href: styles },
  { rel: 'icon', href: mark, type: 'image/svg+xml' },
]

export function useRootData(): ReturnType<typeof loader> | undefined {
  return useRouteLoaderData<typeof loader>('root')
}

/** Around the page and around its error alike, so that an error has the language and the theme too. */
export function Layout({ children }: { children: ReactNode }) {
  const data = useRootData()
  const handles = useMatches().map((match) => (match.handle ?? {}) as PageHandle)
  const scripts = handles.findLast((handle) => handle.scripts !== undefined)?.scripts ?? true
  const mood = handles.findLast((handle) => handle.mood !== undefined)?.mood
  const nonce = useNonce()
  return (
    <I18nProvider locale={data?.locale ?? 'en'} timeZone={data?.timeZone ?? 'UTC'} now={data?.now ?? 0}>
      <Document theme={data?.theme ?? mood}>
        <head>
          <meta charSet="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
          <meta property="csp-nonce" nonce={nonce} suppressHydrationWarning />
          <Meta />
          <Links />
        </head>
        <body>
          <SkipLink />
          {children}
          {scripts && <ScrollRestoration nonce={nonce} />}
          {scripts && <Scripts nonce={nonce} />}
        </body>
      </Document>
    </I18nProvider>
  )
}

function Document({ theme, children }: { theme: 'light' | 'dark' | undefined; children: ReactNode }) {
  const { locale, dir } = useI18n()
  return (
    <html lang={locale} dir={dir} data-theme={theme}>
      {children}
    </html>
  )
}

export default function Root() {
  return <Outlet />
}

export function ErrorBoundary() {
  const data = useRootData()
  return <RootError siteName={data?.site.name} traceId={data?.traceId} />
}

/** Every shell has the target: `<main id="main">`. */
function SkipLink() {
  const { t } = useI18n()
  return (
    <a
      href="#main"
      className="fixed top-2 left-2 z-50 -translate-y-16 rounded-sm bg-accent px-3 py-2 font-semibold text-accent-ink text-sm focus:translate-y-0"
    >
      {t('Skip to the content')}
    </a>
  )
}
