import { useActionData, useLoaderData } from '@remix-run/react'
import { may } from '#app/accounts/permissions.ts'
import { regionName } from '#app/accounts/regions.ts'
import { titled } from '#app/components/account/titled.ts'
import { Person } from '#app/components/console/Person.tsx'
import {
  creditsSchema,
  mostCreditsAtOnce,
  reinstateSchema,
  roleSchema,
  suspendSchema,
  unmaskSchema,
} from '#app/console/console.schema.ts'
import { lookUpPerson, unmaskPerson } from '#app/console/people.ts'
import { changeRole, grantCredits, reinstatePerson, suspendPerson } from '#app/console/person-acts.ts'
import { pageAction, pageLoader } from '#app/http/page.ts'
import { useI18n } from '#app/i18n/I18n.tsx'
import { say } from '#core/i18n/say.ts'
import { staffActs } from './staff-acts.ts'

export { ConsoleError as ErrorBoundary } from '#app/components/console/ConsoleError.tsx'

export const meta = titled(say('Person'), say('Console'))

export const loader = pageLoader({ staff: 'people.read' }, async ({ house, who, params }) => {
  const { role } = who.actor
  return {
    person: await lookUpPerson(house, who.actor, params.id ?? ''),
    mostCredits: mostCreditsAtOnce,
    may: {
      find: may(role, 'people.find'),
      unmask: may(role, 'people.unmask'),
      suspend: may(role, 'people.suspend'),
      credits: may(role, 'people.credits'),
      roles: may(role, 'people.roles'),
      audit: may(role, 'audit.read'),
    },
  }
})

const reasonWanted = { reason: say('Say why, in a few words.') }

export const action = staffActs('people.read', {
  unmask: pageAction({
    guard: { staff: 'people.unmask' },
    input: unmaskSchema,
    keep: ['reason'],
    fieldErrors: reasonWanted,
    act: async ({ house, who, params, input }) => ({
      address: await unmaskPerson(house, who.actor, params.id ?? '', input.reason),
    }),
  }),
  suspend: pageAction({
    guard: { staff: 'people.suspend' },
    input: suspendSchema,
    keep: ['reason'],
    fieldErrors: reasonWanted,
    act: ({ house, who, params, input }) => suspendPerson(house, who.actor, params.id ?? '', input.reason),
  }),
  reinstate: pageAction({
    guard: { staff: 'people.suspend' },
    input: reinstateSchema,
    keep: ['reason'],
    fieldErrors: reasonWanted,
    act: ({ house, who, params, input }) => reinstatePerson(house, who.actor, params.id ?? '', input.reason),
  }),
  credits: pageAction({
    guard: { staff: 'people.credits' },
    input: creditsSchema,
    keep: ['reason', 'amount'],
    fieldErrors: {
      ...reasonWanted,
      amount: say('Give a whole number from 1 to {most}.', { most: mostCreditsAtOnce }),
    },
    act: async ({ house, who, params, input }) => ({
      amount: input.amount,
      given: await grantCredits(house, who.actor, params.id ?? '', input),
    }),
  }),
  role: pageAction({
    guard: { staff: 'people.roles' },
    input: roleSchema,
    keep: ['reason'],
    fieldErrors: reasonWanted,
    act: ({ house, who, params, input }) => changeRole(house, who.actor, params.id ?? '', input),
  }),
})

export default function PersonPage() {
  const { locale } = useI18n()
  const data = useLoaderData<typeof loader>()
  const answer = useActionData<typeof action>()
  return <Person {...data} regionName={regionName(data.person.region, locale)} answer={answer} />
}
