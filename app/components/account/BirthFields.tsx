import { Select } from '#app/components/ui/Select.tsx'
import { TextField } from '#app/components/ui/TextField.tsx'
import { useI18n } from '#app/i18n/I18n.tsx'
import type { Refused } from './answers.tsx'

/** The age question, asked of everybody alike and without a hint of what would be enough. */
export function BirthFields({ refused }: { refused: Refused }) {
  const { t, locale } = useI18n()
  const month = new Intl.DateTimeFormat(locale, { month: 'long', timeZone: 'UTC' })
  return (
    <fieldset>
      <legend className="mb-1.5 font-medium text-sm">{t('When were you born?')}</legend>
      <div className="grid items-start grid-cols-[minmax(0,1fr)_7rem] gap-3">
        <Select
          label={t('Month')}
          hideLabel
          name="birth_month"
          autoComplete="bday-month"
          defaultValue={refused.typed('birth_month') ?? ''}
          error={refused.of('birth_month')}
          options={[
            { value: '', label: t('Month'), disabled: true },
            ...Array.from({ length: 12 }, (_, at) => ({
              value: String(at + 1),
              label: month.format(Date.UTC(2000, at, 15)),
            })),
          ]}
        />
        <TextField
          label={t('Year')}
          hideLabel
          name="birth_year"
          inputMode="numeric"
          pattern="[0-9]{4}"
          maxLength={4}
          placeholder={t('Year')}
          autoComplete="bday-year"
          defaultValue={refused.typed('birth_year') ?? ''}
          error={refused.of('birth_year')}
        />
      </div>
      <p className="mt-1.5 text-ink-3 text-xs">{t('We keep neither the month nor the year.')}</p>
    </fieldset>
  )
}
