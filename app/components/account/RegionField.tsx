import { Select } from '#app/components/ui/Select.tsx'
import { useI18n } from '#app/i18n/I18n.tsx'
import type { Refused } from './answers.tsx'

/** Where a person lives: it decides which law protects them, so it is asked and never guessed. */
export function RegionField(props: {
  regions: readonly { id: string; name: string }[]
  refused: Refused
  chosen?: string
}) {
  const { regions, refused, chosen } = props
  const { t } = useI18n()
  return (
    <Select
      label={t('Where do you live?')}
      name="region"
      autoComplete="country"
      defaultValue={refused.typed('region') ?? chosen ?? ''}
      error={refused.of('region')}
      help={t('It decides which privacy law protects you.')}
      options={[
        { value: '', label: t('Choose your country or state'), disabled: true },
        ...regions.map(({ id, name }) => ({ value: id, label: name })),
      ]}
    />
  )
}
