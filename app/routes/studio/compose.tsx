import { createHash } from 'node:crypto'
import { redirect } from '@remix-run/node'
import { Link, useActionData, useLoaderData, useRevalidator, useRouteLoaderData } from '@remix-run/react'
import Clapperboard from 'lucide-react/icons/clapperboard'
import { useEffect } from 'react'
import { titled } from '#app/components/account/titled.ts'
import { ComposeForm, type Origin } from '#app/components/studio/ComposeForm.tsx'
import { CreationGrid } from '#app/components/studio/CreationGrid.tsx'
import { useLiveCounts, useLiveList } from '#app/components/studio/Live.tsx'
import type { Start } from '#app/components/studio/use-job.ts'
import { Callout } from '#app/components/ui/Callout.tsx'
import { EmptyState } from '#app/components/ui/Panel.tsx'
import type { House } from '#app/house.ts'
import { pageAction, pageLoader } from '#app/http/page.ts'
import { useI18n } from '#app/i18n/I18n.tsx'
import { paths } from '#app/paths.ts'
import { siteSettings } from '#app/settings.ts'
import { composeForm } from '#app/studio/creations/compose.schema.ts'
import { continuations, type ToContinue, videoToContinue } from '#app/studio/creations/continuing.ts'
import { creationToRepeat, ownRow, pageOfCreations, type ToRepeat } from '#app/studio/creations/creations.ts'
import { agreedOffer, chosenModel, offerOf, summaryOf } from '#app/studio/creations/offered.ts'
import { compose } from '#app/studio/generations/compose.ts'
import { sentenceFor } from '#app/studio/generations/errors.ts'
import { addReference } from '#app/studio/references/references.ts'
import { AppError, isAppError } from '#core/errors/errors.ts'
import { say } from '#core/i18n/say.ts'
import type { SubjectId } from '#core/ids/ids.ts'
import { pictureLimits } from '#core/media/picture.ts'
import type { loader as layoutLoader } from './layout.tsx'
import { galleryKeys } from './pages.ts'

const title = say('Compose')
export const meta = titled(title)
export const handle = { mood: 'dark' as const, title, keys: galleryKeys }

const NEWEST = 8

export const loader = pageLoader('person', async ({ house, who, url }) => {
  const [newest, from, video, models, { credit_micro_usd }] = await Promise.all([
    pageOfCreations(house, who.actor, { limit: NEWEST }),
    creationToRepeat(house, who.actor, url.searchParams.get('from')),
    videoToContinue(house, who.actor, url.searchParams.get('continue')),
    house.catalogue.models(),
    siteSettings(house.db.read),
  ])
  const offers = models
    .filter(({ offered }) => offered)
    .map((model) => ({ model, offer: offerOf(model, credit_micro_usd) }))
  // Whoever names none goes on with the one used last.
  const last = newest.creations.find(({ model }) => offers.some(({ offer }) => offer.record.id === model))
  const goesOn = video ? continuations(video, models, credit_micro_usd) : []
  const own = goesOn.find(({ model }) => model === video?.input.made?.model) ?? goesOn[0]
  const wanted = url.searchParams.get('model') ?? own?.model ?? from?.creation.model ?? last?.model
  const choice = chosenModel(models, wanted, house.clock.now())
  return {
    offer: offers.find(({ model }) => model === choice?.live)?.offer,
    insteadOf: choice?.insteadOf ?? null,
    models: offers.map(({ offer }) => summaryOf(offer, models, credit_micro_usd)),
    creditMicroUsd: credit_micro_usd,
    origin: originOf(video, from),
    start: video
      ? {
          wish: goesOn.find(({ model }) => model === choice?.live.record.id)?.chosen ?? {},
          prompt: '',
          files: [video.input],
        }
      : startOf(from),
    creations: newest.creations,
    token: crypto.randomUUID(),
    keepDays: house.config.keepUnsavedDays,
  }
})

function originOf(video: ToContinue | undefined, from: ToRepeat | undefined): Origin | undefined {
  if (video) return { by: 'continue', id: video.id }
  return from && { by: 'from', id: from.creation.id }
}

/** The seed is left out: with the same one it would be the same video again, for the same price. */
function startOf(from: ToRepeat | undefined): Start {
  if (!from) return { wish: {}, prompt: '', files: [] }
  const { creation, inputs, texts } = from
  const { seconds, audio } = creation
  return {
    ...texts,
    wish: {
      seconds,
      audio,
      aspect_ratio: creation.aspect_ratio as Start['wish']['aspect_ratio'],
      resolution: creation.resolution as Start['wish']['resolution'],
    },
    prompt: creation.prompt ?? '',
    files: inputs.map(({ kind: _, ...input }) => input),
  }
}

/** A picture that travels with the form, and the lists of shots and files around it. */
const LONGEST_WITH_PICTURE = pictureLimits.maxBytes + 1024 * 1024

export const action = pageAction({
  guard: 'person',
  input: composeForm,
  longest: LONGEST_WITH_PICTURE,
  limit: { name: 'compose', identity: (_input, who) => who.subject.id },
  keep: [
    'prompt',
    'negative_prompt',
    'seed',
    'seconds',
    'aspect_ratio',
    'resolution',
    'audio',
    'way',
    'inputs',
    'shots',
  ],
  async act({ house, who, input }) {
    const { token, wanted } = input
    const { id: subject } = who.subject
    await agreedOffer(house, wanted.model, input.terms)
    // The same form sent twice is one video; changed and sent again, as after a refusal, it is another.
    const key = createHash('sha256')
      .update(`${token} ${JSON.stringify(wanted)}`)
      .digest('base64url')
    const asked = await withPicture(house, subject, input)
    const id = await compose(house, { subject, apiKey: null }, asked, `form:${key}`).catch(
      (error: unknown) => {
        // Only a picture that travelled with the same form twice differs by then, and the first time made the video.
        if (isAppError(error) && error.code === 'idempotency_key_reused') throw redirect(paths.compose())
        throw error
      },
    )
    const made = await ownRow(house, who.actor, id)
    // Beside the blocked row, which can be looked at, the form says it where the prompt still stands.
    if (made.state === 'blocked') {
      const sentence = sentenceFor(made.error_code ?? 'prompt_refused')
      throw new AppError('prompt_refused', sentence, { status: 422, fields: { prompt: sentence } })
    }
    throw redirect(paths.compose())
  },
})

type Posted = ReturnType<typeof composeForm.parse>

/** A picture that travels with the form has no place yet: it begins the video, or is a reference where those are in sight. */
async function withPicture(house: House, subject: SubjectId, { picture, way, wanted }: Posted) {
  if (!picture) return wanted
  const { mode: _, inputs = [], ...rest } = wanted
  const takes = (await house.catalogue.model(wanted.model))?.record.inputs ?? {}
  const role = way === 'references' || !takes.first_frame ? ('image' as const) : ('first_frame' as const)
  const id = await addReference(house, subject, Buffer.from(await picture.arrayBuffer()))
  return {
    ...rest,
    inputs: [...inputs.filter((one) => one.role !== 'first_frame'), { role, reference_id: id }],
  }
}

export default function Compose() {
  const { t, rich, date, current } = useI18n()
  const { offer, models, insteadOf, creditMicroUsd, origin, start, creations, token, keepDays } =
    useLoaderData<typeof loader>()
  const answer = useActionData<typeof action>()
  const { revalidate } = useRevalidator()
  const stale = answer !== undefined && !answer.ok && answer.refusal.code === 'terms_changed'
  useEffect(() => {
    // A refusal leaves the page as it was; this one is about what the page shows.
    if (stale) revalidate()
  }, [stale, revalidate])
  const shell = useRouteLoaderData<typeof layoutLoader>('routes/studio/layout')
  const counts = useLiveCounts({
    queue: shell?.queue ?? { running: 0, waiting: 0 },
    credits: shell?.credits ?? { available: 0, at: 0 },
  })
  const shown = useLiveList(creations, true)
  const today = shown.every(({ createdAt }) => date(createdAt) === date(current()))
  return (
    <>
      {offer ? (
        <ComposeForm
          offer={offer}
          models={models}
          insteadOf={insteadOf}
          creditMicroUsd={creditMicroUsd}
          available={counts.credits}
          usual={shell?.usual ?? {}}
          start={start}
          origin={origin}
          token={token}
          answer={answer}
        />
      ) : (
        <Callout tone="warn" title={t('No model is available at the moment')}>
          {t('The operator of this site has none switched on, or none can be reached. Come back later.')}
        </Callout>
      )}
      <section className="mt-8">
        <header className="mb-3 flex flex-wrap items-baseline gap-x-3">
          <h2 className="font-semibold text-md" suppressHydrationWarning>
            {today ? t('Today') : t('Newest')}
          </h2>
          <p className="mr-auto text-ink-3 text-sm">
            {t('goes after {days, plural, one {# day} other {# days}} unless you save it', {
              days: keepDays,
            })}
          </p>
          {shown.length > 0 && (
            <Link to={paths.creations()} className="hidden text-ink-2 text-sm hover:text-ink sm:block">
              {t('All creations')}
            </Link>
          )}
        </header>
        {shown.length > 0 ? (
          <CreationGrid
            label={t('Your newest creations')}
            creations={shown}
            usual={shell?.usual ?? {}}
            here={paths.compose()}
          />
        ) : (
          <EmptyState icon={Clapperboard} title={t('Your first video appears here')}>
            {rich(
              'Write a sentence or two above and press <b>Make the video</b>. You can watch it being made, or close the page and come back.',
              {
                b: (part) => <b>{part}</b>,
              },
            )}
          </EmptyState>
        )}
      </section>
    </>
  )
}
