import { Checkbox } from '#app/components/ui/Checkbox.tsx'
import { Select } from '#app/components/ui/Select.tsx'
import { TextArea, TextField } from '#app/components/ui/TextField.tsx'
import type { AddressField, SettingField } from '#app/console/provider-settings.ts'
import { useI18n } from '#app/i18n/I18n.tsx'
import { type Sentence, say } from '#core/i18n/say.ts'
import type { ActAnswer } from './ActForm.tsx'
import { useActFields } from './act-fields.ts'
import { settingWords } from './catalogue-words.ts'

interface Props {
  intent: string
  addresses: readonly AddressField[]
  settings: readonly SettingField[]
  answer: ActAnswer | undefined
}

/** Of more than so many settings, those after the first are folded away: what they are as they come is nearly always right. */
const MOST_IN_SIGHT = 3

const addressWords: Readonly<Record<string, Sentence>> = {
  api: say('Address of its API'),
  server: say('Address of the server'),
  upload: say('Address for uploads'),
  queue: say('Address of its queue'),
  rest: say('Address of its REST API'),
  token: say('Address for tokens'),
}

const choiceWords: Readonly<Record<string, Sentence>> = {
  'durationField.seconds': say('in seconds'),
  'durationField.num_frames': say('as a number of frames'),
  'sizeMode.size': say('as one text, such as 1280x720'),
  'sizeMode.width_height': say('as width and height'),
  'sizeMode.resolution': say('by its name, such as 720p'),
}

/** As these servers call themselves, in every language. */
const programs: Readonly<Record<string, string>> = {
  openai: 'OpenAI',
  'vllm-omni': 'vLLM-Omni',
  sglang: 'SGLang',
  openrouter: 'OpenRouter',
  litellm: 'LiteLLM',
}

/** A driver's addresses and settings, as its schema has them. */
export function DriverFields({ intent, addresses, settings, answer }: Props) {
  const { t } = useI18n()
  const { typed, error } = useActFields(answer, intent)
  const folded = settings.length > MOST_IN_SIGHT
  const rest = settings.slice(1)
  const setting = (field: SettingField) => (
    <Setting key={field.name} field={field} intent={intent} answer={answer} />
  )
  return (
    <>
      {addresses.map(({ name, value, standard }) => (
        <TextField
          key={name}
          label={addressWords[name] ? t(addressWords[name]) : t('Address: {name}', { name })}
          name={`address.${name}`}
          inputMode="url"
          spellCheck={false}
          autoCapitalize="none"
          placeholder={standard || 'http://gpu.example.org:8000/v1'}
          optional={standard !== ''}
          defaultValue={typed(`address.${name}`, value)}
          error={error(`address.${name}`)}
          help={
            standard
              ? t('{standard} when it is empty.', { standard })
              : t('Where the server is, as this one reaches it, with its version: /v1.')
          }
        />
      ))}
      {(folded ? settings.slice(0, 1) : settings).map(setting)}
      {folded && (
        <details open={rest.some(({ name }) => error(`setting.${name}`)) || undefined}>
          <summary className="w-fit text-ink-2 hover:text-ink">{t('More settings')}</summary>
          <div className="mt-3 grid gap-3">{rest.map(setting)}</div>
        </details>
      )}
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
    const choices = field.choices.map((choice) => {
      const word = choiceWords[`${field.name}.${choice}`]
      return { value: choice, label: word ? t(word) : (programs[choice] ?? choice) }
    })
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
