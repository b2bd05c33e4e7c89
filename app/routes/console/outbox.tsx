import { useLoaderData } from '@remix-run/react'
import { Outbox } from '#app/components/console/Outbox.tsx'
import { listMails } from '#app/console/outbox.ts'
import { pageLoader } from '#app/http/page.ts'

export { ConsoleError as ErrorBoundary } from '#app/components/console/ConsoleError.tsx'

export const meta = () => [{ title: 'Mail · Console' }]

export const loader = pageLoader({ staff: 'mail.read' }, async ({ house, who, url }) => {
  const before = url.searchParams.get('before') ?? undefined
  const page = await listMails(house, who.actor, before)
  return { ...page, before, mailIsOff: !house.config.smtp }
})

export default function OutboxPage() {
  return <Outbox {...useLoaderData<typeof loader>()} />
}
