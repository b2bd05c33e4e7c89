import ListPlus from 'lucide-react/icons/list-plus'
import Plus from 'lucide-react/icons/plus'
import Trash2 from 'lucide-react/icons/trash-2'
import { Button, IconButton } from '#app/components/ui/Button.tsx'
import { FieldNotes } from '#app/components/ui/Field.tsx'
import { useHydrated } from '#app/components/ui/hydrated.ts'
import { TextArea, TextField } from '#app/components/ui/TextField.tsx'
import { useI18n } from '#app/i18n/I18n.tsx'
import type { ModelRecord } from '#app/studio/catalogue/record.ts'
import { rowKey } from './row-key.ts'

/** The rows travel together in one field, so that their own fields belong to no form. */
const NO_FORM = 'none'

export interface Shot {
  key: string
  prompt: string
  /** As it is typed. */
  seconds: string
}

export function aShot(prompt: string, seconds: number): Shot {
  return { key: rowKey(), prompt, seconds: String(seconds) }
}

export function secondsOf(shots: readonly Shot[]): number[] {
  return shots.map(({ seconds }) => (/^\d+$/.test(seconds.trim()) ? Number(seconds) : Number.NaN))
}

/** The parts of a film: what each shows, and how long. Needs scripts; without them the film is one shot. */
export function ShotRows(props: {
  limits: NonNullable<ModelRecord['shots']>
  shots: readonly Shot[]
  /** Of the whole video. */
  seconds: number
  /** Set when the shots' own sum is a length that the model makes. */
  onLength: ((seconds: number) => void) | undefined
  onChange: (shots: readonly Shot[]) => void
  error: string | undefined
}) {
  const { limits, shots, seconds, onLength, onChange, error } = props
  const { t } = useI18n()
  const change = (key: string, to: Partial<Shot>) =>
    onChange(shots.map((shot) => (shot.key === key ? { ...shot, ...to } : shot)))
  const hydrated = useHydrated()
  const sum = secondsOf(shots).reduce((total, one) => total + one, 0)
  if (!hydrated && shots.length === 0) return null
  if (shots.length === 0)
    return (
      <div>
        <Button
          size="sm"
          icon={ListPlus}
          onPress={() => {
            const first = Math.max(limits.leastSeconds, Math.floor(seconds / 2))
            onChange([aShot('', first), aShot('', Math.max(limits.leastSeconds, seconds - first))])
          }}
        >
          {t('Tell it in several shots')}
        </Button>
      </div>
    )
  return (
    <fieldset className="grid gap-3">
      <legend className="mb-2 font-medium text-sm">{t('Shots')}</legend>
      {shots.map((shot, at) => (
        <div key={shot.key} className="grid grid-cols-[minmax(0,1fr)_5.5rem_auto] items-start gap-2">
          <TextArea
            label={t('What shot {number} shows', { number: at + 1 })}
            hideLabel
            name={`shot-${at}-prompt`}
            form={NO_FORM}
            rows={1}
            dir="auto"
            value={shot.prompt}
            maxLength={limits.promptMost}
            placeholder={t('Shot {number}', { number: at + 1 })}
            onChange={(prompt) => change(shot.key, { prompt })}
          />
          <TextField
            label={t('Seconds of shot {number}', { number: at + 1 })}
            hideLabel
            name={`shot-${at}-seconds`}
            form={NO_FORM}
            inputMode="numeric"
            autoComplete="off"
            value={shot.seconds}
            end={t('s')}
            onChange={(typed) => change(shot.key, { seconds: typed })}
          />
          <IconButton
            icon={Trash2}
            label={t('Remove shot {number}', { number: at + 1 })}
            onPress={() =>
              // One alone is no film of several.
              onChange(shots.length === 2 ? [] : shots.filter(({ key }) => key !== shot.key))
            }
          />
        </div>
      ))}
      <div className="flex flex-wrap items-center gap-3">
        {shots.length < limits.most && (
          <Button size="sm" icon={Plus} onPress={() => onChange([...shots, aShot('', limits.leastSeconds)])}>
            {t('Add a shot')}
          </Button>
        )}
        {sum !== seconds && onLength && (
          <Button size="sm" look="plain" onPress={() => onLength(sum)}>
            {t('Make the video {sum} seconds long', { sum })}
          </Button>
        )}
        {Number.isFinite(sum) && (
          <p role="status" className="num text-ink-3 text-xs">
            {t('{sum} of {seconds} seconds', { sum, seconds })}
          </p>
        )}
      </div>
      <FieldNotes id="field-shots" error={error} />
    </fieldset>
  )
}
