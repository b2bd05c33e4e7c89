import type { ReactNode } from 'react'
import { PublicShell } from '#app/components/shells/PublicShell.tsx'
import { useI18n } from '#app/i18n/I18n.tsx'
import { paths } from '#app/paths.ts'
import { useRootData } from '#app/root.tsx'

/** The frame of pages for anyone: the same links above and below, and no framework script. */
export function OpenPage(props: {
  signedIn: boolean
  contact: string
  links?: readonly { to: string; label: string }[]
  narrow?: boolean
  children: ReactNode
}) {
  const { signedIn, contact, links = [], narrow, children } = props
  const { t } = useI18n()
  return (
    <PublicShell
      siteName={useRootData()?.site.name ?? ''}
      home={paths.home()}
      links={links}
      enter={
        signedIn ? { to: paths.compose(), label: t('Studio') } : { to: paths.signIn(), label: t('Sign in') }
      }
      footer={[{ to: paths.certificate(), label: t('Provenance certificate') }]}
      imprint={
        contact && (
          <a href={`mailto:${contact}`} className="hover:text-ink">
            {t('Questions? {address}', { address: contact })}
          </a>
        )
      }
      narrow={narrow ?? false}
    >
      {children}
    </PublicShell>
  )
}
