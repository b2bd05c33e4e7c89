import type { Refused } from '#app/components/account/answers.tsx'
import { Segmented } from '#app/components/ui/Segmented.tsx'
import { TextField } from '#app/components/ui/TextField.tsx'
import { useI18n } from '#app/i18n/I18n.tsx'
import type { ModelRecord } from '#app/studio/catalogue/record.ts'
import type { GenerationSettings } from '#core/db/schema/studio.ts'

/** What is chosen at the moment, for the price on the button. */
export type Chosen = Pick<GenerationSettings, 'seconds' | 'aspect_ratio' | 'resolution' | 'audio'>

/** The settings that the model's record offers, and no others. */
export function SettingFields(props: {
  model: ModelRecord
  chosen: Chosen
  seed: string
  refused: Refused
  onChange: (chosen: Chosen) => void
  onSeed: (seed: string) => void
}) {
  const { model, chosen, seed, refused, onChange, onSeed } = props
  const { t } = useI18n()
  const { least, most, choices } = model.seconds
  const lengths = (choices ?? Array.from({ length: most - least + 1 }, (_, at) => least + at)).map(String)
  return (
    <>
      <Segmented
        label={t('Length, seconds')}
        name="seconds"
        options={lengths.map(same)}
        value={String(chosen.seconds)}
        onChange={(value) => onChange({ ...chosen, seconds: Number(value) })}
        error={refused.of('seconds')}
      />
      <Segmented
        label={t('Shape')}
        name="aspect_ratio"
        options={model.aspectRatios.map(same)}
        value={chosen.aspect_ratio}
        onChange={(value) => onChange({ ...chosen, aspect_ratio: value as Chosen['aspect_ratio'] })}
        error={refused.of('aspect_ratio')}
      />
      <Segmented
        label={t('Size')}
        name="resolution"
        options={model.resolutions.map(same)}
        value={chosen.resolution}
        onChange={(value) => onChange({ ...chosen, resolution: value as Chosen['resolution'] })}
        error={refused.of('resolution')}
      />
      {model.audio === 'optional' && (
        <Segmented
          label={t('Sound')}
          name="audio"
          options={[
            { value: 'with', label: t('With') },
            { value: 'without', label: t('Without') },
          ]}
          value={chosen.audio ? 'with' : 'without'}
          onChange={(value) => onChange({ ...chosen, audio: value === 'with' })}
          error={refused.of('audio')}
        />
      )}
      <details className="text-sm" open={refused.of('seed') !== undefined}>
        <summary className="w-fit rounded-xs text-ink-3 text-xs hover:text-ink">{t('More')}</summary>
        <div className="pt-2">
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
        </div>
      </details>
    </>
  )
}

function same(value: string) {
  return { value, label: value }
}
