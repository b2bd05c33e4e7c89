import { useLoaderData } from '@remix-run/react'
import { titled } from '#app/components/account/titled.ts'
import { Generations } from '#app/components/console/Generations.tsx'
import { generationFilters, listGenerations } from '#app/console/generations.ts'
import { pageLoader } from '#app/http/page.ts'
import { say } from '#core/i18n/say.ts'

export { ConsoleError as ErrorBoundary } from '#app/components/console/ConsoleError.tsx'

export const meta = titled(say('Generations'), say('Console'))

export const loader = pageLoader({ staff: 'generations.read' }, async ({ house, url }) => {
  const asked = (name: string) => url.searchParams.get(name)?.trim() || undefined
  const state = generationFilters.find((one) => one === asked('state'))
  const filter = { state, subject: asked('subject'), before: asked('before') }
  return { ...(await listGenerations(house, filter)), filter, states: generationFilters }
})

export default function GenerationsPage() {
  return <Generations {...useLoaderData<typeof loader>()} />
}
