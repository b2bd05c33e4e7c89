import type { Refused } from '#app/components/account/answers.tsx'
import { Segmented } from '#app/components/ui/Segmented.tsx'
import { Select } from '#app/components/ui/Select.tsx'
import { TextArea, TextField } from '#app/components/ui/TextField.tsx'
import { useI18n } from '#app/i18n/I18n.tsx'
import type { ModelRecord } from '#app/studio/catalogue/record.ts'
import { type Chosen, lengthsOf } from '#app/studio/creations/offer.schema.ts'

/** More than so many lengths are a list, so that they stay in sight as one. */
const MOST_SEGMENTS = 9

/** The settings that the model's record offers, and no others. */
export function SettingFields(props: {
  model: ModelRecord
  chosen: Chosen
  /** The sentence of a field, from the server or from here. */
  errorOf: (field: string) => string | undefined
  onChange: (chosen: Chosen) => void
}) {
  const { model, chosen, errorOf, onChange } = props
  const { t } = useI18n()
  const seconds = {
    name: 'seconds',
    value: String(chosen.seconds),
    onChange: (value: string) => onChange({ ...chosen, seconds: Number(value) }),
    error: errorOf('seconds'),
  }
  const lengths = lengthsOf(model).map(String)
  return (
    <>
      {lengths.length > MOST_SEGMENTS ? (
        <div className="grid grid-cols-[1fr_9.5rem] items-center gap-3">
          <span aria-hidden="true" className="text-ink-2 text-sm">
            {t('Length')}
          </span>
          <Select
            {...seconds}
            label={t('Length')}
            hideLabel
            options={lengths.map((value) => ({ value, label: t('{seconds} seconds', { seconds: value }) }))}
          />
        </div>
      ) : (
        <Segmented {...seconds} label={t('Length, seconds')} options={lengths.map(same)} />
      )}
      <Segmented
        label={t('Shape')}
        name="aspect_ratio"
        options={model.aspectRatios.map((one) =>
          one === 'auto' ? { value: one, label: t('As the picture') } : same(one),
        )}
        value={chosen.aspect_ratio}
        onChange={(value) => onChange({ ...chosen, aspect_ratio: value as Chosen['aspect_ratio'] })}
        error={errorOf('aspect_ratio')}
      />
      <Segmented
        label={t('Size')}
        name="resolution"
        options={model.resolutions.map(same)}
        value={chosen.resolution}
        onChange={(value) => onChange({ ...chosen, resolution: value as Chosen['resolution'] })}
        error={errorOf('resolution')}
      />
      {model.audio === 'optional' ? (
        <Segmented
          label={t('Sound')}
          name="audio"
          options={[
            { value: 'with', label: t('With') },
            { value: 'without', label: t('Without') },
          ]}
          value={chosen.audio ? 'with' : 'without'}
          onChange={(value) => onChange({ ...chosen, audio: value === 'with' })}
          error={errorOf('audio')}
        />
      ) : (
        <p className="flex min-h-8 items-center justify-between gap-3 text-ink-2 text-sm">
          {t('Sound')}
          <span className="text-ink">
            {model.audio === 'always' ? t('Always with sound') : t('This model makes none')}
          </span>
        </p>
      )}
    </>
  )
}

/** What few people change, where the model has it. */
export function MoreFields(props: {
  model: ModelRecord
  seed: string
  negative: string
  refused: Refused
  onSeed: (seed: string) => void
  onNegative: (negative: string) => void
}) {
  const { model, seed, negative, refused, onSeed, onNegative } = props
  const { t } = useI18n()
  if (!model.seed && !model.negativePrompt) return null
  const wrong = refused.of('seed') !== undefined || refused.of('negative_prompt') !== undefined
  return (
    <details className="text-sm" open={wrong || negative !== '' || undefined}>
      <summary className="w-fit rounded-xs text-ink-3 text-xs hover:text-ink">{t('More')}</summary>
      <div className="grid gap-3 pt-2">
        {model.negativePrompt && (
          <TextArea
            label={t('What to avoid')}
            name="negative_prompt"
            optional
            rows={2}
            dir="auto"
            maxLength={model.negativePrompt.most}
            value={negative}
            onChange={onNegative}
            error={refused.of('negative_prompt')}
          />
        )}
        {model.seed && (
          <TextField
            label={t('Seed')}
            name="seed"
            optional
            inputMode="numeric"
            autoComplete="off"
            value={seed}
            onChange={onSeed}
            error={refused.of('seed')}
            help={t('The same prompt, settings and seed make the same video. Empty: a new one each time.')}
          />
        )}
      </div>
    </details>
  )
}

function same(value: string) {
  return { value, label: value }
}
