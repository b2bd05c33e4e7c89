import { redirect } from '@remix-run/node'
import { useActionData, useLoaderData } from '@remix-run/react'
import { may } from '#app/accounts/permissions.ts'
import { regionName } from '#app/accounts/regions.ts'
import { titled } from '#app/components/account/titled.ts'
import { Provider } from '#app/components/console/Provider.tsx'
import * as forms from '#app/console/catalogue.schema.ts'
import * as acts from '#app/console/provider-acts.ts'
import { fieldNames } from '#app/console/provider-settings.ts'
import { providerPage } from '#app/console/providers.ts'
import { changeRegister } from '#app/console/register.ts'
import { pageAction, pageLoader } from '#app/http/page.ts'
import { useI18n } from '#app/i18n/I18n.tsx'
import { paths } from '#app/paths.ts'
import { drivers } from '#app/studio/providers/drivers.ts'
import { say } from '#core/i18n/say.ts'
import { staffActs } from './staff-acts.ts'

export { ConsoleError as ErrorBoundary } from '#app/components/console/ConsoleError.tsx'

export const meta = titled(say('Provider'), say('Console'))

export const loader = pageLoader({ staff: 'catalogue.read' }, async ({ house, who, params }) => ({
  provider: await providerPage(house, params.id ?? ''),
  may: {
    change: may(who.actor.role, 'catalogue.change'),
    register: may(who.actor.role, 'processors.change'),
  },
}))

const guard = { staff: 'catalogue.change' } as const
// Everything but secrets: those never come back to a page.
const keep = ['title', ...fieldNames(drivers)]
const key = say('Paste the key as the provider gave it: one line, or its JSON file.')

export const action = staffActs('catalogue.read', {
  connect: pageAction({
    guard,
    input: forms.connectSchema,
    keep,
    fieldErrors: { key, title: say('Give a name of at most 60 characters.') },
    act: ({ house, who, params, input }) => acts.connectProvider(house, who.actor, params.id ?? '', input),
  }),
  key: pageAction({
    guard,
    input: forms.keySchema,
    fieldErrors: { key },
    act: ({ house, who, params, input }) => acts.changeKey(house, who.actor, params.id ?? '', input),
  }),
  settings: pageAction({
    guard,
    input: forms.settingsOfProviderSchema,
    keep,
    fieldErrors: { title: say('Give a name of at most 60 characters.') },
    act: ({ house, who, params, input }) =>
      acts.changeProviderSettings(house, who.actor, params.id ?? '', input),
  }),
  webhook_secret: pageAction({
    guard,
    input: forms.webhookSecretSchema,
    fieldErrors: { secret: say('Paste the secret as the provider gave it.') },
    act: ({ house, who, params, input }) =>
      acts.changeWebhookSecret(house, who.actor, params.id ?? '', input),
  }),
  limits: pageAction({
    guard,
    input: forms.limitsSchema,
    keep: ['submitsPer10s', 'pollsPerSecond', 'inFlight', 'budget'],
    fieldErrors: {
      submitsPer10s: say('Give a whole number from 1 to 1000.'),
      pollsPerSecond: say('Give a number from 0.1 to 1000.'),
      inFlight: say('Give a whole number from 1 to 100000.'),
      budget: say('Give US dollars such as 250 or 99.50, or leave it empty.'),
    },
    act: ({ house, who, params, input }) => acts.changeLimits(house, who.actor, params.id ?? '', input),
  }),
  test: pageAction({
    guard,
    input: forms.testSchema,
    act: ({ house, who, params }) => acts.testProvider(house, who.actor, params.id ?? ''),
  }),
  switch: pageAction({
    guard,
    input: forms.switchSchema,
    act: ({ house, who, params, input }) => acts.switchProvider(house, who.actor, params.id ?? '', input.to),
  }),
  remove: pageAction({
    guard,
    input: forms.removeSchema,
    async act({ house, who, params, input }) {
      await acts.removeProvider(house, who.actor, params.id ?? '', input.confirm)
      return redirect(paths.providers())
    },
  }),
  dismiss: pageAction({
    guard,
    input: forms.dismissSchema,
    act: ({ house, who, params, input }) =>
      acts.dismissOffers(house, who.actor, params.id ?? '', input.change),
  }),
  register: pageAction({
    guard: { staff: 'processors.change' },
    input: forms.registerSchema,
    keep: ['name', 'country', 'safeguard', 'agreement_on', 'keeps_says', 'keeps_days', 'trains', 'deletes'],
    fieldErrors: {
      agreement_on: say('Give a date.'),
      keeps_days: say('Give whole days from 0 to 3650, or leave it empty.'),
      keeps_says: say('Say it in at most 300 characters.'),
      name: say('Give at most 120 characters.'),
      country: say('Give the two letters of the country, such as DE or US.'),
    },
    act: ({ house, who, params, input: { intent, ...entry } }) =>
      changeRegister(house, who.actor, params.id ?? '', {
        ...entry,
        safeguard: entry.safeguard || null,
        agreement_on: entry.agreement_on || null,
        keeps_days: entry.keeps_days === '' ? null : entry.keeps_days,
      }),
  }),
})

export default function ProviderPage() {
  const { locale } = useI18n()
  const { provider, may: allowed } = useLoaderData<typeof loader>()
  return (
    <Provider
      key={provider.state}
      provider={provider}
      countryName={provider.register.country && regionName(provider.register.country, locale)}
      may={allowed}
      answer={useActionData<typeof action>()}
    />
  )
}
