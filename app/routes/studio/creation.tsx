import { redirect } from '@remix-run/node'
import { useActionData, useLoaderData, useRevalidator, useRouteLoaderData } from '@remix-run/react'
import { useEffect } from 'react'
import { z } from 'zod'
import { Refusal, useRefusal } from '#app/components/account/answers.tsx'
import { titled } from '#app/components/account/titled.ts'
import { CreationView } from '#app/components/studio/CreationView.tsx'
import { useLiveCreation } from '#app/components/studio/Live.tsx'
import { pageAction, pageLoader } from '#app/http/page.ts'
import { safeReturnTo } from '#app/http/security.ts'
import { paths } from '#app/paths.ts'
import { againOffer, makeAgain } from '#app/studio/creations/again.ts'
import { isContinuable } from '#app/studio/creations/continuing.ts'
import { estimateKey } from '#app/studio/creations/creation.schema.ts'
import { creationDetail, ownRow } from '#app/studio/creations/creations.ts'
import { offeredInstead } from '#app/studio/creations/offered.ts'
import { cancelGeneration, removeGeneration, saveGeneration } from '#app/studio/generations/removal.ts'
import { say } from '#core/i18n/say.ts'
import type { loader as layoutLoader } from './layout.tsx'

const title = say('Creation')
export const meta = titled(title)
export const handle = { mood: 'dark' as const, title }

export const loader = pageLoader('person', async ({ house, who, params }) => {
  const row = await ownRow(house, who.actor, params.id)
  const [detail, again, continuable, models] = await Promise.all([
    creationDetail(house, who.actor, row.id),
    againOffer(house, who.actor, row),
    isContinuable(house, who.actor, row),
    house.catalogue.models(),
  ])
  const live = models.find(({ record }) => record.id === detail.creation.model)
  if (!live) return { ...detail, again, continuable, model: undefined }
  const { name, says, kind } = live.record
  const next = live.hidden === 'retired' ? offeredInstead(models, live) : undefined
  return {
    ...detail,
    again,
    continuable,
    model: { name, says, kind, retired: live.hidden === 'retired', next: next?.record.name ?? null },
  }
})

export const action = pageAction({
  guard: 'person',
  input: z.strictObject({
    intent: z.enum(['save', 'unsave', 'delete', 'cancel', 'again']),
    /** What the page showed of price and recipients (`Again.terms`). */
    terms: z.string().max(64).optional(),
    /** A browser without scripts says where it wants to be afterwards. */
    returnTo: z.string().optional(),
  }),
  limit: {
    name: 'compose',
    identity: (_input, who) => who.subject.id,
    when: ({ intent }) => intent === 'again',
  },
  async act({ house, who, params, input }) {
    const row = await ownRow(house, who.actor, params.id)
    const { id } = row
    const owner = who.subject.id
    if (input.intent === 'again') {
      const made = await makeAgain(house, who.actor, row, input.terms ?? '')
      throw redirect(made ? paths.creation(made) : paths.compose({ from: id }))
    }
    if (input.intent === 'delete') await removeGeneration(house, owner, id)
    else if (input.intent === 'cancel') await cancelGeneration(house, owner, id)
    else await saveGeneration(house, owner, id, input.intent === 'save')
    if (input.returnTo !== undefined) throw redirect(safeReturnTo(input.returnTo, paths.creations()))
    return { done: input.intent }
  },
})

export default function CreationPage() {
  const { creation: given, ...detail } = useLoaderData<typeof loader>()
  const answer = useActionData<typeof action>()
  const refused = useRefusal(answer)
  const shell = useRouteLoaderData<typeof layoutLoader>('routes/studio/layout')
  const creation = useLiveCreation(given)
  const { revalidate } = useRevalidator()
  // The history and the stamp are the loader's; a new step means that it has more of them.
  const moved = creation.seq !== given.seq
  // A refusal leaves the page as it was; this one is about what the page shows.
  const stale = answer !== undefined && !answer.ok && answer.refusal.code === 'terms_changed'
  useEffect(() => {
    if (moved || stale) revalidate()
  }, [moved, stale, revalidate])
  return (
    <>
      <div className="mb-4 empty:hidden">
        <Refusal refused={refused} />
      </div>
      <CreationView creation={creation} {...detail} usual={shell?.usual[estimateKey(creation)]} />
    </>
  )
}
