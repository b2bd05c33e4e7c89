import { Link } from '@remix-run/react'
import Check from 'lucide-react/icons/check'
import CircleSlash from 'lucide-react/icons/circle-slash'
import Ellipsis from 'lucide-react/icons/ellipsis'
import type { ReactNode } from 'react'
import { IconButton, LinkButton } from '#app/components/ui/Button.tsx'
import { useHydrated } from '#app/components/ui/hydrated.ts'
import { Icon } from '#app/components/ui/Icon.tsx'
import { Menu } from '#app/components/ui/Menu.tsx'
import { PhaseSteps } from '#app/components/ui/Progress.tsx'
import { OnPicture } from '#app/components/ui/Tag.tsx'
import { Elapsed, Time, useNow } from '#app/components/ui/Time.tsx'
import { useI18n } from '#app/i18n/I18n.tsx'
import { paths } from '#app/paths.ts'
import { type Creation, isMaking, type UsualTime } from '#app/studio/creations/creation.schema.ts'
import { SaveButton, useCreationActs } from './acts.tsx'
import { useMenuItems } from './menu.ts'
import { Poster, useResting } from './Poster.tsx'
import { barOf, phaseLabel, usually } from './words.ts'

export interface CreationCardProps {
  creation: Creation
  /** How long one like this usually takes. */
  usual: UsualTime | undefined
  /** The page it stands on, to come back to. */
  here: string
  onDelete: (creation: Creation) => void
}

/** One creation in a grid: at work, ready, or ended without a video. */
export function CreationCard(props: CreationCardProps) {
  const { creation, here, onDelete } = props
  const { t } = useI18n()
  const { resting, watch } = useResting()
  const title = titleOf(creation) ?? t('Without a prompt')
  return (
    <article {...watch} className="min-w-0">
      <div className="relative aspect-video overflow-hidden rounded-md">
        {creation.status === 'ready' ? (
          <ReadyFace creation={creation} title={title} playing={resting} />
        ) : isMaking(creation) ? (
          <MakingFace {...props} title={title} />
        ) : (
          <EndedFace creation={creation} title={title} />
        )}
      </div>
      <div className="mt-2 flex items-start gap-1">
        <div className="mr-auto min-w-0">
          <p dir="auto" className="truncate text-sm">
            {title}
          </p>
          <p className="text-ink-3 text-xs">
            <Meta creation={creation} />
          </p>
        </div>
        <div className="-mt-0.5 -mr-1.5 flex shrink-0">
          {creation.status === 'ready' && (
            <span className="hidden sm:block">
              <SaveButton creation={creation} returnTo={here} />
            </span>
          )}
          <CardMenu creation={creation} onDelete={onDelete} />
        </div>
      </div>
    </article>
  )
}

/** The first words; the whole prompt stands on the creation's own page. */
export function titleOf({ prompt }: Pick<Creation, 'prompt'>): string | undefined {
  if (!prompt) return undefined
  const text = prompt.replace(/\s+/g, ' ')
  return [...text].length > 120 ? `${[...text].slice(0, 120).join('')}…` : text
}

/** Covers its card, so that all of it can be pressed; its ring stands inside the rounded edge. */
const cover =
  'absolute inset-0 rounded-md focus-visible:outline-2 focus-visible:outline-accent focus-visible:-outline-offset-2'

function ReadyFace({ creation, title, playing }: { creation: Creation; title: string; playing: boolean }) {
  const { t, clock } = useI18n()
  return (
    <div className="absolute inset-0 bg-sunken" data-theme="dark">
      <Poster
        poster={creation.poster_url}
        preview={creation.preview_url}
        wide={creation.aspect_ratio === '16:9'}
        playing={playing}
      />
      <Link
        to={paths.creation(creation.id)}
        prefetch="intent"
        aria-label={t('Open: {title}', { title })}
        className={cover}
      />
      {creation.provenance && (
        <span className="pointer-events-none absolute top-2 left-2">
          <OnPicture>
            <Icon of={Check} size={12} />
            {t('signed')}
          </OnPicture>
        </span>
      )}
      <span className="pointer-events-none absolute right-2 bottom-2">
        <OnPicture>{clock(creation.seconds * 1000)}</OnPicture>
      </span>
    </div>
  )
}

function MakingFace({ creation, title, usual }: CreationCardProps & { title: string }) {
  const words = useI18n()
  const { t } = words
  const { act, stopping } = useCreationActs(creation)
  const hydrated = useHydrated()
  return (
    <div className="absolute inset-0 flex flex-col justify-between rounded-md border border-line bg-surface p-3.5 text-sm">
      <div>
        <p className="font-semibold">{stopping ? t('Stopping') : phaseLabel(words, creation.phase)}</p>
        <p className="num text-ink-3">
          <SoFar creation={creation} usual={usual} />
        </p>
      </div>
      <Link to={paths.creation(creation.id)} aria-label={t('Open: {title}', { title })} className={cover} />
      <div className="grid gap-2.5">
        {creation.cancellable && hydrated && (
          <button
            type="button"
            disabled={stopping}
            onClick={() => act('cancel')}
            className="relative z-[1] -mx-1.5 hidden min-h-6 w-fit rounded-xs px-1.5 sm:block text-ink-3 text-xs hover:text-ink"
          >
            {t('Stop')}
          </button>
        )}
        <PhaseSteps label={t('Where it is')} phases={barOf(words, creation)} />
      </div>
    </div>
  )
}

/** `2:41 so far, usually 3:50 to 5:10`; while it waits, only how long. */
export function SoFar({ creation, usual }: { creation: Creation; usual: UsualTime | undefined }) {
  const { t, rich, clock, ...rest } = useI18n()
  const since = creation.status === 'queued' ? creation.createdAt : (creation.startedAt ?? creation.createdAt)
  const now = useNow(true, 1000)
  const soFar = rich('<time>now</time> so far', { time: () => <Elapsed since={since} /> })
  if (usual && now - since > usual.slow * 1.2)
    return (
      <>
        {soFar}, {t('longer than the usual {slow}', { slow: clock(usual.slow) })}
      </>
    )
  return (
    <>
      {soFar}, {usually({ t, clock, ...rest }, usual)}
    </>
  )
}

function EndedFace({ creation, title }: { creation: Creation; title: string }) {
  const words = useI18n()
  const { t } = words
  return (
    <div className="absolute inset-0 flex flex-col gap-1 overflow-hidden rounded-md border border-line bg-surface p-3.5 text-sm">
      <p className="flex items-center gap-1.5 font-semibold">
        <Icon
          of={CircleSlash}
          size={15}
          className={creation.status === 'cancelled' ? 'text-ink-3' : 'text-bad'}
        />
        {phaseLabel(words, creation.status)}
      </p>
      <p className="line-clamp-2 text-ink-2 text-xs sm:line-clamp-3">
        {creation.reason && t(creation.reason)}
      </p>
      <Link to={paths.creation(creation.id)} aria-label={t('Open: {title}', { title })} className={cover} />
      {creation.prompt && (
        <span className="relative mt-auto hidden w-fit sm:block">
          <LinkButton to={paths.compose({ from: creation.id })} size="sm">
            {t('Try again with changes')}
          </LinkButton>
        </span>
      )}
    </div>
  )
}

function Meta({ creation }: { creation: Creation }): ReactNode {
  const { t, rich } = useI18n()
  const now = useNow(true)
  const { relative } = useI18n()
  const { saved } = useCreationActs(creation)
  const when = () => <Time ms={creation.createdAt} show="relative" />
  if (isMaking(creation))
    return t('{credits, plural, =0 {free} one {# credit held} other {# credits held}}', {
      credits: creation.price,
    })
  if (creation.status !== 'ready') return rich('<time>when</time>, nothing charged', { time: when })
  if (saved) return rich('<time>when</time>, saved', { time: when })
  if (creation.expiresAt === null) return when()
  return (
    <span suppressHydrationWarning>
      {rich('<time>when</time>, goes {soon}', { time: when }, { soon: relative(creation.expiresAt, now) })}
    </span>
  )
}

function CardMenu({ creation, onDelete }: Pick<CreationCardProps, 'creation' | 'onDelete'>) {
  const { t } = useI18n()
  const { act, saved } = useCreationActs(creation)
  const items = useMenuItems({ ...creation, saved }, { onAct: act, onDelete: () => onDelete(creation) })
  return (
    <span className={useHydrated() ? undefined : 'invisible'}>
      <Menu
        label={t('What to do with it')}
        trigger={<IconButton size="sm" icon={Ellipsis} label={t('More')} />}
        items={items}
      />
    </span>
  )
}
