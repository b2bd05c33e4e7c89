import { pageLoader } from '#app/http/page.ts'
import { referenceState } from '#app/studio/references/receive.ts'

/** How far a file is that was sent: the form asks until it is ready or refused. */
export const loader = pageLoader('person', async ({ house, who, params }) => {
  const { state, kind, seconds, reason } = await referenceState(house, who.subject.id, params.id)
  return Response.json({ state, kind, seconds, reason }, { headers: { 'Cache-Control': 'no-store' } })
})
