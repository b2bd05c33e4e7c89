import { useActionData, useLoaderData } from '@remix-run/react'
import { may } from '#app/accounts/permissions.ts'
import { titled } from '#app/components/account/titled.ts'
import { Promises } from '#app/components/console/Promises.tsx'
import { checkPromisesSchema } from '#app/console/console.schema.ts'
import { checkPromises, promiseRows } from '#app/console/promises.ts'
import { pageAction, pageLoader } from '#app/http/page.ts'
import { say } from '#core/i18n/say.ts'
import { staffActs } from './staff-acts.ts'

export { ConsoleError as ErrorBoundary } from '#app/components/console/ConsoleError.tsx'

export const meta = titled(say('Promises'), say('Console'))

export const loader = pageLoader({ staff: 'promises.read' }, async ({ house, who }) => ({
  promises: await promiseRows(house),
  mayCheck: may(who.actor.role, 'promises.check'),
}))

export const action = staffActs('promises.read', {
  check: pageAction({
    guard: { staff: 'promises.check' },
    input: checkPromisesSchema,
    act: ({ house, who }) => checkPromises(house, who.actor),
  }),
})

export default function PromisesPage() {
  return <Promises {...useLoaderData<typeof loader>()} answer={useActionData<typeof action>()} />
}
