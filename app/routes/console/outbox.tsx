import { useLoaderData } from '@remix-run/react'
import { titled } from '#app/components/account/titled.ts'
import { Outbox } from '#app/components/console/Outbox.tsx'
import { listMails, mailKinds, mailStates } from '#app/console/outbox.ts'
import { pageLoader } from '#app/http/page.ts'
import { say } from '#core/i18n/say.ts'

export { ConsoleError as ErrorBoundary } from '#app/components/console/ConsoleError.tsx'

export const meta = titled(say('Mail'), say('Console'))

export const loader = pageLoader({ staff: 'mail.read' }, async ({ house, who, url }) => {
  const asked = (name: string) => url.searchParams.get(name) ?? undefined
  const filter = {
    state: mailStates.find((one) => one === asked('state')),
    kind: mailKinds.find((one) => one === asked('kind')),
    before: asked('before'),
  }
  const page = await listMails(house, who.actor, filter)
  return { ...page, filter, states: mailStates, kinds: mailKinds, mailIsOff: !house.config.smtp }
})

export default function OutboxPage() {
  return <Outbox {...useLoaderData<typeof loader>()} />
}
