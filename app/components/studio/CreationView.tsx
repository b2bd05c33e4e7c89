import { Form, Link } from '@remix-run/react'
import ChevronLeft from 'lucide-react/icons/chevron-left'
import CircleSlash from 'lucide-react/icons/circle-slash'
import CircleStop from 'lucide-react/icons/circle-stop'
import Download from 'lucide-react/icons/download'
import PencilLine from 'lucide-react/icons/pencil-line'
import StepForward from 'lucide-react/icons/step-forward'
import Trash2 from 'lucide-react/icons/trash-2'
import { useState } from 'react'
import { Button, LinkButton } from '#app/components/ui/Button.tsx'
import { useHydrated } from '#app/components/ui/hydrated.ts'
import { Icon } from '#app/components/ui/Icon.tsx'
import { Panel } from '#app/components/ui/Panel.tsx'
import { PhaseSteps, Timeline } from '#app/components/ui/Progress.tsx'
import { Time } from '#app/components/ui/Time.tsx'
import { useI18n } from '#app/i18n/I18n.tsx'
import { paths } from '#app/paths.ts'
import type { Again } from '#app/studio/creations/again.ts'
import { type Creation, isGone, isMaking, type UsualTime } from '#app/studio/creations/creation.schema.ts'
import type { CreationDetail } from '#app/studio/creations/creations.ts'
import { DeleteDialog, ReturnTo, SaveButton, useCreationActs, WhatIsLost } from './acts.tsx'
import { SoFar } from './CreationCard.tsx'
import { Facts, type ShownModel } from './Facts.tsx'
import { MakeAgain } from './MakeAgain.tsx'
import { ProvenancePanel } from './ProvenancePanel.tsx'
import { barOf, phaseLabel, tellingSteps } from './words.ts'

export interface CreationViewProps extends CreationDetail {
  /** Undefined for a model that this house does not have any more. */
  model: ShownModel | undefined
  usual: UsualTime | undefined
  /** Whether a model goes on with the video at the moment. */
  continuable: boolean
  /** What it would be once more, for one that came to nothing. */
  again: Again | null
}

/** One creation with everything that is known about it. */
export function CreationView(props: CreationViewProps) {
  const { creation, steps, model } = props
  const { t, clock } = useI18n()
  const begun = steps[0]?.at ?? 0
  return (
    <>
      <Link
        to={paths.creations()}
        className="-mt-2 mb-3 inline-flex items-center gap-1 rounded-xs text-ink-3 text-sm hover:text-ink"
      >
        <Icon of={ChevronLeft} size={14} />
        {t('My creations')}
      </Link>
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_372px]">
        <div className="grid gap-4">
          <Stage {...props} />
          <Acts creation={creation} continuable={props.continuable} />
          {creation.prompt && (
            <p dir="auto" className="prose-measure whitespace-pre-wrap text-lg">
              {creation.prompt}
            </p>
          )}
        </div>
        <div className="grid gap-4">
          <Facts {...props} />
          {creation.provenance && (
            <ProvenancePanel provenance={creation.provenance} algorithmic={model?.kind === 'algorithmic'} />
          )}
          <Panel title={t('History')}>
            <Timeline
              label={t('What happened to it')}
              items={tellingSteps(steps).map((step, at) => ({
                label: phaseLabel({ t }, step.phase),
                at: at === 0 ? <Time ms={step.at} show="time" /> : clock(step.at - begun),
                state: 'done',
              }))}
            />
          </Panel>
        </div>
      </div>
    </>
  )
}

const shapes: Record<string, string> = {
  '16:9': 'aspect-video',
  '9:16': 'aspect-[9/16]',
  '1:1': 'aspect-square',
  '4:3': 'aspect-[4/3]',
  '3:4': 'aspect-[3/4]',
  '21:9': 'aspect-[21/9]',
}

function Stage({ creation, usual, again }: CreationViewProps) {
  const words = useI18n()
  const { t } = words
  const shape = shapes[creation.aspect_ratio] ?? 'aspect-video'
  if (creation.status === 'ready' && creation.content_url)
    return (
      <div className="grid justify-items-center overflow-hidden rounded-lg bg-sunken" data-theme="dark">
        {/* biome-ignore lint/a11y/useMediaCaption: the sound has no words */}
        <video
          key={creation.content_url}
          src={creation.content_url}
          poster={creation.poster_url ?? undefined}
          controls
          playsInline
          preload="metadata"
          aria-label={t('The video')}
          className={`${shape} max-h-[76vh] w-full object-contain`}
        />
      </div>
    )
  if (isMaking(creation))
    return (
      <div className="flex aspect-video flex-col justify-between rounded-lg border border-line bg-surface p-5 md:p-8">
        <div role="status">
          <p className="font-semibold text-lg">{phaseLabel(words, creation.phase)}</p>
        </div>
        <div className="grid gap-3">
          <p className="num text-ink-2 text-sm">
            <SoFar creation={creation} usual={usual} />
          </p>
          <PhaseSteps label={t('Where it is')} phases={barOf(words, creation)} />
          <p className="text-ink-3 text-xs">{t('It goes on when you close this page.')}</p>
        </div>
      </div>
    )
  return (
    <div className="grid min-h-56 content-center justify-items-center gap-2 rounded-lg border border-line bg-surface p-6 text-center">
      <Icon of={CircleSlash} size={24} className="text-ink-3" />
      <p className="font-semibold text-lg">{phaseLabel(words, creation.status)}</p>
      <p className="max-w-[48ch] text-ink-2 text-sm">{endOf(words, creation)}</p>
      {again && <MakeAgain again={again} />}
    </div>
  )
}

function endOf({ t }: Pick<ReturnType<typeof useI18n>, 't'>, creation: Creation): string {
  if (creation.status === 'removed')
    return t('You deleted this. Its key is destroyed, so nobody can read it.')
  if (creation.status === 'expired')
    return t('It was not saved, so it went after its time. Its key is destroyed, so nobody can read it.')
  return creation.reason ? t(creation.reason) : ''
}

function Acts({ creation, continuable }: Pick<CreationViewProps, 'creation' | 'continuable'>) {
  const { t } = useI18n()
  const here = paths.creation(creation.id)
  if (isGone(creation)) return null
  return (
    <div className="flex flex-wrap items-center gap-2">
      {creation.status === 'ready' && (
        <LinkButton
          to={paths.media(creation.id, 'video', true)}
          reloadDocument
          download
          look="primary"
          icon={Download}
        >
          {t('Download')}
        </LinkButton>
      )}
      {creation.status === 'ready' && <SaveButton creation={creation} words returnTo={here} />}
      {creation.status === 'ready' && continuable && (
        <LinkButton to={paths.compose({ continue: creation.id })} icon={StepForward}>
          {t('Continue this video')}
        </LinkButton>
      )}
      {isMaking(creation) && creation.cancellable && <StopButton creation={creation} />}
      {creation.prompt && !isMaking(creation) && (
        <LinkButton to={paths.compose({ from: creation.id })} icon={PencilLine}>
          {creation.status === 'ready' ? t('Make another like this') : t('Try again with changes')}
        </LinkButton>
      )}
      <span className="ml-auto">
        <DeleteButton creation={creation} />
      </span>
    </div>
  )
}

function StopButton({ creation }: { creation: Creation }) {
  const { t } = useI18n()
  const { fetcher, stopping } = useCreationActs(creation)
  return (
    <fetcher.Form method="post" action={paths.creation(creation.id)}>
      <input type="hidden" name="intent" value="cancel" />
      <ReturnTo to={paths.creation(creation.id)} />
      <Button type="submit" icon={CircleStop} pending={stopping}>
        {t('Stop')}
      </Button>
    </fetcher.Form>
  )
}

/** Asks in a dialog; without scripts it opens in place and asks there. */
function DeleteButton({ creation }: { creation: Creation }) {
  const { t } = useI18n()
  const [asking, setAsking] = useState(false)
  if (useHydrated())
    return (
      <>
        <Button look="plain" icon={Trash2} onPress={() => setAsking(true)}>
          {t('Delete')}
        </Button>
        <DeleteDialog
          creation={asking ? creation : undefined}
          onClose={() => setAsking(false)}
          leaveTo={paths.creations()}
        />
      </>
    )
  return (
    <details className="text-sm">
      <summary className="flex h-10 items-center text-ink-2">{t('Delete')}</summary>
      <Form method="post" className="grid max-w-sm gap-3 pb-2 text-ink-2">
        <WhatIsLost creation={creation} />
        <input type="hidden" name="intent" value="delete" />
        <input type="hidden" name="returnTo" value={paths.creations()} />
        <Button type="submit" look="danger">
          {t('Delete')}
        </Button>
      </Form>
    </details>
  )
}
