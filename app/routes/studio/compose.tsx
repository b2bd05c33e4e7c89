import { createHash } from 'node:crypto'
import { redirect } from '@remix-run/node'
import { Link, useActionData, useLoaderData, useRouteLoaderData } from '@remix-run/react'
import Clapperboard from 'lucide-react/icons/clapperboard'
import { titled } from '#app/components/account/titled.ts'
import { ComposeForm, type ComposeFormProps } from '#app/components/studio/ComposeForm.tsx'
import { CreationGrid } from '#app/components/studio/CreationGrid.tsx'
import { useLiveCounts, useLiveList } from '#app/components/studio/Live.tsx'
import type { Chosen } from '#app/components/studio/SettingFields.tsx'
import { EmptyState } from '#app/components/ui/Panel.tsx'
import { pageAction, pageLoader } from '#app/http/page.ts'
import { useI18n } from '#app/i18n/I18n.tsx'
import { paths } from '#app/paths.ts'
import { siteSettings } from '#app/settings.ts'
import { type ModelRecord, priceOf } from '#app/studio/catalogue/record.ts'
import { composeForm } from '#app/studio/creations/compose.schema.ts'
import type { Creation } from '#app/studio/creations/creation.schema.ts'
import { creationToRepeat, ownRow, pageOfCreations } from '#app/studio/creations/creations.ts'
import { compose } from '#app/studio/generations/compose.ts'
import { sentenceFor } from '#app/studio/generations/errors.ts'
import { standardResolution } from '#app/studio/generations/generation.schema.ts'
import { addReference } from '#app/studio/references/references.ts'
import { AppError, isAppError } from '#core/errors/errors.ts'
import { say } from '#core/i18n/say.ts'
import type { loader as layoutLoader } from './layout.tsx'
import { galleryKeys } from './pages.ts'

const title = say('Compose')
export const meta = titled(title)
export const handle = { mood: 'dark' as const, title, keys: galleryKeys }

const NEWEST = 8

export const loader = pageLoader('person', async ({ house, who, url }) => {
  const [newest, from, models, { credit_micro_usd }] = await Promise.all([
    pageOfCreations(house, who.actor, { limit: NEWEST }),
    creationToRepeat(house, who.actor, url.searchParams.get('from')),
    house.catalogue.models(),
    siteSettings(house.db.read),
  ])
  const wanted = url.searchParams.get('model') ?? from?.model
  const offered = models.filter((model) => model.offered)
  const chosen = offered.find(({ record }) => record.id === wanted) ?? offered[0] ?? models[0]
  const model = (chosen as (typeof models)[number]).record
  return {
    model,
    creditMicroUsd: credit_micro_usd,
    from: from?.id,
    start: startOf(model, from),
    creations: newest.creations,
    token: crypto.randomUUID(),
    keepDays: house.config.keepUnsavedDays,
  }
})

/** The seed is left out: with the same one it would be the same video again, for the same price. */
function startOf(model: ModelRecord, from: Creation | undefined): ComposeFormProps['start'] {
  const resolution = standardResolution(model)
  const {
    seconds,
    aspect_ratio,
    resolution: size,
    audio,
  } = from ?? {
    seconds: model.seconds.standard,
    aspect_ratio: model.aspectRatios[0],
    resolution,
    audio: model.audio !== 'never',
  }
  return {
    seconds,
    aspect_ratio: aspect_ratio as Chosen['aspect_ratio'],
    resolution: size as Chosen['resolution'],
    audio,
    prompt: from?.prompt ?? '',
    reference: from?.referenceId ?? null,
  }
}

export const action = pageAction({
  guard: 'person',
  input: composeForm,
  limit: { name: 'compose', identity: (_input, who) => who.subject.id },
  keep: ['prompt', 'seed', 'seconds', 'aspect_ratio', 'resolution', 'audio', 'reference_id'],
  async act({ house, who, input }) {
    const { token, picture, wanted } = input
    const { id: subject } = who.subject
    const reference =
      picture && (await addReference(house, subject, Buffer.from(await picture.arrayBuffer())))
    const asked = reference ? { ...wanted, reference_id: reference } : wanted
    // The same form sent twice is one video; changed and sent again, as after a refusal, it is another.
    const key = createHash('sha256')
      .update(`${token} ${JSON.stringify(wanted)}`)
      .digest('base64url')
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

export default function Compose() {
  const { t, rich, date, current } = useI18n()
  const { model, creditMicroUsd, from, start, creations, token, keepDays } = useLoaderData<typeof loader>()
  const answer = useActionData<typeof action>()
  const shell = useRouteLoaderData<typeof layoutLoader>('routes/studio/layout')
  const counts = useLiveCounts({
    queue: shell?.queue ?? { running: 0, waiting: 0 },
    credits: shell?.credits ?? { available: 0, at: 0 },
  })
  const shown = useLiveList(creations, true)
  const today = shown.every(({ createdAt }) => date(createdAt) === date(current()))
  return (
    <>
      <ComposeForm
        model={model}
        price={(chosen) => priceOf(model, { settings: { ...chosen, mode: 'text' } }, creditMicroUsd)}
        available={counts.credits}
        usual={shell?.usual ?? {}}
        start={start}
        from={from}
        token={token}
        answer={answer}
      />
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
