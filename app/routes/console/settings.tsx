import { useActionData, useLoaderData } from '@remix-run/react'
import { may } from '#app/accounts/permissions.ts'
import { titled } from '#app/components/account/titled.ts'
import { Settings } from '#app/components/console/Settings.tsx'
import { creditSchema } from '#app/console/catalogue.schema.ts'
import { settingsSchema } from '#app/console/console.schema.ts'
import { changeCredit, changeSite, runningSettings } from '#app/console/settings.ts'
import { pageAction, pageLoader } from '#app/http/page.ts'
import { siteSettings } from '#app/settings.ts'
import { say } from '#core/i18n/say.ts'
import { staffActs } from './staff-acts.ts'

export { ConsoleError as ErrorBoundary } from '#app/components/console/ConsoleError.tsx'

export const meta = titled(say('Settings'), say('Console'))

export const loader = pageLoader({ staff: 'settings.read' }, async ({ house, who }) => {
  const [running, { site_name, contact, credit_micro_usd }] = await Promise.all([
    runningSettings(house),
    siteSettings(house.db.read),
  ])
  return {
    running,
    site: { site_name, contact },
    creditMicroUsd: credit_micro_usd,
    mayChange: may(who.actor.role, 'settings.change'),
  }
})

export const action = staffActs('settings.read', {
  change: pageAction({
    guard: { staff: 'settings.change' },
    input: settingsSchema,
    keep: ['site_name', 'contact'],
    fieldErrors: {
      site_name: say('Give a name of at most 60 characters.'),
      contact: say('Give one mail address, or leave it empty.'),
    },
    act: async ({ house, who, input }) => ({
      changed: await changeSite(house, who.actor, { site_name: input.site_name, contact: input.contact }),
    }),
  }),
  credit: pageAction({
    guard: { staff: 'settings.change' },
    input: creditSchema,
    keep: ['credit'],
    fieldErrors: { credit: say('Give US dollars above nothing, such as 0.01.') },
    act: async ({ house, who, input }) => ({
      changed: await changeCredit(house, who.actor, Number(input.credit)),
    }),
  }),
})

export default function SettingsPage() {
  return <Settings {...useLoaderData<typeof loader>()} answer={useActionData<typeof action>()} />
}
