import { Link } from '@remix-run/react'
import AudioLines from 'lucide-react/icons/audio-lines'
import Film from 'lucide-react/icons/film'
import { Icon } from '#app/components/ui/Icon.tsx'
import { DefinitionList, Panel } from '#app/components/ui/Panel.tsx'
import { Time, useNow } from '#app/components/ui/Time.tsx'
import { useI18n } from '#app/i18n/I18n.tsx'
import { paths } from '#app/paths.ts'
import {
  type Creation,
  type CreationInput,
  isMaking,
  type Maker,
} from '#app/studio/creations/creation.schema.ts'
import type { CreationDetail } from '#app/studio/creations/creations.ts'
import { mentionOf } from '#app/studio/creations/offer.schema.ts'
import { useCreationActs } from './acts.tsx'
import { useCountry } from './Recipients.tsx'

export interface ShownModel {
  name: string
  says: string
  kind: 'trained' | 'algorithmic'
  retired: boolean
  /** What takes the place of a retired one. */
  next: string | null
}

/** How a creation was made: by whom, from what, with which settings, and what it cost. */
export function Facts({
  creation,
  model,
  file,
  inputs,
  texts,
  maker,
}: Pick<CreationDetail, 'creation' | 'file' | 'inputs' | 'texts' | 'maker'> & {
  model: ShownModel | undefined
}) {
  const { t, number, bytes, relative } = useI18n()
  const { saved } = useCreationActs(creation)
  const now = useNow(true)
  const stays = saved
    ? t('Saved, until you delete it')
    : creation.expiresAt === null
      ? undefined
      : t('goes {soon} unless you save it', { soon: relative(creation.expiresAt, now) })
  const plain = { useGrouping: false }
  const items = [
    { term: t('Model'), detail: <ModelFact model={model} id={creation.model} /> },
    ...(maker ? [{ term: t('Made by'), detail: <MakerFact maker={maker} /> }] : []),
    { term: t('Length'), detail: t('{seconds} s', { seconds: creation.seconds }) },
    {
      term: t('Shape and size'),
      detail: file
        ? `${creation.aspect_ratio}, ${number(file.width, plain)} × ${number(file.height, plain)}`
        : `${creation.aspect_ratio}, ${creation.resolution}`,
    },
    { term: t('Sound'), detail: creation.audio ? t('With') : t('Without') },
    ...(texts.negative_prompt
      ? [{ term: t('To avoid'), detail: <Words text={texts.negative_prompt} /> }]
      : []),
    { term: t('Seed'), detail: <span className="font-mono text-xs">{creation.seed}</span> },
    ...(file ? [{ term: t('File'), detail: bytes(file.size) }] : []),
    { term: t('Price'), detail: <Cost creation={creation} /> },
    { term: t('Made'), detail: <Time ms={creation.createdAt} show="dateTime" style="medium" /> },
    ...(stays && creation.status === 'ready'
      ? [{ term: t('Keeping'), detail: <span suppressHydrationWarning>{stays}</span> }]
      : []),
  ]
  return (
    <Panel title={t('How it was made')} {...(model ? { note: t({ text: model.says }) } : {})}>
      {inputs.length > 0 && <Inputs inputs={inputs} />}
      {texts.shots && (
        <ol className="mb-3 grid gap-1.5 text-sm">
          {beginning(texts.shots).map(({ begins, ...shot }) => (
            <li key={begins} className="flex items-baseline gap-3">
              <span className="num shrink-0 text-ink-3">{t('{seconds} s', { seconds: shot.seconds })}</span>
              <Words text={shot.prompt} />
            </li>
          ))}
        </ol>
      )}
      <DefinitionList items={items} />
    </Panel>
  )
}

/** Each shot with the second it begins at: two may have the same words. */
function beginning<Shot extends { seconds: number }>(shots: readonly Shot[]): (Shot & { begins: number })[] {
  let end = 0
  return shots.map((shot) => {
    const begins = end
    end += shot.seconds
    return { ...shot, begins }
  })
}

function Words({ text }: { text: string }) {
  return (
    <span dir="auto" className="whitespace-pre-wrap break-words">
      {text}
    </span>
  )
}

function ModelFact({ model, id }: { model: ShownModel | undefined; id: string }) {
  const { t } = useI18n()
  if (!model) return id
  if (!model.retired) return model.name
  return (
    <>
      {model.name}
      <span className="block text-ink-3 text-xs">
        {model.next === null
          ? t('It is no longer offered. Your video stays.')
          : t('It is no longer offered. Your video stays; another like it is made with {next}.', {
              next: model.next,
            })}
      </span>
    </>
  )
}

function MakerFact({ maker }: { maker: Maker }) {
  const { t } = useI18n()
  const country = useCountry(maker.country)
  if (maker.where === 'here') return t('This server')
  if (maker.where === 'own') return t('{title}, a machine of the operator’s own', { title: maker.title })
  const company = maker.company === maker.title ? '' : maker.company
  return [maker.title, company, country].filter(Boolean).join(', ')
}

function Cost({ creation }: { creation: Creation }) {
  const { t } = useI18n()
  if (isMaking(creation))
    return t('{credits, plural, =0 {free} one {# credit held} other {# credits held}}', {
      credits: creation.price,
    })
  return creation.credits.captured > 0
    ? t('{credits, plural, one {# credit} other {# credits}}', { credits: creation.credits.captured })
    : t('Nothing was charged')
}

function Inputs({ inputs }: { inputs: readonly CreationInput[] }) {
  const { t, number } = useI18n()
  return (
    <ul aria-label={t('What it was made from')} className="mb-3 flex flex-wrap gap-2">
      {inputs.map(({ role, id, of, kind, seconds }) => {
        const own = inputs.filter((one) => one.role === role)
        const name =
          mentionOf(
            role,
            own.findIndex((one) => one.id === id),
          ) ??
          (role === 'first_frame'
            ? t('First picture')
            : role === 'last_frame'
              ? t('Last picture')
              : t('Clip that goes on'))
        return (
          <li key={`${role} ${id}`} className="grid gap-1 text-ink-2 text-xs">
            {kind === 'picture' ? (
              <img
                src={paths.referencePicture(id)}
                alt=""
                loading="lazy"
                className="h-20 min-w-20 rounded-md bg-sunken object-cover"
              />
            ) : of === 'generation' ? (
              <Link to={paths.creation(id)} aria-label={t('The video that it was made from')}>
                <img
                  src={paths.media(id, 'poster')}
                  alt=""
                  loading="lazy"
                  className="h-20 min-w-20 rounded-md bg-sunken object-cover"
                />
              </Link>
            ) : (
              <span className="grid size-20 place-items-center rounded-md bg-sunken text-ink-3">
                <Icon of={kind === 'sound' ? AudioLines : Film} size={22} />
              </span>
            )}
            <span className="num">
              {name}
              {seconds !== null &&
                `, ${t('{seconds} s', { seconds: number(seconds, { maximumFractionDigits: 1 }) })}`}
            </span>
          </li>
        )
      })}
    </ul>
  )
}
