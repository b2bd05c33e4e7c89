import { useActionData, useLoaderData } from '@remix-run/react'
import { may } from '#app/accounts/permissions.ts'
import { titled } from '#app/components/account/titled.ts'
import { Mail } from '#app/components/console/Mail.tsx'
import { retryMailSchema, revealMailSchema } from '#app/console/console.schema.ts'
import { mailFacts, retryMail, revealMail } from '#app/console/outbox.ts'
import { pageAction, pageLoader } from '#app/http/page.ts'
import { say } from '#core/i18n/say.ts'
import { staffActs } from './staff-acts.ts'

export { ConsoleError as ErrorBoundary } from '#app/components/console/ConsoleError.tsx'

export const meta = titled(say('Mail'), say('Console'))

export const loader = pageLoader({ staff: 'mail.read' }, async ({ house, who, params }) => ({
  mail: await mailFacts(house, who.actor, params.id ?? ''),
  mayPerson: may(who.actor.role, 'people.read'),
}))

export const action = staffActs('mail.read', {
  reveal_mail: pageAction({
    // A mail with a secret in it asks for more, which only its row can tell (`revealMail`).
    guard: { staff: 'mail.reveal' },
    input: revealMailSchema,
    keep: ['reason'],
    fieldErrors: { reason: say('Say why, in a few words.') },
    act: ({ house, who, params, input }) => revealMail(house, who.actor, params.id ?? '', input.reason),
  }),
  retry_mail: pageAction({
    guard: { staff: 'mail.retry' },
    input: retryMailSchema,
    act: ({ house, who, params }) => retryMail(house, who.actor, params.id ?? ''),
  }),
})

export default function MailPage() {
  return <Mail {...useLoaderData<typeof loader>()} answer={useActionData<typeof action>()} />
}
