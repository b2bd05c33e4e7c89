import ArrowLeft from 'lucide-react/icons/arrow-left'
import AudioLines from 'lucide-react/icons/audio-lines'
import CircleAlert from 'lucide-react/icons/circle-alert'
import Film from 'lucide-react/icons/film'
import Plus from 'lucide-react/icons/plus'
import X from 'lucide-react/icons/x'
import { useId } from 'react'
import { useHydrated } from '#app/components/ui/hydrated.ts'
import { Icon } from '#app/components/ui/Icon.tsx'
import { Spinner } from '#app/components/ui/Progress.tsx'
import { useI18n } from '#app/i18n/I18n.tsx'
import { paths } from '#app/paths.ts'
import type { ModelRecord } from '#app/studio/catalogue/record.ts'
import { kindOf, mentionOf, rolesOfWay, type Way } from '#app/studio/creations/offer.schema.ts'
import type { InputRole } from '#core/db/schema/studio.ts'
import { type Sentence, say } from '#core/i18n/say.ts'
import type { Files, GivenFile } from './reference-upload.ts'

export interface FileTilesProps {
  model: ModelRecord
  way: Way
  /** Those of this way. */
  shown: readonly GivenFile[]
  files: Files
  dropping: boolean
  /** Puts the name of a reference where the prompt is being written. */
  onMention: (name: string) => void
  errors: readonly string[]
}

const PICTURES = 'image/jpeg,image/png,image/webp'
const accepted = {
  picture: PICTURES,
  clip: 'video/mp4,video/quicktime,video/webm',
  sound: 'audio/mpeg,audio/wav,audio/x-wav,audio/mp4,audio/x-m4a,audio/aac,audio/ogg,audio/flac',
} as const

/**
 * What the video is made from, as small tiles: choose, or drop and paste anywhere beside them. Without scripts it is one
 * plain file field of the form, and the picture travels with the prompt.
 */
export function FileTiles(props: FileTilesProps) {
  const { model, way, shown, files, dropping, onMention, errors } = props
  const { t } = useI18n()
  const hydrated = useHydrated()
  const roles = rolesOfWay[way].filter((role) => model.inputs[role])
  const full = model.mostInputs !== undefined && shown.length >= model.mostInputs
  const refused = shown.flatMap(({ sentence }) => (sentence ? [t(sentence)] : []))
  const without = paths.compose({ model: model.id })
  const takesPicture = roles.some((role) => kindOf[role] === 'picture')
  return (
    <div className="grid gap-2">
      <ul className="flex flex-wrap items-start gap-3">
        {roles.flatMap((role) => {
          const own = shown.filter((file) => file.role === role)
          const there = own.filter(({ state }) => state !== 'refused')
          const room = !full && there.length < (model.inputs[role]?.most ?? 0)
          return [
            ...there.map((file, at) => (
              <li key={file.key}>
                <Tile file={file} at={at} files={files} onMention={onMention} without={without} />
              </li>
            )),
            ...(room
              ? [
                  <li key={role}>
                    <AddTile
                      role={role}
                      dropping={dropping}
                      onChoose={(file) => files.add(file, role, model.inputs[role]?.most === 1)}
                    />
                  </li>,
                ]
              : []),
          ]
        })}
      </ul>
      {hydrated && shown.length === 0 && (
        <p className="text-ink-3 text-xs">{t('Drop or paste files here, or choose them.')}</p>
      )}
      {!hydrated && takesPicture && (
        <label className="grid gap-1 text-ink-2 text-xs">
          {t('A picture to make it from')}
          <input type="file" name="picture" accept={PICTURES} />
        </label>
      )}
      {[...new Set([...refused, ...errors])].map((sentence) => (
        <p key={sentence} role="alert" className="flex max-w-[60ch] items-start gap-1.5 text-bad text-sm">
          <Icon of={CircleAlert} size={15} className="mt-0.5" />
          {sentence}
        </p>
      ))}
    </div>
  )
}

const names: Readonly<Record<InputRole, Sentence>> = {
  first_frame: say('First picture'),
  last_frame: say('Last picture'),
  image: say('Picture'),
  video: say('Clip'),
  audio: say('Sound'),
  extend: say('Clip that goes on'),
}

const adding: Readonly<Record<InputRole, Sentence>> = {
  first_frame: say('Add the first picture'),
  last_frame: say('Add the last picture'),
  image: say('Add a picture'),
  video: say('Add a clip'),
  audio: say('Add a sound'),
  extend: say('Add the clip that goes on'),
}

function Tile(props: {
  file: GivenFile
  at: number
  files: Files
  onMention: FileTilesProps['onMention']
  /** The page without a video of one's own, for a browser without scripts. */
  without: string
}) {
  const { file, at, files, onMention, without } = props
  const hydrated = useHydrated()
  const { t, number } = useI18n()
  const mention = mentionOf(file.role, at)
  const name = mention ?? t(names[file.role])
  const kind = kindOf[file.role]
  const working = file.state === 'sending' || file.state === 'reading'
  const note =
    file.state === 'sending'
      ? t('On its way')
      : file.state === 'reading'
        ? t('Being read')
        : file.seconds === null
          ? t(names[file.role])
          : t('{seconds} s', { seconds: number(file.seconds, { maximumFractionDigits: 1 }) })
  return (
    <figure className="w-26">
      <div className="relative h-[66px] overflow-hidden rounded-md bg-sunken" data-theme="dark">
        {file.shown ? (
          <img src={file.shown} alt={t(names[file.role])} className="size-full object-cover" />
        ) : (
          !working && (
            <span className="grid size-full place-items-center text-ink-3">
              <Icon of={kind === 'sound' ? AudioLines : Film} size={22} />
            </span>
          )
        )}
        {working && (
          <span className="absolute inset-0 grid place-items-center bg-black/50 text-white">
            <Spinner size={20} />
          </span>
        )}
        {mention && (
          <button
            type="button"
            onClick={() => onMention(mention)}
            aria-label={t('Put {name} into the prompt', { name: mention })}
            className="absolute bottom-1 left-1 rounded-xs bg-black/70 px-1.5 py-0.5 text-[0.6875rem] text-white hover:bg-black"
          >
            {mention}
          </button>
        )}
        <span className="absolute top-1 right-1 flex gap-1">
          {at > 0 && (
            <TileButton
              icon={ArrowLeft}
              label={t('Move {name} forward', { name })}
              onClick={() => files.moveUp(file.key)}
            />
          )}
          {!hydrated && file.of === 'generation' ? (
            <a href={without} aria-label={t('Remove {name}', { name })} className={tileButton}>
              <Icon of={X} size={14} />
            </a>
          ) : (
            <TileButton
              icon={X}
              label={t('Remove {name}', { name })}
              onClick={() => files.remove(file.key)}
            />
          )}
        </span>
      </div>
      <figcaption className="num mt-1 truncate text-ink-2 text-xs">
        <span role="status">{note}</span>
      </figcaption>
    </figure>
  )
}

const tileButton = 'grid size-6 place-items-center rounded-full bg-black/65 text-white hover:bg-black'

function TileButton({ icon, label, onClick }: { icon: typeof X; label: string; onClick: () => void }) {
  return (
    <button type="button" aria-label={label} title={label} onClick={onClick} className={tileButton}>
      <Icon of={icon} size={14} />
    </button>
  )
}

function AddTile(props: { role: InputRole; dropping: boolean; onChoose: (file: File) => void }) {
  const { role, dropping, onChoose } = props
  const { t } = useI18n()
  const id = useId()
  // Without scripts there is nothing behind it; the plain file field stands below.
  if (!useHydrated()) return null
  return (
    <div className="grid w-26 gap-1">
      <label
        htmlFor={id}
        className={`grid h-[66px] cursor-pointer place-items-center rounded-md border-[1.5px] border-dashed text-ink-3 hover:border-field hover:text-ink has-focus-visible:outline-2 has-focus-visible:outline-accent has-focus-visible:outline-offset-2 ${dropping ? 'border-accent bg-accent-soft text-accent' : 'border-line-strong'}`}
      >
        <Icon of={Plus} size={18} />
        <span className="sr-only">{t(adding[role])}</span>
        <input
          id={id}
          type="file"
          accept={accepted[kindOf[role]]}
          className="sr-only"
          onChange={({ target }) => {
            const file = target.files?.[0]
            // Sent already: the form must not send it again.
            target.value = ''
            if (file) onChoose(file)
          }}
        />
      </label>
      <p aria-hidden="true" className="text-ink-2 text-xs">
        {t(names[role])}
      </p>
    </div>
  )
}
