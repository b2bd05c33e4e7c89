import { useLoaderData } from '@remix-run/react'
import { may } from '#app/accounts/permissions.ts'
import { titled } from '#app/components/account/titled.ts'
import { Models } from '#app/components/console/Models.tsx'
import { listModels } from '#app/console/catalogue.ts'
import { pageLoader } from '#app/http/page.ts'
import { say } from '#core/i18n/say.ts'

export { ConsoleError as ErrorBoundary } from '#app/components/console/ConsoleError.tsx'

export const meta = titled(say('Models'), say('Console'))

export const loader = pageLoader({ staff: 'catalogue.read' }, async ({ house, who }) => ({
  models: await listModels(house),
  mayChange: may(who.actor.role, 'catalogue.change'),
}))

export default function ModelsPage() {
  return <Models {...useLoaderData<typeof loader>()} />
}
