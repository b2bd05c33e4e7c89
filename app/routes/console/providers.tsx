import { useLoaderData } from '@remix-run/react'
import { may } from '#app/accounts/permissions.ts'
import { titled } from '#app/components/account/titled.ts'
import { Providers } from '#app/components/console/Providers.tsx'
import { listProviders, moreServers } from '#app/console/providers.ts'
import { pageLoader } from '#app/http/page.ts'
import { say } from '#core/i18n/say.ts'

export { ConsoleError as ErrorBoundary } from '#app/components/console/ConsoleError.tsx'

export const meta = titled(say('Providers'), say('Console'))

export const loader = pageLoader({ staff: 'catalogue.read' }, async ({ house, who }) => {
  const [providers, more] = await Promise.all([listProviders(house), moreServers(house)])
  return { providers, more, mayChange: may(who.actor.role, 'catalogue.change') }
})

export default function ProvidersPage() {
  return <Providers {...useLoaderData<typeof loader>()} />
}
