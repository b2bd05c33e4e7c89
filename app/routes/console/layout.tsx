import { Outlet, useLoaderData } from '@remix-run/react'
import { may } from '#app/accounts/permissions.ts'
import { titled } from '#app/components/account/titled.ts'
import { ConsoleFrame } from '#app/components/console/ConsoleFrame.tsx'
import type { ConsolePlace } from '#app/components/console/places.ts'
import { attention } from '#app/console/overview.ts'
import { pageLoader } from '#app/http/page.ts'
import { paths } from '#app/paths.ts'
import { say } from '#core/i18n/say.ts'

export const handle = { mood: 'light' }

export const meta = titled(say('Console'))

export const loader = pageLoader({ staff: 'overview.read' }, async ({ house, who, context }) => {
  const { role } = who.actor
  const places: ConsolePlace[] = ['overview']
  if (may(role, 'generations.read')) places.push('generations')
  if (may(role, 'catalogue.read')) places.push('models', 'providers')
  if (may(role, 'people.find')) places.push('people')
  if (may(role, 'promises.read')) places.push('promises')
  if (may(role, 'jobs.read')) places.push('jobs')
  if (may(role, 'mail.read')) places.push('outbox')
  if (may(role, 'audit.read')) places.push('audit')
  if (may(role, 'settings.read')) places.push('settings')
  return {
    siteName: context.site.name,
    role,
    places,
    theme: context.theme ?? ('system' as const),
    attention: await attention(house),
    themeAction: paths.theme(),
    signOut: paths.signOut(),
  }
})

export default function ConsoleLayout() {
  return (
    <ConsoleFrame {...useLoaderData<typeof loader>()}>
      <Outlet />
    </ConsoleFrame>
  )
}
