import { useActionData, useLoaderData } from '@remix-run/react'
import { may } from '#app/accounts/permissions.ts'
import { titled } from '#app/components/account/titled.ts'
import { Overview } from '#app/components/console/Overview.tsx'
import { keyBackedUpSchema } from '#app/console/console.schema.ts'
import { money } from '#app/console/money.ts'
import { attention, load, noteKeyBackup, upkeep } from '#app/console/overview.ts'
import { promiseCounts } from '#app/console/promises.ts'
import { pageAction, pageLoader } from '#app/http/page.ts'
import { diskReserveBytes } from '#app/studio/generations/room.ts'
import { say } from '#core/i18n/say.ts'
import { staffActs } from './staff-acts.ts'

export { ConsoleError as ErrorBoundary } from '#app/components/console/ConsoleError.tsx'

export const meta = titled(say('Overview'), say('Console'))

export const loader = pageLoader({ staff: 'overview.read' }, async ({ house, who }) => {
  const { role } = who.actor
  const [needs, care, promises, work, sums] = await Promise.all([
    attention(house),
    upkeep(house, diskReserveBytes),
    promiseCounts(house),
    load(house),
    may(role, 'catalogue.read') ? money(house) : null,
  ])
  return {
    needs,
    care,
    promises,
    work,
    money: sums,
    may: {
      jobs: may(role, 'jobs.read'),
      mail: may(role, 'mail.read'),
      settings: may(role, 'settings.read'),
      catalogue: may(role, 'catalogue.read'),
      noteKey: may(role, 'settings.change'),
    },
  }
})

export const action = staffActs('overview.read', {
  key_backed_up: pageAction({
    guard: { staff: 'settings.change' },
    input: keyBackedUpSchema,
    act: ({ house, who }) => noteKeyBackup(house, who.actor),
  }),
})

export default function OverviewPage() {
  return <Overview {...useLoaderData<typeof loader>()} answer={useActionData<typeof action>()} />
}
