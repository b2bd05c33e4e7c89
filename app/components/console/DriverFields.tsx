import { Checkbox } from '#app/components/ui/Checkbox.tsx'
import { Select } from '#app/components/ui/Select.tsx'
import { TextArea, TextField } from '#app/components/ui/TextField.tsx'
import type { AddressField, SettingField } from '#app/console/provider-settings.ts'
import { useI18n } from '#app/i18n/I18n.tsx'
import type { ActAnswer } from './ActForm.tsx'
import { useActFields } from './act-fields.ts'
import { settingWords } from './catalogue-words.ts'

interface Props {
  intent: string
  addresses: readonly AddressField[]
  settings: readonly SettingField[]
  answer: ActAnswer | undefined
}

/** A driver's addresses and settings, as its schema has them. */
export function DriverFields({ intent, addresses, settings, answer }: Props) {
  const { t } = useI18n()
  const { typed, error } = useActFields(answer, intent)
  return (
    <>
      {addresses.map(({ name, value, standard }) => (
        <TextField
          key={name}
          label={t('Address: {name}', { name })}
          name={`address.${name}`}
          inputMode="url"
          spellCheck={false}
          autoCapitalize="none"
          placeholder={standard || 'http://gpu.example.org:8000'}
          optional={standard !== ''}
          defaultValue={typed(`address.${name}`, value)}
          error={error(`address.${name}`)}
          help={
            standard
              ? t('{standard} when it is empty.', { standard })
              : t('Where the server is, as this one reaches it.')
          }
        />
      ))}
      {settings.map((field) => (
        <Setting key={field.name} field={field} intent={intent} answer={answer} />
      ))}
    </>
  )
}

function Setting({ field, intent, answer }: { field: SettingField } & Pick<Props, 'intent' | 'answer'>) {
  const { t } = useI18n()
  const { typed, error, refused } = useActFields(answer, intent)
  const name = `setting.${field.name}`
  const words = settingWords[field.name]
  const shared = {
    name,
    label: words ? t(words.label) : field.name,
    error: error(name),
    ...(words?.help ? { help: t(words.help) } : {}),
  }
  if (field.kind === 'flag')
    return (
      <Checkbox
        name={name}
        defaultChecked={refused ? typed(name, '') !== '' : field.value}
        error={shared.error}
        {...(shared.help ? { help: shared.help } : {})}
      >
        {shared.label}
      </Checkbox>
    )
  const value = typed(name, field.value)
  if (field.kind === 'choice') {
    const choices = field.choices.map((choice) => ({ value: choice, label: choice }))
    const options = field.optional ? [{ value: '', label: t('as it usually is') }, ...choices] : choices
    return <Select {...shared} options={options} defaultValue={value} optional={field.optional} />
  }
  if (field.kind === 'lines' || field.kind === 'pairs')
    return (
      <TextArea {...shared} rows={2} optional defaultValue={value} spellCheck={false} autoCapitalize="none" />
    )
  return (
    <TextField
      {...shared}
      optional={field.optional}
      {...(field.kind === 'number' ? { inputMode: 'decimal' as const } : {})}
      defaultValue={value}
      spellCheck={false}
      autoCapitalize="none"
    />
  )
}
