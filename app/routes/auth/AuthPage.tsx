import type { ReactNode } from 'react'
import { OwnScript } from '#app/components/account/OwnScript.tsx'
import { AuthShell } from '#app/components/shells/PublicShell.tsx'
import { paths } from '#app/paths.ts'
import { useRootData } from '#app/root.tsx'

/** The frame of every page around an account's door. */
export function AuthPage(props: { title: string; lead?: ReactNode; foot?: ReactNode; children?: ReactNode }) {
  return (
    <>
      <OwnScript run="timeZone" />
      <AuthShell siteName={useRootData()?.site.name ?? ''} home={paths.home()} {...props}>
        {props.children}
      </AuthShell>
    </>
  )
}

/** In running text. */
export const linkLook = 'font-medium text-ink underline underline-offset-3 hover:text-accent'
