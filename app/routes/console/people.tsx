import { redirect } from '@remix-run/node'
import { useActionData, useLoaderData } from '@remix-run/react'
import { regionName } from '#app/accounts/regions.ts'
import { titled } from '#app/components/account/titled.ts'
import { People } from '#app/components/console/People.tsx'
import { findSchema } from '#app/console/console.schema.ts'
import { findPerson, newestPeople } from '#app/console/people.ts'
import { pageAction, pageLoader } from '#app/http/page.ts'
import { useI18n } from '#app/i18n/I18n.tsx'
import { paths } from '#app/paths.ts'
import { AppError } from '#core/errors/errors.ts'
import { say } from '#core/i18n/say.ts'
import { staffActs } from './staff-acts.ts'

export { ConsoleError as ErrorBoundary } from '#app/components/console/ConsoleError.tsx'

export const meta = titled(say('People'), say('Console'))

export const loader = pageLoader({ staff: 'people.find' }, async ({ house, who }) => ({
  people: await newestPeople(house, who.actor),
}))

export const action = staffActs('people.find', {
  // Posted, so that no address gets into the browser's history or a proxy's log.
  find: pageAction({
    guard: { staff: 'people.find' },
    input: findSchema,
    // Whole addresses only, but a list of them could be tried one by one.
    limit: { name: 'find_person', identity: (_, who) => who.subject.id },
    fieldErrors: { find: say('Type a whole address or a whole id.') },
    async act({ house, who, input }) {
      const id = await findPerson(house, who.actor, input.find)
      if (!id) throw nobody()
      return redirect(paths.person(id))
    },
  }),
})

function nobody(): AppError {
  const sentence = say('Nobody has exactly this address or id. Check how it is written.')
  return new AppError('nobody', sentence, { status: 404, fields: { find: sentence } })
}

export default function PeoplePage() {
  const { locale } = useI18n()
  const { people } = useLoaderData<typeof loader>()
  const rows = people.map((person) => ({ ...person, regionName: regionName(person.region, locale) }))
  return <People people={rows} answer={useActionData<typeof action>()} />
}
